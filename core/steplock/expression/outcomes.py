"""The operands that can be an expression's value."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression.evaluate import Lookup, nothing_known, truth
from steplock.expression.tree import And, Group, Node, Or


def outcomes(node: Node, lookup: Lookup = nothing_known) -> Iterator[Node]:
    """`a` and `b` of `a || b`, `b` of `a && b` (`a` is the value only when it is falsy), else the node.

    Those that what `lookup` knows rules out are left out.
    """
    match node:
        case Group(body=body):
            yield from outcomes(body, lookup)
        case Or(operands=operands):
            for operand in operands:
                known = truth(operand, lookup)
                if known is not False:
                    yield from outcomes(operand, lookup)
                if known:
                    return
        case And(operands=operands):
            if all(truth(operand, lookup) is not False for operand in operands[:-1]):
                yield from outcomes(operands[-1], lookup)
        case _:
            yield node
