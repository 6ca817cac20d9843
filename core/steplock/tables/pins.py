"""Which commit the tags of well-known actions stood for, and when that was read.

The table (`pins.txt` beside this file) is text, so that a review sees what an update
changes. Repositories are sorted by name: one is found by bisection, the rest stays unread.

    :actions/checkout 2026-07-20 v5.1.0 v4.4.0
    34e114876b0b11c390a56381ad16ebd13914f8d5 v4.3.1
    11d5960a326750d5838078e36cf38b85af677262 v4.4.0 v4

The first line gives the name as it is spelled, the day up to which it is known, and the
newest version of each major version; the others a commit and its tags, the most precise
first. What is missing is unknown, not wrong. `core/update/pins.py` writes the table.
"""

from __future__ import annotations

import mmap
import os.path
from collections.abc import Mapping
from functools import cache, lru_cache

from steplock import version
from steplock.named import NamedTuple

_TABLE = os.path.join(os.path.dirname(__file__), "pins.txt")
_MARK = b"\n:"


class Pin(NamedTuple):
    """A tag of an action and the 40 hex digits of the commit it stood for."""

    repo: str
    tag: str
    commit: str


class _Record(NamedTuple):
    repo: str
    date: str
    newest: tuple[str, ...]
    lines: str
    """As in the table, a newline before and after each."""


@cache
def names() -> tuple[str, ...]:
    """Every repository of the table as its owner spells it, sorted in lower case."""
    with open(_TABLE, encoding="ascii") as table:
        return tuple(line[1:].split(" ", 1)[0] for line in table if line.startswith(":"))


def known(repo: str) -> bool:
    """Whether the table has the repository `owner/name`, in any case of letters."""
    return _record(repo.lower()) is not None


def canonical(repo: str) -> str | None:
    """The name as its owner spells it."""
    record = _record(repo.lower())
    return record.repo if record else None


def date(repo: str) -> str | None:
    """The day (`2026-07-20`) up to which the repository is known; later tags are missing."""
    record = _record(repo.lower())
    return record.date if record else None


@lru_cache(maxsize=1024)
def commit(repo: str, tag: str) -> str | None:
    """The commit that `tag` stood for, annotated tags peeled; None where it is unknown."""
    record = _record(repo.lower())
    return _commit(record, tag) if record else None


@lru_cache(maxsize=1024)
def tags(repo: str, commit: str) -> tuple[str, ...]:
    """The tags that stood for exactly this commit, the most precise first."""
    record = _record(repo.lower())
    return _tags(record, commit) if record else ()


@lru_cache(maxsize=32)
def all_tags(repo: str) -> Mapping[str, str]:
    """Every tag that is known, and the commit it stood for; reads more than the others."""
    record = _record(repo.lower())
    lines = record.lines.split("\n") if record else ()
    found = (line.split(" ") for line in lines if line)
    return {tag: commit for commit, *tags in found for tag in tags}


@lru_cache(maxsize=1024)
def exact(repo: str, tag: str) -> Pin | None:
    """The full version that `tag` stood for, `v4.4.0` for `v4`; else the tag itself."""
    record = _record(repo.lower())
    if record is None or (commit := _commit(record, tag)) is None:
        return None
    return Pin(record.repo, version.exact(tag, _tags(record, commit)), commit)


def newest(repo: str, major: int | None = None) -> Pin | None:
    """The newest stable version, of one major version where it is given."""
    record = _record(repo.lower())
    if record is None:
        return None
    found = version.newest(record.newest, () if major is None else (major,))
    commit = _commit(record, found.tag) if found else None
    return Pin(record.repo, found.tag, commit) if found and commit else None


def _commit(record: _Record, tag: str) -> str | None:
    if tag.split() != [tag]:
        return None
    lines = record.lines
    at = max(lines.find(f" {tag} "), lines.find(f" {tag}\n"))
    if at < 0:
        return None
    start = lines.rfind("\n", 0, at) + 1
    return lines[start : start + 40]


def _tags(record: _Record, commit: str) -> tuple[str, ...]:
    if len(commit) != 40:
        return ()
    _, _, rest = record.lines.partition(f"\n{commit.lower()} ")
    return tuple(rest.partition("\n")[0].split())


@lru_cache(maxsize=256)
def _record(repo: str) -> _Record | None:
    with (
        open(_TABLE, "rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as table,
    ):
        block = _block(table, repo.encode("utf-8", "replace"))
    if block is None:
        return None
    header, newline, lines = block.decode("ascii").partition("\n")
    name, date, *newest = header.split(" ")
    return _Record(name, date, tuple(newest), newline + lines)


def _block(table: mmap.mmap, repo: bytes) -> bytes | None:
    """The record of a repository without its mark; the names are sorted in lower case."""
    low, high = 0, len(table)
    while low < high:
        middle = (low + high) // 2
        # A mark that begins just before `high` ends behind it.
        start = table.find(_MARK, middle, high + 1)
        if start < 0:
            high = middle
            continue
        start += len(_MARK)
        name = table[start : table.find(b" ", start)].lower()
        if name == repo:
            end = table.find(_MARK, start)
            return table[start : end + 1 if end >= 0 else len(table)]
        low, high = (start, high) if name < repo else (low, middle)
    return None
