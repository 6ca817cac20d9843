"""Floor 3. The variables of a script whose values stand in the file, and words with them replaced."""

from __future__ import annotations

from collections.abc import Mapping

from steplock.lazy import pattern
from steplock.model import Step
from steplock.shell import Script, Word
from steplock.syntax import Mapping as Node
from steplock.syntax import Scalar
from steplock.tables.conditions import EXPRESSION

_MAX_ADDRESS = 4096  # variables that double each other grow without end
_ENV = pattern(r"\$\{\{\s*env\.([A-Za-z_]\w*)\s*\}\}")


def known(step: Step, script: Script) -> dict[str, str]:
    """The values of variables by name; empty where only a run knows, or where there are several."""
    values = _environment(step)
    for assignment in script.assignments:
        value, unknown = expanded(assignment.value, values)
        if (
            unknown
            or assignment.append
            or len(value) > _MAX_ADDRESS
            or values.get(assignment.name, value) != value
        ):
            value = ""
        values[assignment.name] = value
    return values


def expanded(word: Word, values: Mapping[str, str]) -> tuple[str, str]:
    """A word with its variables replaced, and the first of those whose value is not known."""
    text = word.value
    for expansion in word.expansions:
        start = word.span.start
        source = word.text[expansion.span.start - start : expansion.span.end - start]
        inner = _ENV.fullmatch(source)
        name = inner[1] if inner else expansion.name if expansion.kind == "variable" else ""
        value = "" if expansion.operator else values.get(name, "")
        if not value or len(text) > _MAX_ADDRESS:
            return text, source
        text = text.replace(source, value)
    return text, ""


def _environment(step: Step) -> dict[str, str]:
    """The variables of the step whose values stand in the file."""
    values: dict[str, str] = {}
    for owner in (step.workflow, step.job, step):
        node = owner.env if owner is not None else None
        for key, value in node.items if isinstance(node, Node) else ():
            plain = isinstance(value, Scalar) and EXPRESSION not in value.value
            values[key.value] = value.value if plain and isinstance(value, Scalar) else ""
    return values
