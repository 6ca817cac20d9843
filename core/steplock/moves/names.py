"""A name for the variable that takes an expression's value."""

from __future__ import annotations

import re

from steplock.expression import contexts, flows, parse
from steplock.model import Job, Step
from steplock.named import NamedTuple
from steplock.syntax import Mapping, Scalar

# What the runner sets in each step: https://docs.github.com/actions/reference/workflows-and-actions/variables
_DEFAULTS = frozenset(
    ["actor", "base_ref", "head_ref", "ref", "ref_name", "repository", "repository_owner", "workflow"]
)  # fmt: skip
# Names with a meaning of their own to shells and programs.
_TAKEN = frozenset(
    ["PATH", "HOME", "USER", "SHELL", "PWD", "IFS", "ENV", "LANG", "TERM", "TMPDIR", "CI", "HOSTNAME", "UID", "RANDOM"]
)  # fmt: skip
_DROPPED = ("github", "event", "outputs")


class Variable(NamedTuple):
    """A variable, and whether it holds the value already."""

    name: str
    is_set: bool


def variable(step: Step, text: str) -> Variable | None:
    """The variable for an expression in a script of a step; None where no good name is free."""
    root = parse(text).root
    first = (next(flows(root), None) or next(contexts(root), None)) if root else None
    if first is None:
        return None
    assigned = {a.name for a in step.script.assignments} if step.script else set()
    if first.node is root:
        match first.path:
            case ("github", default) if default in _DEFAULTS:
                return Variable(f"GITHUB_{default.upper()}", True)
            case ("env", _):
                name = text.partition(".")[2]
                good = name.isidentifier() and name.isascii() and name not in assigned
                return Variable(name, True) if good else None
    name = _name(first.path)
    given = _given(step)
    used = {v.name for v in step.script.variables} if step.script else set()
    for number in range(1, 10):
        candidate = name if number == 1 else f"{name}_{number}"
        if candidate in assigned or candidate in _TAKEN:
            continue
        if candidate in given and _inner(given[candidate]) == text:
            return Variable(candidate, True)
        if candidate not in given and candidate not in used:
            return Variable(candidate, False)
    return None


def _name(path: tuple[str, ...]) -> str:
    """`PULL_REQUEST_TITLE` for `github.event.pull_request.title`."""
    parts = [part for part in path if part not in _DROPPED]
    if path[0] in ("steps", "needs", "jobs"):
        parts = parts[1:]
    words = [re.sub(r"\W+", "_", part, flags=re.ASCII).strip("_").upper() for part in parts]
    name = "_".join(word for word in words if word)
    name = name or path[-1].upper()
    return name if name.isidentifier() else f"VALUE_{name}".rstrip("_*")


def _inner(value: str) -> str:
    match = re.fullmatch(r"\$\{\{(.*)\}\}", value.strip())
    return match[1].strip() if match else ""


def _given(step: Step) -> dict[str, str]:
    """The variables that `env:` sets in and round a step."""
    owners = [step.env]
    if isinstance(step.parent, Job):
        owners += [step.parent.env, step.parent.workflow.env]
    found: dict[str, str] = {}
    for env in owners:
        for key, value in env.items if isinstance(env, Mapping) else ():
            found.setdefault(key.value, value.value if isinstance(value, Scalar) else "")
    return found
