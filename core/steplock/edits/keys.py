"""Keys set, added and given other values, in block and in flow style."""

from __future__ import annotations

import re
from collections.abc import Collection

from steplock.edits.places import (
    column,
    end_of_line,
    first_column,
    has_anchor,
    indentation,
    pair_span,
    stands_at,
    start_of_line,
    starts_line,
    value_end,
)
from steplock.lazy import pattern
from steplock.syntax import Document, Mapping, Node, Scalar
from steplock.text import Edit, Span

_BLOCK = ("|", ">")
_COMMA = pattern(r"\s*,")


def set_key(document: Document, mapping: Mapping, path: tuple[str, ...], value: str) -> Edit | None:
    """Set the key at `path` under a mapping, block or flow, adding what is missing on the way."""
    key, *rest = path
    pair = mapping.item(key)
    if pair is None:
        return add_key(document, mapping, path, value)
    name, node = pair
    if not stands_at(node, name, mapping):
        return None
    match node:
        case Scalar() if not rest:
            return replace_value(document, name, node, value)
        case Mapping() if rest:
            return set_key(document, node, tuple(rest), value)
        case Scalar(is_null=True, anchor=None) if rest and node.span.start == node.span.end:
            return None if mapping.flow else _fill(document, name, tuple(rest), value)
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
    column_ = first_column(document, mapping)
    if column_ is None or any("\n" in document.source(key) for key, _ in mapping.items):
        return None
    lines = _lines(path, value, column_, document)
    follower = next((k for k, _ in mapping.items if k.value in before), None)
    if follower is None:
        at = value_end(document, *mapping.items[-1], mapping)
        if at is None:
            return None
        return Edit(Span(at, at), document.newline + document.newline.join(lines))
    if follower is mapping.items[0][0] and not starts_line(document, follower.span.start):
        at = follower.span.start
        text = document.newline.join([lines[0].lstrip(), *lines[1:], " " * column_])
        return Edit(Span(at, at), text)
    return _insert_above(document, follower, lines)


def _insert_above(document: Document, follower: Scalar, lines: list[str]) -> Edit:
    """Above a key and the comments that stand right over it, spaced as the key itself is."""
    table = document.lines
    first = table.line(follower.span.start)
    while first > 0 and _is_comment(document, first - 1):
        first -= 1
    spaced = first > 0 and not document.text[slice(*table.span(first - 1))].strip()
    blank = document.newline if spaced else ""
    at = start_of_line(document, first)
    return Edit(Span(at, at), document.newline.join(lines) + document.newline + blank)


def _is_comment(document: Document, line: int) -> bool:
    """Whether nothing but a comment stands on a line; in a script a `#` begins none."""
    comment = document.comment_on(line)
    return comment is not None and starts_line(document, comment.span.start)


def replace_value(document: Document, key: Scalar, node: Node, value: str) -> Edit | None:
    """Put another value behind a key, quotes and all."""
    start, end = node.span
    if start < key.span.end or node.anchor is not None:
        return None
    if isinstance(node, Scalar) and node.style in _BLOCK:
        return None
    if start == end:
        at = key.span.end + 1
        return Edit(Span(at, at), f" {value}") if document.text[at - 1 : at] == ":" else None
    if document.text[key.span.end : start].strip() != ":":
        return None  # a tag, a comment, an alias
    if isinstance(node, Scalar) or node.flow:
        return Edit(node.span, value)
    first, last = document.lines.line(start), document.lines.line(end)
    if has_anchor(node) or any(document.comment_on(line) for line in range(first, last + 1)):
        return None
    return Edit(Span(key.span.end + 1, end), f" {value}")


def put_block(document: Document, key: Scalar, node: Node, value: str) -> tuple[Edit, Edit] | None:
    """Put a body of lines in the place of a word behind a key; the line keeps its comment."""
    start, end = node.span
    line = document.lines.line(start)
    rest = document.text[end : document.lines.span(line).end].strip()
    in_one_line = document.lines.line(end) == line == document.lines.line(key.span.start)
    if not isinstance(node, Scalar) or not in_one_line or (rest and rest[0] != "#"):
        return None
    if node.anchor is not None or document.text[key.span.end : start].strip() != ":":
        return None
    if document.is_in_flow(key.span):
        return None
    base = " " * (column(document, key.span.start) + indentation(document))
    lines = [base + text if text else "" for text in value.split("\n")]
    at = end_of_line(document, end)
    gone = Span(key.span.end + 1, end)
    return Edit(gone, ""), Edit(Span(at, at), document.newline.join(["", *lines]))


def _add_in_flow(
    document: Document, mapping: Mapping, path: tuple[str, ...], value: str
) -> Edit | None:
    if "\n" in value or document.text[mapping.span.start : mapping.span.start + 1] != "{":
        return None
    value = _in_flow(value)
    for key in reversed(path[1:]):
        value = f"{{{key}: {value}}}"
    text = f"{path[0]}: {value}"
    if not mapping.items:
        return None if "#" in document.source(mapping) else Edit(mapping.span, f"{{{text}}}")
    last = pair_span(document, *mapping.items[-1], mapping)
    if last is None or document.text[last.end - 1] == ":":
        return None
    comma = _COMMA.match(document.text, last.end, mapping.span.end)
    end = comma.end() if comma else last.end
    tail = "," if comma else ""
    if not starts_line(document, last.start):
        return Edit(Span(end, end), f" {text}{tail}" if comma else f", {text}")
    # One pair on each line: it gets one of its own, behind what is said of the last.
    stop = end_of_line(document, end)
    rest = document.text[end:stop]
    if rest.strip() and not rest.lstrip().startswith("#"):
        return Edit(Span(end, end), f" {text}{tail}" if comma else f", {text}")
    indent = document.newline + " " * column(document, last.start)
    return Edit(Span(end, stop), f"{'' if comma else ','}{rest}{indent}{text}{tail}")


def _in_flow(value: str) -> str:
    """A value as it can stand between braces."""
    if value[:1] in ("{", "[", "'", '"') or not re.search(r"[,\[\]{}]|:\s|\s#", value):
        return value
    return "'" + value.replace("'", "''") + "'"


def _fill(document: Document, key: Scalar, path: tuple[str, ...], value: str) -> Edit | None:
    """Give a key with nothing behind it a body."""
    if document.text[key.span.end : key.span.end + 1] != ":":
        return None
    inner = column(document, key.span.start) + indentation(document)
    at = end_of_line(document, key.span.end)
    lines = _lines(path, value, inner, document)
    return Edit(Span(at, at), document.newline + document.newline.join(lines))


def _lines(path: tuple[str, ...], value: str, column: int, document: Document) -> list[str]:
    step = indentation(document)
    lines = [f"{' ' * (column + step * depth)}{key}:" for depth, key in enumerate(path)]
    if "\n" not in value:
        lines[-1] += f" {value}"
        return lines
    base = " " * (column + step * len(path))
    return [*lines, *(base + line if line else "" for line in value.split("\n"))]
