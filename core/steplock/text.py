"""Floor 0. Text, spans and edits; knows nothing of YAML or rules.

Offsets count characters (Unicode code points) from 0 and spans are half-open. What an editor
counts (UTF-8, UTF-16 or UTF-32 units) is the business of the language server.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, count
from operator import add

from steplock.lazy import pattern
from steplock.named import NamedTuple

# What editors, git and YAML 1.2 call a line end; str.splitlines knows more (U+2028, form feed).
_LINE_END = pattern(r"\r\n|\n|\r")


class Span(NamedTuple):
    """A half-open range of character offsets."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """Whether `other` lies inside this span (equal counts)."""
        return self.start <= other.start and other.end <= self.end

    def touches(self, other: Span) -> bool:
        """Whether the two overlap or lie end to end."""
        return self.start <= other.end and other.start <= self.end


class Edit(NamedTuple):
    """Replace the text at `span` by `new`; an empty span inserts."""

    span: Span
    new: str


class Position(NamedTuple):
    """A zero-based line and a zero-based column in characters."""

    line: int
    column: int


class Lines:
    """Turn offsets of one text into positions and back."""

    __slots__ = ("has_returns", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.has_returns = "\r" in text
        if self.has_returns:
            self.starts = [0, *(m.end() for m in _LINE_END.finditer(text))]
        else:  # the same, ten times as fast
            ends = accumulate(map(len, text.split("\n")[:-1]))
            self.starts = [0, *map(add, ends, count(1))]

    def __len__(self) -> int:
        return len(self.starts)

    def line(self, offset: int) -> int:
        """The zero-based line that holds `offset`."""
        return bisect_right(self.starts, offset) - 1

    def position(self, offset: int) -> Position:
        """The position of `offset`; beyond the end counts as the end."""
        offset = min(max(offset, 0), len(self.text))
        line = self.line(offset)
        return Position(line, offset - self.starts[line])

    def offset(self, line: int, column: int) -> int:
        """The offset of a position; lines and columns beyond the end are clipped."""
        if line >= len(self.starts):
            return len(self.text)
        return min(self.starts[line] + column, self.span(line).end)

    def span(self, line: int) -> Span:
        """The span of a zero-based line, without its line end."""
        start = self.starts[line]
        if line + 1 == len(self.starts):
            return Span(start, len(self.text))
        end = self.starts[line + 1]
        end -= 2 if self.has_returns and self.text.startswith("\r\n", end - 2) else 1
        return Span(start, end)


def newline(text: str) -> str:
    """The line end that `text` uses first; `\\n` where it has none."""
    match = _LINE_END.search(text)
    return match.group() if match else "\n"


class OverlappingEdits(ValueError):
    """Two edits of one set change the same characters."""


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits that do not overlap; insertions at one place keep the order given.

    Raises:
        OverlappingEdits: where two edits change the same characters.
    """
    out: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda e: e.span):
        if edit.span.start < at:
            raise OverlappingEdits(f"overlapping edit at offset {edit.span.start}")
        out += (text[at : edit.span.start], edit.new)
        at = edit.span.end
    out.append(text[at:])
    return "".join(out)
