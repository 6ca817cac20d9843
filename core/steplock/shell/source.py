"""The text of a script with its `${{ }}` fences masked, and the way back to where it stands."""

from __future__ import annotations

from functools import partial

from steplock.lazy import pattern
from steplock.text import Span

# Stands for each character of a fence. It is part of no identifier and no syntax, so that
# `$NAME${{ x }}` stays a variable called NAME, and no shell takes it in a script.
MASK = "\0"

_span = partial(tuple.__new__, Span)  # there are no values that are made as often

_IN_FENCE = pattern(r"'|\}\}")


def fences(text: str) -> list[tuple[int, int]]:
    """The `${{ }}` of a text. As for the runner, `}}` in an expression's string ends nothing."""
    found = []
    start = text.find("${{")
    while start >= 0:
        end = _fence_end(text, start + 3)
        if end < 0:
            break
        found.append((start, end))
        start = text.find("${{", end)
    return found


def _fence_end(text: str, at: int) -> int:
    quoted = False
    for match in _IN_FENCE.finditer(text, at):
        if match.group() == "'":
            quoted = not quoted
        elif not quoted:
            return match.end()
    plain = text.find("}}", at)
    return plain + 2 if plain >= 0 else -1


class Source:
    """A script, or text that a script hands to another shell.

    text: as written. masked: of the same length, with MASK for what is unknown.
    unknown: start and end of each masked stretch.
    at: where each character (and the end) stands in the outermost script; None counts from `base`.
    """

    __slots__ = ("at", "base", "depth", "masked", "text", "unknown")

    def __init__(
        self,
        text: str,
        unknown: list[tuple[int, int]],
        base: int = 0,
        at: list[int] | None = None,
        depth: int = 0,
    ) -> None:
        self.text = text
        self.unknown = dict(unknown)
        self.base = base
        self.at = at
        self.depth = depth
        pieces: list[str] = []
        end = 0
        for start, stop in unknown:
            pieces += (text[end:start], MASK * (stop - start))
            end = stop
        self.masked = "".join(pieces) + text[end:] if pieces else text

    def span(self, start: int, end: int) -> Span:
        """A stretch of `text`, in the outermost script."""
        if self.at is None:
            return _span((start + self.base, end + self.base))
        if start == end:
            return Span(self.at[start], self.at[start])
        return Span(self.at[start], self.at[end - 1] + 1)
