"""A file of `.github/workflows`: its triggers, and the jobs in it."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.lazy import cached_property
from steplock.model.job import Job, strings
from steplock.model.permissions import Permissions, permissions
from steplock.model.runner import default_shell
from steplock.model.view import WholeFile
from steplock.named import NamedTuple
from steplock.syntax import Mapping, Node, Scalar, Sequence
from steplock.text import Span


class Trigger(NamedTuple):
    """One event of `on:`."""

    name: str
    span: Span
    config: Mapping | None

    def listed(self, key: str) -> tuple[str, ...] | None:
        """The strings under `types`, `branches`, `tags`...; None where the key is absent."""
        return strings(self.config.get(key)) if self.config and self.config.item(key) else None


class Workflow(WholeFile):
    """A file of `.github/workflows`."""

    @cached_property
    def name(self) -> Scalar | None:
        return self.node.scalar("name")

    @cached_property
    def on(self) -> tuple[Scalar, Node] | None:
        """The key `on` and its value."""
        return self.node.item("on")

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        return tuple(_triggers(self.on[1])) if self.on else ()

    @cached_property
    def events(self) -> frozenset[str]:
        return frozenset(trigger.name for trigger in self.triggers)

    def trigger(self, name: str) -> Trigger | None:
        return next((t for t in self.triggers if t.name == name), None)

    @property
    def is_only_called(self) -> bool:
        """Whether it runs as a reusable workflow and in no other way."""
        return self.events == {"workflow_call"}

    @cached_property
    def permissions(self) -> Permissions | None:
        return permissions(self.node)

    @cached_property
    def env(self) -> Node | None:
        return self.node.get("env")

    @cached_property
    def default_shell(self) -> Scalar | None:
        return default_shell(self.node)

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        jobs = self.node.mapping("jobs")
        if jobs is None:
            return ()
        return tuple(Job(self, key, node) for key, node in jobs.items if isinstance(node, Mapping))

    def job(self, id: str) -> Job | None:
        return next((job for job in self.jobs if job.id == id), None)


def _triggers(node: Node) -> Iterator[Trigger]:
    match node:
        case Scalar(is_null=False):
            yield Trigger(node.value, node.span, None)
        case Sequence(items=items):
            for item in items:
                if isinstance(item, Scalar):
                    yield Trigger(item.value, item.span, None)
        case Mapping(items=pairs):
            for key, value in pairs:
                yield Trigger(key.value, key.span, value if isinstance(value, Mapping) else None)
