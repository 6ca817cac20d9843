"""Values for the fast path: plain and quoted scalars on one line, flow collections, the lines of a folded scalar."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from steplock.lazy import pattern
from steplock.syntax.nodes import Mapping, Node, Scalar, Sequence
from steplock.text import Span

MAX_DEPTH = 50
QUOTED = pattern(r"'[^'\n]*(?:''[^'\n]*)*'|\"[^\"\\\n]*(?:\\[\\\"nt][^\"\\\n]*)*\"")
_FLOW_PLAIN = pattern(r"(?!\.\.)[\w./$+~^<(][^,\[\]{}:?#\n]*")
_GAP = pattern(r"(?:[ \n]|(?<=[ \n])#[^\n]*)*")

# There are no values that are made as often: a third of the time goes into the names of their fields.
span = partial(tuple.__new__, Span)
scalar = partial(tuple.__new__, Scalar)
_mapping = partial(tuple.__new__, Mapping)
_sequence = partial(tuple.__new__, Sequence)


class Unusual(Exception):
    """Something that the library has to read."""


def collection(place: Span, keys: list[Scalar] | None, values: list[Node], is_flow: bool) -> Node:
    """A mapping, or without keys a sequence."""
    if keys is None:
        return _sequence((place, tuple(values), is_flow, None))
    if len({key[1] for key in keys}) < len(keys):
        raise Unusual
    return _mapping((place, tuple(zip(keys, values, strict=True)), is_flow, None))


def plain(rest: str, at: int) -> Scalar:
    """The scalar at `at` that a line ends with; `rest` is the line from there."""
    if " #" in rest:
        rest = rest[: rest.index(" #")]
    value = rest.rstrip(" ")
    if ": " in value or value[-1] == ":":
        raise Unusual
    return scalar((span((at, at + len(value))), value, "", None))


def quoted(source: str, at: int, opaque: list[Span]) -> Scalar:
    """The scalar that `QUOTED` matched at `at`."""
    place = span((at, at + len(source)))
    opaque.append(place)
    style, value = source[0], source[1:-1]
    if style == "'":
        value = value.replace("''", "'")
    elif "\\" in value:
        parts = value.split("\\\\")
        value = "\\".join(
            part.replace('\\"', '"').replace("\\n", "\n").replace("\\t", "\t") for part in parts
        )
    return scalar((place, value, style, None))


def folded(lines: Iterable[str]) -> str:
    """The value of a `>` scalar, whose last line is not empty."""
    parts: list[str] = []
    breaks = 0
    was_deeper = False
    for line in lines:
        if not line:
            breaks += 1
            continue
        is_deeper = line[0] in " \t"
        if len(parts):
            stays = is_deeper or was_deeper
            parts.append("\n" if stays else "" if breaks else " ")
        parts += ("\n" * breaks, line)
        breaks = 0
        was_deeper = is_deeper
    return "".join(parts)


def flow(text: str, at: int, depth: int, opaque: list[Span]) -> Node:
    """The flow collection that begins at `at`, `depth` levels deep."""
    if depth >= MAX_DEPTH:
        raise Unusual
    closing = "}" if text[at] == "{" else "]"
    keys: list[Scalar] | None = [] if closing == "}" else None
    values: list[Node] = []
    place = _past(text, text[at], at)
    while not text.startswith(closing, place):
        if keys is not None:
            key = _flow_item(text, place, depth, opaque)
            if not isinstance(key, Scalar):
                raise Unusual
            keys.append(key)
            place = _past(text, ": ", key.span.end)
        values.append(_flow_item(text, place, depth, opaque))
        place = _past(text, "", values[-1].span.end)
        if not text.startswith(closing, place):
            place = _past(text, ",", place)
    return collection(span((at, place + 1)), keys, values, True)


def _flow_item(text: str, at: int, depth: int, opaque: list[Span]) -> Node:
    first = text[at : at + 1]
    if first in ("[", "{"):
        return flow(text, at, depth + 1, opaque)
    is_quoted = first in ("'", '"')
    match = (QUOTED if is_quoted else _FLOW_PLAIN).match(text, at)
    if not match:
        raise Unusual
    if is_quoted:
        return quoted(match.group(), at, opaque)
    value = match.group().rstrip(" ")
    return scalar((span((at, at + len(value))), value, "", None))


def _past(text: str, sign: str, at: int) -> int:
    """Where what follows a sign, and white space and comments, begins."""
    if not text.startswith(sign, at):
        raise Unusual
    match = _GAP.match(text, at + len(sign))
    assert match
    return match.end()
