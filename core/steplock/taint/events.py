"""Under which events a part of a workflow runs, and who can cause them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from posixpath import dirname, normpath
from typing import NamedTuple, TypeAlias, TypeVar

from steplock.expression import truth
from steplock.model import Action, Condition, Job, Step, Workflow
from steplock.repository import Repository
from steplock.taint.flow import knowing
from steplock.trust import Exposure, Gate, exposures, step_exposures

Place: TypeAlias = Workflow | Job | Step | Action
"""Where an expression stands."""

CALL = "workflow_call"
_MAX_CHAIN = 8
_NONE: frozenset[str] = frozenset()
_Owner = TypeVar("_Owner", Job, Step)


class Cause(NamedTuple):
    """The events of a place, and those of them that a stranger can cause there."""

    events: frozenset[str]
    """`workflow_call` stands for callers that are not in the repository, and whatever started them."""
    strangers: frozenset[str]
    sandboxed: frozenset[str]
    """Those of `strangers` whose runs get no secrets and may write nothing."""
    asked: frozenset[str]
    """Those of `strangers` that run only when somebody with rights comments, or starts them."""


def cause(place: Place, repository: Repository) -> Cause:
    """Why a place runs. An action runs as the steps that use it; used nowhere in the repository, as a callee."""
    return _cause(place, repository, 0)


def _cause(place: Place, repository: Repository, depth: int) -> Cause:
    match place:
        case Step(job=None, parent=Action() as action):
            return _cause(action, repository, depth)
        case Action():
            steps = users(place, repository) if depth < _MAX_CHAIN else ()
            if not steps or is_published(place):
                return Cause(frozenset({CALL}), _NONE, _NONE, _NONE)
            causes = [_cause(step, repository, depth + 1) for step in steps]
        case Workflow():
            causes = [_cause(job, repository, depth) for job in place.jobs]
        case Step(job=Job() as job):
            return _of_job(job, place.condition, step_exposures(place, repository), repository)
        case Job():
            return _of_job(place, None, exposures(place, repository), repository)
        case _:
            causes = []
    return Cause(*(frozenset().union(*(one[at] for one in causes)) for at in range(4)))


def _of_job(
    job: Job, own: Condition | None, found: tuple[Exposure, ...], repository: Repository
) -> Cause:
    conditions = (*_conditions(job), *([own] if own else []))
    events = frozenset(
        event
        for event in _events(job.workflow, repository, 0)
        if event == CALL or all(_may_hold(condition, event) for condition in conditions)
    )
    strangers = frozenset(exposure.event for exposure in found)
    powerless = frozenset(exposure.event for exposure in found if not exposure.has_powers)
    alone = frozenset(exposure.event for exposure in found if exposure.gate is not Gate.PERSON)
    return Cause(events, strangers & events, powerless & events, (strangers - alone) & events)


def _events(workflow: Workflow, repository: Repository, depth: int) -> frozenset[str]:
    """The workflow's triggers, `workflow_call` replaced by those of its callers in the repository."""
    events = workflow.events
    if CALL not in events or depth >= _MAX_CHAIN:
        return events
    callers = calls(workflow, repository)
    if not callers:
        return events
    return (events - {CALL}).union(
        *(_events(job.workflow, repository, depth + 1) for job in callers)
    )


def _may_hold(condition: Condition, event: str) -> bool:
    root = condition.parsed.root
    return root is None or truth(root, knowing(event)) is not False


def _conditions(job: Job) -> Iterator[Condition]:
    """The conditions under which a job runs, those of the jobs that have to succeed before among them."""
    seen: set[str] = set()
    waiting = [job]
    while waiting:
        one = waiting.pop()
        if one.id in seen:
            continue
        seen.add(one.id)
        if one.condition:
            yield one.condition
            if one.condition.parsed.has_status_function:
                continue
        waiting.extend(needed for id in one.needs if (needed := one.workflow.job(id)))


def calls(workflow: Workflow, repository: Repository) -> tuple[Job, ...]:
    """The jobs of the repository that call a workflow."""
    return _uses(repository, repository.workflows)[0].get(normpath(workflow.path), ())


def users(action: Action, repository: Repository) -> tuple[Step, ...]:
    """The steps of the repository that use an action."""
    return _uses(repository, repository.workflows)[1].get(dirname(normpath(action.path)), ())


def is_published(action: Action) -> bool:
    """Whether others may well use an action: it lies at the root of the repository."""
    return not dirname(normpath(action.path))


_Users: TypeAlias = "tuple[dict[str, tuple[Job, ...]], dict[str, tuple[Step, ...]]]"


@lru_cache(maxsize=2)
def _uses(repository: Repository, workflows: tuple[Workflow, ...]) -> _Users:
    """The callers of each workflow by its path, and the users of each action by its folder."""
    callers: dict[str, list[Job]] = {}
    steps: dict[str, list[Step]] = {}
    jobs = [job for workflow in workflows for job in workflow.jobs if not job.is_dead]
    for job in jobs:
        if job.uses and job.uses.is_local:
            callers.setdefault(_path(job.uses.value), []).append(job)
    waiting = [step for job in jobs for step in job.steps]
    while waiting:
        step = waiting.pop()
        if step.uses is None or not step.uses.is_local:
            continue
        folder = _path(step.uses.value)
        if folder not in steps:
            inner = repository.callee(step.uses)
            waiting.extend(inner.steps if isinstance(inner, Action) else ())
        steps.setdefault(folder, []).append(step)
    return _frozen(callers), _frozen(steps)


def _frozen(lists: dict[str, list[_Owner]]) -> dict[str, tuple[_Owner, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def _path(uses: str) -> str:
    path = normpath(uses.removeprefix("$/").replace("\\", "/"))
    return "" if path == "." else path
