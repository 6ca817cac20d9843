"""Which commits a repository's own branches and tags reach.

GitHub keeps a repository and its forks in one store, so `owner/name@<commit>` also runs a
commit that only a fork has (an impostor). Such a commit can be fetched by its id, but no
branch or tag leads to it: the walk from them tells.
"""

import time
from contextlib import suppress
from pathlib import Path

from steplock_hooks.remote import git, partial, server
from steplock_hooks.remote.answers import Failure, NotFound, Refs, Unreachable
from steplock_hooks.remote.refs import refs
from steplock_hooks.remote.server import Remote

# "No" accuses: it is said only of a history that was fetched this many seconds ago.
_JUST_NOW = 60


def contains(remote: Remote, repo: str, commit: str) -> bool | Failure:
    """Whether any branch or tag of `owner/name` reaches the whole commit id `commit`."""
    if not server.is_commit(commit):
        return NotFound(f"{repo}@{commit}")
    found = refs(remote, repo)
    if not isinstance(found, Refs):
        return found
    commit = commit.lower()
    commit = found.annotated.get(commit, commit)
    if commit in found.tags.values() or commit in found.heads.values():
        return True
    with partial.opened(remote, "history", repo, "tree:0") as history:
        if not isinstance(history, Path):
            return history
        return _contains(remote, repo, history, commit)


def _contains(remote: Remote, repo: str, history: Path, commit: str) -> bool | Failure:
    stamp = history / "steplock.fetched"
    age = _age(stamp)
    if age < remote.max_age:
        reached = _reaches(remote, history, commit)
        if reached is True or (reached is False and age < _JUST_NOW):
            return reached
    failed = partial.fetch(
        remote,
        repo,
        history,
        [
            *("--prune", "--no-show-forced-updates", "--", "origin"),
            *("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"),
        ],
    )
    if failed is not None:
        return failed
    reached = _reaches(remote, history, commit)
    if isinstance(reached, bool):
        with suppress(OSError):
            stamp.touch()
    return reached


def _reaches(remote: Remote, history: Path, commit: str) -> bool | Unreachable:
    # A walk that began at `commit` would have git fetch it, whoever it belongs to.
    output = git.run(["rev-list", "--all"], git_dir=history, timeout=remote.fetch_timeout)
    if isinstance(output, Unreachable):
        return output
    if output.status:
        return Unreachable(f"the history in the cache does not read: {output.error}")
    if not output.out:
        return Unreachable("the server listed no branch or tag to begin at")
    return commit.encode() + b"\n" in output.out


def _age(stamp: Path) -> float:
    try:
        age = time.time() - stamp.stat().st_mtime
    except OSError:
        return float("inf")
    return age if age >= 0 else float("inf")
