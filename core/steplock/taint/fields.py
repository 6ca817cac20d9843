"""Fields of an event's payload: who writes them, and when they are there."""

from __future__ import annotations

from steplock.annotations import TypeAlias
from steplock.model import Workflow
from steplock.taint.events import Place
from steplock.taint.value import Who
from steplock.trust.events import DEFAULT_ACTIONS

Path: TypeAlias = "tuple[str, ...]"

# What somebody wrote who opened it.
_OPENED = {"discussion": "discussion", "issues": "issue", "pull_request_target": "pull_request"}
_GLOB = frozenset("*?+[]!")


def opens(path: Path, event: str, place: Place) -> bool:
    """Whether a text is of the one who caused the event, because it is caused by opening only."""
    trigger = place.file.trigger(event) if isinstance(place.file, Workflow) else None
    alone = trigger is not None and trigger.listed("types") == ("opened",)
    return alone and path[2:3] == (_OPENED.get(event),)


def may_be_edited(event: str, place: Place) -> bool:
    """Whether an event comes with what it was before, as `edited` does."""
    trigger = place.file.trigger(event) if isinstance(place.file, Workflow) else None
    types = trigger.listed("types") if trigger else None
    types = types or tuple(DEFAULT_ACTIONS.get(event, ("edited",)))
    return "edited" in types


def insider(path: Path, event: str) -> Who:
    """Who writes a field that only people with write access send."""
    if event not in ("push", "merge_group") or path[:2] != ("github", "event"):
        return Who.WRITER
    holds_commits = path[2:3] in ((), ("head_commit",), ("commits",), ("merge_group",))
    return Who.AUTHOR if holds_commits else Who.WRITER


def fixed_branches(place: Place, event: str) -> bool:
    """Whether an event starts the workflow on branches that are listed by their names only."""
    trigger = place.file.trigger(event) if isinstance(place.file, Workflow) else None
    if trigger is None or trigger.config is None or trigger.config.item("tags"):
        return False
    branches = trigger.listed("branches")
    return bool(branches) and not any(_GLOB & set(branch) for branch in branches or ())
