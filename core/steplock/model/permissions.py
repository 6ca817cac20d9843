"""A `permissions:` block: what the job's token may do."""

from __future__ import annotations

from steplock.named import NamedTuple
from steplock.syntax import Mapping, Node, Scalar
from steplock.text import Span


class Scope(NamedTuple):
    """One line of a permissions block."""

    name: str
    level: str
    key: Scalar
    value: Node


class Permissions(NamedTuple):
    """A `permissions:` block: what the job's token may do."""

    key: Scalar
    node: Node
    all: str | None
    """`read-all` or `write-all`, where that is what it says."""
    scopes: tuple[Scope, ...]

    @property
    def span(self) -> Span:
        return Span(self.key.span.start, self.node.span.end)

    def level(self, scope: str) -> str:
        """`none`, `read` or `write`."""
        if self.all:
            return self.all.removesuffix("-all")
        return next((s.level for s in self.scopes if s.name == scope), "none")


def permissions(node: Mapping) -> Permissions | None:
    match node.item("permissions"):
        case (key, Mapping(items=pairs) as block):
            scopes = (
                Scope(k.value, v.value if isinstance(v, Scalar) else "", k, v) for k, v in pairs
            )
            return Permissions(key, block, None, tuple(scopes))
        case (key, Scalar(value="read-all" | "write-all" as value) as scalar):
            return Permissions(key, scalar, value, ())
        case (key, scalar):
            # `permissions:` with nothing behind it: GitHub takes it for `{}`.
            return Permissions(key, scalar, None, ())
    return None
