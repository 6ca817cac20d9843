"""What all views have: the document they are of, the file they are in, and where they stand."""

from __future__ import annotations

from steplock.annotations import TYPE_CHECKING
from steplock.syntax import Document, Mapping, Scalar
from steplock.text import Span

if TYPE_CHECKING:
    from typing_extensions import Self

    from steplock.model.action import Action
    from steplock.model.job import Job, Step
    from steplock.model.workflow import Workflow


class WholeFile:
    """A file whose tree is a mapping; `path` counts from the repository's root, with `/`."""

    def __init__(self, path: str, document: Document, node: Mapping) -> None:
        self.path = path
        self.document = document
        self.node = node

    @property
    def file(self) -> Self:
        return self

    @property
    def span(self) -> Span:
        return self.node.span


class Value:
    """What one scalar of a job, a step or an action says."""

    def __init__(self, parent: Job | Step | Action, scalar: Scalar) -> None:
        self.parent = parent
        self.scalar = scalar

    @property
    def document(self) -> Document:
        return self.parent.document

    @property
    def file(self) -> Workflow | Action:
        return self.parent.file

    @property
    def span(self) -> Span:
        return self.scalar.span
