"""Floor 3. Who can make a job run, and what the job then holds.

For each job: the events it can run under, narrowed by its own `if:`, by those of the jobs it needs, and by the
workflows that call or start it; what stands between a stranger and the run; the powers the run has.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import NamedTuple

from steplock.model import Condition, Job, Step, Trigger, Workflow
from steplock.repository import Repository
from steplock.text import Span
from steplock.trust.events import (
    CACHE_WRITERS,
    COMMENTS,
    SANDBOXED,
    STRANGERS_ACTIONS,
    strangers_actions,
)
from steplock.trust.powers import Powers, powers
from steplock.trust.worlds import Help, can_hold, worlds

__all__ = [
    "CACHE_WRITERS",
    "COMMENTS",
    "SANDBOXED",
    "Exposure",
    "Gate",
    "Place",
    "Powers",
    "Tier",
    "Trust",
    "exposures",
    "powers",
    "step_exposures",
    "trust",
]

_MAX_CHAIN = 8


class Tier(enum.IntEnum):
    """How far apart strangers and powers are."""

    UNTRUSTED = 0
    """Strangers reach it, and it has no powers."""
    METADATA = 1
    """Strangers cause it, and it has powers."""
    PRIVILEGED = 2
    """Only people with write access cause it."""


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

    @property
    def has_powers(self) -> bool:
        """Whether GitHub gives the run secrets and the token it asks for."""
        return self.event not in SANDBOXED


class Trust(NamedTuple):
    tier: Tier
    exposures: tuple[Exposure, ...]
    powers: Powers


def trust(job: Job, repository: Repository) -> Trust:
    """Who can run a job, and with what."""
    found = exposures(job, repository)
    held = powers(job)
    privileged = [e for e in found if e.has_powers]
    if not found:
        tier = Tier.PRIVILEGED
    elif (privileged and held.any) or held.self_hosted:
        tier = Tier.METADATA
    else:
        tier = Tier.UNTRUSTED
    return Trust(tier, found, held)


def exposures(job: Job, repository: Repository) -> tuple[Exposure, ...]:
    """The ways a stranger can make a job run; empty where there is none."""
    return tuple(_exposures(job, (), repository, 0))


def step_exposures(step: Step, repository: Repository) -> tuple[Exposure, ...]:
    """The same for one step, whose own `if:` narrows them."""
    if step.job is None:
        return ()
    extra = (step.condition,) if step.condition else ()
    return tuple(_exposures(step.job, extra, repository, 0))


def _exposures(
    job: Job, extra: tuple[Condition, ...], repository: Repository, depth: int
) -> Iterator[Exposure]:
    conditions = (*_conditions(job), *extra)
    here = Place(f"job `{job.id}`", job.workflow.path, job.key.span)
    for trigger in job.workflow.triggers:
        if trigger.name == "workflow_call":
            yield from _called(job, conditions, here, repository, depth)
        elif trigger.name == "workflow_run" and not _started_by_strangers(trigger, repository):
            continue
        elif trigger.name in STRANGERS_ACTIONS:
            gate = _gate(trigger, conditions)
            if gate is not None:
                start = Place(f"`{trigger.name}`", job.workflow.path, trigger.span)
                yield Exposure(trigger.name, _with_environment(gate, job), (start, here))


def _gate(trigger: Trigger, conditions: tuple[Condition, ...]) -> Gate | None:
    """What stands between a stranger and a job; None where he cannot get there at all."""
    types = trigger.listed("types")
    alone = strangers_actions(trigger.name, types)
    acts = types is None or bool(alone) or not STRANGERS_ACTIONS[trigger.name]
    if acts and _all_hold(trigger.name, alone, conditions, Help.NONE):
        return Gate.NONE
    every = frozenset(types) if types else alone
    if _all_hold(
        trigger.name, every | {"labeled"} if types is None else every, conditions, Help.LABEL
    ):
        return Gate.LABEL
    if _all_hold(trigger.name, every, conditions, Help.COMMENT):
        return Gate.PERSON
    return None


def _all_hold(
    event: str, actions: frozenset[str], conditions: tuple[Condition, ...], help: Help
) -> bool:
    # Each on its own: that two conditions contradict each other is not looked for.
    possible = worlds(event, actions, help)
    return all(can_hold(condition, possible) for condition in conditions)


def _with_environment(gate: Gate, job: Job) -> Gate:
    return Gate.ENVIRONMENT if gate is Gate.NONE and job.environment is not None else gate


def _conditions(job: Job) -> tuple[Condition, ...]:
    """The conditions under which a job runs: its own, and those of the jobs that have to succeed before."""
    found: list[Condition] = []
    seen = set()
    waiting = [job]
    while waiting:
        one = waiting.pop()
        if one.id in seen:
            continue
        seen.add(one.id)
        if one.condition:
            found.append(one.condition)
            if one.condition.parsed.has_status_function:
                continue  # it may run although what it needs was skipped
        waiting.extend(needed for id in one.needs if (needed := one.workflow.job(id)))
    return tuple(found)


def _called(
    job: Job, conditions: tuple[Condition, ...], here: Place, repository: Repository, depth: int
) -> Iterator[Exposure]:
    """The exposures of the local jobs that call this one's workflow."""
    if depth >= _MAX_CHAIN:
        return
    for caller in callers(job.workflow, repository):
        for exposure in _exposures(caller, (), repository, depth + 1):
            possible = worlds(
                exposure.event,
                STRANGERS_ACTIONS.get(exposure.event, frozenset()),
                Help.NONE if exposure.gate in (Gate.NONE, Gate.ENVIRONMENT) else Help.LABEL,
            )
            if all(can_hold(condition, possible) for condition in conditions):
                gate = _with_environment(exposure.gate, job)
                yield Exposure(exposure.event, gate, (*exposure.way, here))


def callers(workflow: Workflow, repository: Repository) -> Iterator[Job]:
    """The jobs of this repository that call a workflow."""
    for other in repository.workflows:
        for job in other.jobs:
            if job.uses and job.uses.is_local and not job.is_dead:
                path = job.uses.value.removeprefix("$/").removeprefix("./")
                if path == workflow.path:
                    yield job


def _started_by_strangers(trigger: Trigger, repository: Repository) -> bool:
    """Whether one of the workflows that a `workflow_run` waits for runs for strangers; yes where they are not seen."""
    names = trigger.listed("workflows")
    known = {w.name.value if w.name else w.path: w for w in repository.workflows}
    if not names or not all(name in known for name in names):
        return True
    return any(event in STRANGERS_ACTIONS for name in names for event in known[name].events)
