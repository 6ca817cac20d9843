"""Ask git which files of a folder are not ignored."""

from __future__ import annotations

import os
import subprocess


def listed(folder: str) -> list[str] | None:
    """The tracked and the new files below a folder, from there; None where git cannot tell.

    A path that ends in `/` is another repository inside this one.
    """
    # fsmonitor is a program that the configuration names; a check runs none.
    command = ["git", "-c", "core.fsmonitor=false", "ls-files", "-z"]
    command += ["--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(
            command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    except OSError:
        return None
    if done.returncode:
        return None
    return sorted(set(map(os.fsdecode, done.stdout.split(b"\0"))) - {""})


def _environment() -> dict[str, str]:
    # `git commit` sets GIT_DIR and GIT_INDEX_FILE for its hooks; the folder asked about may be of another repository.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0"}
