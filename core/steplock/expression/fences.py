"""Where the `${{ ... }}` of a text are."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression.parser import Parsed, Problem, parse
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.text import Span

OPEN = "${{"
CLOSE = "}}"

# A string may hold `}}`; one that never ends hides all that follows, as it does on GitHub.
_STRING_OR_CLOSE = pattern(r"'[^']*(?:'|\Z)|\}\}")


class Fence(NamedTuple):
    """One `${{ ... }}`. Where `closed` is False the text ends before `}}` does."""

    span: Span
    inner: Span
    closed: bool


def fences(text: str) -> Iterator[Fence]:
    """Every fence of a text, in order; one that is not closed reaches to the end of the text."""
    start = text.find(OPEN)
    while start >= 0:
        fence = _fence_at(text, start)
        yield fence
        start = text.find(OPEN, fence.span.end)


def embedded(text: str) -> Iterator[tuple[Fence, Parsed]]:
    """Every fence of a text with its expression, whose spans count from the start of `text`."""
    for fence in fences(text):
        parsed = parse(text[fence.inner.start : fence.inner.end], fence.inner.start)
        if not fence.closed:
            problem = Problem(Span(fence.span.start, fence.inner.start), f"`{OPEN}` is not closed")
            parsed = Parsed(parsed.root, problem)
        yield fence, parsed


def _fence_at(text: str, start: int) -> Fence:
    inner = start + len(OPEN)
    close = text.find(CLOSE, inner)
    if close >= 0 and text.find("'", inner, close) < 0:
        return Fence(Span(start, close + len(CLOSE)), Span(inner, close), True)
    for match in _STRING_OR_CLOSE.finditer(text, inner):
        if match.group() == CLOSE:
            return Fence(Span(start, match.end()), Span(inner, match.start()), True)
    end = len(text)
    return Fence(Span(start, end), Span(inner, end), False)
