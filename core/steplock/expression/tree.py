"""The nodes of an expression. Every node has the span of its source text.

Nodes are tuples, so two of different classes may compare equal: tell them apart with `match`
or `isinstance`, never with `==`.
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.annotations import TypeAlias
from steplock.named import NamedTuple
from steplock.text import Span


class Literal(NamedTuple):
    """`null`, `true`, `1.5`, `0xff`, `NaN`, `'it''s'`."""

    span: Span
    value: bool | float | str | None


class Name(NamedTuple):
    """A context by its name, as written: `github`."""

    span: Span
    name: str


class Property(NamedTuple):
    """`of.name`, with the name as written."""

    span: Span
    of: Node
    name: str
    name_span: Span


class Index(NamedTuple):
    """`of[key]`."""

    span: Span
    of: Node
    key: Node


class Star(NamedTuple):
    """`of.*` or `of[*]`: every member of a list or mapping."""

    span: Span
    of: Node


class Call(NamedTuple):
    """`name(args)`, with the name as written."""

    span: Span
    name: str
    name_span: Span
    args: tuple[Node, ...]


class Not(NamedTuple):
    """`!operand`."""

    span: Span
    operand: Node


class Binary(NamedTuple):
    """A comparison: `==`, `!=`, `<`, `<=`, `>` or `>=`."""

    span: Span
    left: Node
    operator: str
    right: Node


class And(NamedTuple):
    """Two or more operands joined by `&&`: the first falsy one, else the last, is the value."""

    span: Span
    operands: tuple[Node, ...]


class Or(NamedTuple):
    """Two or more operands joined by `||`: the first truthy one, else the last, is the value."""

    span: Span
    operands: tuple[Node, ...]


class Group(NamedTuple):
    """`(body)`; the span holds the parentheses."""

    span: Span
    body: Node


Access: TypeAlias = Name | Property | Index | Star
Node: TypeAlias = Access | Literal | Call | Not | Binary | And | Or | Group


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly under `node`, in source order."""
    match node:
        case Literal() | Name():
            return ()
        case Property(of=of) | Star(of=of):
            return (of,)
        case Index(of=of, key=key):
            return (of, key)
        case Call(args=args):
            return args
        case And(operands=operands) | Or(operands=operands):
            return operands
        case Binary(left=left, right=right):
            return (left, right)
        case Not(operand=operand):
            return (operand,)
        case Group(body=body):
            return (body,)


def walk(node: Node) -> Iterator[Node]:
    """`node` and every node below it, parents first, in source order."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (Literal, Name)):
            stack.extend(reversed(children(node)))


def ungrouped(node: Node) -> Node:
    """What stands in the parentheses, however many; `node` itself where there are none."""
    while isinstance(node, Group):
        node = node.body
    return node
