"""An action's own manifest, `action.yml`."""

from __future__ import annotations

from steplock.lazy import cached_property
from steplock.model.job import Step, steps
from steplock.model.uses import Image
from steplock.model.view import WholeFile
from steplock.named import NamedTuple
from steplock.syntax import Mapping, Scalar


class Input(NamedTuple):
    """An input that the action declares."""

    name: str
    key: Scalar
    default: str | None


class Action(WholeFile):
    @cached_property
    def runs(self) -> Mapping | None:
        return self.node.mapping("runs")

    @cached_property
    def using(self) -> str:
        """`composite`, `docker`, `node24`...; empty where it does not say."""
        scalar = self.runs.scalar("using") if self.runs else None
        return scalar.value if scalar else ""

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        node = self.node.mapping("inputs")
        return tuple(_input(key, value) for key, value in node.items) if node else ()

    @cached_property
    def outputs(self) -> Mapping | None:
        return self.node.mapping("outputs")

    @cached_property
    def images(self) -> tuple[Image, ...]:
        scalar = self.runs.scalar("image") if self.runs and self.using == "docker" else None
        if scalar is None or not scalar.value.startswith("docker://"):
            return ()
        return (Image(self, scalar, "action"),)

    @cached_property
    def all_steps(self) -> tuple[Step, ...]:
        return tuple(steps(self, self.runs.get("steps"))) if self.runs else ()

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of a composite action that can run."""
        return tuple(step for step in self.all_steps if not step.is_dead)


def _input(key: Scalar, value: object) -> Input:
    default = value.scalar("default") if isinstance(value, Mapping) else None
    return Input(key.value, key, default.value if default else None)
