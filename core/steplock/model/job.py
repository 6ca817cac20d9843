"""Jobs, calls of reusable workflows, and steps of every kind.

Views over the tree, worked out on demand and then kept. Keys that are not known stay in `node`;
nothing here fails on a shape that GitHub would refuse: the part is then simply absent.
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock import shell as scripts
from steplock.annotations import TYPE_CHECKING
from steplock.lazy import cached_property
from steplock.model.condition import Condition
from steplock.model.matrix import Matrix
from steplock.model.permissions import Permissions, permissions
from steplock.model.runner import Runner, default_shell
from steplock.model.uses import Image, Uses
from steplock.syntax import Document, Mapping, Node, Scalar, Sequence
from steplock.text import Span

if TYPE_CHECKING:
    from steplock.model.action import Action
    from steplock.model.workflow import Workflow


class Job:
    """A job of steps, or (`uses` is set) the call of a reusable workflow."""

    def __init__(self, workflow: Workflow, key: Scalar, node: Mapping) -> None:
        self.workflow = workflow
        self.key = key
        self.node = node
        self.id = key.value

    @property
    def document(self) -> Document:
        return self.workflow.document

    @property
    def file(self) -> Workflow:
        return self.workflow

    @property
    def span(self) -> Span:
        return Span(self.key.span.start, self.node.span.end)

    @cached_property
    def name(self) -> Scalar | None:
        return self.node.scalar("name")

    @cached_property
    def uses(self) -> Uses | None:
        scalar = self.node.scalar("uses")
        return Uses(self, scalar) if scalar else None

    @property
    def is_call(self) -> bool:
        return self.uses is not None

    @cached_property
    def condition(self) -> Condition | None:
        return _condition(self)

    @cached_property
    def is_dead(self) -> bool:
        """Whether its `if:` is false whatever happens."""
        return self.condition is not None and self.condition.truth is False

    @cached_property
    def needs(self) -> tuple[str, ...]:
        return strings(self.node.get("needs"))

    @cached_property
    def runner(self) -> Runner:
        return Runner(self.node.get("runs-on"), self.matrix)

    @cached_property
    def matrix(self) -> Matrix | None:
        strategy = self.node.mapping("strategy")
        node = strategy.get("matrix") if strategy else None
        return Matrix(node) if node is not None else None

    @cached_property
    def permissions(self) -> Permissions | None:
        """Its own block; `effective_permissions` is what counts."""
        return permissions(self.node)

    @property
    def effective_permissions(self) -> Permissions | None:
        """Its own block, else the workflow's; None where GitHub's default holds."""
        return self.permissions or self.workflow.permissions

    @cached_property
    def env(self) -> Node | None:
        return self.node.get("env")

    @cached_property
    def inputs(self) -> Mapping | None:
        """What a reusable call passes under `with:`."""
        return self.node.mapping("with")

    @cached_property
    def secrets(self) -> Node | None:
        return self.node.get("secrets")

    @cached_property
    def environment(self) -> Node | None:
        node = self.node.get("environment")
        return None if isinstance(node, Scalar) and node.is_null else node

    @cached_property
    def default_shell(self) -> Scalar | None:
        return default_shell(self.node)

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """Its container's and its services' images."""
        return tuple(self._images())

    def _images(self) -> Iterator[Image]:
        match self.node.get("container"):
            case Scalar(is_null=False) as scalar if scalar.value:
                yield Image(self, scalar, "container")
            case Mapping() as container:
                if image := container.scalar("image"):
                    yield Image(self, image, "container")
        for _, service in _items(self.node.get("services")):
            named = service.scalar("image") if isinstance(service, Mapping) else None
            if named is not None and named.value:
                yield Image(self, named, "service")

    @cached_property
    def all_steps(self) -> tuple[Step, ...]:
        """Its steps in the order of the text, those in `parallel:` blocks among them."""
        return tuple(steps(self, self.node.get("steps")))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps that can run."""
        return tuple(step for step in self.all_steps if not step.is_dead)


class Step:
    """One step of a job or of a composite action."""

    def __init__(self, parent: Job | Action, node: Mapping, index: int, group: int | None) -> None:
        self.parent = parent
        self.node = node
        self.index = index
        """Its place among all steps of the parent, from 0."""
        self.group = group
        """The index of the first step of its `parallel:` block, where it stands in one."""

    @property
    def document(self) -> Document:
        return self.parent.document

    @property
    def file(self) -> Workflow | Action:
        return self.parent.file

    @property
    def span(self) -> Span:
        return self.node.span

    @property
    def job(self) -> Job | None:
        """The job it stands in; None in a composite action."""
        return self.parent if isinstance(self.parent, Job) else None

    @property
    def workflow(self) -> Workflow | None:
        return self.parent.workflow if isinstance(self.parent, Job) else None

    @cached_property
    def id(self) -> str | None:
        scalar = self.node.scalar("id")
        return scalar.value if scalar else None

    @cached_property
    def name(self) -> Scalar | None:
        return self.node.scalar("name")

    @cached_property
    def uses(self) -> Uses | None:
        scalar = self.node.scalar("uses")
        return Uses(self, scalar) if scalar else None

    @cached_property
    def run(self) -> Scalar | None:
        return self.node.scalar("run")

    @cached_property
    def env(self) -> Node | None:
        return self.node.get("env")

    @cached_property
    def inputs(self) -> Mapping | None:
        """What it passes to an action under `with:`."""
        return self.node.mapping("with")

    @cached_property
    def input_texts(self) -> dict[str, str]:
        """Its inputs that are texts, names and all as written. Shared: read, never change."""
        items = self.inputs.items if self.inputs else ()
        return {key.value: value.value for key, value in items if isinstance(value, Scalar)}

    def input(self, name: str) -> Scalar | None:
        """An input's value; names ignore case, as the runner does."""
        pair = self.input_item(name)
        return pair[1] if pair and isinstance(pair[1], Scalar) else None

    def input_item(self, name: str) -> tuple[Scalar, Node] | None:
        for key, value in self.inputs.items if self.inputs else ():
            if key.value.lower() == name.lower():
                return key, value
        return None

    @cached_property
    def condition(self) -> Condition | None:
        return _condition(self)

    @cached_property
    def is_dead(self) -> bool:
        """Whether its `if:` is false whatever happens."""
        return self.condition is not None and self.condition.truth is False

    @property
    def is_background(self) -> bool:
        """Whether the next step starts while it still runs."""
        node = self.node.get("background")
        return self.group is not None or (isinstance(node, Scalar) and node.boolean is True)

    @cached_property
    def images(self) -> tuple[Image, ...]:
        if self.uses and self.uses.is_docker:
            return (Image(self, self.uses.scalar, "step"),)
        return ()

    @cached_property
    def shell(self) -> str | None:
        """The shell GitHub starts for `run:`, as it is written or as the runner chooses it.

        None where that cannot be told: an expression, or a runner whose system is not known.
        """
        for scalar in (self.node.scalar("shell"), *self._defaults()):
            if scalar is not None:
                return None if "${{" in scalar.value else scalar.value
        if not isinstance(self.parent, Job):
            return None
        if self.parent.node.get("container") is not None:
            return "sh"
        return self.parent.runner.shell

    def _defaults(self) -> tuple[Scalar | None, ...]:
        if not isinstance(self.parent, Job):
            return ()
        return self.parent.default_shell, self.parent.workflow.default_shell

    @cached_property
    def script(self) -> scripts.Script | None:
        """Its `run:` script, read as its shell reads it; spans count in the value of `run`."""
        if self.run is None:
            return None
        # Where the shell cannot be told, Bash: most are.
        return scripts.parse(self.run.value, self.shell or "bash")


def steps(parent: Job | Action, node: Node | None) -> Iterator[Step]:
    """The steps under a `steps:` key, `parallel:` blocks flattened, `wait` and `cancel` left out."""
    if not isinstance(node, Sequence):
        return
    index = 0
    for item in node.items:
        if not isinstance(item, Mapping):
            continue
        match item.get("parallel"):
            case Sequence(items=items):
                first = index
                for inner in items:
                    if isinstance(inner, Mapping):
                        yield Step(parent, inner, index, first)
                        index += 1
            case _ if item.get("uses") is not None or item.get("run") is not None:
                yield Step(parent, item, index, None)
                index += 1


def strings(node: Node | None) -> tuple[str, ...]:
    """The text of a scalar, or of each scalar of a list."""
    match node:
        case Scalar(is_null=False, value=value):
            return (value,)
        case Sequence(items=items):
            return tuple(item.value for item in items if isinstance(item, Scalar))
    return ()


def _items(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.items if isinstance(node, Mapping) else ()


def _condition(owner: Job | Step) -> Condition | None:
    match owner.node.get("if"):
        case Scalar() as scalar:
            return Condition(owner, scalar)
    return None
