"""Rewrite the table of changed behaviour, `core/steplock/tables/releases.json`.

    python core/update/releases.py release_dates.jsonl

A fact names a release of an action, or a day on which the platform itself changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from steplock import version
from update import facts

FIELDS = """action version topic change commit complete confidence note platform has_guard last_without floating_tags
covers refuses only_when does_not_cover"""

# The names by which rules ask for a day of the platform: topic and day of the fact.
PLATFORM: Mapping[tuple[str, str], str] = {
    ("cache", "2026-06-26"): "read-only-caches",
    ("cache", "2026-09-10"): "cache-mode",
    ("checkout", "2026-07-16"): "checkout-guard",
    ("lockfile", "2026-10-14"): "lock-file",
    ("node20", "2026-06-16"): "node20-forced",
    ("node20", "2026-09-16"): "node20-removed",
    ("pinning", "2025-08"): "pinning-policy",
    ("policy", "2026-09-17"): "execution-protections",
    ("policy", "2026-11-02"): "pull-request-target-stopped",
    ("pull_request_target", "2021-02-19"): "pull-request-target",
    ("pull_request_target", "2025-12-08"): "pull-request-target-default-branch",
    ("token", "2023-02-02"): "read-only-token",
}
# No release of its own: several at once, a branch, a day only.
NO_RELEASE = {"v1-v3", "main", "(v1 line)"}
RANGE = re.compile(r">=(?P<introduced>[\d.]+)(?: <(?P<fixed>\d+))?")


def main() -> None:
    [path] = facts.given("release_dates.jsonl")
    rows = facts.read(path, FIELDS)
    actions: defaultdict[str, list[facts.Row]] = defaultdict(list)
    for row in rows:
        if "version" in row and row["version"] not in NO_RELEASE:
            actions[facts.action(row["action"])].append(_change(row))
    for changes in actions.values():
        changes.sort(key=lambda change: _version(change["version"]))
    [guard] = [row for row in rows if "has_guard" in row]
    table = {
        "actions": actions,
        "guard": {
            "covers": guard["covers"],
            "ranges": [list(_range(text)) for text in guard["has_guard"]],
            "refuses": guard["refuses"],
            "spares": guard["does_not_cover"],
            "incomplete": sorted(row["version"] for row in rows if row.get("complete") is False),
        },
        "platform": {
            PLATFORM[row["topic"], row["date"]]: _change(row) for row in rows if row.get("platform")
        },
    }
    facts.write(
        "releases",
        table,
        source="manifests and tags of the actions, GitHub's changelog; one row, one source",
        day=facts.newest(rows),
        sections=True,
    )


def _change(row: facts.Row) -> facts.Row:
    return facts.lean(
        {
            "version": row.get("version"),
            "date": row["date"],
            "topic": row["topic"],
            "change": row["change"],
            "note": row.get("note"),
            "source": row["source"],
            "sure": facts.sure(row),
        }
    )


def _range(text: str) -> tuple[str, str]:
    found = RANGE.fullmatch(text)
    if found is None:
        raise SystemExit(f"not a range: {text!r}")
    return found["introduced"], found["fixed"] or ""


def _version(tag: str) -> version.Version:
    parsed = version.parse(tag)
    if parsed is None:
        raise SystemExit(f"not a version: {tag!r}")
    return parsed


if __name__ == "__main__":
    main()
