"""Answers on disk: written beside and renamed, believed until they expire."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steplock_hooks.remote.answers import Failure, NotFound, Refs, Unreachable

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# One run asks for a repository many times; a server that is down must cost it one timeout.
_FAILURE_AGE = 30
_ANSWERS = {answer.__name__: answer for answer in (Refs, NotFound, Unreachable)}


def read(path: Path, max_age: float) -> Refs | Failure | None:
    """The answer kept at `path`, if it is there, whole and younger than `max_age`."""
    try:
        kept = json.loads(path.read_text("ascii"))
        answer = _ANSWERS[kept["kind"]](*kept["fields"])
        age = time.time() - kept["time"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    limit = max_age if isinstance(answer, Refs) else min(max_age, _FAILURE_AGE)
    return answer if 0 <= age < limit else None


def write(path: Path, answer: Refs | Failure) -> None:
    """Keep an answer; a cache that cannot be written is none, and no fault."""
    kept = {"kind": type(answer).__name__, "fields": answer, "time": time.time()}
    try:
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
            json.dump(kept, file)
        os.replace(file.name, path)
    except OSError:
        return


@contextmanager
def held(path: Path, patience: float) -> Iterator[bool]:
    """Hold the file `path` against other threads and processes; False if in vain.

    The system lets go of it for a process that dies.
    """
    deadline = time.monotonic() + patience
    try:
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        file = path.open("ab")
    except OSError:
        yield False
        return
    with file:
        while not (taken := _take(file.fileno())) and time.monotonic() < deadline:
            time.sleep(0.02)
        yield taken


def _take(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
