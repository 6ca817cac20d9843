"""What YAML text is made of: nodes, comments, problems and where each stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from steplock.annotations import TypeAlias
from steplock.lazy import cached_property, pattern
from steplock.named import NamedTuple
from steplock.syntax.places import escape_width, place, value_map
from steplock.text import Lines, Span, newline

# The `#` first: the engine then skips from one to the next, twenty times as fast as looking at each character.
_COMMENT = pattern(r"#(?<![^ \t\r\n]#)[^\r\n]*")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})


class Scalar(NamedTuple):
    """Text: `value` is what YAML reads, `span` where it stands, quotes and block header included."""

    span: Span
    value: str
    style: str = ""
    """`''` plain, `'` and `"` quoted, `|` and `>` block."""
    anchor: str | None = None

    @property
    def is_null(self) -> bool:
        return not self.style and self.value in _NULLS

    @property
    def boolean(self) -> bool | None:
        """The YAML 1.2 boolean that a plain scalar stands for."""
        if self.style:
            return None
        return True if self.value in _TRUE else False if self.value in _FALSE else None


class Mapping(NamedTuple):
    """Keys and values in the order of the text; of a key given twice, the first counts."""

    span: Span
    items: tuple[tuple[Scalar, Node], ...]
    flow: bool = False
    anchor: str | None = None

    def get(self, key: str) -> Node | None:
        for k, v in self.items:
            if k.value == key:
                return v
        return None

    def item(self, key: str) -> tuple[Scalar, Node] | None:
        for pair in self.items:
            if pair[0].value == key:
                return pair
        return None

    def scalar(self, key: str) -> Scalar | None:
        """The value of `key` where it is a scalar that is not null."""
        node = self.get(key)
        return node if isinstance(node, Scalar) and not node.is_null else None

    def mapping(self, key: str) -> Mapping | None:
        node = self.get(key)
        return node if isinstance(node, Mapping) else None


class Sequence(NamedTuple):
    span: Span
    items: tuple[Node, ...]
    flow: bool = False
    anchor: str | None = None


Node: TypeAlias = Scalar | Mapping | Sequence


class Problem(NamedTuple):
    """A place where the text is not what YAML or GitHub can read."""

    span: Span
    message: str


class Comment(NamedTuple):
    span: Span
    text: str
    """From the `#` to the end of the line."""


class Document:
    """One text, its trees and what is wrong with it. Immutable but for what is worked out on demand."""

    def __init__(
        self,
        text: str,
        roots: tuple[Node, ...],
        problems: tuple[Problem, ...],
        opaque: list[Span],
        flows: list[Span],
        has_escapes: bool,
    ) -> None:
        self.text = text
        self.roots = roots
        self.problems = problems
        self.has_escapes = has_escapes
        """Whether a quoted scalar has a `\\`: its value is then not in the text as it is."""
        self._opaque = opaque
        self._flows = flows
        self._maps: dict[int, tuple[list[int], list[int]]] = {}
        self._heard: dict[str | tuple[str, ...], bool] = {}

    @property
    def root(self) -> Node | None:
        """The tree of the first document of the stream."""
        return self.roots[0] if self.roots else None

    def hears(self, word: str) -> bool:
        """Whether a word, in small letters, stands in the text, whatever its case; see `has_escapes`."""
        heard = self._heard.get(word)
        if heard is None:
            heard = self._heard[word] = word in self._lowered
        return heard

    def hears_one(self, words: tuple[str, ...]) -> bool:
        """Whether one of some words does."""
        heard = self._heard.get(words)
        if heard is None:
            heard = self._heard[words] = any(map(self.hears, words))
        return heard

    @cached_property
    def _lowered(self) -> str:
        return self.text.lower()

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def newline(self) -> str:
        return newline(self.text)

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """Every comment, first to last; a `#` inside a scalar is none."""
        starts = [span.start for span in self._opaque]
        found = []
        at = 0
        while match := _COMMENT.search(self.text, at):
            before = bisect_right(starts, match.start()) - 1
            if before >= 0 and match.start() < self._opaque[before].end:
                at = self._opaque[before].end
                continue
            found.append(Comment(Span(*match.span()), match.group()))
            at = match.end()
        return tuple(found)

    @cached_property
    def _comment_starts(self) -> list[int]:
        return [comment.span.start for comment in self.comments]

    def comment_on(self, line: int) -> Comment | None:
        """The comment that stands on a zero-based line."""
        span = self.lines.span(line)
        at = bisect_right(self._comment_starts, span.end) - 1
        if at < 0 or self.comments[at].span.start < span.start:
            return None
        return self.comments[at]

    def whole_scalar(self, span: Span) -> Span:
        """`span`, widened to the quoted or block scalar it lies in: no comment can stand in one."""
        starts = [opaque.start for opaque in self._opaque]
        at = bisect_right(starts, span.start) - 1
        if at < 0 or span.start >= self._opaque[at].end:
            return span
        return Span(self._opaque[at].start, max(span.end, self._opaque[at].end))

    def is_in_flow(self, span: Span) -> bool:
        """Whether a place is inside of brackets or braces."""
        at = bisect_right(self._flows, (span.start, len(self.text) + 1)) - 1
        return at >= 0 and self._flows[at].holds(span)

    def source(self, node: Node) -> str:
        """The text of a node as it stands in the file."""
        return self.text[node.span.start : node.span.end]

    def locate(self, scalar: Scalar, span: Span) -> Span:
        """Where characters `span` of `scalar.value` stand in the file.

        Exact for every character that is not white space, escapes and folded lines included.
        """
        starts, places = self._map(scalar)
        start = place(starts, places, span.start)
        if span.end <= span.start:
            return Span(start, start)
        last = place(starts, places, span.end - 1)
        end = last + 1
        if scalar.style == '"' and self.text[last] == "\\":
            end = last + escape_width(self.text, last)
        elif scalar.style == "'" and self.text[last] == "'":
            end = last + 2
        return Span(start, end)

    def _map(self, scalar: Scalar) -> tuple[list[int], list[int]]:
        found = self._maps.get(scalar.span.start)
        if found is None:
            found = self._maps[scalar.span.start] = value_map(
                self.lines, scalar.span, scalar.value, scalar.style
            )
        return found


def walk(node: Node) -> Iterator[Node]:
    """A node and every node in it once, parents first; what an alias repeats is passed over."""
    seen: set[int] = set()
    stack = [node]
    while stack:
        node = stack.pop()
        if node.anchor is not None:
            if node.span.start in seen:
                continue
            seen.add(node.span.start)
        yield node
        match node:
            case Mapping(items=pairs):
                for _, value in reversed(pairs):
                    stack.append(value)
            case Sequence(items=items):
                stack.extend(reversed(items))
