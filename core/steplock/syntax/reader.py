"""YAML events to trees; the only file that names the YAML library.

Events come from libyaml (`ruamel.yaml.clib`) or, where that is not installed, from ruamel.yaml's own
parser. The tree is built here, without recursion, so that nesting and aliases stay bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from steplock.annotations import Any
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.syntax.nodes import Document, Mapping, Node, Problem, Scalar, Sequence
from steplock.text import Span

MAX_DEPTH = 100
MAX_NODES = 2_000_000  # after aliases are expanded; a real workflow stays under 50,000

_PROPERTIES = pattern(r"(?:[&!]\S*(?:\s+|$)|#[^\n]*\n\s*)*")
# What YAML 1.2 allows, turned round: the complement compiles ten times as fast.
UNPRINTABLE = pattern("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


class Broken(Exception):
    """Where reading stopped and why.

    context: where what is broken began; is_limit: whether it is too much rather than wrong.
    """

    def __init__(
        self, at: int, message: str, context: int | None = None, is_limit: bool = False
    ) -> None:
        self.at, self.message, self.context, self.is_limit = at, message, context, is_limit


# libyaml 0.2.5 refuses `{image: alpine:3}` and `[::1]`, which YAML 1.2 and GitHub allow.
_STRICTER = ("found unexpected ':'", "did not find expected node content")


def attempt(text: str) -> tuple[Builder, Broken | None]:
    """Read a text as far as it goes; the error is where it stopped."""
    try:
        from _ruamel_yaml import CParser
    except ImportError:
        return _build(text, _pure_python)
    builder, error = _build(text, lambda text: iter(CParser(text).get_event, None))
    if error is not None and error.message.startswith(_STRICTER):
        again, real = _build(text, _pure_python)
        if real is None or real.at > error.at:
            return again, real
    return builder, error


def _pure_python(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    return iter(YAML(typ="safe", pure=True).parse(text))


def _build(text: str, events: Callable[[str], Iterator[Any]]) -> tuple[Builder, Broken | None]:
    bom = 1 if text.startswith("\ufeff") else 0
    builder = Builder(text, bom)
    try:
        builder.read(events(text[bom:]))
    except Broken as error:
        return builder, error
    except RecursionError:
        return builder, Broken(bom, "nested too deeply", is_limit=True)
    except ValueError:  # what cannot be encoded
        return builder, Broken(_first_unprintable(text), "a character that YAML does not allow")
    except Exception as error:
        from ruamel.yaml.error import YAMLError

        if not isinstance(error, YAMLError):
            raise
        return builder, _explain(error, bom, text)
    return builder, None


def _explain(error: Any, bom: int, text: str) -> Broken:
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    if mark is None:
        return Broken(_first_unprintable(text), "a character that YAML does not allow")
    where = str(getattr(error, "context", None) or "")
    at = min(mark.index + bom, len(text))
    return Broken(
        at,
        _plain_words(str(getattr(error, "problem", None)), where, text[at : at + 1]),
        context.index + bom if context is not None and "block" not in where else None,
    )


def _plain_words(problem: str, context: str, char: str) -> str:
    """What the library's message means to somebody who is typing a workflow."""
    match problem:
        case "could not find expected ':'":
            return "a key without its `:`"
        case "mapping values are not allowed in this context":
            return "a second `:` on this line; put the value in quotes"
        case "did not find expected key" | "did not find expected '-' indicator":
            return "the indentation does not fit the lines above"
        case "did not find expected ',' or ']'" | "did not find expected ',' or '}'":
            return "a bracket is not closed"
        case "found unexpected end of stream" if "quoted" in context:
            return "a quote is not closed"
        case "found character that cannot start any token":
            if char == "\t":
                return "a tab, where YAML allows blanks only"
            return f"a value cannot begin with `{char}`; put it in quotes"
        case "found a tab character that violates indentation":
            return "a tab, where YAML allows blanks only"
    return f"{problem} {context}".strip()


def _first_unprintable(text: str) -> int:
    match = UNPRINTABLE.search(text, 1 if text.startswith("\ufeff") else 0)
    return match.start() if match else 0


# There are no values that are made as often: a third of the time goes into the names of their fields.
_span = partial(tuple.__new__, Span)
_scalar = partial(tuple.__new__, Scalar)


class _Frame(NamedTuple):
    """A collection that is not closed yet."""

    kind: str
    start: int
    children: list[Node]
    anchor: str | None
    flow: bool


class Builder:
    """Trees from events, by a stack of open collections and what each holds, aliases expanded."""

    def __init__(self, text: str, shift: int) -> None:
        self.text = text
        self.shift = shift
        self.roots: list[Node] = []
        self.problems: list[Problem] = []
        self.opaque: list[Span] = []
        self.flows: list[Span] = []
        self.stack: list[_Frame] = []
        self.sizes: list[int] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.has_escapes = False
        self.end = 0  # of what was read last, where it stands: an alias is where its name is

    def document(self, text: str, problems: Iterable[Problem]) -> Document:
        """What was read, of `text`, where what is broken may stand differently."""
        flows = sorted(self.flows)
        return Document(
            text, tuple(self.roots), tuple(problems), self.opaque, flows, self.has_escapes
        )

    def read(self, events: Iterator[Any]) -> None:
        kinds: dict[str, Callable[[Any], None]] = {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": self._open,
            "SequenceStartEvent": self._open,
            "MappingEndEvent": self._close,
            "SequenceEndEvent": self._close,
            "AliasEvent": self._alias,
            "DocumentStartEvent": lambda event: self.anchors.clear(),
        }
        for event in events:
            if take := kinds.get(type(event).__name__):
                take(event)

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark.index + self.shift, event.end_mark.index + self.shift
        style: str = event.style or ""
        anchor = event.anchor
        if anchor is not None or event.ctag is not None:
            start = self._after_properties(start, end)
        if style:
            self._mark_opaque(start, end)
            if style == '"' and "\\" in self.text[start:end]:
                self.has_escapes = True
            if style in "|>":
                end = start + len(self.text[start:end].rstrip())
        self.end = end
        scalar = _scalar((_span((start, end)), event.value, style, anchor))
        self._add(scalar, anchor, 1)

    def _mark_opaque(self, start: int, end: int) -> None:
        if self.text[start] in "|>":
            body = self.text.find("\n", start, end)
            start = end if body < 0 else body
        self.opaque.append(Span(start, end))

    def _after_properties(self, start: int, end: int) -> int:
        match = _PROPERTIES.match(self.text, start, end)
        return match.end() if match else start

    def _open(self, event: Any) -> None:
        start = event.start_mark.index + self.shift
        if len(self.stack) >= MAX_DEPTH:
            raise Broken(start, f"nested more than {MAX_DEPTH} levels deep", is_limit=True)
        kind = "mapping" if type(event).__name__ == "MappingStartEvent" else "sequence"
        self.stack.append(_Frame(kind, start, [], event.anchor, bool(event.flow_style)))
        self.sizes.append(1)

    def _close(self, event: Any) -> None:
        kind, start, children, anchor, flow = self.stack.pop()
        if flow:
            end = event.end_mark.index + self.shift
        else:
            end = max(start, self.end) if children else start
        span = Span(start, end)
        if flow and not (self.stack and self.stack[-1].flow):
            self.flows.append(span)
        self.end = end
        node: Node
        if kind == "mapping":
            node = Mapping(span, self._pairs(children), flow, anchor)
        else:
            node = Sequence(span, tuple(children), flow, anchor)
        self._add(node, anchor, self.sizes.pop())

    def _pairs(self, children: list[Node]) -> tuple[tuple[Scalar, Node], ...]:
        keys = [
            key
            if isinstance(key, Scalar)
            else Scalar(key.span, self.text[key.span.start : key.span.end])
            for key in children[::2]
        ]
        if len({key.value for key in keys}) < len(keys):
            seen = set()
            for key in keys:
                if key.value in seen:
                    message = f"the key `{key.value}` stands here twice"
                    self.problems.append(Problem(key.span, message))
                seen.add(key.value)
        return tuple(zip(keys, children[1::2], strict=True))

    def _alias(self, event: Any) -> None:
        at = Span(event.start_mark.index + self.shift, event.end_mark.index + self.shift)
        self.end = at.end
        found = self.anchors.get(event.anchor)
        if found is None:
            self.problems.append(Problem(at, f"`*{event.anchor}` has no anchor before it"))
            self._add(Scalar(at, ""), None, 1)
        else:
            self._add(found[0], None, found[1])

    def _add(self, node: Node, anchor: str | None, size: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = (node, size)
        if not self.stack:
            self.roots.append(node)
            return
        self.stack[-1].children.append(node)
        total = self.sizes[-1] = self.sizes[-1] + size
        if total > MAX_NODES:
            raise Broken(
                node.span.start, f"aliases expand to more than {MAX_NODES:,} nodes", is_limit=True
            )
