"""Which contexts an expression names, and which of them its value can carry."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression.tree import (
    Access,
    And,
    Binary,
    Call,
    Group,
    Index,
    Literal,
    Name,
    Node,
    Not,
    Or,
    Property,
    Star,
    children,
    ungrouped,
)
from steplock.named import NamedTuple


class Reference(NamedTuple):
    """A use of a context: its path as `path` tells it, and the whole access."""

    path: tuple[str, ...]
    node: Access


def path(node: Node) -> tuple[str, ...] | None:
    """The parts of a context access in lower case: `GitHub['Event'].x` is `github`, `event`, `x`.

    `*`, and a key that is no string literal, is the part `*`. None where the access starts
    from a function or an operator, and for every other node. Contexts ignore case, but for the
    names in `env` on Linux and macOS: whoever tells those apart reads the node.
    """
    parts: list[str] = []
    while True:
        match node:
            case Property(of=of, name=name):
                parts.append(name.lower())
                node = of
            case Name(name=name):
                parts.append(name.lower())
                return tuple(reversed(parts))
            case Index(of=of, key=key):
                match ungrouped(key):
                    case Literal(value=str(text)):
                        parts.append(text.lower())
                    case _:
                        parts.append("*")
                node = of
            case Star(of=of):
                parts.append("*")
                node = of
            case Group(body=body):
                node = body
            case _:
                return None


def contexts(node: Node) -> Iterator[Reference]:
    """Every use of a context in a tree, in source order, also those inside a key."""
    stack = [node]
    while stack:
        node = stack.pop()
        reference = _reference(node)
        if reference is None:
            stack.extend(reversed(children(node)))
            continue
        yield reference
        stack.extend(_keys(node))


def flows(node: Node) -> Iterator[Reference]:
    """The uses of contexts whose text can become part of the expression's value.

    All operands of `||` can. Of `&&` only the last: an earlier one is the value only when it is
    falsy, and what is falsy (null, false, 0, NaN, '') holds no text of anybody's choice.
    Comparisons, `!` and the functions that answer true, false or a hash carry nothing; neither
    does a key, which only selects.
    """
    match node:
        case Literal() | Binary() | Not():
            return
        case Group(body=body):
            yield from flows(body)
        case And(operands=operands):
            yield from flows(operands[-1])
        case Or(operands=operands):
            for operand in operands:
                yield from flows(operand)
        case Call(name=name, args=args):
            for arg in _carried(name.lower(), args):
                yield from flows(arg)
        case Name() | Property() | Index() | Star():
            reference = _reference(node)
            if reference is not None:
                yield reference
            elif not isinstance(node, Name):
                yield from flows(node.of)


_CARRY_NOTHING = frozenset(
    ("always", "cancelled", "contains", "endswith", "failure", "hashfiles", "startswith", "success")
)


def _carried(function: str, args: tuple[Node, ...]) -> tuple[Node, ...]:
    if function in _CARRY_NOTHING:
        return ()
    if function == "case":
        return args[1::2] + args[-1:] if len(args) % 2 else args
    # Besides format, join, toJSON and fromJSON: a function newer than this file may pass text on.
    return args


def _reference(node: Node) -> Reference | None:
    if not isinstance(node, (Property, Name, Index, Star)):
        return None
    parts = path(node)
    return None if parts is None else Reference(parts, node)


def _keys(node: Node) -> list[Node]:
    """The keys along an access, the last one first."""
    keys: list[Node] = []
    while True:
        match node:
            case Index(of=of, key=key):
                keys.append(key)
                node = of
            case Property(of=of) | Star(of=of):
                node = of
            case Group(body=body):
                node = body
            case _:
                return keys
