"""Words that the editor shows between the words of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from steplock.model import Action, Workflow
from steplock.repository import Repository
from steplock.text import Span
from steplock_lsp.check import Checked
from steplock_lsp.granted import job_needs, needs_label
from steplock_lsp.outline import all_uses
from steplock_lsp.pinned import version_of


class Hint(NamedTuple):
    offset: int
    label: str
    tooltip: str


def hints(checked: Checked, visible: Span) -> Iterator[Hint]:
    """Hints within a range: versions of bare commits, permissions of jobs that are not limited."""
    for file in checked.files:
        if isinstance(file, Workflow | Action):
            yield from _versions(file, visible)
        if isinstance(file, Workflow):
            yield from _permissions(file, visible, checked.repository)


def _versions(file: Workflow | Action, visible: Span) -> Iterator[Hint]:
    for uses in all_uses(file):
        if uses.version is None and visible.touches(uses.span) and (tag := version_of(uses)):
            yield Hint(uses.span.end, tag, f"This commit is {tag} of {uses.name}")


def _permissions(workflow: Workflow, visible: Span, repository: Repository) -> Iterator[Hint]:
    for job in workflow.jobs:
        if job.effective_permissions is None and visible.touches(job.key.span):
            tooltip = "\n".join(job_needs(job, repository))
            yield Hint(job.key.span.end + 1, needs_label(job, repository), tooltip)
