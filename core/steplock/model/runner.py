"""Where a job runs, and the shell that follows from it."""

from __future__ import annotations

from steplock.annotations import TYPE_CHECKING
from steplock.lazy import cached_property, pattern
from steplock.syntax import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from steplock.model.matrix import Matrix

_MATRIX = pattern(r"\$\{\{\s*matrix\.([\w.-]+)\s*\}\}")
_SYSTEMS = (("windows", "windows"), ("macos", "macos"), ("ubuntu", "linux"), ("linux", "linux"))


class Runner:
    """The value of `runs-on:`."""

    def __init__(self, node: Node | None, matrix: Matrix | None) -> None:
        self.node = node
        self.matrix = matrix

    @cached_property
    def labels(self) -> tuple[Scalar, ...]:
        """The labels as written, expressions among them."""
        node = self.node
        if isinstance(node, Mapping):
            node = node.get("labels")
        match node:
            case Scalar(is_null=False):
                return (node,)
            case Sequence(items=items):
                return tuple(item for item in items if isinstance(item, Scalar))
        return ()

    @cached_property
    def group(self) -> Scalar | None:
        return self.node.scalar("group") if isinstance(self.node, Mapping) else None

    @cached_property
    def expanded(self) -> tuple[Scalar, ...] | None:
        """The labels with `${{ matrix.x }}` replaced by its values; None where one stays open."""
        found: list[Scalar] = []
        for label in self.labels:
            if "${{" not in label.value:
                found.append(label)
                continue
            match = _MATRIX.fullmatch(label.value.strip())
            if match is None or self.matrix is None:
                return None
            values = self.matrix.values(tuple(match[1].lower().split(".")))
            if values.is_dynamic or not values.scalars:
                return None
            found.extend(values.scalars)
        return tuple(found)

    @cached_property
    def systems(self) -> frozenset[str]:
        """`linux`, `macos`, `windows`: those it can be; empty where that cannot be told."""
        if not self.expanded:
            return frozenset()
        systems = [_system(label.value) for label in self.expanded]
        if isinstance(self.node, Scalar) and None in systems:
            return frozenset()
        return frozenset(system for system in systems if system)

    @property
    def shell(self) -> str | None:
        """`bash` or `pwsh`: what GitHub starts where nothing is said."""
        if not self.systems:
            return None
        if self.systems == {"windows"}:
            return "pwsh"
        return None if "windows" in self.systems else "bash"


def default_shell(node: Mapping) -> Scalar | None:
    """The value of `defaults.run.shell`."""
    defaults = node.mapping("defaults")
    run = defaults.mapping("run") if defaults else None
    return run.scalar("shell") if run else None


def _system(label: str) -> str | None:
    lowered = label.lower()
    return next((system for name, system in _SYSTEMS if name in lowered), None)
