"""Floor 3. Who can make a job run, and what the job then holds.

For each job: the events it can run under, narrowed by its own `if:`, by those of the jobs it needs, by steps that
ask who is there, and by the workflows that call or start it; what stands between a stranger and the run; the
powers the run has.
"""

from __future__ import annotations

import enum

from steplock.model import Job
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.trust.callers import callers, users
from steplock.trust.checks import Check, checks_before, checks_of_needed, situation
from steplock.trust.events import CACHE_WRITERS, COMMENTS, SANDBOXED, STRANGERS_ACTIONS
from steplock.trust.exposure import Exposure, Gate, Place, exposures, step_exposures
from steplock.trust.powers import Powers, powers

__all__ = [
    "CACHE_WRITERS",
    "COMMENTS",
    "SANDBOXED",
    "STRANGERS_ACTIONS",
    "Check",
    "Exposure",
    "Gate",
    "Place",
    "Powers",
    "Tier",
    "Trust",
    "callers",
    "checks_before",
    "checks_of_needed",
    "exposures",
    "powers",
    "situation",
    "step_exposures",
    "trust",
    "users",
]


class Tier(enum.IntEnum):
    """How far apart strangers and powers are."""

    UNTRUSTED = 0
    """Strangers reach it, and it has no powers."""
    METADATA = 1
    """Strangers cause it, and it has powers."""
    PRIVILEGED = 2
    """Only people with write access cause it."""


class Trust(NamedTuple):
    tier: Tier
    exposures: tuple[Exposure, ...]
    powers: Powers


def trust(job: Job, repository: Repository) -> Trust:
    """Who can run a job, and with what."""
    found = exposures(job, repository)
    held = powers(job, repository)
    privileged = [e for e in found if e.has_powers]
    if not found:
        tier = Tier.PRIVILEGED
    elif (privileged and held.any) or held.self_hosted:
        tier = Tier.METADATA
    else:
        tier = Tier.UNTRUSTED
    return Trust(tier, found, held)
