"""`.github/dependabot.yml`."""

from __future__ import annotations

from steplock.lazy import cached_property
from steplock.model.view import WholeFile
from steplock.syntax import Document, Mapping, Sequence
from steplock.text import Span


class Dependabot(WholeFile):
    @cached_property
    def updates(self) -> tuple[Update, ...]:
        node = self.node.get("updates")
        items = node.items if isinstance(node, Sequence) else ()
        return tuple(Update(self, item) for item in items if isinstance(item, Mapping))


class Update:
    """One entry of `updates:`."""

    def __init__(self, parent: Dependabot, node: Mapping) -> None:
        self.parent = parent
        self.node = node

    @property
    def document(self) -> Document:
        return self.parent.document

    @property
    def file(self) -> Dependabot:
        return self.parent

    @property
    def span(self) -> Span:
        return self.node.span

    @cached_property
    def ecosystem(self) -> str:
        scalar = self.node.scalar("package-ecosystem")
        return scalar.value if scalar else ""
