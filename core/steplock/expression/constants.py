"""Parts of an expression that are written as if they could vary, and cannot."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression.evaluate import constant
from steplock.expression.tree import Call, Literal, Name, Node, Property, children, ungrouped, walk
from steplock.expression.values import Unknown

_READERS = frozenset({"always", "cancelled", "failure", "hashfiles", "success"})


def spelled_out(node: Node) -> Literal | None:
    """The literal that stands for a node without contexts; None where none can.

    Lists and mappings have no literal, and a text with `${{` in it can't be written as text.
    """
    if any(_depends(part) for part in walk(node)):
        return None
    value = constant(node)
    if isinstance(value, (Unknown, list, dict)):
        return None
    if isinstance(value, str) and "${{" in value:
        return None
    return Literal(node.span, value)


def constant_parts(root: Node) -> Iterator[Literal]:
    """The widest parts below `root` that are no literals themselves and have one value, in order.

    Each is given as the literal that can take its place, with its span.
    """
    stack = list(reversed(children(root)))
    while stack:
        node = stack.pop()
        if isinstance(ungrouped(node), (Literal, Name)) or _reads_context(node):
            continue
        value = spelled_out(node)
        if value is not None:
            yield value
        else:
            stack.extend(reversed(children(node)))


def _reads_context(node: Node) -> bool:
    """Whether it is a path into a context, `github.event.number`, of which no part is a value of its own."""
    while isinstance(node, Property):
        node = node.of
    return isinstance(node, Name)


def _depends(node: Node) -> bool:
    """Whether it reads a context, the workspace, or how the job went so far."""
    return isinstance(node, Name) or (isinstance(node, Call) and node.name.lower() in _READERS)
