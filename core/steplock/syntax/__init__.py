"""Floor 1. YAML text to nodes with spans. Parsing never raises."""

from steplock.syntax import fastpath
from steplock.syntax.nodes import (
    Comment,
    Document,
    Mapping,
    Node,
    Problem,
    Scalar,
    Sequence,
    walk,
)

__all__ = [
    "Comment",
    "Document",
    "Mapping",
    "Node",
    "Problem",
    "Scalar",
    "Sequence",
    "parse",
    "walk",
]


def parse(text: str) -> Document:
    """Read YAML; what is broken is in `problems`, and the rest is in `roots` all the same."""
    if document := fastpath.read(text):
        return document
    from steplock.syntax.reader import attempt

    builder, error = attempt(text)
    if error is None:
        return builder.document(text, builder.problems)
    from steplock.syntax.recovery import recover

    return recover(text, builder, error)
