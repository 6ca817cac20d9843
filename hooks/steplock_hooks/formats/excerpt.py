"""The lines of a file that a finding is about, and marks below what is meant."""

from __future__ import annotations

from itertools import accumulate

from steplock.named import NamedTuple
from steplock.text import Lines, Span
from steplock_hooks.formats.terminal import cells, width

MOST_LINES = 4
_CUT = "..."


class Row(NamedTuple):
    """One line of a file, as a terminal shows it."""

    number: int
    """1-based."""
    text: str
    start: int
    """The column, from 0, where the marks begin."""
    length: int
    """How many columns are marked; 1 for an empty span."""


class Excerpt(NamedTuple):
    rows: tuple[Row, ...]
    """The first lines of the span."""
    more: int
    """How many lines of the span are left out."""

    @property
    def is_block(self) -> bool:
        """Whether the span reaches over several lines."""
        return len(self.rows) > 1


def excerpt(lines: Lines, span: Span, room: int) -> Excerpt:
    """What to show of a span where lines have `room` columns."""
    span = without_blank_end(lines.text, span)
    first, last = lines.line(span.start), lines.line(span.end)
    shown = range(first, min(last + 1, first + MOST_LINES))
    if last + 1 - first == MOST_LINES + 1:  # a line in place of a note that one is missing
        shown = range(first, last + 1)
    rows = tuple(_row(lines, number, span, room) for number in shown)
    return Excerpt(rows, last + 1 - shown.stop)


def without_blank_end(text: str, span: Span) -> Span:
    """Without the newlines and spaces that a YAML block ends with."""
    start = min(span.start, len(text))
    end = min(span.end, len(text))
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, max(start, end))


def _row(lines: Lines, number: int, span: Span, room: int) -> Row:
    line = lines.span(number)
    start = max(span.start - line.start, 0)
    end = max(min(span.end, line.end) - line.start, start)
    # A line may be megabytes long: of what cannot be shown, nothing is looked at.
    skip = max(start - room, 0)
    text = lines.text[line.start + skip : min(line.end, line.start + start + 2 * room)]
    return _clip(number, cells(text), start - skip, end - skip, room, skip > 0)


def _clip(number: int, shown: list[str], start: int, end: int, room: int, cut: bool) -> Row:
    """Fit a line into `room`, with the start of the mark in it and, where it can be, its end."""
    end = min(end, len(shown))
    start = min(start, end)
    at = [0, *accumulate(width(cell) for cell in shown)]
    left, right = 0, len(shown)
    if cut or at[-1] > room:
        # Most of the room for what comes before, as far as the mark and its line need no more of it.
        wanted = min(at[end] - room * 3 // 4, at[-1] - room + len(_CUT), at[start] - room // 4)
        while left < start and at[left] < wanted:
            left += 1
        cut = cut or left > 0
        room -= len(_CUT) if cut else 0
        room -= len(_CUT) if at[-1] - at[left] > room else 0
        while right > left + 1 and at[right] - at[left] > room:
            right -= 1
    before = _CUT if cut else ""
    after = _CUT if right < len(shown) else ""
    begin = len(before) + at[start] - at[left]
    stop = len(before) + at[min(end, right)] - at[left]
    return Row(number + 1, before + "".join(shown[left:right]) + after, begin, max(stop - begin, 1))
