"""The values of expressions, known or not, and how the runner converts and compares them.

Source: EvaluationResult.cs and ExpressionUtility.cs of
https://github.com/actions/runner/tree/main/src/Sdk/Expressions, as of August 2026.
"""

from __future__ import annotations

import enum
import math

from steplock.annotations import Final, TypeAlias
from steplock.lazy import pattern


class Unknown(enum.Enum):
    """What is known of a value that is not known."""

    UNKNOWN = enum.auto()
    """Nothing."""
    TRUTHY = enum.auto()
    """That it counts as true in a condition."""
    FALSY = enum.auto()
    """That it counts as false in a condition."""

    def __repr__(self) -> str:
        return self.name


UNKNOWN: Final = Unknown.UNKNOWN
TRUTHY: Final = Unknown.TRUTHY
FALSY: Final = Unknown.FALSY

Value: TypeAlias = bool | float | str | list["Partial"] | dict[str, "Partial"] | None
"""A known value; the members of a list or mapping may be unknown each."""

Partial: TypeAlias = Value | Unknown


class Filtered(list["Partial"]):
    """What `.*` gives: a further property or key applies to each member, not to the list."""


def truthiness(value: Partial) -> bool | None:
    """How a value counts in a condition: 0, NaN, '', null and false are falsy. None: not known."""
    match value:
        case Unknown():
            return None if value is UNKNOWN else value is TRUTHY
        case float() | int():
            return bool(value) and not math.isnan(value)
        case list() | dict():
            return True
    return bool(value)


def is_primitive(value: Value) -> bool:
    return not isinstance(value, (list, dict))


def to_text(value: Value) -> str:
    """How a value is printed where an expression stands in a text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() | int():
            return _number_text(value)
        case str():
            return value
        case list():
            return "Array"
        case dict():
            return "Object"


def literal(value: bool | float | str | None) -> str:
    """The source text of a value: `it's` becomes `'it''s'`."""
    match value:
        case None:
            return "null"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case bool():
            return to_text(value)
        case _ if math.isfinite(value):
            return repr(value).removesuffix(".0")
        case _:
            return _number_text(value)


def to_number(value: Value) -> float:
    """The number that a value counts as in comparisons and list positions; NaN for none."""
    match value:
        case None:
            return 0.0
        case bool() | float() | int():
            return float(value)
        case str():
            return parse_number(value)
        case list() | dict():
            return math.nan


_DECIMAL = pattern(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?Infinity")
_RADIX = pattern(r"0x[0-9A-Fa-f]+|0o[0-7]+")


def parse_number(text: str) -> float:
    """The number that a text writes; 0 for a blank text, NaN for what is no number."""
    text = text.strip()
    if not text:
        return 0.0
    if _DECIMAL.fullmatch(text):
        return float(text)
    if not _RADIX.fullmatch(text):
        return math.nan
    number = int(text[2:], 16 if text[1] == "x" else 8)
    # The runner reads these into a signed 32-bit integer: 0xffffffff is -1.
    if number > 0xFFFF_FFFF:
        return math.nan
    return float(number - 0x1_0000_0000 if number > 0x7FFF_FFFF else number)


def fold(text: str) -> str:
    """The text as string comparisons see it: without case, one character for each character."""
    if text.isascii():
        return text.upper()
    return "".join(map(_fold_character, text))


def equal(left: Partial, right: Partial) -> bool | None:
    """`left == right`; None where that is not known."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return None
    left, right = _coerced(left, right)
    if _kind(left) is not _kind(right):
        return False
    if isinstance(left, str) and isinstance(right, str):
        return fold(left) == fold(right)
    if isinstance(left, (list, dict)):
        return left is right
    return left == right


def less(left: Partial, right: Partial) -> bool | None:
    """`left < right`; None where that is not known."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return None
    left, right = _coerced(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return fold(left) < fold(right)
    if isinstance(left, (bool, float, int)) and isinstance(right, (bool, float, int)):
        return left < right
    return False


def member(value: Partial, key: Partial) -> Partial:
    """`value[key]`; null where there is no such member."""
    match value:
        case Unknown():
            return UNKNOWN
        case Filtered():
            return Filtered([found for item in value for found in _found(item, key)])
    return next(iter(_found(value, key)), None)


def members(value: Partial) -> Partial:
    """`value.*`; an empty list where the value has no members."""
    match value:
        case Unknown():
            return UNKNOWN
        case Filtered():
            return Filtered([inner for item in value for inner in _each(item)])
    return Filtered(_each(value))


def holds_unknown(value: Partial) -> bool:
    """Whether the value or any of its members is not known."""
    stack = [value]
    while stack:
        match stack.pop():
            case Unknown():
                return True
            case list() as items:
                stack.extend(items)
            case dict() as items:
                stack.extend(items.values())
    return False


def _found(value: Partial, key: Partial) -> list[Partial]:
    """The one member at `key`, or nothing: a missing member is not a null one."""
    if isinstance(value, Unknown):
        return [UNKNOWN]
    if is_primitive(value):
        return []
    if isinstance(key, Unknown):
        return [UNKNOWN]
    if isinstance(value, list):
        position = to_number(key)
        # NaN is not in the range either.
        return [value[int(position)]] if 0 <= position < len(value) else []
    if not isinstance(value, dict) or not is_primitive(key):
        return []
    name = to_text(key)
    if name in value:
        return [value[name]]
    name = fold(name)
    return [item for other, item in value.items() if fold(other) == name][:1]


def _each(value: Partial) -> list[Partial]:
    match value:
        case Unknown():
            return [UNKNOWN]
        case list():
            return value
        case dict():
            return list(value.values())
    return []


def _kind(value: Value) -> type:
    match value:
        case bool():
            return bool
        case float() | int():
            return float
        case list():
            return list
    return type(value)


def _coerced(left: Value, right: Value) -> tuple[Value, Value]:
    """Values of two kinds made comparable: null, booleans and strings become numbers, a list or
    mapping stays what it is."""
    if _kind(left) is _kind(right):
        return left, right
    if left is None or isinstance(left, bool):
        left = to_number(left)
    if right is None or isinstance(right, bool):
        right = to_number(right)
    if isinstance(left, str) and isinstance(right, (float, int)):
        left = to_number(left)
    elif isinstance(right, str) and isinstance(left, (float, int)):
        right = to_number(right)
    return left, right


def _number_text(value: float) -> str:
    """The runner's number format, .NET `G15`."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return f"{value:.15G}" if value else "0"


def _fold_character(character: str) -> str:
    upper = character.upper()
    # The invariant culture knows no upper case of two letters, nor one of the dotless i.
    keep = len(upper) != 1 or character == "\N{LATIN SMALL LETTER DOTLESS I}"
    return character if keep else upper
