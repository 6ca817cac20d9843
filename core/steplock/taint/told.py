"""Texts that a condition has compared with words of the workflow's own: where it holds, they are those words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from steplock.expression import And, Binary, Call, Group, Literal, Node, path
from steplock.model import Condition, Job, Step
from steplock.taint.events import Place

_NONE: frozenset[tuple[str, ...]] = frozenset()


@lru_cache(maxsize=64)
def told(place: Place) -> frozenset[tuple[str, ...]]:
    """The contexts that the conditions of a place leave no choice."""
    match place:
        case Step(condition=own, job=job):
            around = told(job) if job is not None else _NONE
            return around.union(_compared(own)) if own else around
        case Job(condition=own) if own:
            return frozenset(_compared(own))
    return _NONE


def _compared(condition: Condition) -> Iterator[tuple[str, ...]]:
    root = condition.parsed.root
    if root is not None:
        yield from _in(root)


def _in(node: Node) -> Iterator[tuple[str, ...]]:
    match node:
        case Group(body=body):
            yield from _in(body)
        case And(operands=operands):
            for operand in operands:
                yield from _in(operand)
        case Binary(left=left, operator="==", right=right):
            for one, other in ((left, right), (right, left)):
                if isinstance(other, Literal) and isinstance(other.value, str):
                    yield path(one) or ()
        case Call(name=name, args=(Call(args=(Literal(),)), text)) if name.lower() == "contains":
            yield path(text) or ()  # one of the list in `fromJSON('[...]')`
