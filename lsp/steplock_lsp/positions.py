"""Offsets of a text, which count characters, to columns as the editor counts them."""

from __future__ import annotations

from steplock.text import Lines, Position

UTF8, UTF16, UTF32 = "utf-8", "utf-16", "utf-32"


class Columns:
    """The positions of one text in one encoding.

    An editor may send half of a surrogate pair, and a column in the middle of a character; neither
    raises, and such a column counts as the start of its character.
    """

    __slots__ = ("_ascii", "_encoding", "lines")

    def __init__(self, lines: Lines, encoding: str) -> None:
        self.lines = lines
        self._encoding = encoding
        self._ascii = encoding == UTF32 or lines.text.isascii()

    def position(self, offset: int) -> Position:
        """The zero-based line of an offset, and its column in units of the encoding."""
        position = self.lines.position(offset)
        if self._ascii or position.column == 0:
            return position
        start = self.lines.starts[position.line]
        before = self.lines.text[start : start + position.column]
        if before.isascii():
            return position
        return Position(position.line, _units(before, self._encoding))

    def offset(self, line: int, column: int) -> int:
        """The offset of a position; a line or a column beyond the end counts as the end."""
        if self._ascii or line >= len(self.lines):
            return self.lines.offset(line, column)
        span = self.lines.span(line)
        content = self.lines.text[span.start : span.end]
        if content.isascii():
            return min(span.start + column, span.end)
        return span.start + _characters(content, column, self._encoding)


def _units(text: str, encoding: str) -> int:
    if encoding == UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(char > "\uffff" for char in text)


def _characters(text: str, units: int, encoding: str) -> int:
    """How many whole characters the first `units` of a text hold."""
    at = 0
    for count, char in enumerate(text):
        at += _units(char, encoding)
        if at > units:
            return count
    return len(text)
