"""Who calls a reusable workflow of the repository, and which steps use an action of it."""

from __future__ import annotations

from posixpath import dirname, normpath
from typing import TypeAlias, TypeVar

from steplock.model import Action, Job, Step, Workflow
from steplock.repository import Repository

_Owner = TypeVar("_Owner", Job, Step)
_Index: TypeAlias = "tuple[dict[str, tuple[Job, ...]], dict[str, tuple[Step, ...]]]"


def callers(workflow: Workflow, repository: Repository) -> tuple[Job, ...]:
    """The jobs of this repository that call a workflow."""
    return _index(repository)[0].get(normpath(workflow.path), ())


def users(action: Action, repository: Repository) -> tuple[Step, ...]:
    """The steps of this repository that use an action, those of other actions among them."""
    return _index(repository)[1].get(_folder(action.path), ())


def _index(repository: Repository) -> _Index:
    """Callers by the path of the workflow, users by the folder of the action."""
    workflows = repository.workflows
    return repository.once(("calls", workflows), lambda: _indexed(repository, workflows))


def _indexed(repository: Repository, workflows: tuple[Workflow, ...]) -> _Index:
    called: dict[str, list[Job]] = {}
    used: dict[str, list[Step]] = {}
    jobs = [job for workflow in workflows for job in workflow.jobs if not job.is_dead]
    for job in jobs:
        if job.uses and job.uses.is_local:
            called.setdefault(_path(job.uses.value), []).append(job)
    waiting = [step for job in jobs for step in job.steps]
    while waiting:
        step = waiting.pop(0)
        if step.uses is None or not step.uses.is_local:
            continue
        folder = _path(step.uses.value)
        if folder not in used:
            inner = repository.callee(step.uses)
            waiting.extend(inner.steps if isinstance(inner, Action) else ())
        used.setdefault(folder, []).append(step)
    return _frozen(called), _frozen(used)


def _frozen(lists: dict[str, list[_Owner]]) -> dict[str, tuple[_Owner, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def _folder(path: str) -> str:
    return dirname(normpath(path))


def _path(uses: str) -> str:
    path = normpath(uses.removeprefix("$/").replace("\\", "/"))
    return "" if path == "." else path
