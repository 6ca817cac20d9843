"""What a person should know beside the findings."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from steplock_hooks.subject import Outcome
from steplock_hooks.targets import Found


def say(found: Found, outcomes: Sequence[Outcome]) -> None:
    """Write to standard error what was passed over, and what in a configuration was not understood."""
    notes = [*found.notes, *(note for one in outcomes for note in one.policy.notes)]
    for note in dict.fromkeys(notes):
        print(f"steplock: {note}", file=sys.stderr)
