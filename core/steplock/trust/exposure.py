"""The events a stranger can cause a job with, narrowed by every condition on the way, and what stands in between."""

from __future__ import annotations

import enum
from collections.abc import Iterator

from steplock.annotations import TypeAlias
from steplock.model import Action, Condition, Job, Step, Trigger, Workflow
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.text import Span
from steplock.trust.callers import callers, users
from steplock.trust.checks import Check, checks_before, checks_of_needed
from steplock.trust.events import REVIEWS, SANDBOXED, STRANGERS_ACTIONS, strangers_actions
from steplock.trust.needs import needed
from steplock.trust.worlds import Help, World, can_hold, worlds

_MAX_CHAIN = 8


class Gate(enum.Enum):
    """What a stranger needs somebody with rights for."""

    NONE = "nothing"
    LABEL = "a label"
    PERSON = "a comment or a run by somebody with rights"
    ENVIRONMENT = "the approval of an environment"


class Place(NamedTuple):
    """One link of the way from an event to a job."""

    message: str
    path: str
    span: Span


class Exposure(NamedTuple):
    """An event that a stranger can cause and under which a job can run."""

    event: str
    gate: Gate
    way: tuple[Place, ...]
    """From the trigger to the job, through callers and workflows that start it."""
    job: Job
    """The job that runs: for a step of an action, the one that uses it."""
    again: bool = False
    """Whether, once the gate was opened, the stranger can cause the run again alone: his label stays when he pushes."""
    certain: bool = True
    """False where he first has to change, in his pull request, the workflow that this one waits for."""

    @property
    def has_powers(self) -> bool:
        """Whether GitHub gives the run secrets and the token it asks for; on a review, where the code is not his."""
        return self.event not in SANDBOXED or self.event in REVIEWS

    @property
    def brings_code(self) -> bool:
        """Whether a run with powers has a pull request of his at hand."""
        return self.event not in SANDBOXED


Exposures: TypeAlias = "tuple[Exposure, ...]"


def exposures(job: Job, repository: Repository) -> Exposures:
    """The ways a stranger can make a job run; empty where there is none."""
    return _known(job, None, repository)


def step_exposures(step: Step, repository: Repository) -> Exposures:
    """The same for one step, which its own `if:` and checks before it narrow.

    A step of an action runs as the steps of the repository that use the action.
    """
    if isinstance(step.parent, Action):
        return tuple(_used(step, repository, 0))
    return _known(step.parent, step, repository)


def _known(job: Job, step: Step | None, repository: Repository) -> Exposures:
    key = ("exposures", job, step, around(job.workflow, repository))
    return repository.once(key, lambda: tuple(_exposures(job, step, repository, 0)))


def around(file: Workflow | Action, repository: Repository) -> int:
    """Which version of the files around what is known of a file rests on: none, where no other calls or starts it."""
    if isinstance(file, Workflow) and file.events.isdisjoint(("workflow_call", "workflow_run")):
        return 0
    return repository.changes


def _exposures(
    job: Job, step: Step | None, repository: Repository, depth: int
) -> Iterator[Exposure]:
    conditions = _conditions(job)
    if step is not None and step.condition:
        conditions += (step.condition,)
    here = Place(f"job `{job.id}`", job.workflow.path, job.key.span)
    checks: tuple[Check, ...] | None = None
    for trigger in job.workflow.triggers:
        if trigger.name == "workflow_call":
            found = _called(job, conditions, here, repository, depth)
        else:
            found = _triggered(trigger, job, conditions, here, repository)
        for exposure in found:
            if checks is None:
                checks = checks_of_needed(job) + (checks_before(step) if step else ())
            yield from _checked(exposure, checks)


def _triggered(
    trigger: Trigger,
    job: Job,
    conditions: tuple[Condition, ...],
    here: Place,
    repository: Repository,
) -> Iterator[Exposure]:
    if trigger.name not in STRANGERS_ACTIONS:
        return
    starters: tuple[str, ...] = ()
    certain = True
    if trigger.name == "workflow_run":
        starters, certain = _starters(trigger, repository)
    gate, again = _gate(trigger, conditions, starters)
    if gate is None:
        return
    if gate is Gate.NONE and _waits_for_approval(job):
        gate = Gate.ENVIRONMENT
    start = Place(f"`{trigger.name}`", job.workflow.path, trigger.span)
    yield Exposure(trigger.name, gate, (start, here), job, again, certain)


def _gate(
    trigger: Trigger, conditions: tuple[Condition, ...], starters: tuple[str, ...]
) -> tuple[Gate | None, bool]:
    """What stands between a stranger and a job, None where he cannot get there at all; and whether for each run."""
    types = trigger.listed("types")
    alone = strangers_actions(trigger.name, types)

    def can_run(actions: frozenset[str], help: Help) -> bool:
        # Each on its own: that two conditions contradict each other is not looked for.
        possible = worlds(trigger.name, actions, help, starters)
        return all(can_hold(condition, possible) for condition in conditions)

    if (types is None or alone or not STRANGERS_ACTIONS[trigger.name]) and can_run(
        alone, Help.NONE
    ):
        return Gate.NONE, True
    every = frozenset(types) if types else alone | {"labeled"} if types is None else alone
    if can_run(every, Help.LABEL):
        again = alone & {"synchronize", "reopened", "edited", "created"}
        return Gate.LABEL, bool(again) and can_run(again, Help.LABEL)
    if can_run(frozenset(types) if types else alone, Help.COMMENT):
        return Gate.PERSON, False
    return None, False


def _checked(exposure: Exposure, checks: tuple[Check, ...]) -> Iterator[Exposure]:
    """The exposure behind steps that ask who caused the run; nothing where they let no stranger's code through."""
    met = [check for check in checks if check.protects(exposure.event)]
    if any(check.is_final for check in met):
        return
    if met and exposure.gate in (Gate.NONE, Gate.ENVIRONMENT):
        exposure = exposure._replace(gate=Gate.PERSON, again=False)
    yield exposure


def _waits_for_approval(job: Job) -> bool:
    return any(one.environment is not None for one in needed(job))


def _conditions(job: Job) -> tuple[Condition, ...]:
    """The conditions under which a job runs: its own, and those of the jobs that have to succeed before."""
    return tuple(one.condition for one in needed(job) if one.condition)


def _called(
    job: Job, conditions: tuple[Condition, ...], here: Place, repository: Repository, depth: int
) -> Iterator[Exposure]:
    """The exposures of the local jobs that call this one's workflow."""
    if depth >= _MAX_CHAIN:
        return
    for caller in callers(job.workflow, repository):
        for exposure in _exposures(caller, None, repository, depth + 1):
            if all(can_hold(condition, _worlds_of(exposure)) for condition in conditions):
                gate = exposure.gate
                if gate is Gate.NONE and _waits_for_approval(job):
                    gate = Gate.ENVIRONMENT
                yield exposure._replace(gate=gate, way=(*exposure.way, here), job=job)


def _used(step: Step, repository: Repository, depth: int) -> Iterator[Exposure]:
    """The exposures of the steps that use the action of this one."""
    action = step.parent
    if not isinstance(action, Action) or depth >= _MAX_CHAIN:
        return
    here = Place("a step of this action", action.path, Span(step.span.start, step.span.start))
    checks = checks_before(step)
    for user in users(action, repository):
        if isinstance(user.parent, Action):
            found: Iterator[Exposure] = _used(user, repository, depth + 1)
        else:
            found = iter(step_exposures(user, repository))
        assert user.uses is not None
        link = Place("used here", user.file.path, user.uses.span)
        for exposure in found:
            if step.condition is None or can_hold(step.condition, _worlds_of(exposure)):
                longer = exposure._replace(way=(*exposure.way, link, here))
                yield from _checked(longer, checks)


def _worlds_of(exposure: Exposure) -> tuple[World, ...]:
    free = exposure.gate in (Gate.NONE, Gate.ENVIRONMENT)
    actions = STRANGERS_ACTIONS.get(exposure.event, frozenset())
    if exposure.event == "pull_request_target" and not free:
        actions |= {"labeled"}
    return worlds(exposure.event, actions, Help.NONE if free else Help.LABEL)


def _starters(trigger: Trigger, repository: Repository) -> tuple[tuple[str, ...], bool]:
    """The events of strangers that can have started the run a `workflow_run` waits for, and whether as it stands.

    The workflow of a pull request's run is the pull request's own: one that a stranger cannot cause he can give the
    trigger `pull_request`, and it then starts this workflow all the same.
    """
    names = trigger.listed("workflows")
    known = {w.name.value if w.name else w.path: w for w in repository.workflows}
    if not names or not all(name in known for name in names):
        return tuple(STRANGERS_ACTIONS), True
    seen = {e for name in names for e in known[name].events if e in STRANGERS_ACTIONS}
    return (*sorted(seen | {"pull_request"}),), bool(seen)
