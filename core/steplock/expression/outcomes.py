"""The operands that can be an expression's value."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression.tree import And, Group, Node, Or


def outcomes(node: Node) -> Iterator[Node]:
    """`a` and `b` of `a || b`, `b` of `a && b` (`a` is the value only when it is falsy), else the node."""
    match node:
        case Group(body=body):
            yield from outcomes(body)
        case Or(operands=operands):
            for operand in operands:
                yield from outcomes(operand)
        case And(operands=operands):
            yield from outcomes(operands[-1])
        case _:
            yield node
