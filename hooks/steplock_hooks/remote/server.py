"""Where repositories are asked for, and how a name becomes an address."""

import os
import re
import sys
from pathlib import Path

from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock_hooks.remote import git
from steplock_hooks.remote.answers import Failure, NotFound, Unreachable

# Managed users of GitHub Enterprise have an underscore in their names.
_REPO = pattern(r"[A-Za-z0-9][\w-]{0,99}/(?!\.{1,2}$)[\w.-]{1,100}", re.ASCII)
_SERVER = pattern(r"https?://[A-Za-z0-9][\w.-]*(?::\d{1,5})?(?:/[\w.-]+)*/?", re.ASCII)
_COMMIT = pattern(r"[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)
_NOT_FOUND = pattern(
    "repository .*not found|repository not found|not exported|no such repository|not our ref"
    "|does not appear to be a git repository|returned error: 404",
    re.IGNORECASE,
)
_NO_ACCESS = pattern(
    "could not read (?:username|password)|terminal prompts disabled"
    "|authentication failed|permission denied|returned error: 40[13]",
    re.IGNORECASE,
)


class Remote(NamedTuple):
    """A git server, and what it may cost to ask it."""

    server: str = "https://github.com"
    cache: Path | None = None
    """Where answers are kept; None for the user's cache folder."""
    max_age: float = 3600
    """Seconds for which the references of a repository are believed."""
    timeout: float = 20
    """Seconds for a short question."""
    fetch_timeout: float = 120
    """Seconds for the history of a repository."""
    protocols: tuple[str, ...] = ("https", "ssh", "file")
    """What the address may turn into through `url.<base>.insteadOf`.

    `http` and `git` are left out, since anyone on the way can change what they say.
    """


def url(remote: Remote, repo: str) -> str | None:
    """The address of `owner/name`; None for a name that no repository can have.

    Raises:
        ValueError: if the server is not an address over http or https.
    """
    if not _SERVER.fullmatch(remote.server):
        raise ValueError(f"not the address of a git server: {remote.server!r}")
    if not _REPO.fullmatch(repo):
        return None
    return f"{remote.server.rstrip('/')}/{repo}"


def place(remote: Remote, kind: str, repo: str) -> Path:
    """Where the cache keeps `kind` (`refs`, `history`, `objects`) of a repository."""
    server = re.sub(r"[^\w.-]+", "-", remote.server.rstrip("/").lower())
    return (remote.cache or cache_folder()) / kind / server / repo.lower()


def cache_folder() -> Path:
    """The folder for what can be asked again: XDG's, or the platform's own."""
    if os.path.isabs(folder := os.environ.get("XDG_CACHE_HOME", "")):
        return Path(folder, "steplock")
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "steplock" / "cache"
    if sys.platform == "darwin":
        return Path("~/Library/Caches/steplock").expanduser()
    return Path("~/.cache/steplock").expanduser()


def is_commit(text: str) -> bool:
    """Whether `text` is a whole object id; a shortened one is no reference."""
    return _COMMIT.fullmatch(text) is not None


def failure(output: git.Output, what: str) -> Failure:
    """What it means that git failed to talk to a server about `what`."""
    if _NOT_FOUND.search(output.error):
        return NotFound(what)
    if _NO_ACCESS.search(output.error):
        return Unreachable(f"{what} does not exist, or is private and git has no access")
    return Unreachable(output.error)
