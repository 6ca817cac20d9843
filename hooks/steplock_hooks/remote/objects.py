"""Single commits of a repository and files in them, without its history.

A server may give out commits that only a fork has: ask `contains` before trusting one.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from steplock.lazy import pattern
from steplock_hooks.remote import git, partial, server
from steplock_hooks.remote.answers import Failure, NotFound, Unreachable
from steplock_hooks.remote.server import Remote

_LARGEST = 1024 * 1024
_FILE = pattern(rb"100(?:644|755) blob ([0-9a-f]{40,64})\t")
_COMMITTED = pattern(rb"^committer .*> (\d{1,12}) [+-]\d{4}$", re.MULTILINE)


def commit_date(remote: Remote, repo: str, commit: str) -> datetime | Failure:
    """When `commit` was committed, in UTC, by the clock of whoever made it."""
    with _holding(remote, repo, commit) as clone:
        if not isinstance(clone, Path):
            return clone
        output = _read(remote, clone, "cat-file", "commit", commit)
    if isinstance(output, Unreachable):
        return output
    found = _COMMITTED.search(output.out)
    try:
        return datetime.fromtimestamp(int(found[1] if found else ""), timezone.utc)
    except (ValueError, OverflowError, OSError):
        return NotFound(f"the date of {repo}@{commit}")


def manifest(remote: Remote, repo: str, commit: str, path: str) -> str | Failure:
    """The text of the file `path` (`action.yml`, `sub/action.yaml`) in `commit`.

    Links and folders are not found. A file of more than a megabyte is no manifest.
    """
    missing = NotFound(f"{path!r} in {repo}@{commit}")
    if not path.isprintable() or {"", ".", ".."} & set(path.split("/")):
        return missing
    with _holding(remote, repo, commit) as clone:
        if not isinstance(clone, Path):
            return clone
        listed = _read(remote, clone, "ls-tree", "-z", commit, "--", path)
        if isinstance(listed, Unreachable):
            return listed
        found = _FILE.match(listed.out)
        if found is None:
            return missing
        output = _read(remote, clone, "cat-file", "blob", found[1].decode())
    if isinstance(output, Unreachable):
        return output
    return output.out.decode("utf-8", "replace")


@contextmanager
def _holding(remote: Remote, repo: str, commit: str) -> Iterator[Path | Failure]:
    """A clone that has `commit` with its folders; files come when they are read."""
    if not server.is_commit(commit):
        yield NotFound(f"{repo}@{commit}")
        return
    with partial.opened(remote, "objects", repo, "blob:none") as clone:
        if not isinstance(clone, Path):
            yield clone
            return
        held = git.run(["cat-file", "-e", commit], git_dir=clone, timeout=remote.timeout)
        if isinstance(held, Unreachable):
            yield held
            return
        depth = ("--depth=1", "--", "origin", commit.lower())
        failed = partial.fetch(remote, repo, clone, depth) if held.status else None
        yield failed or clone


def _read(remote: Remote, clone: Path, *arguments: str) -> git.Output | Unreachable:
    output = git.run(
        ["--literal-pathspecs", *arguments],
        git_dir=clone,
        timeout=remote.fetch_timeout,
        protocols=remote.protocols,
        largest=_LARGEST,
    )
    if isinstance(output, git.Output) and output.status:
        return Unreachable(output.error)
    return output
