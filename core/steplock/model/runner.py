"""Where a job runs, and the shell that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from steplock import expression
from steplock.annotations import TYPE_CHECKING, TypeAlias
from steplock.expression.outcomes import outcomes
from steplock.lazy import cached_property
from steplock.named import NamedTuple
from steplock.syntax import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from steplock.model.matrix import Matrix

_SYSTEMS = (("windows", "windows"), ("macos", "macos"), ("ubuntu", "linux"), ("linux", "linux"))

Outcomes: TypeAlias = Callable[[expression.Node], Iterable[expression.Node]]
"""Gives the operands that can be the value of an expression."""


class Label(NamedTuple):
    """A label that a job may ask for."""

    text: str
    scalar: Scalar
    """Where it stands: among the labels, or in the matrix."""
    is_whole: bool = True
    """Whether it is one whole label; else a text that the label is made of."""


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
    def expanded(self) -> tuple[Label, ...] | None:
        """The labels that it can be; None where one of them cannot be told."""
        found = tuple(self.possible())
        return found if all(label.is_whole for label in found) else None

    def possible(self, choices: Outcomes = outcomes) -> Iterator[Label]:
        """The labels that it can be, as far as the file shows; `choices` leaves out what cannot come about."""
        for label in self.labels:
            if "${{" not in label.value:
                yield Label(label.value.strip(), label)
                continue
            fences = list(expression.fences(label.value))
            if len(fences) > 1 or fences[0].span != (0, len(label.value.strip())):
                yield Label(label.value, label, is_whole=False)
            else:
                text = label.value[slice(*fences[0].inner)]
                root = expression.parse(text).root
                for leaf in choices(root) if root is not None else ():
                    yield from self._labels(leaf, text[slice(*leaf.span)], label)

    def _labels(self, leaf: expression.Node, text: str, at: Scalar) -> Iterator[Label]:
        if found := _texts(expression.constant(leaf)):
            yield from (Label(one.strip(), at) for one in found)
            return
        named = {one.path for one in expression.contexts(leaf)}
        path = next(iter(named)) if len(named) == 1 else ()
        if self.matrix is None or path[:1] != ("matrix",) or len(path) < 2:
            yield Label(text, at, is_whole=False)
            return
        values = self.matrix.values(path[1:])
        if path == expression.path(leaf):
            lists = (item for one in values.lists for item in one.items)
            for scalar in (*values.scalars, *lists):
                if isinstance(scalar, Scalar):
                    is_whole = "${{" not in scalar.value and "*" not in path
                    yield Label(scalar.value.strip(), scalar, is_whole)
        else:
            for scalar in values.scalars:
                value = expression.evaluate(leaf, _always(scalar.value))
                yield from (Label(one.strip(), scalar) for one in _texts(value))
        if values.is_dynamic or not (values.scalars or values.lists):
            yield Label(text, at, is_whole=False)

    @cached_property
    def systems(self) -> frozenset[str]:
        """`linux`, `macos`, `windows`: those it can be; empty where that cannot be told."""
        if not self.expanded:
            return frozenset()
        systems = [_system(label.text) for label in self.expanded]
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


def _always(value: str) -> expression.Lookup:
    return lambda path: value


def _texts(value: object) -> tuple[str, ...]:
    match value:
        case str():
            return (value,)
        case list() | tuple():
            return tuple(one for one in value if isinstance(one, str))
    return ()


def default_shell(node: Mapping) -> Scalar | None:
    """The value of `defaults.run.shell`."""
    defaults = node.mapping("defaults")
    run = defaults.mapping("run") if defaults else None
    return run.scalar("shell") if run else None


def _system(label: str) -> str | None:
    lowered = label.lower()
    return next((system for name, system in _SYSTEMS if name in lowered), None)
