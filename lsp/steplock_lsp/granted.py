"""What the scopes of `permissions:` allow, and which of them the actions of a job use."""

from __future__ import annotations

from collections.abc import Iterable

from steplock.model import Job, Step
from steplock.permissions import LEVELS, Certainty, Grant, infer
from steplock.repository import Repository
from steplock.tables import permissions, scopes
from steplock.trust import situation


def scope_text(name: str) -> str | None:
    """Markdown: what a scope allows; None for what is no scope."""
    scope = scopes.of(name)
    if scope is None:
        return None
    lines = [f"**`{name}`** in `permissions:` lets the job's token", ""]
    lines += (
        f"- `{level}`: {getattr(scope, level)}" for level in LEVELS[1:] if getattr(scope, level)
    )
    if scope.obsolete:
        lines.append("- It grants nothing any more.")
    return "\n".join(lines)


def needs_lines(step: Step) -> list[str]:
    """Markdown: which permissions the action of a step uses."""
    known = permissions.needs(step.uses.action, situation(step)) if step.uses else None
    if known is None:
        return []
    lines = [f"- It needs `{one.scope}: {one.level}`{_reason(one)}." for one in known.sure]
    lines += (f"- It may need `{one.scope}: {one.level}`{_reason(one)}." for one in known.maybe)
    if not lines and not known.dynamic:
        lines.append("- It needs no permissions of the job's token.")
    return lines


def _reason(need: permissions.Need) -> str:
    return f" to {need.reason}" if need.reason else ""


def needed(jobs: Iterable[Job], repository: Repository) -> dict[str, str]:
    """The scopes that jobs need, each with the highest level."""
    found: dict[str, str] = {}
    for job in jobs:
        for grant in infer(job, repository).grants:
            found[grant.scope] = max(found.get(grant.scope, "none"), grant.level, key=LEVELS.index)
    return found


def job_needs(job: Job, repository: Repository) -> list[str]:
    """Markdown: the permissions that a job needs, why, and what cannot be seen."""
    found = infer(job, repository)
    lines = [f"- It needs {_because(grant)}." for grant in found.grants]
    lines += (f"- It may need {_because(grant)}." for grant in found.maybe)
    lines += (f"- What `{one.what}` needs cannot be seen." for one in found.unseen)
    return lines or ["- It needs no permissions of its token."]


def _because(grant: Grant) -> str:
    return f"`{grant.scope}: {grant.level}` to {grant.reasons[0].text}"


def needs_label(job: Job, repository: Repository) -> str:
    """The permissions that a job needs, in one line."""
    found = infer(job, repository)
    scopes = ", ".join(f"{grant.scope}: {grant.level}" for grant in found.grants)
    if found.certainty is Certainty.UNKNOWN:
        return f"needs {scopes or 'nothing'} and what cannot be seen"
    return f"needs {scopes or 'nothing'}"
