"""Parts of a file, for the features that look at all of one kind."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Action, File, HookConfig, Job, Step, Uses, Workflow
from steplock.pinning import Pinnable
from steplock.syntax import Scalar


def all_uses(file: Workflow | Action) -> Iterator[Uses]:
    """Every `uses:` of a file, those of jobs and steps that never run too."""
    owners: tuple[Job | Step, ...] = file.all_steps if isinstance(file, Action) else file.jobs
    for owner in owners:
        if owner.uses:
            yield owner.uses
        if isinstance(owner, Job):
            yield from (step.uses for step in owner.all_steps if step.uses)


def all_pinnable(file: File) -> Iterator[tuple[Pinnable, Scalar]]:
    """Every reference of a file to another repository, and where it stands."""
    if isinstance(file, Workflow | Action):
        yield from ((uses, uses.scalar) for uses in all_uses(file) if uses.slug and uses.ref)
    elif isinstance(file, HookConfig):
        yield from ((repo, repo.rev) for repo in file.repos if repo.rev and repo.source)
