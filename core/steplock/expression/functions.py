"""What the functions of expressions answer, given the values of their arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from steplock.annotations import TypeAlias
from steplock.expression.values import (
    TRUTHY,
    UNKNOWN,
    Partial,
    Unknown,
    Value,
    equal,
    fold,
    holds_unknown,
    is_primitive,
    to_text,
)
from steplock.lazy import pattern

# The runner lets one evaluation hold 1 MiB, and a character takes two bytes (MemoryCounter.cs).
MAX_TEXT = 1 << 19

# The deepest nesting of JSON that the runner reads (JsonParser.cs).
_MAX_JSON_DEPTH = 100


class EvaluationError(Exception):
    """GitHub fails the job here: a bad format string, bad JSON, a text beyond all measure."""


Implementation: TypeAlias = Callable[[Sequence[Partial]], Partial]


def _contains(args: Sequence[Partial]) -> Partial:
    whole, part = args
    match whole:
        case Unknown():
            return UNKNOWN
        case list():
            answers = [equal(part, item) for item in whole]
            return True if True in answers else UNKNOWN if None in answers else False
        case dict():
            return False
    return _on_folded(whole, part, str.__contains__)


def _starts_with(args: Sequence[Partial]) -> Partial:
    return _on_folded(args[0], args[1], str.startswith)


def _ends_with(args: Sequence[Partial]) -> Partial:
    return _on_folded(args[0], args[1], str.endswith)


def _on_folded(whole: Partial, part: Partial, test: Callable[[str, str], bool]) -> Partial:
    """Lists and mappings answer false, even beside a value that is not known."""
    if not isinstance(whole, Unknown) and not is_primitive(whole):
        return False
    if not isinstance(part, Unknown) and not is_primitive(part):
        return False
    if isinstance(whole, Unknown) or isinstance(part, Unknown):
        return UNKNOWN
    return test(fold(to_text(whole)), fold(to_text(part)))


_FORMAT_PIECE = pattern(r"\{\{|\}\}|\{([0-9]{1,3}):?\}|[{}]")


def _format(args: Sequence[Partial]) -> Partial:
    pattern = args[0]
    if isinstance(pattern, Unknown):
        return UNKNOWN
    text = to_text(pattern)
    pieces: list[Partial] = []
    at = 0
    for match in _FORMAT_PIECE.finditer(text):
        pieces.append(text[at : match.start()])
        at = match.end()
        if match[1]:
            position = int(match[1]) + 1
            if position >= len(args):
                raise EvaluationError("the format string names more arguments than there are")
            pieces.append(args[position])
        elif match[0] in ("{{", "}}"):
            pieces.append(match[0][0])
        else:
            raise EvaluationError("the format string has a lone brace")
    pieces.append(text[at:])
    return _joined(pieces, "")


def _join(args: Sequence[Partial]) -> Partial:
    items = args[0]
    separator: Partial = args[1] if len(args) > 1 else ","
    match items:
        case Unknown():
            return UNKNOWN
        case dict():
            return ""
        case list() if len(items) > 1:
            if isinstance(separator, Unknown):
                return UNKNOWN
            return _joined(items, to_text(separator) if is_primitive(separator) else ",")
        case list():
            return _joined(items, "")
    return to_text(items)


def _joined(pieces: Sequence[Partial], separator: str) -> Partial:
    texts: list[str] = []
    known = True
    for piece in pieces:
        if isinstance(piece, Unknown):
            known = False
        else:
            texts.append(to_text(piece))
    gaps = max(len(pieces) - 1, 0)
    length = sum(map(len, texts)) + gaps * len(separator)
    if length > MAX_TEXT:
        raise EvaluationError("the text is too long")
    if known:
        return separator.join(texts)
    return TRUTHY if length else UNKNOWN


def _from_json(args: Sequence[Partial]) -> Partial:
    if isinstance(args[0], Unknown):
        return UNKNOWN
    import json

    try:
        value: Value = json.loads(to_text(args[0]), parse_int=float, parse_constant=float)
    except (ValueError, RecursionError) as error:
        raise EvaluationError("bad JSON") from error
    return value


def _to_json(args: Sequence[Partial]) -> Partial:
    if holds_unknown(args[0]):
        # No JSON text is empty.
        return TRUTHY
    pieces: list[str] = []
    room = MAX_TEXT
    for piece in _json_pieces(args[0], "\n"):
        room -= len(piece)
        if room < 0:
            raise EvaluationError("the text is too long")
        pieces.append(piece)
    return "".join(pieces)


def _json_pieces(value: Partial, line_end: str) -> Iterator[str]:
    """The JSON of a value; `line_end` holds the indentation of its last line."""
    if len(line_end) > 2 * _MAX_JSON_DEPTH:
        raise EvaluationError("the value is nested too deeply")
    inner = line_end + "  "
    match value:
        case list() if value:
            for position, item in enumerate(value):
                yield ("," if position else "[") + inner
                yield from _json_pieces(item, inner)
            yield line_end + "]"
        case dict() if value:
            for position, (key, item) in enumerate(value.items()):
                yield ("," if position else "{") + inner + _json_string(key) + ": "
                yield from _json_pieces(item, inner)
            yield line_end + "}"
        case list():
            yield "[]"
        case dict():
            yield "{}"
        case str():
            yield _json_string(value)
        case None:
            yield "null"
        case bool() | float() | int():
            yield to_text(value)


# Besides what JSON itself asks for, the runner's writer (Newtonsoft.Json) escapes these line ends.
_LINE_ENDS = {0x85: r"\u0085", 0x2028: r"\u2028", 0x2029: r"\u2029"}


def _json_string(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False).translate(_LINE_ENDS)


def _hash_files(args: Sequence[Partial]) -> Partial:
    return UNKNOWN


IMPLEMENTATIONS: dict[str, Implementation] = {
    "contains": _contains,
    "endswith": _ends_with,
    "format": _format,
    "fromjson": _from_json,
    "hashfiles": _hash_files,
    "join": _join,
    "startswith": _starts_with,
    "tojson": _to_json,
}
