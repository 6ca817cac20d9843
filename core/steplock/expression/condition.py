"""How GitHub reads an `if:`.

Source: ConvertToIfCondition in https://github.com/actions/runner and
https://github.com/actions/languageservices (workflow-parser), as of August 2026.
"""

from __future__ import annotations

import enum

from steplock.expression.evaluate import NO_STATUS, Lookup, Status, truth
from steplock.expression.fences import OPEN, Fence, embedded
from steplock.expression.parser import Parsed, Problem, parse
from steplock.expression.tree import Call, Node, walk
from steplock.expression.values import UNKNOWN, truthiness
from steplock.named import NamedTuple


class Reading(enum.Enum):
    """What GitHub takes an `if:` for."""

    BARE = enum.auto()
    """An expression without fences."""
    FENCED = enum.auto()
    """An expression in one fence that is the whole text."""
    TEXT = enum.auto()
    """A text with fences in it, which is true unless it comes out empty."""


_STATUS_FUNCTIONS = frozenset(("always", "cancelled", "failure", "success"))


class Condition(NamedTuple):
    """An `if:` as GitHub reads it. All spans count from the start of its text."""

    text: str
    reading: Reading
    fences: tuple[Fence, ...]
    """None for BARE, one for FENCED."""
    expressions: tuple[Parsed, ...]
    """One for BARE and FENCED, unless the text is blank; one for each fence of a TEXT."""

    @property
    def root(self) -> Node | None:
        """The tree that decides; None for a TEXT, a blank `if:` and what GitHub refuses."""
        if self.reading is Reading.TEXT or not self.expressions:
            return None
        return self.expressions[0].root

    @property
    def problem(self) -> Problem | None:
        """Why GitHub refuses the condition."""
        return next((parsed.problem for parsed in self.expressions if parsed.problem), None)

    @property
    def has_status_function(self) -> bool:
        """Whether it calls `success`, `failure`, `cancelled` or `always` anywhere.

        If not, GitHub puts `success() &&` before it.
        """
        return any(
            isinstance(node, Call) and node.name.lower() in _STATUS_FUNCTIONS
            for parsed in self.expressions
            if parsed.root is not None
            for node in walk(parsed.root)
        )

    @property
    def always_true(self) -> bool:
        """Whether it is a TEXT that can't come out empty, for what stands beside its fences."""
        return (
            self.reading is Reading.TEXT
            and all(fence.closed for fence in self.fences)
            and sum(fence.span.end - fence.span.start for fence in self.fences) < len(self.text)
        )


def condition(text: str) -> Condition:
    """Read the value of an `if:`, all of it: a line end behind the fence makes it a TEXT."""
    if OPEN not in text:
        expressions = (parse(text),) if text.strip() else ()
        return Condition(text, Reading.BARE, (), expressions)
    found = tuple(embedded(text))
    spans = tuple(fence for fence, _ in found)
    whole = spans[0].span == (0, len(text))
    reading = Reading.FENCED if whole else Reading.TEXT
    return Condition(text, reading, spans, tuple(parsed for _, parsed in found))


def holds(condition: Condition, lookup: Lookup, status: Status = NO_STATUS) -> bool | None:
    """Whether what the condition stands on runs, the implicit `success()` counted in.

    None where that is not known, and for what GitHub refuses.
    """
    if condition.problem:
        return None
    stated: bool | None = True
    if condition.root is not None:
        stated = truth(condition.root, lookup, status)
    elif condition.reading is Reading.TEXT and not condition.always_true:
        stated = None
    if condition.has_status_function:
        return stated
    implied = truthiness(status.get("success", UNKNOWN))
    if stated is False or implied is False:
        return False
    return True if stated and implied else None
