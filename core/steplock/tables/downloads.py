"""What an action still fetches when it runs, though it is pinned to a commit itself.

core/update/downloads.py writes the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from steplock.annotations import Any
from steplock.named import NamedTuple
from steplock.tables import look_up
from steplock.tables.conditions import ANY, EXPRESSION, Situation, written
from steplock.tables.ranges import within
from steplock.tables.rows import typed

_VERSION = r"[vV]?\d+(?:\.\d+){2,}(?:[-+.][\w.+-]*)?"
_FORMS: Mapping[str, str] = {
    "": rf"{_VERSION}|[0-9a-f]{{40}}",
    "image": r".*@sha256:[0-9a-f]{64}",
    "path": r".+",
    "tools": rf"[^,\s@]+@{_VERSION}(?:[,\s]+[^,\s@]+@{_VERSION})*",
    "url": r"(?=.*\d+\.\d+\.\d+|.*[0-9a-f]{40}).+",
}


class Download(NamedTuple):
    """What one action downloads, in one stretch of its releases."""

    action: str
    kind: str
    """`floating` (the newest), `range` (of versions, or a channel), `remote-script` (run from a moving address),
    `fixed` (a version that the action names), `fixed-tag` and `fixed-digest` (an image), `embedded` (version and
    hash are in the action)."""
    verifies: str
    """Whether it checks what it fetched: `always`, `known-versions`, `user-supplied`, `never`, `unknown`."""
    mutable: bool = False
    """Whether it fetches something that moves, unless an input says otherwise."""
    input: str = ""
    """The input that pins the version; `env:NAME` is a variable of the step."""
    example: str = ""
    """The form of an exact value, not a recommendation."""
    form: str = ""
    """`image`, `path`, `tools` or `url` where an exact value is no version."""
    also: tuple[str, ...] = ()
    """Inputs that have to be given too."""
    instead: tuple[str, ...] = ()
    """Inputs any of which pins as well."""
    still: tuple[str, ...] = ()
    """Values that are looked up in the pinned action itself, however they read; `*` is any."""
    from_file: str = ""
    """The files of the project that name the version when the input is missing."""
    checksum: str = ""
    """The input that takes a hash of what is fetched."""
    hashes: str = ""
    """Where the hashes come from that it checks. Those of the same release do not catch a replaced release."""
    evidence: str = ""
    note: str = ""
    commit: str = ""
    date: str = ""


def known(action: str) -> bool:
    """Whether it is known what `owner/repo[/path]` downloads, at some version."""
    return look_up("downloads", action.lower()) is not None


@lru_cache(maxsize=1024)
def of(action: str, version: str = "") -> Download | None:
    """What `owner/repo[/path]` downloads at a version, by default the newest that was read.

    None if that is not known. A tag that names a line of releases stands for the newest of them.
    """
    row: dict[str, Any] | None = look_up("downloads", action.lower())
    if row is None:
        return None
    row = dict(row)
    for release in row.pop("releases", ()) if version else ():
        change = dict(release)
        if within(version, fixed=change.pop("below", "")):
            if change.pop("unknown", False):
                return None
            row |= change
            break
    row.pop("releases", None)
    return typed(Download, row)


def moves(action: str, step: Situation = ANY) -> bool | None:
    """Whether a step with this action fetches something that can change under the same commit.

    None where an expression or a file of the project decides; False where nothing is known.
    """
    download = of(action, step.version)
    if download is None:
        return False
    if not download.input:
        return download.mutable
    if any(_value(step, name) for name in download.instead):
        return False
    answers = [_moves(download, _value(step, name)) for name in (download.input, *download.also)]
    return True if True in answers else None if None in answers else False


def exact(download: Download, value: str) -> bool:
    """Whether a value of `download.input` names one version for good: no range, channel or `latest`."""
    return _form(download.form).fullmatch(value.strip()) is not None


def selects(action: str, input: str) -> bool:
    """Whether this input of the action chooses which version of a tool it fetches."""
    download = of(action)
    names = (download.input, *download.also, *download.instead) if download else ()
    return input.lower() in (name.lower() for name in names)


def _moves(download: Download, value: str) -> bool | None:
    if not value:
        return None if download.mutable and download.from_file else download.mutable
    if EXPRESSION in value:
        return None
    if value.lower() in download.still or "*" in download.still:
        return False
    return not exact(download, value)


def _value(step: Situation, name: str) -> str:
    if name.startswith("env:"):
        return step.env.get(name.removeprefix("env:"), "").strip()
    return (written(step.inputs, name) or "").strip()


@cache
def _form(form: str) -> re.Pattern[str]:
    return re.compile(_FORMS[form], re.ASCII | re.DOTALL)
