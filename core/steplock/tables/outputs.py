"""Which outputs of steps carry text that somebody outside wrote.

core/update/outputs.py writes the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache, lru_cache

from steplock.annotations import Any, Literal
from steplock.named import NamedTuple
from steplock.tables import load, look_up
from steplock.tables.conditions import ANY, Situation, holds, written
from steplock.tables.ranges import at_least
from steplock.tables.rows import typed

_EMPTY: Mapping[str, Any] = {}


class Output(NamedTuple):
    """One output of an action, or what a command prints."""

    name: str
    """`*` stands for any name, or a part of one; `stdout` for what is printed."""
    control: Literal["free", "constrained"]
    """Whether it can hold any text, or only numbers, hashes, names and words of the workflow's own."""
    text: str = ""
    """Whose text it is, for people: `file names`, `issue body`, `model text`."""
    escaped: str = ""
    """The release since which what the shell acts on is escaped, unless `safe_output: false`."""
    quoted: Mapping[str, Any] = _EMPTY
    """When it is quoted for sh, to be pasted where no other quotes stand; see `steplock.tables.conditions`."""
    channel: str = ""
    """`env`: it sets a variable for the later steps instead; `env and output`: both."""
    when: Mapping[str, Any] = _EMPTY
    """When it is free at all; see `steplock.tables.conditions`."""
    only_when: str = ""
    """The same, for people."""
    carries: tuple[str, ...] = ()
    """The inputs whose text it holds, or a part of it."""
    matches: bool = False
    """Whether it holds of them what the regular expression in its inputs matches."""
    note: str = ""
    pattern: str = ""
    source: str = ""
    sure: bool = False
    """Whether it was read where `source` says, not taken from a README or from memory."""


@lru_cache(maxsize=1024)
def of(action: str) -> tuple[Output, ...]:
    """The outputs of an action that are known."""
    return tuple(
        typed(Output, row) for row in (look_up("outputs", action.lower(), "actions") or ())
    )


def find(action: str, name: str) -> Output | None:
    """An output of an action by name, which ignores case; None if nothing is known of it."""
    name = name.lower()
    return next((o for o in of(action) if fnmatchcase(name, o.name.lower())), None)


def is_free(action: str, name: str, step: Situation = ANY) -> bool | None:
    """Whether an output can hold any text an outsider wrote, unescaped.

    None if nothing is known of it, or it depends on what the file does not show.
    """
    output = find(action, name)
    if output is None:
        return None
    if output.control != "free":
        return False
    if not output.escaped:
        return holds(output.when, step)
    asked = (written(step.inputs, "safe_output") or "true").strip().lower()
    return asked == "false" or at_least(step.version, output.escaped) is False


def variables(action: str) -> tuple[Output, ...]:
    """The variables with an outsider's text that the action sets for the steps after it."""
    return tuple(o for o in of(action) if o.channel.startswith("env") and o.control == "free")


def printed(script: str) -> tuple[Output, ...]:
    """The commands in a script that print what an outsider wrote: titles, branches, file names, messages."""
    rows = load("outputs")["scripts"]
    return tuple(typed(Output, row) for row in rows if _compiled(row["pattern"]).search(script))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
