"""What a label in `runs-on` stands for: machines of GitHub, of a vendor, of one's own.

core/update/runners.py writes the table.
"""

from __future__ import annotations

import re
from functools import lru_cache

from steplock.annotations import Literal
from steplock.named import NamedTuple
from steplock.tables import load, look_up
from steplock.tables.rows import typed

_SYSTEMS = (
    ("ubuntu", "linux"),
    ("linux", "linux"),
    ("debian", "linux"),
    ("windows", "windows"),
    ("macos", "macos"),
)


class Runner(NamedTuple):
    """The machine behind a label."""

    label: str
    host: Literal["github", "larger", "self-hosted", "vendor"]
    """`larger`: a machine of GitHub by habit, but the organisation chose the name, and another may have it too."""
    status: str = "current"
    """`current`, `preview`, `deprecated`, `retired`, `never` (no such label), `ended` (a vendor's), `default` and
    `custom` (labels of self-hosted runners)."""
    image: str = ""
    vendor: str = ""
    runs_in: str = ""
    """Whose machines a vendor uses: its own, or the user's cloud."""
    deprecated: str = ""
    retires: str = ""
    """The day from which no job runs any more, `2027-04-17`; `2022` where only the year is known."""
    note: str = ""
    source: str = ""
    sure: bool = False
    """Whether it was read where `source` says; dates of old labels are from memory."""


@lru_cache(maxsize=1024)
def of(label: str) -> Runner | None:
    """The runner behind a label, which ignores case; None for one that somebody made up."""
    label = label.strip().lower()
    row = look_up("runners", label, "labels")
    if row is not None:
        return typed(Runner, row)
    for pattern, row in load("runners")["patterns"]:
        if re.search(pattern, label, re.ASCII):
            return typed(Runner, {**row, "label": label})
    return None


def hosted(label: str) -> bool | None:
    """Whether the label asks for a fresh machine of GitHub: True; a vendor's or one's own: False.

    None where the label does not tell: it is unknown, never was GitHub's, or names larger runners, as others may too.
    """
    runner = of(label)
    if runner is None or runner.host == "larger" or runner.status == "never":
        return None
    return runner.host == "github"


def retired(label: str, day: str) -> bool:
    """Whether jobs with this label of GitHub do not run (any more) on a day, `2026-11-21`."""
    runner = of(label)
    if runner is None or runner.host != "github":
        return False
    return runner.status == "never" or (bool(runner.retires) and runner.retires <= day)


def system(label: str) -> str:
    """`linux`, `windows` or `macos` where the label says so, else empty; it decides the default shell."""
    label = label.strip().lower()
    return next((system for part, system in _SYSTEMS if part in label), "")


def labels() -> tuple[str, ...]:
    """The labels of GitHub that jobs can use today, to complete with."""
    rows = load("runners")["labels"].items()
    current = {"current", "preview", "deprecated"}
    return tuple(
        label for label, row in rows if row["host"] == "github" and row.get("status") in current
    )
