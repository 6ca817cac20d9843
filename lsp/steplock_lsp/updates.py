"""Newer releases of what a file names, from the table of pins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from steplock.pinning import Pinnable, Target, known_updates, pin_edits
from steplock.text import Edit, Span
from steplock_lsp.check import Checked
from steplock_lsp.outline import all_pinnable


class Update(NamedTuple):
    title: str
    edits: tuple[Edit, ...]


class _Ways(NamedTuple):
    """The updates of one place, each with its edits."""

    within: tuple[Target, tuple[Edit, ...]] | None
    """To the newest release of the same major version."""
    newest: tuple[Target, tuple[Edit, ...]] | None
    """To the newest of all, where that is another."""


def touched(checked: Checked, span: Span) -> tuple[Pinnable, ...]:
    """The references on the lines of a range, each place once, though aliases repeat it."""
    lines = checked.lines
    first, last = lines.line(span.start), lines.line(span.end)
    found: dict[Span, Pinnable] = {}
    for file in checked.files:
        for place, scalar in all_pinnable(file):
            start, end = lines.line(scalar.span.start), lines.line(scalar.span.end)
            if start <= last and end >= first:
                found.setdefault(scalar.span, place)
    return tuple(found.values())


def updates(places: Iterable[Pinnable]) -> Iterator[Update]:
    """What can be updated: one place to this and that release, or several at once."""
    ways = [way for way in map(_ways, places) if way.within or way.newest]
    if len(ways) == 1:
        [(within, newest)] = ways
        if within:
            yield Update(f"Update to {_name(within[0])}", within[1])
        if newest:
            yield Update(f"Update to {_name(newest[0], ' (major)')}", newest[1])
        return
    inside = [way.within for way in ways if way.within]
    if inside:
        yield _all(inside, "within their major versions")
    if any(way.newest for way in ways):
        best = [one for way in ways if (one := way.newest or way.within)]
        yield _all(best, "to their newest releases (major)")


def _ways(place: Pinnable) -> _Ways:
    within = newest = None
    for target, major in known_updates(place):
        edits = pin_edits(place, target)
        if edits and major:
            newest = target, edits
        elif edits:
            within = target, edits
    return _Ways(within, newest)


def _name(target: Target, major: str = "") -> str:
    return f"{target.version}{major}, as of {target.since}"


def _all(chosen: list[tuple[Target, tuple[Edit, ...]]], how: str) -> Update:
    since = min(target.since for target, _ in chosen)
    what = "reference" if len(chosen) == 1 else "references"
    edits = tuple(edit for _, edits in chosen for edit in edits)
    return Update(f"Update {len(chosen)} {what} {how}, as of {since}", edits)
