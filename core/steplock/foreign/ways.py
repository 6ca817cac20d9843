"""The way from an event to a stranger's code that runs with powers."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.foreign.execution import Execution, executions
from steplock.foreign.sources import Foreign, brought_in
from steplock.model import Step
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.trust import Exposure, Place, Powers, powers, step_exposures


class Way(NamedTuple):
    foreign: Foreign
    exposure: Exposure
    powers: Powers
    execution: Execution | None
    """What runs it; None where nothing is seen to."""

    @property
    def places(self) -> tuple[Place, ...]:
        """What to show of the way beside the place where the code comes in."""
        found = list(self.exposure.way)
        if self.execution is not None:
            path = self.execution.step.file.path
            found.append(Place(f"`{self.execution.what}` runs it", path, self.execution.span))
        return tuple(found)

    @property
    def prize(self) -> str:
        """What the code gets hold of, for people."""
        said = self.powers.phrases()
        return said[0] if said else "a token that can only read"


def ways(step: Step, repository: Repository, *kinds: str) -> Iterator[Way]:
    """The ways of what a step brings in, of the kinds asked for."""
    for foreign in brought_in(step, repository):
        if foreign.kind not in kinds:
            continue
        for exposure in foreign.exposures:
            runs = _under(foreign, exposure, repository)
            yield Way(foreign, exposure, powers(exposure.job, repository), runs)


def _under(foreign: Foreign, exposure: Exposure, repository: Repository) -> Execution | None:
    """The first execution that can happen under an event."""
    for one in executions(foreign.step, foreign.path, repository):
        if one.step.condition is None or any(
            e.event == exposure.event for e in step_exposures(one.step, repository)
        ):
            return one
    return None
