"""Advisories on actions: which releases are vulnerable, which were taken over.

core/update/advisories.py writes the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from steplock.annotations import Any, Literal
from steplock.named import NamedTuple
from steplock.tables import look_up
from steplock.tables.conditions import ANY, Situation, holds
from steplock.tables.ranges import within
from steplock.tables.rows import typed

_EMPTY: Mapping[str, Any] = {}
_ECOSYSTEM = "GitHub Actions"


class Range(NamedTuple):
    """Releases from `introduced` to before `fixed`, or up to `last`; empty is open."""

    introduced: str = ""
    fixed: str = ""
    last: str = ""


class Advisory(NamedTuple):
    """One advisory on one action."""

    id: str
    """`GHSA-...`; its page is https://github.com/advisories/ID."""
    package: str
    """`owner/repo`, or one action or reusable workflow in it; in lower case."""
    kind: Literal["vulnerability", "compromise"] = "vulnerability"
    severity: str = ""
    """`low`, `moderate`, `high` or `critical`."""
    summary: str = ""
    ranges: tuple[Range, ...] = ()
    commits: tuple[str, ...] = ()
    """The malicious commits of a compromise, at least seven digits of each."""
    window: str = ""
    """When it lasted, `2025-03-11T18:42Z/2025-03-11T20:31Z`."""
    only: Mapping[str, Any] = _EMPTY
    """The steps that are affected, if not all; see `steplock.tables.conditions`."""
    cve: str = ""
    published: str = ""
    note: str = ""

    @property
    def url(self) -> str:
        return f"https://github.com/advisories/{self.id}"

    @property
    def fixed(self) -> tuple[str, ...]:
        """The releases that repair it, one for each line of releases."""
        return tuple(r.fixed for r in self.ranges if r.fixed)


@lru_cache(maxsize=1024)
def of(package: str) -> tuple[Advisory, ...]:
    """The advisories filed under exactly this `owner/repo[/path]`, the oldest first."""
    package = package.lower()
    return tuple(
        typed(
            Advisory, {**row, "ranges": [Range(*r) for r in row.get("ranges", ())]}, package=package
        )
        for row in (look_up("advisories", package) or ())
    )


def affecting(
    action: str,
    version: str | None,
    *,
    commit: str = "",
    step: Situation = ANY,
    more: Iterable[Advisory] = (),
) -> tuple[Advisory, ...]:
    """The advisories that concern an action as it is used here, each once.

    action: `owner/repo[/path]`; advisories on the repository concern all that is in it.
    version: its tag, or the one that its commit stands for; a tag of a line of releases (`v4`) stands for
        the newest of them. None or a branch: nothing is known to concern it.
    commit: where it is pinned to one. Of a compromise, which moved tags, it is hit only if it is the
        malicious commit itself.
    more: advisories read from elsewhere, with `from_osv`.
    """
    action = action.lower()
    slug = "/".join(action.split("/")[:2])
    candidates = [*of(slug), *(of(action) if action != slug else ())]
    candidates += [advisory for advisory in more if advisory.package in (action, slug)]
    found: dict[str, Advisory] = {}
    for advisory in candidates:
        if (
            _concerns(advisory, version or "", commit.lower())
            and holds(advisory.only, step) is not False
        ):
            found.setdefault(advisory.id, advisory)
    return tuple(found.values())


def from_osv(record: Mapping[str, Any]) -> tuple[Advisory, ...]:
    """The advisories in a record of the OSV schema (1.x); none if it is on no action, or withdrawn."""
    found = []
    details = record.get("database_specific") or {}
    for affected in () if record.get("withdrawn") else record.get("affected") or ():
        package = affected.get("package") or {}
        if package.get("ecosystem") != _ECOSYSTEM:
            continue
        found.append(
            Advisory(
                id=str(record.get("id", "")),
                package=str(package.get("name", "")).removeprefix("https://github.com/").lower(),
                kind="compromise"
                if str(record.get("id", "")).startswith("MAL-")
                else "vulnerability",
                severity=str(details.get("severity", "")).lower(),
                summary=str(record.get("summary", "")),
                ranges=tuple(_ranges(affected.get("ranges") or ())),
                cve=next((a for a in record.get("aliases") or () if a.startswith("CVE-")), ""),
                published=str(record.get("published", ""))[:10],
            )
        )
    return tuple(found)


def _ranges(ranges: Iterable[Mapping[str, Any]]) -> Iterable[Range]:
    for events in (r.get("events") or () for r in ranges):
        first: str | None = None
        for event in events:
            if "introduced" in event:
                first = "" if event["introduced"] == "0" else event["introduced"]
            elif first is not None and ("fixed" in event or "last_affected" in event):
                yield Range(first, event.get("fixed", ""), event.get("last_affected", ""))
                first = None
        if first is not None:
            yield Range(first)


def _concerns(advisory: Advisory, version: str, commit: str) -> bool:
    if commit and any(commit.startswith(bad) for bad in advisory.commits):
        return True
    if commit and advisory.kind == "compromise":
        return False
    return any(within(version, *r) for r in advisory.ranges)
