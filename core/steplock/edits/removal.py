"""Keys and items taken away, with the lines they stand on."""

from __future__ import annotations

import re

from steplock.edits.places import end_of_line, has_anchor, pair_span, starts_line, value_end
from steplock.lazy import pattern
from steplock.syntax import Document, Mapping, Sequence
from steplock.text import Edit, Span

_ITEM = pattern(r" *(?:- +)+")


def remove_key(document: Document, mapping: Mapping, key: str) -> Edit | None:
    """Take a key and its value away, with the line they stand on; not the last one of a mapping.

    A comment behind it goes with it; those on lines of their own stay.
    """
    index = next((i for i, (k, _) in enumerate(mapping.items) if k.value == key), None)
    if index is None or len(mapping.items) == 1:
        return None
    name, node = mapping.items[index]
    if name.span.end <= node.span.start and has_anchor(node):
        return None
    if mapping.flow:
        spans = [pair_span(document, k, v, mapping) for k, v in mapping.items]
        return _remove_in_flow(document, spans, index)
    end = value_end(document, name, node, mapping)
    if end is None:
        return None
    return _remove_lines(document, name.span.start, end, index == 0)


def remove_item(document: Document, sequence: Sequence, index: int) -> Edit | None:
    """Take an item of a list away; not the last one."""
    if len(sequence.items) == 1 or has_anchor(sequence.items[index]):
        return None
    spans: list[Span | None] = [item.span for item in sequence.items]
    held = [span for span in spans if span is not None]
    if held != sorted(held) or any(not sequence.span.holds(span) for span in held):
        return None  # an alias among them
    if sequence.flow:
        return _remove_in_flow(document, spans, index)
    start, end = held[index]
    dash = document.text.rfind("-", 0, start)
    if dash < 0 or document.text[dash + 1 : start].strip() or start == end:
        return None
    return _remove_lines(document, dash, end, False)


def _remove_lines(document: Document, start: int, end: int, is_first: bool) -> Edit | None:
    lines = document.lines
    head = lines.span(lines.line(start))
    tail = lines.line(end)
    after = lines.starts[tail + 1] if tail + 1 < len(lines) else len(document.text)
    if starts_line(document, start):
        if (
            after == len(document.text)
            and head.start > 0
            and not document.text.endswith(("\n", "\r"))
        ):
            return Edit(Span(lines.span(lines.line(start) - 1).end, after), "")
        begin = 1 if head.start == 0 and document.text.startswith("\ufeff") else head.start
        return Edit(Span(begin, after), "")
    if is_first and _ITEM.fullmatch(document.text, head.start, start):
        # `- key: value`: what follows moves up behind the dash, blank lines between them go.
        following = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))*[ \t]*").match(document.text, after)
        assert following is not None
        if following.end() == len(document.text) or document.text[following.end()] == "#":
            return None
        return Edit(Span(start, following.end()), "")
    return None


def _remove_in_flow(document: Document, spans: list[Span | None], index: int) -> Edit | None:
    first, second = (index, index + 1) if index + 1 < len(spans) else (index - 1, index)
    one, two = spans[first], spans[second]
    if one is None or two is None or one.end > two.start:
        return None
    gone = Span(one.start, two.start) if first == index else Span(one.end, two.end)
    if "#" in document.text[gone.start : gone.end] and end_of_line(document, gone.start) < gone.end:
        return None  # a comment of somebody stands between them
    return Edit(gone, "")
