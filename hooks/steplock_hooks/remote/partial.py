"""Bare repositories in the cache that hold only what was needed of a repository."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from steplock_hooks.remote import git, server, store
from steplock_hooks.remote.answers import Failure, NotFound, Unreachable
from steplock_hooks.remote.server import Remote

_CONFIG = """\
[core]
\trepositoryformatversion = 1
\tbare = true
[extensions]
\tpartialClone = origin
[remote "origin"]
\turl = {url}
\tpromisor = true
\tpartialclonefilter = {omitted}
"""


@contextmanager
def opened(remote: Remote, kind: str, repo: str, omitted: str) -> Iterator[Path | Failure]:
    """The partial clone of `repo` without the `omitted` objects, for one user at a time.

    It is empty at first. `omitted` is a filter as in `git clone --filter`.
    """
    url = server.url(remote, repo)
    if url is None:
        yield NotFound(f"{repo!r}")
        return
    path = server.place(remote, kind, repo + ".git")
    lock = path.with_name(path.name + ".lock")
    with store.held(lock, 2 * remote.fetch_timeout) as mine:
        if not mine:
            yield Unreachable(f"the cache is in use or cannot be written: {path}")
            return
        try:
            failed = _make(remote, path, _CONFIG.format(url=url, omitted=omitted))
        except OSError as error:
            failed = Unreachable(f"the cache cannot be written: {error.strerror}: {path}")
        yield failed or path


def fetch(remote: Remote, repo: str, clone: Path, arguments: Sequence[str]) -> Failure | None:
    """Fetch into a partial clone; what went wrong, or None."""
    output = git.run(
        ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", *arguments],
        git_dir=clone,
        timeout=remote.fetch_timeout,
        protocols=remote.protocols,
    )
    if isinstance(output, Unreachable) or output.status < 0 or ".lock'" in output.error:
        # Git was killed, now or before: what it leaves would be in the way for good.
        shutil.rmtree(clone, ignore_errors=True)
    if isinstance(output, Unreachable):
        return output
    return server.failure(output, repo) if output.status else None


def _make(remote: Remote, path: Path, config: str) -> Unreachable | None:
    if (path / "config").exists():
        return None
    shutil.rmtree(path, ignore_errors=True)
    beside = Path(tempfile.mkdtemp(dir=path.parent))
    try:
        made = git.run(
            ["init", "--quiet", "--bare", "--template="], git_dir=beside, timeout=remote.timeout
        )
        if isinstance(made, Unreachable):
            return made
        if made.status:
            return Unreachable(made.error)
        (beside / "config").write_text(config, "ascii")
        os.rename(beside, path)
        return None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
