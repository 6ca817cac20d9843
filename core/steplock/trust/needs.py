"""The jobs that have to succeed before a job runs."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression import UNKNOWN, Unknown, truth
from steplock.model import Job


def needed(job: Job) -> Iterator[Job]:
    """A job and those that have to succeed before it, nearest first."""
    seen: set[str] = set()
    waiting = [job]
    while waiting:
        one = waiting.pop(0)
        if one.id in seen:
            continue
        seen.add(one.id)
        yield one
        if not runs_regardless(one):
            waiting.extend(before for id in one.needs if (before := one.workflow.job(id)))


def runs_regardless(job: Job) -> bool:
    """Whether a job may run although one that it needs failed or was skipped: `if: always()`."""
    condition = job.condition
    if condition is None or not condition.parsed.has_status_function:
        return False
    root = condition.parsed.root
    return root is None or truth(root, _unknown, {"success": False}) is not False


def _unknown(path: tuple[str, ...]) -> Unknown:
    return UNKNOWN
