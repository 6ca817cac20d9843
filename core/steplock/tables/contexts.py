"""How free an attacker is with the text of a context such as `github.event.issue.title`, by event.

The table has, for each event that triggers workflows, the fields of `github` that carry text somebody wrote;
what it does not name is harmless. core/update/contexts.py writes it from GitHub's webhook schemas, and says
why each field is graded as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import IntEnum
from functools import cache

from steplock.annotations import TypeAlias
from steplock.named import NamedTuple
from steplock.tables import load


class Control(IntEnum):
    """What somebody can put into a value."""

    HARMLESS = 0
    """Nothing of his own: a number, a hash, a time, one of a fixed list, an address of GitHub's; or nothing."""
    CONSTRAINED = 1
    """Letters, digits and `-`, `_`, `.`, `/`, as in a login: nothing that a shell or a script acts on."""
    FREE = 2
    """Any text, at least `$`, a backtick, `(`, `;`, `|` and quotes: a title, a branch, the author of a commit."""


class Capability(NamedTuple):
    """Ordered: the greater one is the worse one."""

    control: Control
    outsider: bool
    """Whether somebody without write access to the repository can set it. A harmless value that an outsider
    sets is his commit or the address of his repository: safe as text, unsafe to check out."""


_GRADES = {
    code: Capability(control, code.isupper())
    for control, codes in zip(Control, ("hH", "cC", "fF"), strict=True)
    for code in codes
}
_HARMLESS = _GRADES["h"]
_ELSEWHERE = "-"  # the value comes from the workflow: outputs, inputs, env, matrix
_ANY = "*"
_ITEMS = "[]"

_Shape: TypeAlias = "str | int"
"""A grade, or the number of the shape of an object."""


def capability(
    path: tuple[str, ...], events: Collection[str] | None = None, whole: bool = True
) -> Capability | None:
    """The worst that the context at `path` can hold in a workflow with these triggers.

    `path` is the dotted path in lower case, `*` for an index that is not known: `("github", "event",
    "commits", "*", "message")`. A path to an object stands for all that is in it, unless it is not taken whole: by
    itself it becomes the word `Object`. Of several events the
    worst counts; none, `workflow_call` (the caller's event) and a name that is no event stand for all of
    them. A field that no such event has is empty: harmless.

    None where this table has no say: `inputs`, `env`, `matrix`, outputs of steps and jobs, unknown contexts.
    """
    table = load("contexts")
    if not path:
        return None
    if path[0] != "github":
        return _worst(table["contexts"].get(path[0], _ELSEWHERE), path[1:], whole)
    known = table["events"]
    if not events or not known.keys() >= set(events):
        events = known
    return max(_worst(known[event][1], path[1:], whole) or _HARMLESS for event in events)


def outsiders(event: str) -> bool:
    """Whether somebody without write access to the repository can cause the event; True if it is unknown."""
    known = load("contexts")["events"].get(event)
    return known is None or bool(known[0])


def _worst(shape: _Shape, path: tuple[str, ...], whole: bool) -> Capability | None:
    """The worst at `path` below a shape; None if something there is worked out elsewhere."""
    reached = {shape}
    for name in path:
        reached = {below for above in reached for below in _below(above, name)}
    return _union(_whole(shape) for shape in reached if whole or isinstance(shape, str))


def _below(shape: _Shape, name: str) -> Collection[_Shape]:
    """What `name`, an index or `*` leads to. What is graded as a whole stays as it is."""
    if isinstance(shape, str):
        return (shape,)
    fields = _fields(shape)
    if name == _ANY:
        return fields.values()
    if name not in fields:
        name = _ITEMS if name.isdecimal() else _ANY
    return (fields[name],) if name in fields else ()


@cache
def _whole(shape: _Shape) -> Capability | None:
    """The worst in all that a shape holds."""
    if isinstance(shape, str):
        return _GRADES.get(shape)
    return _union(map(_whole, _fields(shape).values()))


def _union(grades: Iterable[Capability | None]) -> Capability | None:
    worst = _HARMLESS
    for grade in grades:
        if grade is None:
            return None
        worst = max(worst, grade)
    return worst


def _fields(shape: int) -> dict[str, _Shape]:
    fields: dict[str, _Shape] = load("contexts")["shapes"][shape]
    return fields
