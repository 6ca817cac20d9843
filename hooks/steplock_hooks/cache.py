"""Results of earlier runs, by content, place, configuration and version of the rules.

An entry is a file named by the hash of what it rests on. What cannot be read or written is as if it
were not there.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

import steplock

try:
    # What hashlib.blake2b is; hashlib itself loads OpenSSL first, which takes longer than all that is hashed.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

_MAX_ENTRIES = 20_000
_MAX_AGE = 30 * 24 * 3600
_PRUNE_EVERY = 24 * 3600


class Cache:
    """A folder of entries; each holds its own checksum."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._ready = False

    def get(self, key: str) -> bytes | None:
        """The value kept under a key, byte for byte; None where there is none."""
        try:
            with open(os.path.join(self.folder, key), "rb", buffering=0) as file:
                entry = file.read()
        except OSError:
            return None
        value = entry[16:]
        return value if entry[:16] == digest(value) else None

    def put(self, key: str, value: bytes) -> None:
        """Keep a value."""
        path = os.path.join(self.folder, key)
        temporary = f"{path}.{os.getpid()}"
        try:
            if not self._ready:
                os.makedirs(self.folder, mode=0o700, exist_ok=True)
                self._ready = True
            with open(temporary, "wb") as file:
                file.write(digest(value) + value)
            os.replace(temporary, path)
        except OSError:
            return

    def prune(self) -> None:
        """Once a day, drop what is old, and the oldest of what is too much."""
        marker = os.path.join(self.folder, "pruned")
        now = time.time()
        try:
            if os.path.exists(marker) and now - os.stat(marker).st_mtime < _PRUNE_EVERY:
                return
            with open(marker, "wb"), os.scandir(self.folder) as entries:
                ages = sorted((now - entry.stat().st_mtime, entry.path) for entry in entries)
        except OSError:
            return
        for index, (age, path) in enumerate(ages):
            if (age > _MAX_AGE or index >= _MAX_ENTRIES) and path != marker:
                _drop(path)


def _drop(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def digest(*parts: bytes) -> bytes:
    """16 bytes that stand for these parts, in this order."""
    hashed = blake2b(digest_size=16)
    for part in parts:
        hashed.update(len(part).to_bytes(8, "little"))
        hashed.update(part)
    return hashed.digest()


def folder(asked: str | None = None) -> str | None:
    """The folder of this version's results: in the one asked for, else where this platform keeps caches.

    None where the user has no home.
    """
    base = os.path.abspath(asked) if asked else os.path.join(_platform(), "steplock")
    return os.path.join(base, f"results-{steplock.__version__}") if os.path.isabs(base) else None


def _platform() -> str:
    if base := os.environ.get("XDG_CACHE_HOME"):
        return base
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA", "")
    home = os.path.expanduser("~")
    return os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache")


def stamp() -> bytes:
    """What stands for the code that finds: its version, its files, and the libraries installed beside it."""
    parts = [steplock.__version__, sys.version]
    for package in (os.path.dirname(steplock.__file__), os.path.dirname(__file__)):
        parts += _states(package)
    for path in sys.path:
        if path.endswith(("site-packages", "dist-packages")) and os.path.isdir(path):
            parts.append(str(os.stat(path).st_mtime_ns))
    return digest("\0".join(parts).encode())


def _states(folder: str) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:  # inside a zip archive, where the version must do
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _states(entry.path)
        else:
            state = entry.stat()
            yield f"{entry.name} {state.st_size} {state.st_mtime_ns}"
