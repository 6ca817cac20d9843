"""Rewrite the table of runner labels, `core/steplock/tables/runners.json`.

python core/update/runners.py runners.jsonl
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from update import facts

FIELDS = """label regex key host status image deprecated retires retired runs_in vendor confidence note"""

HOSTS: Mapping[str, str] = {
    "GitHub": "github",
    "self-hosted": "self-hosted",
    "third party": "vendor",
}
STATUS: Mapping[str, str] = {
    "current": "current",
    "preview": "preview",
    "deprecated": "deprecated",
    "retired": "retired",
    "default label": "default",
    "custom by habit": "custom",
    "never existed or never hosted": "never",
    "ended": "ended",
}
# Machines of GitHub under names that anybody may give to others.
LARGER = re.compile(r"larger runner|project-named", re.IGNORECASE)


def main() -> None:
    [path] = facts.given("runners.jsonl")
    rows = facts.read(path, FIELDS)
    table = {
        "labels": {row["label"].lower(): _runner(row) for row in rows if "label" in row},
        "patterns": sorted(
            ([_checked(row["regex"]), _runner(row)] for row in rows if "regex" in row),
            key=lambda pattern: str(pattern[0]),
        ),
    }
    facts.write(
        "runners",
        table,
        source="docs.github.com, GitHub's changelog, rhysd/actionlint (MIT), documentation of the vendors",
        day=facts.newest(rows),
        sections=True,
    )


def _runner(row: facts.Row) -> facts.Row:
    status = row.get("status", "")
    larger = bool(LARGER.search(status) or LARGER.search(row.get("vendor", "")))
    ended = "shut down" in status
    return facts.lean(
        {
            "label": row.get("label", ""),
            "host": "larger" if larger else HOSTS[row["host"]],
            "status": "current" if larger or not status else "ended" if ended else STATUS[status],
            "image": row.get("image", ""),
            "vendor": "" if larger else row.get("vendor", ""),
            "runs_in": row.get("runs_in", ""),
            "deprecated": row.get("deprecated", ""),
            "retires": row.get("retires") or row.get("retired", ""),
            "note": "; ".join(filter(None, (status if ended else "", row.get("note", "")))),
            "source": row["source"],
            "sure": facts.sure(row),
        }
    )


def _checked(pattern: str) -> str:
    re.compile(pattern, re.ASCII)
    return pattern


if __name__ == "__main__":
    main()
