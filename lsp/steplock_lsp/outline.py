"""Parts of a file, for the features that look at all of one kind."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Action, Job, Step, Uses, Workflow


def all_uses(file: Workflow | Action) -> Iterator[Uses]:
    """Every `uses:` of a file, those of jobs and steps that never run too."""
    owners: tuple[Job | Step, ...] = file.all_steps if isinstance(file, Action) else file.jobs
    for owner in owners:
        if owner.uses:
            yield owner.uses
        if isinstance(owner, Job):
            yield from (step.uses for step in owner.all_steps if step.uses)
