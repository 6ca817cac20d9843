"""One line above each job: who can run it, and how much is found in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from steplock.model import Job, Workflow
from steplock.text import Span
from steplock_lsp.check import Checked
from steplock_lsp.outsiders import tier_name


class Lens(NamedTuple):
    span: Span
    title: str


def lenses(checked: Checked) -> Iterator[Lens]:
    for file in checked.files:
        if isinstance(file, Workflow):
            for job in file.jobs:
                title = f"{tier_name(job, checked.repository)}, {_count(checked, job)}"
                yield Lens(job.key.span, title)


def _count(checked: Checked, job: Job) -> str:
    count = sum(job.span.holds(found.span) for found in checked.report.diagnostics)
    return "no findings" if not count else "1 finding" if count == 1 else f"{count} findings"
