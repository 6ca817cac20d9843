"""Which contexts reach the value of an expression, under which events."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from steplock.expression import (
    UNKNOWN,
    Access,
    And,
    Call,
    Group,
    Index,
    Literal,
    Lookup,
    Name,
    Node,
    Or,
    Property,
    Star,
    Unknown,
    Value,
    children,
    flows,
    path,
    truth,
)
from steplock.named import NamedTuple

# Functions that pass a value on, or put it into a text as it is. (What comes of a comparison is no text at all.)
_AS_THEY_ARE = frozenset({"case", "format"})


class Arrival(NamedTuple):
    """A use of a context whose text reaches the value."""

    path: tuple[str, ...]
    node: Access
    events: frozenset[str] | None
    """The events under which it does, where the expression asks for them; None: all."""
    whole: bool
    """Whether all that an object or a list holds does, as through `toJSON`: by themselves they become a word."""

    @property
    def is_list(self) -> bool:
        """Whether it is what `.*` picked out of many, not one of them."""
        node: Node = self.node
        while isinstance(node, Property | Group):
            node = node.of if isinstance(node, Property) else node.body
        return isinstance(node, Star)


def arrivals(root: Node, events: Collection[str] = ()) -> Iterator[Arrival]:
    """The uses of contexts in an expression; events: those to tell apart, where it asks for their name."""
    # Most are one access, and hold no call.
    whole = set() if isinstance(root, Property | Name) else set(_spelled_out(root))
    if not events:
        for parts, node in _carried(root, _nothing):
            yield Arrival(parts, node, None, id(node) in whole)
        return
    under: dict[tuple[tuple[str, ...], Access], set[str]] = {}
    for event in events:
        lookup = _nothing if event == "workflow_call" else knowing(event)
        for found in _carried(root, lookup):
            under.setdefault(found, set()).add(event)
    for (parts, node), reached in under.items():
        yield Arrival(parts, node, frozenset(reached), id(node) in whole)


def _spelled_out(root: Node) -> Iterator[int]:
    """The ids of the nodes that a function gets which writes out what they hold."""
    stack = [(root, False)]
    while stack:
        node, inside = stack.pop()
        if inside:
            yield id(node)
        inside = inside or (isinstance(node, Call) and node.name.lower() not in _AS_THEY_ARE)
        stack += ((child, inside) for child in children(node))


def knowing(event: str) -> Lookup:
    """A look-up that knows the name of the event and nothing else."""

    def lookup(path: tuple[str, ...]) -> Value | Unknown:
        return event if path == ("github", "event_name") else UNKNOWN

    return lookup


def _nothing(path: tuple[str, ...]) -> Unknown:
    return UNKNOWN


def _carried(node: Node, lookup: Lookup) -> Iterator[tuple[tuple[str, ...], Access]]:
    """As `expression.flows`, without the branches that are never taken, and with `(a || b).c` as `a.c`, `b.c`."""
    match node:
        case Group(body=body):
            yield from _carried(body, lookup)
        case And(operands=(*before, last)):
            if all(truth(operand, lookup) is not False for operand in before):
                yield from _carried(last, lookup)
        case Or(operands=operands):
            for operand in operands:
                yield from _carried(operand, lookup)
                if truth(operand, lookup):
                    return
        case Property() | Index() | Star() if path(node) is None:
            base, parts = _taken_apart(node)
            for inner, access in _carried(base, lookup):
                yield (inner if isinstance(base, Call) else (*inner, *parts)), access
        case _:
            for reference in flows(node):
                yield reference.path, reference.node


def _taken_apart(node: Node) -> tuple[Node, tuple[str, ...]]:
    """What an access starts from, if that is no context, and the keys behind it."""
    parts: list[str] = []
    while True:
        match node:
            case Property(of=of, name=name):
                parts.append(name.lower())
                node = of
            case Index(of=of, key=Literal(value=str(text))):
                parts.append(text.lower())
                node = of
            case Index(of=of) | Star(of=of):
                parts.append("*")
                node = of
            case Group(body=Property() | Index() | Star() | Name() as body):
                node = body
            case Group(body=body):
                return body, tuple(reversed(parts))
            case _:
                return node, tuple(reversed(parts))
