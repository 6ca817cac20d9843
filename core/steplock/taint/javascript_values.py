"""What a value of a script comes from, and what JavaScript's own methods make of texts and lists."""

from __future__ import annotations

from steplock.annotations import TypeAlias
from steplock.named import NamedTuple


class Value(NamedTuple):
    """Something that a value is, or holds in its text; of a literal or a number there is none."""

    path: tuple[str, ...]
    """Where it comes from, ending in the field: `context ...`, `process env NAME`, `answer pulls.get data ...` for
    what GitHub's API answered, `fence` for an expression of the workflow. Empty: it is not understood."""
    start: int
    end: int
    """In characters of the script."""
    part: bool = False
    """Whether it is a piece of the text there, whose own fields do not matter."""
    whole: bool = False
    """Whether it holds all that is in an object."""
    asked: tuple[Value, ...] = ()
    """Of an answer: what the question was put together of, as the number of a pull request."""


Values: TypeAlias = "list[Value]"

# Of texts and lists. What comes of these holds the text as it is, or a part of it,
_SAME = frozenset({
    "trim", "trimEnd", "trimStart", "toString", "toLowerCase", "toUpperCase", "slice", "substring", "substr", "normalize",
    "filter", "reverse", "sort", "flat", "catch",
})  # fmt: skip
_TAKES_APART = frozenset({"split", "join"})
_ONE_OF = frozenset({"find", "findLast", "at", "pop", "shift"})
# and of these numbers and answers of yes or no.
_TELLS = frozenset({
    "includes", "startsWith", "endsWith", "indexOf", "lastIndexOf", "some", "every", "test", "search", "findIndex",
    "localeCompare", "charCodeAt", "has", "getTime", "toISOString",
})  # fmt: skip


def member(values: Values, name: str) -> Values:
    """The values' field of a name, `*` for any of a list."""
    if name in ("length", "size"):
        return []
    return [v if v.part or not v.path else v._replace(path=(*v.path, name)) for v in values]


def made(of: Values, name: str, argument: str, unknown: Value) -> Values:
    """What a method makes of values; argument: the first word of what it is given."""
    if name in _TELLS:
        return []
    if name in ("replace", "replaceAll"):
        if "[^" in argument or "\\W" in argument:
            return []  # what is not listed is taken away
        return of if argument in ("/\\n/g", "/\\r?\\n/g", "/\\s+/g") else [unknown]
    if name in _TAKES_APART:
        return [v._replace(part=True) for v in of]
    if name in _ONE_OF:
        return member(of, "*")
    return of if name in _SAME else [unknown]
