"""Where each character of a scalar's value stands in the file."""

from __future__ import annotations

from bisect import bisect_right

from steplock.lazy import pattern
from steplock.text import Lines, Span

# In YAML 1.1 lines end with these too; libyaml holds on to that, which `Lines` does not.
_OLD_ENDS = ("\x85", "\u2028", "\u2029")
_BLANKS = " \t\r\n\x85\u2028\u2029"
_LINE_END = pattern(r"\r\n|\n|\r")
_ESCAPE_WIDTHS = {"x": 4, "u": 6, "U": 10}


def place(starts: list[int], places: list[int], offset: int) -> int:
    at = bisect_right(starts, offset) - 1
    return places[at] + offset - starts[at]


def escape_width(text: str, at: int) -> int:
    return _ESCAPE_WIDTHS.get(text[at + 1], 2)


def value_map(lines: Lines, span: Span, value: str, style: str) -> tuple[list[int], list[int]]:
    """Runs of a value that stand together in the file: where each begins, in the value and in the file."""
    start, end = span
    quoted = 1 if style in ("'", '"') else 0
    if style not in ("|", ">") and len(value) == end - start - 2 * quoted:
        return [0], [start + quoted]
    if style == "|" and not any(one in lines.text[start:end] for one in _OLD_ENDS):
        return _literal_map(lines, span, value)
    return _aligned_map(lines.text, span, value, style, quoted)


def _literal_map(lines: Lines, block: Span, content: str) -> tuple[list[int], list[int]]:
    """A `|` block: the lines of the value are those of the file, less their indentation."""
    line = lines.line(block.start) + 1
    values = content.split("\n")
    indentation = 0
    for number, value in enumerate(values):
        if value.strip() and line + number < len(lines):
            source = lines.text[slice(*lines.span(line + number))]
            indentation = len(source) - len(value)
            break
    starts, places, at = [], [], 0
    for number, value in enumerate(values):
        if line + number >= len(lines):
            break
        span = lines.span(line + number)
        starts.append(at)
        places.append(min(span.start + indentation, span.end))
        at += len(value) + 1
    return starts or [0], places or [block.end]


def _aligned_map(
    text: str, span: Span, value: str, style: str, quoted: int
) -> tuple[list[int], list[int]]:
    """Folded, escaped and multi-line scalars: match the value against the text, blanks being elastic."""
    at, end = span.start + quoted, span.end - quoted
    if style in ("|", ">"):
        header = _LINE_END.search(text, at, end)
        at = header.end() if header else at
    starts: list[int] = []
    places: list[int] = []
    for offset, char in enumerate(value):
        escaped = style == '"' and text.startswith("\\", at)
        while escaped and text[at + 1 : at + 2] in _BLANKS[2:]:
            at += 2  # the line goes on
            while at < end and text[at] in _BLANKS:
                at += 1
            escaped = text.startswith("\\", at)
        while not escaped and at < end and text[at] != char and text[at] in _BLANKS:
            at += 1
            escaped = style == '"' and text.startswith("\\", at) and not char.isspace()
        width = escape_width(text, at) if escaped else 2 if style == "'" and char == "'" else 1
        if not starts or places[-1] + offset - starts[-1] != min(at, end):
            starts.append(offset)
            places.append(min(at, end))
        if at < end and (escaped or text[at] == char):
            at += width
    return starts or [0], places or [at]
