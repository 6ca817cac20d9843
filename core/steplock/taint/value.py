"""What is known of the text of a value: who chooses it, how freely, and on which way it came."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from steplock.annotations import TypeAlias
from steplock.named import NamedTuple
from steplock.tables.contexts import Control
from steplock.text import Span

_KEPT = 8
_MAX_HOPS = 12


class Who(enum.IntEnum):
    """Who chooses a text; the later, the less he is trusted."""

    NOBODY = 0
    """It is empty as the file stands: no event of the workflow has the field, no step the id."""
    UNSEEN = 1
    """It cannot be seen here: an action's output, a program's answer, a file."""
    OWNER = 2
    """Who may change the repository's settings."""
    WRITER = 3
    """People with write access."""
    AUTHOR = 4
    """Whoever wrote the commits: people with write access let them in, and see to their code, not to this."""
    CALLER = 5
    """Whoever uses this action or calls this workflow, none of whom is in this repository."""
    FORK = 6
    """Anybody, in a run that a fork's pull request started: it has no secrets and may write nothing."""
    STRANGER = 7
    """Anybody, in a run with the powers of the repository."""


class Hop(NamedTuple):
    """One step of the way of a text; `path` is the file, from the repository's root."""

    message: str
    path: str
    span: Span


class Taint(NamedTuple):
    """One source of a value's text."""

    control: Control
    who: Who
    what: str
    """The source in words or, in backticks, as it is written."""
    certain: bool = True
    """Whether the whole way is seen; False where an unseen caller, program or event is guessed."""
    lines: bool = False
    """Whether the text can hold line ends."""
    hops: tuple[Hop, ...] = ()
    """The way from the source on; the place that was asked about is not on it."""
    quoted: bool = False
    """Whether it is quoted for sh already: words, where it is pasted between no other quotes."""

    def then(self, hop: Hop) -> Taint:
        """The same text, one step further; of a very long way the middle is left out."""
        hops = self.hops if len(self.hops) < _MAX_HOPS else self.hops[:-1]
        return self._replace(hops=(*hops, hop))


Taints: TypeAlias = tuple[Taint, ...]
"""The sources of a value, the worst first; none: nobody has a say. One that is HARMLESS but a stranger's is
his commit or repository: safe as text, unsafe to check out."""


def rank(taint: Taint) -> tuple[Control, Who, bool]:
    return taint.control, taint.who, taint.certain


def union(parts: Iterable[Taints]) -> Taints:
    """All sources once, the worst first; of very many only the worst."""
    found: dict[tuple[object, ...], Taint] = {}
    for part in parts:
        for taint in part:
            found.setdefault(taint[:5], taint)
    return tuple(sorted(found.values(), key=rank, reverse=True)[:_KEPT])


def unseen(what: str) -> Taints:
    """A text of which nothing is known."""
    return (Taint(Control.FREE, Who.UNSEEN, what, certain=False, lines=True),)


def empty(what: str) -> Taints:
    """A text that is empty as the file stands, and would be somebody's if it were not."""
    return (Taint(Control.FREE, Who.NOBODY, what),)
