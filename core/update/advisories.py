"""Rewrite the table of advisories on actions, `core/steplock/tables/advisories.json`.

    python core/update/advisories.py advisories.jsonl

The facts are records of GitHub's advisory database, told in our own words. Only those on something that a workflow
calls are kept (`vulnerability`, `compromise`), not those on a project's own workflows. Corrections stand here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from steplock import version
from update import facts

FIELDS = """ghsa cve package ranges severity cvss cvss_base published modified kind summary url note window compromised
versions workflow also_affected safe_commit related_input"""

# A range without end, which the record itself says is about 2.x.
ENDS = {("GHSA-vqf5-2xx6-9wfm", "2.26.11"): "3.0.0"}
# Only steps with these inputs are affected.
ONLY: Mapping[str, Mapping[str, Any]] = {
    "GHSA-v53h-f6m7-xcgm": {"input": "use_pyproject", "equals": "true"},
    "GHSA-5wxr-w449-57cm": {"input": "tools", "contains": "composer:"},
}


def main() -> None:
    [path] = facts.given("advisories.jsonl")
    rows = facts.read(path, FIELDS)
    table: defaultdict[str, list[facts.Row]] = defaultdict(list)
    for row in rows:
        if row["kind"] in ("vulnerability", "compromise"):
            table[_package(row)].append(_advisory(row))
    for advisories in table.values():
        advisories.sort(key=lambda advisory: (advisory["published"], advisory["id"]))
    facts.write(
        "advisories",
        table,
        source="GitHub Advisory Database (github.com/advisories), CC-BY-4.0; summaries in our own words",
        licence="CC-BY-4.0",
        day=facts.newest(rows),
    )


def _package(row: facts.Row) -> str:
    name = row["package"].removeprefix("https://github.com/")
    return facts.action(f"{name}/{row['workflow']}" if "workflow" in row else name)


def _advisory(row: facts.Row) -> facts.Row:
    ranges = []
    for r in row["ranges"]:
        first, fixed, last = (r.get(key, "") for key in ("introduced", "fixed", "last_affected"))
        fixed = fixed or ENDS.get((row["ghsa"], first), "")
        if any(version.parse(bound) is None for bound in (first, fixed, last) if bound):
            raise SystemExit(f"{row['ghsa']}: not a range of versions: {r}")
        ranges.append(["" if first == "0" else first, fixed, last])
    return facts.lean(
        {
            "id": row["ghsa"],
            "cve": row["cve"],
            "kind": row["kind"],
            "severity": row["severity"],
            "summary": row["summary"],
            "ranges": sorted(ranges),
            "commits": [row["compromised"]["commit"]] if "compromised" in row else [],
            "window": row.get("window"),
            "only": ONLY.get(row["ghsa"]),
            "published": row["published"],
            "note": row.get("note"),
        }
    )


if __name__ == "__main__":
    main()
