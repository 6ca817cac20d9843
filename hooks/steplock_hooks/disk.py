"""Read and write files: bytes as they are, links not followed out of a repository, nothing half-written."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping

MAX_BYTES = 20_000_000
"""More is no workflow; GitHub itself stops far below."""

# A named pipe that nobody writes to would hold the run up for ever.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Unreadable(Exception):
    """Why a file cannot be checked, as the end of a sentence that begins with its name."""


def read(path: str) -> bytes:
    """A file's content.

    Raises:
        Unreadable: where there is none, or it is no regular file of reasonable size.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise Unreadable(f"cannot be read: {_reason(error)}") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("is no regular file")
        if status.st_size > MAX_BYTES:
            raise Unreadable(f"is larger than {MAX_BYTES // 1_000_000} MB")
        content = os.read(descriptor, status.st_size + 1)
        while part := os.read(descriptor, 1 << 20):
            content += part
        return content
    except OSError as error:
        raise Unreadable(f"cannot be read: {_reason(error)}") from error
    finally:
        os.close(descriptor)


def decode(content: bytes) -> str:
    """The text of a file, with its byte order mark and its line ends.

    Raises:
        Unreadable: where it is not UTF-8.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise Unreadable(f"is not UTF-8: byte 0x{byte:02x} on line {line}") from error


def write(contents: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Replace files by path, given what they hold and what they shall hold: all, or on an error none.

    Each keeps its mode, and a link stays a link.

    Raises:
        OSError: where one cannot be written, or holds something else by now.
    """
    ready: dict[str, str] = {}
    done: list[tuple[str, bytes]] = []
    try:
        for path, (_, after) in contents.items():
            ready[path] = _beside(os.path.realpath(path), after)
        for path, (before, _) in contents.items():
            target = os.path.realpath(path)
            with open(target, "rb") as file:
                if file.read() != before:
                    raise OSError(errno.EBUSY, "changed meanwhile; run again", path)
            os.replace(ready.pop(path), target)
            done.append((target, before))
    except OSError:
        for target, before in done:
            os.replace(_beside(target, before), target)
        raise
    finally:
        for temporary in ready.values():
            os.unlink(temporary)


def _beside(path: str, content: bytes) -> str:
    """A new file in the folder of `path`, with its mode."""
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.urandom(6).hex()}")
    mode = stat.S_IMODE(os.stat(path).st_mode)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with open(os.open(temporary, flags | getattr(os, "O_BINARY", 0), mode), "wb") as file:
        file.write(content)
    os.chmod(temporary, mode)
    return temporary


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
