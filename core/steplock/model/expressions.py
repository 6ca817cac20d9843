"""Every `${{ }}` of a file, and every bare `if:`, with the place it stands in."""

from __future__ import annotations

from steplock import expression
from steplock.lazy import cached_property
from steplock.model.action import Action
from steplock.model.job import Job, Step
from steplock.model.workflow import Workflow
from steplock.syntax import Document, Mapping, Node, Scalar
from steplock.text import Span


class Expression:
    """One expression, where GitHub would evaluate it."""

    def __init__(
        self,
        parent: Workflow | Job | Step | Action,
        scalar: Scalar,
        key: tuple[str, ...],
        fence: expression.Fence | None,
    ) -> None:
        self.parent = parent
        self.scalar = scalar
        self.key = key
        """The keys from the parent to the scalar, such as `("with", "script")`; lists add none."""
        self.fence = fence
        """Where in the scalar's value it stands; None for a bare `if:`."""

    @property
    def document(self) -> Document:
        return self.parent.document

    @property
    def file(self) -> Workflow | Action:
        return self.parent.file

    @property
    def scope(self) -> Span:
        return self.parent.span

    @property
    def inner(self) -> Span:
        """What stands between the braces, in characters of the scalar's value."""
        return self.fence.inner if self.fence else Span(0, len(self.scalar.value))

    @cached_property
    def span(self) -> Span:
        """Where it stands in the file, braces included."""
        return self.locate(self.fence.span) if self.fence else self.scalar.span

    def locate(self, span: Span) -> Span:
        """Where a part of it stands in the file; nodes of `parsed` have such spans."""
        return self.document.locate(self.scalar, span)

    @cached_property
    def text(self) -> str:
        return self.scalar.value[self.inner.start : self.inner.end]

    @cached_property
    def parsed(self) -> expression.Parsed:
        """Its tree; spans count in the scalar's value."""
        return expression.parse(self.text, self.inner.start)

    @property
    def step(self) -> Step | None:
        return self.parent if isinstance(self.parent, Step) else None

    @property
    def job(self) -> Job | None:
        match self.parent:
            case Job():
                return self.parent
            case Step():
                return self.parent.job
        return None


def expressions(file: Workflow | Action) -> list[Expression]:
    """All of them; those of jobs and steps that never run too."""
    found: list[Expression] = []
    steps = file.all_steps if isinstance(file, Action) else ()
    _add_but(found, file, "steps" if isinstance(file, Action) else "jobs")
    for job in file.jobs if isinstance(file, Workflow) else ():
        _add_but(found, job, "steps")
        for step in job.all_steps:
            _add(found, step, step.node, ())
    for step in steps:
        _add(found, step, step.node, ())
    return found


def _add_but(found: list[Expression], parent: Workflow | Job | Action, skip: str) -> None:
    """All below but under one key."""
    for key, node in parent.node.items:
        if key.value != skip:
            _add(found, parent, node, (key.value,))


def _add(
    found: list[Expression],
    parent: Workflow | Job | Step | Action,
    node: Node,
    key: tuple[str, ...],
) -> None:
    # `match` takes twice as long, and this sees every node of every file.
    if isinstance(node, Scalar):
        value = node.value
        if "${{" in value:
            fences = expression.fences(value)
            found += (Expression(parent, node, key, fence) for fence in fences)
        elif key == ("if",) and not node.is_null:
            found.append(Expression(parent, node, key, None))
    elif isinstance(node, Mapping):
        for k, v in node.items:
            _add(found, parent, v, (*key, k.value))
    else:
        for item in node.items:
            _add(found, parent, item, key)
