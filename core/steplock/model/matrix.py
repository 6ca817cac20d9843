"""The values a `strategy.matrix` can give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from steplock.syntax import Mapping, Node, Scalar, Sequence

_MAX_VALUES = 1000


class Values(NamedTuple):
    """What `matrix.<path>` can be."""

    scalars: tuple[Scalar, ...]
    """The values that stand in the file; one with `${{` in it is dynamic itself."""
    is_dynamic: bool
    """Whether there may be others, worked out at run time."""


class Matrix:
    def __init__(self, node: Node) -> None:
        self.node = node

    def values(self, path: tuple[str, ...]) -> Values:
        """What `matrix.<path>` can be, `include` counted; paths in lower case, as expressions are."""
        if not isinstance(self.node, Mapping):
            return Values((), True)
        scalars: list[Scalar] = []
        dynamic = False
        for key, value in self.node.items:
            name = key.value.lower()
            if name == "exclude":
                continue
            if name == "include":
                entries, wholly = _elements(value)
                dynamic |= wholly
                for entry in entries:
                    if isinstance(entry, Mapping):
                        found = [v for k, v in entry.items if k.value.lower() == path[0]]
                        dynamic |= _collect(found, path[1:], scalars)
                    else:
                        dynamic = True
            elif path and name == path[0]:
                entries, wholly = _elements(value)
                dynamic |= wholly | _collect(entries, path[1:], scalars)
        return Values(tuple(scalars[:_MAX_VALUES]), dynamic or len(scalars) > _MAX_VALUES)


def _elements(node: Node) -> tuple[tuple[Node, ...], bool]:
    """The items of a list, and whether it is an expression instead."""
    match node:
        case Sequence(items=items):
            return items, False
        case Scalar(value=value):
            return (), "${{" in value
    return (), False


def _collect(
    nodes: tuple[Node, ...] | list[Node], path: tuple[str, ...], into: list[Scalar]
) -> bool:
    """Add the scalars found under `path`; whether some of it is an expression."""
    dynamic = False
    for node in nodes:
        for leaf in _descend(node, path):
            if isinstance(leaf, Scalar):
                into.append(leaf)
                dynamic |= "${{" in leaf.value
            else:
                dynamic |= any("${{" in scalar.value for scalar in _scalars(leaf))
    return dynamic


def _descend(node: Node, path: tuple[str, ...]) -> Iterator[Node]:
    if not path:
        yield node
        return
    match node:
        case Mapping(items=pairs):
            for key, value in pairs:
                if path[0] in (key.value.lower(), "*"):
                    yield from _descend(value, path[1:])
        case Sequence(items=items):
            for item in items:
                yield from _descend(item, path[1:])
        case Scalar(value=value) if "${{" in value:
            yield node


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Mapping(items=pairs):
            for _, value in pairs:
                yield from _scalars(value)
        case Sequence(items=items):
            for item in items:
                yield from _scalars(item)
