"""The values a `strategy.matrix` can give."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.named import NamedTuple
from steplock.syntax import Mapping, Node, Scalar, Sequence

_MAX_VALUES = 1000


class Values(NamedTuple):
    """What `matrix.<path>` can be."""

    scalars: tuple[Scalar, ...]
    """The values that stand in the file; one with `${{` in it is dynamic itself."""
    is_dynamic: bool
    """Whether there may be others, worked out at run time."""
    lists: tuple[Sequence, ...] = ()
    """The values that are lists."""


class Matrix:
    def __init__(self, node: Node) -> None:
        self.node = node

    def values(self, path: tuple[str, ...]) -> Values:
        """What `matrix.<path>` can be, `include` and `exclude` counted; paths in lower case."""
        if not isinstance(self.node, Mapping) or not path:
            return Values((), True)
        leaves: list[Scalar | Sequence] = []
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
                        dynamic |= _collect(found, path[1:], leaves)
                    else:
                        dynamic = True
            elif name == path[0]:
                entries, wholly = _elements(value)
                left = [entry for entry in entries if not self._is_excluded(path[0], entry)]
                dynamic |= wholly | _collect(left, path[1:], leaves)
        kept = leaves[:_MAX_VALUES]
        return Values(
            tuple(one for one in kept if isinstance(one, Scalar)),
            dynamic or len(leaves) > _MAX_VALUES,
            tuple(one for one in kept if isinstance(one, Sequence)),
        )

    def _is_excluded(self, key: str, entry: Node) -> bool:
        """Whether an `exclude` of this key alone takes the value out of every combination."""
        node = self.node.get("exclude") if isinstance(self.node, Mapping) else None
        if not isinstance(entry, Scalar) or not isinstance(node, Sequence):
            return False
        return any(
            isinstance(one, Mapping)
            and len(one.items) == 1
            and one.items[0][0].value.lower() == key
            and isinstance(one.items[0][1], Scalar)
            and one.items[0][1].value == entry.value
            for one in node.items
        )


def _elements(node: Node) -> tuple[tuple[Node, ...], bool]:
    """The items of a list, and whether it is an expression instead."""
    match node:
        case Sequence(items=items):
            return items, False
        case Scalar(value=value):
            return (), "${{" in value
    return (), False


def _collect(
    nodes: tuple[Node, ...] | list[Node], path: tuple[str, ...], into: list[Scalar | Sequence]
) -> bool:
    """Add the scalars and lists found under `path`; whether some of it is an expression."""
    dynamic = False
    for node in nodes:
        for leaf in _descend(node, path):
            if not isinstance(leaf, Mapping):
                into.append(leaf)
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
