"""Where a file belongs: the root of its repository."""

from __future__ import annotations

import os
from collections.abc import Iterator


def above(folder: str) -> Iterator[str]:
    """An absolute folder and those that hold it, the nearest first."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def git_root(folder: str) -> str | None:
    """The top of the work tree that holds an absolute folder; a `.git` file (worktree, submodule) counts."""
    return next((one for one in above(folder) if os.path.exists(os.path.join(one, ".git"))), None)


def root(folder: str, here: str) -> str:
    """The root that paths in findings and configurations start from.

    The git work tree; else the nearest folder that holds a `.github`; else `here`, where that is
    above; else the folder itself.
    """
    if found := git_root(folder):
        return found
    for one in above(folder):
        if os.path.isdir(os.path.join(one, ".github")):
            return one
    return here if here in above(folder) else folder
