"""Where nodes begin and end in the text, aliases included."""

from __future__ import annotations

from steplock.lazy import pattern
from steplock.syntax import Document, Mapping, Node, Scalar, walk
from steplock.text import Span

_ALIAS = pattern(r"\s*:\s+(?P<alias>\*[^\s,\[\]{}]+)")
_LIST_ITEM = pattern(r"\ufeff? *(?:- +)*")


def stands_at(node: Node, key: Scalar, parent: Mapping) -> bool:
    """Whether a value stands behind its key, and not at an anchor elsewhere."""
    return key.span.end <= node.span.start and node.span.end <= max(
        parent.span.end, node.span.start
    )


def pair_span(document: Document, key: Scalar, node: Node, parent: Mapping) -> Span | None:
    """A key with its value, from the first character to the last; None where that cannot be told."""
    if stands_at(node, key, parent):
        if node.span.start == node.span.end:
            # An empty value stands wherever the reader noticed that.
            colon = document.text.startswith(":", key.span.end)
            return Span(key.span.start, key.span.end + colon)
        return Span(key.span.start, node.span.end)
    alias = _ALIAS.match(document.text, key.span.end)
    return Span(key.span.start, alias.end()) if alias else None


def value_end(document: Document, key: Scalar, node: Node, parent: Mapping) -> int | None:
    """Where the line ends on which a pair of a block mapping ends; None where that cannot be told."""
    span = pair_span(document, key, node, parent)
    if span is None or (isinstance(node, Scalar) and _keeps_blank_lines(document, node)):
        return None
    return end_of_line(document, span.end)


def _keeps_blank_lines(document: Document, node: Scalar) -> bool:
    """Whether the blank lines behind a block scalar belong to it: `|+`."""
    if node.style not in ("|", ">"):
        return False
    header = document.text[node.span.start : end_of_line(document, node.span.start)]
    return "+" in header.partition("#")[0]


def has_anchor(node: Node) -> bool:
    """Whether something in a node has an anchor, which aliases elsewhere may need."""
    return any(one.anchor is not None for one in walk(node))


def first_column(document: Document, mapping: Mapping) -> int | None:
    """The column of a block mapping's keys; None where a tab or a `?` stands before them."""
    if not mapping.items:
        return None
    first = mapping.items[0][0].span.start
    line = document.lines.span(document.lines.line(first)).start
    if not _LIST_ITEM.fullmatch(document.text, line, first):
        return None
    found = column(document, first)
    return found - 1 if document.text.startswith("\ufeff") and line == 0 else found


def column(document: Document, offset: int) -> int:
    return document.lines.position(offset).column


def starts_line(document: Document, offset: int) -> bool:
    start = document.lines.span(document.lines.line(offset)).start
    return not document.text[start:offset].strip(" \ufeff")


def end_of_line(document: Document, offset: int) -> int:
    return document.lines.span(document.lines.line(offset)).end


def start_of_line(document: Document, line: int) -> int:
    """Where a zero-based line begins, behind the byte order mark."""
    start = document.lines.starts[line]
    return start + 1 if line == 0 and document.text.startswith("\ufeff") else start


def is_torn(document: Document, span: Span) -> bool:
    """Whether a line that cannot be read holds a place, or is the next written one on either side.

    What belongs there nobody can tell.
    """
    lines = document.lines
    first = len(document.text[: lines.span(lines.line(span.start)).start].rstrip())
    end = lines.span(lines.line(span.end)).end
    rest = document.text[end:]
    last = end + len(rest) - len(rest.lstrip())
    torn = {lines.line(problem.span.start) for problem in document.problems}
    return any(lines.line(first) <= line <= lines.line(last) for line in torn)


def indentation(document: Document) -> int:
    """How many blanks the file indents a nested mapping by; 2 where it shows none."""
    stack: list[Node] = [document.root] if document.root else []
    while stack:
        node = stack.pop()
        match node:
            case Mapping(flow=False, items=pairs):
                for key, value in pairs:
                    nested = isinstance(value, Mapping) and not value.flow
                    if nested and value.span.start > key.span.end:
                        inner = column(document, value.span.start)
                        return max(inner - column(document, key.span.start), 1)
                    stack.append(value)
    return 2
