"""Artifacts that another job of the same run made while it ran strangers' code."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.foreign.execution import executions
from steplock.model import Job, Step
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.syntax import Scalar
from steplock.trust import Gate
from steplock.trust.needs import needed

DOWNLOAD = "actions/download-artifact"
_UPLOAD = "actions/upload-artifact"


class Made(NamedTuple):
    """What a job uploads after strangers' code ran in it."""

    job: Job
    events: frozenset[str]
    """Those under which it does."""


def handed_on(step: Step, repository: Repository) -> Iterator[Made]:
    """The jobs before whose artifacts a step may download, and which ran code that could write them."""
    if step.uses is None or step.uses.action != DOWNLOAD or step.input("run-id"):
        return
    for job in needed(step.job) if step.job else ():
        if job is not step.job and any(_hands(other, step) for other in job.steps):
            events = frozenset(_events(job, repository))
            if events:
                yield Made(job, events)


def _hands(upload: Step, download: Step) -> bool:
    """Whether one step may download what the other uploads, as far as their names say."""
    if upload.uses is None or upload.uses.action != _UPLOAD:
        return False
    wanted, name = download.input("name"), upload.input("name")
    return wanted is None or _text(wanted) == (_text(name) if name else "artifact")


def _text(name: Scalar) -> str:
    return name.value.strip()


def _events(job: Job, repository: Repository) -> Iterator[str]:
    from steplock.foreign.sources import brought_in  # which asks here in turn, for downloads

    for step in job.steps:
        if step.uses is not None and step.uses.action == DOWNLOAD:
            continue
        for foreign in brought_in(step, repository):
            if not any(one.is_seen for one in executions(step, foreign.path, repository)):
                continue
            for exposure in foreign.exposures:
                free = exposure.gate in (Gate.NONE, Gate.ENVIRONMENT)
                if free and exposure.brings_code and not foreign.is_refused(exposure.event):
                    yield exposure.event
