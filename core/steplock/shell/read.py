"""Pick the reader of a dialect; each is imported when the first script needs it."""

from __future__ import annotations

from steplock.shell.source import Source
from steplock.shell.tree import Dialect, Script


def read(source: Source, dialect: Dialect, inside: tuple[str, ...] = ()) -> Script:
    """Read a script that stands `inside` of others."""
    match dialect:
        case "posix":
            from steplock.shell.bash import read_bash

            return read_bash(source, inside)
        case "powershell":
            from steplock.shell.powershell import read_powershell

            return read_powershell(source, inside)
        case "cmd":
            from steplock.shell.cmd import read_cmd

            return read_cmd(source, inside)
        case "python":
            from steplock.shell.python import read_python

            return read_python(source, inside)
        case _:
            return Script(fences=tuple(source.span(*fence) for fence in source.unknown.items()))
