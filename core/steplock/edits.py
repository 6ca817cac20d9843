"""Floor 4. The edits that rules ask for: meaning to text edits, exact to the byte.

Each returns None where the edit cannot be exact (an alias in the way, a shape not foreseen), and the
finding then stands without a fix. Values are YAML source text; one of several lines is written with
`\\n` and its own relative indentation, and takes the file's line ends.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from steplock.syntax import Document, Mapping, Node, Scalar, Sequence
from steplock.text import Edit, Span

_BLOCK = ("|", ">")


def set_key(document: Document, mapping: Mapping, path: tuple[str, ...], value: str) -> Edit | None:
    """Set the key at `path` under a mapping, block or flow, adding what is missing on the way."""
    key, *rest = path
    pair = mapping.item(key)
    if pair is None:
        return add_key(document, mapping, path, value)
    name, node = pair
    if not _stands_at(node, name, mapping):
        return None
    match node:
        case Scalar() if not rest:
            return replace_value(document, name, node, value)
        case Mapping() if rest:
            return set_key(document, node, tuple(rest), value)
        case Scalar(is_null=True) if rest and node.span.start == node.span.end and not mapping.flow:
            return _fill(document, name, tuple(rest), value)
    return None


def add_key(
    document: Document,
    mapping: Mapping,
    path: tuple[str, ...],
    value: str,
    before: Collection[str] = (),
) -> Edit | None:
    """Add a key that a mapping lacks: at its end, or before the first of the keys `before`."""
    if mapping.flow:
        return _add_in_flow(document, mapping, path, value)
    if not mapping.items:
        return None
    if any(
        key.span.start < mapping.span.start or "\n" in document.source(key)
        for key, _ in mapping.items
    ):
        return None
    column = _column(document, mapping.items[0][0].span.start)
    lines = _lines(path, value, column, document)
    follower = next((k for k, _ in mapping.items if k.value in before), None)
    if follower is None:
        last, node = mapping.items[-1]
        end = node.span.end if _stands_at(node, last, mapping) else last.span.end
        at = _end_of_line(document, end)
        return Edit(Span(at, at), document.newline + document.newline.join(lines))
    if follower is mapping.items[0][0] and not _starts_line(document, follower.span.start):
        at = follower.span.start
        text = document.newline.join([lines[0].lstrip(), *lines[1:], " " * column])
        return Edit(Span(at, at), text)
    return _insert_above(document, follower, lines)


def _insert_above(document: Document, follower: Scalar, lines: list[str]) -> Edit | None:
    """Above a key and the comments that stand right over it, spaced as the key itself is."""
    table = document.lines
    first = table.line(follower.span.start)
    while first > 0 and document.text[slice(*table.span(first - 1))].lstrip().startswith("#"):
        first -= 1
    spaced = first > 0 and not document.text[slice(*table.span(first - 1))].strip()
    blank = document.newline if spaced else ""
    at = table.span(first).start
    if first == 0 and document.text.startswith("\ufeff"):
        at = 1
    return Edit(Span(at, at), document.newline.join(lines) + document.newline + blank)


def replace_value(document: Document, key: Scalar, node: Node, value: str) -> Edit | None:
    """Put another value behind a key; quotes of a scalar are kept where the value can stand in them."""
    if node.span.start < key.span.end or node.anchor is not None:
        return None
    if isinstance(node, Scalar) and node.style in _BLOCK:
        return None
    if node.span.start == node.span.end:
        at = key.span.end + 1
        return Edit(Span(at, at), f" {value}") if document.text[at - 1 : at] == ":" else None
    return Edit(node.span, value)


def replace_text(document: Document, scalar: Scalar, span: Span, new: str) -> Edit | None:
    """Put other text in the place of characters `span` of a scalar's value, in its own quoting."""
    if span.end > len(scalar.value):
        return None
    place = document.locate(scalar, span)
    match scalar.style:
        case "'":
            new = new.replace("'", "''")
        case '"':
            new = new.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        case "" if not _plain_safe(scalar.value[: span.start] + new + scalar.value[span.end :]):
            return None
        case "|" | ">":
            new = new.replace(
                "\n", document.newline + " " * _column(document, _content(document, scalar))
            )
    return Edit(place, new)


def remove_key(document: Document, mapping: Mapping, key: str) -> Edit | None:
    """Take a key and its value away, with the line they stand on; not the last one of a mapping."""
    index = next((i for i, (k, _) in enumerate(mapping.items) if k.value == key), None)
    if index is None or len(mapping.items) == 1:
        return None
    name, node = mapping.items[index]
    end = (
        node.span.end if _stands_at(node, name, mapping) else _end_of_line(document, name.span.end)
    )
    if node.anchor is not None:
        return None
    if mapping.flow:
        spans = [Span(k.span.start, v.span.end) for k, v in mapping.items]
        return _remove_in_flow(spans, index)
    return _remove_lines(document, name.span.start, end, index == 0)


def remove_item(document: Document, sequence: Sequence, index: int) -> Edit | None:
    """Take an item of a list away; not the last one."""
    if len(sequence.items) == 1 or sequence.items[index].anchor is not None:
        return None
    spans = [item.span for item in sequence.items]
    if spans != sorted(spans):
        return None
    if sequence.flow:
        return _remove_in_flow(spans, index)
    dash = document.text.rfind("-", 0, spans[index].start)
    return _remove_lines(document, dash, spans[index].end, False)


def _remove_lines(document: Document, start: int, end: int, is_first: bool) -> Edit | None:
    lines = document.lines
    head = lines.span(lines.line(start))
    tail = lines.line(end)
    after = lines.starts[tail + 1] if tail + 1 < len(lines) else len(document.text)
    if _starts_line(document, start):
        if (
            after == len(document.text)
            and head.start > 0
            and not document.text.endswith(("\n", "\r"))
        ):
            return Edit(Span(lines.span(lines.line(start) - 1).end, after), "")
        return Edit(Span(head.start, after), "")
    if is_first:  # `- key: value`: what follows moves up behind the dash
        blank = re.compile(r"[ \t]*").match(document.text, after)
        return Edit(Span(start, blank.end() if blank else after), "")
    return None


def _remove_in_flow(spans: list[Span], index: int) -> Edit:
    if index + 1 < len(spans):
        return Edit(Span(spans[index].start, spans[index + 1].start), "")
    return Edit(Span(spans[index - 1].end, spans[index].end), "")


def set_comment(document: Document, line: int, text: str, gap: str = "  ") -> Edit | None:
    """Make `text` (with its `#`) the comment at the end of a zero-based line.

    gap: what stands before it where the file shows no habit of its own.
    """
    comment = document.comment_on(line)
    if comment is not None:
        return Edit(comment.span, text)
    span = document.lines.span(line)
    content = document.text[slice(*span)]
    at = span.start + len(content.rstrip())
    return Edit(Span(at, span.end), f"{_comment_gap(document) or gap}{text}")


def _comment_gap(document: Document) -> str:
    """What the file puts before its comments at the end of a line; empty where it has none."""
    for comment in document.comments:
        before = document.text[max(comment.span.start - 3, 0) : comment.span.start]
        if before.strip() and before[-1] == " ":
            return " " * min(len(before) - len(before.rstrip(" ")), 2)
    return ""


def comment_above(document: Document, offset: int, text: str) -> Edit:
    """A comment on a line of its own above the line of `offset`, indented as that line is."""
    line = document.lines.span(document.lines.line(offset))
    content = document.text[slice(*line)]
    lead = content[: len(content) - len(content.lstrip(" "))]
    return Edit(Span(line.start, line.start), f"{lead}{text}{document.newline}")


def _add_in_flow(
    document: Document, mapping: Mapping, path: tuple[str, ...], value: str
) -> Edit | None:
    if "\n" in value:
        return None
    for key in reversed(path[1:]):
        value = f"{{{key}: {value}}}"
    text = f"{path[0]}: {value}"
    if not mapping.items:
        return Edit(mapping.span, f"{{{text}}}")
    last, node = mapping.items[-1]
    if not _stands_at(node, last, mapping):
        return None
    end = node.span.end
    comma = re.compile(r"\s*,").match(document.text, end, mapping.span.end)
    if comma:
        return Edit(Span(comma.end(), comma.end()), f" {text}")
    return Edit(Span(end, end), f", {text}")


def _fill(document: Document, key: Scalar, path: tuple[str, ...], value: str) -> Edit | None:
    """Give a key with nothing behind it a body."""
    column = _column(document, key.span.start) + indentation(document)
    at = _end_of_line(document, key.span.end)
    lines = _lines(path, value, column, document)
    return Edit(Span(at, at), document.newline + document.newline.join(lines))


def _lines(path: tuple[str, ...], value: str, column: int, document: Document) -> list[str]:
    step = indentation(document)
    lines = [f"{' ' * (column + step * depth)}{key}:" for depth, key in enumerate(path)]
    if "\n" not in value:
        lines[-1] += f" {value}"
        return lines
    base = " " * (column + step * len(path))
    return [*lines, *(base + line if line else "" for line in value.split("\n"))]


def indentation(document: Document) -> int:
    """How many blanks the file indents a nested mapping by; 2 where it shows none."""
    stack: list[Node] = [document.root] if document.root else []
    while stack:
        node = stack.pop()
        match node:
            case Mapping(flow=False, items=pairs):
                for key, value in pairs:
                    if (
                        isinstance(value, Mapping)
                        and not value.flow
                        and value.span.start > key.span.end
                    ):
                        inner = _column(document, value.items[0][0].span.start)
                        return max(inner - _column(document, key.span.start), 1)
                    stack.append(value)
    return 2


def _stands_at(node: Node, key: Scalar, parent: Mapping) -> bool:
    """Whether a value stands behind its key, and not at an anchor elsewhere."""
    return key.span.end <= node.span.start and node.span.end <= max(
        parent.span.end, node.span.start
    )


def _column(document: Document, offset: int) -> int:
    return document.lines.position(offset).column


def _starts_line(document: Document, offset: int) -> bool:
    start = document.lines.span(document.lines.line(offset)).start
    return not document.text[start:offset].strip(" \ufeff")


def _end_of_line(document: Document, offset: int) -> int:
    return document.lines.span(document.lines.line(offset)).end


def _content(document: Document, scalar: Scalar) -> int:
    return document.locate(scalar, Span(0, 1)).start


def _plain_safe(text: str) -> bool:
    """Whether a text may stand as a plain scalar of one line."""
    return (
        bool(text)
        and text == text.strip()
        and not re.search(r":(?:\s|$)|\s#|[\r\n]", text)
        and not re.match(r"[-?:,\[\]{}#&*!|>'\"%@`]", text)
    )
