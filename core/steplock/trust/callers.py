"""Who calls a reusable workflow of the repository, and which steps use an action of it."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname, normpath

from steplock.model import Action, Job, Step, Workflow
from steplock.repository import Repository


def callers(workflow: Workflow, repository: Repository) -> tuple[Job, ...]:
    """The jobs of this repository that call a workflow."""
    if "workflow_call" not in workflow.events:
        return ()
    path = normpath(workflow.path)
    key = ("callers", path, repository.changes)
    return repository.once(key, lambda: tuple(_callers(path, repository)))


def _callers(path: str, repository: Repository) -> Iterator[Job]:
    for workflow in repository.naming(basename(path)):
        for job in workflow.jobs:
            if job.uses and job.uses.is_local and _path(job.uses.value) == path and not job.is_dead:
                yield job


def users(action: Action, repository: Repository) -> tuple[Step, ...]:
    """The steps of this repository that use an action, those of other actions among them."""
    used = repository.once(("users", repository.changes), lambda: _used(repository))
    return used.get(dirname(normpath(action.path)), ())


def _used(repository: Repository) -> dict[str, tuple[Step, ...]]:
    """By the folder of the action."""
    found: dict[str, list[Step]] = {}
    jobs = (job for workflow in repository.workflows for job in workflow.jobs if not job.is_dead)
    waiting = [step for job in jobs for step in job.steps]
    while waiting:
        step = waiting.pop(0)
        if step.uses is None or not step.uses.is_local:
            continue
        folder = _path(step.uses.value)
        if folder not in found:
            inner = repository.callee(step.uses)
            waiting.extend(inner.steps if isinstance(inner, Action) else ())
        found.setdefault(folder, []).append(step)
    return {folder: tuple(steps) for folder, steps in found.items()}


def _path(uses: str) -> str:
    path = normpath(uses.removeprefix("$/").replace("\\", "/"))
    return "" if path == "." else path
