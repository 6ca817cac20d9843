"""Floor 4. Take expressions out of a script: their values go into `env:`, the script reads variables.

How a variable is read depends on the language and on the quotes that stand round the expression; where the
text is code (a command, a pattern, a program of another interpreter), there is no way, and None is the answer.
"""

from __future__ import annotations

import re

from steplock.edits import add_key, replace_text, set_key
from steplock.expression import embedded
from steplock.model import Step
from steplock.moves.names import Variable, variable
from steplock.moves.reading import Change, Place, Reading
from steplock.named import NamedTuple
from steplock.shell import dialect
from steplock.syntax import Mapping, Scalar
from steplock.text import Edit

_MAX_PLACES = 200


class Move(NamedTuple):
    """Expressions of one script moved out."""

    variable: str
    edits: tuple[Edit, ...]
    exact: bool
    """Whether the script does the same for each value that is no syntax of its language."""


def move_to_env(step: Step, scalar: Scalar, text: str) -> Move | None:
    """Move every `${{ }}` of a script whose inner text is `text` into a variable of the step.

    scalar: the value of `run:`, or a script input of actions/github-script.
    """
    spans = [
        fence.span
        for fence, _ in embedded(scalar.value)
        if fence.closed and scalar.value[fence.inner.start : fence.inner.end].strip() == text
    ]
    if not 0 < len(spans) <= _MAX_PLACES or "\n" in text:
        return None
    if scalar.anchor is not None or not step.node.span.holds(scalar.span):
        return None  # other steps share it, which have not the variable
    chosen = variable(step, text)
    if chosen is None:
        return None
    readings = _read(step, scalar, [Place(scalar.value, span, chosen.name) for span in spans])
    if readings is None:
        return None
    # One change may serve several places: an import, a delimiter.
    changes = dict.fromkeys(change for reading in readings for change in reading.changes)
    edits = [replace_text(step.document, scalar, *change) for change in changes]
    if not chosen.is_set and any(chosen.name in change.text for change in changes):
        edits.insert(0, _set(step, chosen, text))
    made = tuple(edit for edit in edits if edit is not None)
    if len(made) < len(edits):
        return None
    return Move(chosen.name, made, all(reading.exact for reading in readings))


def _read(step: Step, scalar: Scalar, places: list[Place]) -> list[Reading] | None:
    """How each place reads the variable; None where one of them cannot."""
    readings: list[Reading] = []
    for place in places:
        reading = _in_script(step, place) if scalar is step.run else _in_javascript(place)
        if reading is None:
            return None
        readings.append(reading)
    return readings


def _in_script(step: Step, place: Place) -> Reading | None:
    script = step.script
    if step.shell is None or script is None or script.errors:
        return None
    match dialect(step.shell):
        case "posix":
            from steplock.moves.posix import read
        case "powershell":
            from steplock.moves.powershell import read
        case "python":
            from steplock.moves.python import read
        case "cmd":
            from steplock.moves.cmd import read
        case _:
            return None
    return read(script, place)


def _in_javascript(place: Place) -> Reading | None:
    from steplock.moves.javascript import read

    return read(place)


def _set(step: Step, chosen: Variable, text: str) -> Edit | None:
    value = f"${{{{ {text} }}}}"
    env = step.node.get("env")
    flow = step.node.flow or (isinstance(env, Mapping) and env.flow)
    if flow or re.search(r":\s|\s#", value):
        value = "'" + value.replace("'", "''") + "'"
    if env is None:
        return add_key(step.document, step.node, ("env", chosen.name), value, ("run", "with"))
    return set_key(step.document, step.node, ("env", chosen.name), value)


__all__ = ["Change", "Move", "move_to_env"]
