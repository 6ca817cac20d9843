"""Which files are found in a folder, and which a hook is called for.

The patterns are those of `steplock.model.PATTERNS` and of the configuration; a test compares them.
They stand here as text because importing the model takes longer than looking through a folder.
"""

from __future__ import annotations

import re
from functools import cache

PATTERNS = (
    r"(?:^|/)\.github/workflows/actions\.lock$",
    r"(?:^|/)\.(?:github|forgejo|gitea)/workflows/[^/]+\.ya?ml$",
    r"(?:^|/)\.github/dependabot\.ya?ml$",
    r"(?:^|/)\.pre-commit-config\.yaml$",
    r"(?:^|/)\.pre-commit-hooks\.yaml$",
    r"(?:^|/)action\.ya?ml$",
    r"(?:^|/)(?:steplock|zizmor)\.ya?ml$",
)

# Those that a lock speaks of, the lock of actions among them.
LOCKED = (*PATTERNS[:2], PATTERNS[5])


@cache
def _read() -> re.Pattern[str]:
    return re.compile("|".join(PATTERNS))


def is_read(path: str) -> bool:
    """Whether a file of this path (`/` between its parts) is one of those that we know."""
    return _read().search(path) is not None


def may_be_yaml(path: str) -> bool:
    """Whether a file named outright is worth reading, whatever it is called otherwise."""
    return path.endswith((".yml", ".yaml", "actions.lock"))
