"""`.github/workflows/actions.lock`, GitHub's own lock file for actions (schemas v0.0.2 and v0.0.3)."""

from __future__ import annotations

from steplock.lazy import cached_property
from steplock.model.view import WholeFile
from steplock.syntax import Mapping, Scalar, Sequence


class ActionsLock(WholeFile):
    @cached_property
    def version(self) -> Scalar | None:
        return self.node.scalar("version")

    @cached_property
    def workflows(self) -> dict[str, tuple[Scalar, tuple[Scalar, ...]]]:
        """By path of the workflow: its key, and the keys of all it depends on, nested ones too."""
        node = self.node.mapping("workflows")
        return {
            key.value: (key, tuple(_scalars(value))) for key, value in (node.items if node else ())
        }

    @cached_property
    def dependencies(self) -> dict[str, tuple[Scalar, Mapping]]:
        """By `owner/repo@ref`: its key, and what it stands for (`ref`, `commit`, `uses`...)."""
        node = self.node.mapping("dependencies")
        return {
            key.value: (key, value)
            for key, value in (node.items if node else ())
            if isinstance(value, Mapping)
        }


def _scalars(node: object) -> tuple[Scalar, ...]:
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(item for item in items if isinstance(item, Scalar))
