"""How a script comes to read a variable where an expression stood."""

from __future__ import annotations

from steplock.named import NamedTuple
from steplock.text import Span


class Change(NamedTuple):
    """Other text for a part of a script; spans count in the script, and an empty one inserts."""

    span: Span
    text: str


class Reading(NamedTuple):
    """All that changes so that a script reads a variable in the place of one expression."""

    changes: tuple[Change, ...]
    exact: bool = True
    """Whether the script does the same for each value that is no syntax of its language."""


class Place(NamedTuple):
    """An expression in a script, and the variable that is to be read there."""

    script: str
    span: Span
    variable: str

    @property
    def before(self) -> str:
        return self.script[: self.span.start]

    @property
    def after(self) -> str:
        return self.script[self.span.end :]

    def put(self, text: str, exact: bool = True) -> Reading:
        """Write this in the place of the expression, and change nothing else."""
        return Reading((Change(self.span, text),), exact)

    def said(self) -> str:
        """The expression without its braces, for a comment: there nothing reads a variable."""
        return self.script[self.span.start + 3 : self.span.end - 2].strip()


def concatenation(
    string: Span, lead: int, opening: str, closing: str, look: str, place: Place
) -> list[Change]:
    """`"a VALUE b"` as `("a " + look + " b")`; the string begins with `lead` characters of its syntax."""
    start, end = place.span
    head, tail = f"{closing} + ", f" + {opening}"
    if start == string.start + lead:
        start, head = string.start, ""
    if end == string.end - len(closing):
        end, tail = string.end, ""
    return [
        Change(Span(string.start, string.start), "("),
        Change(Span(start, end), f"{head}{look}{tail}"),
        Change(Span(string.end, string.end), ")"),
    ]
