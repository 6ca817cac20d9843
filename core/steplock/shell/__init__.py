"""Floor 1. `run:` scripts of POSIX shells, PowerShell, cmd and Python as values with spans.

`parse` never raises and runs nothing. Readers are written by hand and need no native module, so
that a hook and an editor see the same script.
"""

from __future__ import annotations

from functools import lru_cache

from steplock.shell.programs import dialect
from steplock.shell.read import read
from steplock.shell.source import Source, fences
from steplock.shell.tree import (
    Assignment,
    Command,
    Dialect,
    EnvironmentWrite,
    Expansion,
    Pipeline,
    Quoting,
    Redirect,
    Region,
    Script,
    Word,
)

__all__ = [
    "Assignment",
    "Command",
    "Dialect",
    "EnvironmentWrite",
    "Expansion",
    "Pipeline",
    "Quoting",
    "Redirect",
    "Region",
    "Script",
    "Word",
    "dialect",
    "parse",
]


@lru_cache(maxsize=256)
def parse(script: str, shell: str, base: int = 0) -> Script:
    """Read a script; one that did not change is not read again when its file is typed in.

    shell: a `shell:` value or a dialect; a Script without commands comes back for others.
    base: what to add to every offset.
    """
    return read(Source(script, fences(script), base), dialect(shell))
