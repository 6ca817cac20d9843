"""Ask the repositories what references stand for now.

`steplock pin` does it, in a process of its own: the server has no code for the network in it, and what
takes long can be ended. The process runs what this one runs, and nothing of the workspace: it is the same
interpreter with the same folders to import from, started elsewhere.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from typing import Literal, NamedTuple, TypeAlias

Level: TypeAlias = Literal["major", "minor", "patch"]

# An editor that was started in the background may ignore Ctrl-C, and so would all that it starts.
_START = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "sys.path[:] = sys.argv.pop(1).splitlines(); "
    "from steplock_hooks.cli import main; main()"
)
_HERE = os.path.dirname(os.path.abspath(__file__))
_GRACE = 15.0
"""Seconds for a process to end those that it started."""


class Answer(NamedTuple):
    text: str
    """The text with commits in it; as it was where there was nothing to pin."""
    summary: str
    notes: tuple[str, ...]
    """What was passed over, and why."""


class Failure(NamedTuple):
    reason: str
    notes: tuple[str, ...]


async def pin(text: str, name: str, level: Level | None = None) -> Answer | Failure:
    """Pin a text that is called `name`; with a level, to newer releases. Whoever cancels it ends the process."""
    update = [f"--update={level}"] if level else []
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-X", "utf8", "-c", _START, "\n".join(_folders())),
            *("pin", "-", "--quiet", f"--stdin-filename={name}", *update),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            cwd=_HERE,
        )
    except OSError as error:
        return Failure(f"steplock pin does not start: {error.strerror}", ())
    try:
        out, err = await process.communicate(text.encode("utf-8", "surrogatepass"))
    except asyncio.CancelledError:
        await _end(process)
        raise
    said = [line.removeprefix("steplock: ") for line in err.decode().splitlines() if line]
    *notes, last = said or [f"steplock pin ended with {process.returncode} and said nothing"]
    # An exception ends Python with 1, too, but writes nothing.
    if process.returncode == 0 or (process.returncode == 1 and out):
        return Answer(out.decode(), last, tuple(notes))
    return Failure(last, tuple(notes))


def _folders() -> list[str]:
    """What this process imports from, without the folder that it was started in."""
    own = os.path.dirname(_HERE)
    here = os.path.realpath(os.getcwd()) if os.path.isdir(os.curdir) else ""
    return [
        folder
        for folder in sys.path
        if os.path.isabs(folder) and (folder == own or os.path.realpath(folder) != here)
    ]


async def _end(process: Process) -> None:
    """As Ctrl-C does, so that it ends its git first; on Windows there is no such signal."""
    if process.returncode is not None:
        return
    if sys.platform != "win32":
        process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(process.wait(), _GRACE)
            return
        except asyncio.TimeoutError:
            pass
    process.kill()
    await process.wait()
