"""The files that an agent's answer can come from, by a call."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.agents.invocation import mentioned
from steplock.model import Action, Workflow
from steplock.repository import Repository
from steplock.trust import callers, users


def mentioned_around(file: Workflow | Action, repository: Repository) -> bool:
    """Whether a file that names an agent calls this one, or is called by it."""
    key = ("agents around", file.path, repository.changes)
    return repository.once(
        key, lambda: any(mentioned(one.document) for one in _around(file, repository))
    )


def _around(file: Workflow | Action, repository: Repository) -> Iterator[Workflow | Action]:
    if isinstance(file, Workflow):
        yield from (job.workflow for job in callers(file, repository))
    else:
        yield from (step.file for step in users(file, repository))
    waiting: list[Workflow | Action] = [file]
    seen = set[str]()
    while waiting:
        one = waiting.pop()
        jobs = one.jobs if isinstance(one, Workflow) else ()
        steps = one.steps if isinstance(one, Action) else [s for job in jobs for s in job.steps]
        for uses in (*(job.uses for job in jobs), *(step.uses for step in steps)):
            called = repository.callee(uses) if uses is not None else None
            if called is not None and called.path not in seen:
                seen.add(called.path)
                waiting.append(called)
                yield called
