"""Since when actions and the platform behave as they do.

core/update/releases.py writes the table.
"""

from __future__ import annotations

from functools import lru_cache

from steplock import version as versions
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.tables import load, look_up, pins
from steplock.tables.ranges import at_least, within
from steplock.tables.rows import typed

_CHECKOUT = "actions/checkout"
_COMMIT = pattern(r"[0-9a-fA-F]{40}")


class Change(NamedTuple):
    """What changed with a release of an action, or on a day on the platform."""

    date: str
    """`2026-07-16`; only the month or year where no more is known."""
    topic: str
    change: str
    """For people."""
    version: str = ""
    note: str = ""
    source: str = ""
    sure: bool = False
    """Whether the day was read where `source` says."""


@lru_cache(maxsize=1024)
def of(action: str) -> tuple[Change, ...]:
    """The changes of an action that matter here, oldest release first."""
    return tuple(
        typed(Change, row) for row in (look_up("releases", action.lower(), "actions") or ())
    )


def since(action: str, topic: str, version: str) -> tuple[Change, ...]:
    """The changes about `topic` that the release `version` already has."""
    return tuple(c for c in of(action) if c.topic == topic and at_least(version, c.version))


def platform(name: str) -> Change:
    """A change of the platform. KeyError for a name that is not in `PLATFORM` of core/update/releases.py.

    `node20-forced`, `node20-removed`, `read-only-caches`, `cache-mode`, `checkout-guard`, `lock-file`,
    `pull-request-target-default-branch`, `pull-request-target-stopped`, `read-only-token` ...
    """
    return typed(Change, load("releases")["platform"][name])


def has_guard(ref: str) -> bool | None:
    """Whether actions/checkout at a tag or commit refuses the code of forks in privileged runs.

    That is on pull_request_target, and on a workflow_run that a pull request caused, unless
    `allow-unsafe-pr-checkout: true` is given; see `guard_spares` for what it does not see. Tags of a line of
    releases (`v4`) were moved to guarded ones on 2026-07-16. None for branches and unknown commits.
    """
    tag = _tag(ref)
    if tag is None:
        return None
    return any(within(tag, first, below) for first, below in load("releases")["guard"]["ranges"])


def guard_is_complete(ref: str) -> bool | None:
    """Whether it has the guard, and no known way round it: v7.0.0 took a branch named like a commit for one."""
    tag = _tag(ref)
    if tag is None:
        return None
    return bool(has_guard(tag)) and tag not in load("releases")["guard"]["incomplete"]


def guard_covers() -> tuple[str, ...]:
    """The runs in which the guard looks at all, for people."""
    return tuple(load("releases")["guard"]["covers"])


def guard_spares() -> tuple[str, ...]:
    """What the guard does not see, for people."""
    return tuple(load("releases")["guard"]["spares"])


def _tag(ref: str) -> str | None:
    if _COMMIT.fullmatch(ref):
        return next((tag for tag in pins.tags(_CHECKOUT, ref) if versions.parse(tag)), None)
    return ref if versions.parse(ref) else None
