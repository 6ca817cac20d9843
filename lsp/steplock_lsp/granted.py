"""What the scopes of `permissions:` allow, and which of them the actions of a job use."""

from __future__ import annotations

from collections.abc import Iterable

from steplock.model import Job, Step
from steplock.tables import permissions, scopes
from steplock.trust import situation

_LEVELS = ("read", "write")


def scope_text(name: str) -> str | None:
    """Markdown: what a scope allows; None for what is no scope."""
    scope = scopes.of(name)
    if scope is None:
        return None
    lines = [f"**`{name}`** in `permissions:` lets the job's token", ""]
    lines += (f"- `{level}`: {getattr(scope, level)}" for level in _LEVELS if getattr(scope, level))
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


def needed(jobs: Iterable[Job]) -> dict[str, str]:
    """The scopes that the known actions of jobs use, each with the highest level."""
    found: dict[str, str] = {}
    for job in jobs:
        for step in job.steps:
            known = permissions.needs(step.uses.action, situation(step)) if step.uses else None
            for need in known.sure if known else ():
                if not need.optional:
                    found[need.scope] = max(found.get(need.scope, ""), need.level)
    return found
