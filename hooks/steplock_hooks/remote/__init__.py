"""What a repository of an action holds, asked over git: no API, no token, any git server.

Nothing here runs in a plain check; a command that goes online imports it then. The user's
git is used with the user's configuration, so that GitHub Enterprise, credential helpers,
proxies and mirrors through `url.<base>.insteadOf` work, but it never prompts, runs no hook
and ends in bounded time. What goes wrong is a value: `NotFound` or `Unreachable`.
"""

from steplock_hooks.remote.answers import (
    Ambiguous,
    Failure,
    NotFound,
    Refs,
    Resolved,
    Unreachable,
)
from steplock_hooks.remote.history import contains
from steplock_hooks.remote.objects import commit_date, manifest
from steplock_hooks.remote.parallel import every
from steplock_hooks.remote.refs import commit, refs, tags_of
from steplock_hooks.remote.server import Remote, url

__all__ = [
    "Ambiguous",
    "Failure",
    "NotFound",
    "Refs",
    "Remote",
    "Resolved",
    "Unreachable",
    "commit",
    "commit_date",
    "contains",
    "every",
    "manifest",
    "refs",
    "tags_of",
    "url",
]
