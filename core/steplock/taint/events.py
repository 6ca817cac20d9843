"""Under which events a part of a workflow runs, and which of them strangers can cause there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import dirname, normpath

from steplock.annotations import TypeAlias
from steplock.expression import truth
from steplock.model import Action, Condition, Job, Step, Workflow
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.taint.flow import knowing
from steplock.trust import Exposure, Gate, exposures, step_exposures
from steplock.trust.callers import callers, users
from steplock.trust.events import STRANGERS_ACTIONS

Place: TypeAlias = Workflow | Job | Step | Action
"""Where an expression stands."""

CALL = "workflow_call"
_MAX_CHAIN = 8
_NONE: frozenset[str] = frozenset()
_NO_FILES = Repository()
# Events whose causes lie in other workflows.
_THROUGH_OTHERS = frozenset({CALL, "workflow_run"})
_BY_STRANGERS = _THROUGH_OTHERS.union(STRANGERS_ACTIONS)


class Strangers(NamedTuple):
    """What people without rights can cause."""

    events: frozenset[str]
    sandboxed: frozenset[str]
    """Those whose runs get no secrets and may write nothing."""
    asked: frozenset[str]
    """Those that run only when somebody with rights comments, or starts them."""

    @property
    def powerful(self) -> frozenset[str]:
        """Those whose runs have the powers of the repository."""
        return self.events - self.sandboxed


def events(place: Place, repository: Repository) -> frozenset[str]:
    """The events a place runs under, conditions counted in; an action runs as the steps that use it.

    `workflow_call` stands for callers that are not in the repository, and whatever started them.
    """
    return _events(place, repository, 0)


def _events(place: Place, repository: Repository, depth: int) -> frozenset[str]:
    match place:
        case Step(parent=Action() as action):
            return _events(action, repository, depth)
        case Action():
            steps = users(place, repository) if depth < _MAX_CHAIN else ()
            if not steps or is_published(place):
                return frozenset({CALL})
            return frozenset().union(*(_events(step, repository, depth + 1) for step in steps))
        case Workflow():
            return _triggers(place, repository, 0)
        case Step(parent=Job() as job, condition=own):
            return _of_job(job, own, repository)
        case Job():
            return _of_job(place, None, repository)
    return frozenset()


def _of_job(job: Job, own: Condition | None, repository: Repository) -> frozenset[str]:
    conditions = (*_conditions(job), *([own] if own else []))
    return frozenset(
        event
        for event in _triggers(job.workflow, repository, 0)
        if event == CALL or all(_may_hold(condition, event) for condition in conditions)
    )


def _triggers(workflow: Workflow, repository: Repository, depth: int) -> frozenset[str]:
    """The workflow's triggers, `workflow_call` replaced by those of its callers in the repository."""
    found = workflow.events
    if CALL not in found or depth >= _MAX_CHAIN:
        return found
    jobs = callers(workflow, repository)
    if not jobs:
        return found
    return (found - {CALL}).union(*(_triggers(job.workflow, repository, depth + 1) for job in jobs))


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


def strangers(place: Place, repository: Repository) -> Strangers:
    """What strangers can cause at a place."""
    if isinstance(place.file, Workflow):
        triggers = place.file.events
        if not triggers & _BY_STRANGERS:
            return Strangers(_NONE, _NONE, _NONE)
        if not triggers & _THROUGH_OTHERS:
            repository = _NO_FILES  # what is not asked for need not be read
    found = tuple(_exposures(place, repository))
    alone = {exposure.event for exposure in found if exposure.gate is not Gate.PERSON}
    return Strangers(
        frozenset(exposure.event for exposure in found),
        frozenset(exposure.event for exposure in found if not exposure.has_powers),
        frozenset(exposure.event for exposure in found if exposure.event not in alone),
    )


def _exposures(place: Place, repository: Repository) -> Iterable[Exposure]:
    match place:
        case Step():
            return step_exposures(place, repository)
        case Job():
            return exposures(place, repository)
        case Workflow():
            return [e for job in place.jobs for e in exposures(job, repository)]
        case Action():
            return [
                e for step in users(place, repository) for e in step_exposures(step, repository)
            ]


def is_published(action: Action) -> bool:
    """Whether others may well use an action: it lies at the root of the repository."""
    return not dirname(normpath(action.path))
