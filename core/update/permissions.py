"""Rewrite the table of permissions that actions need, `core/steplock/tables/permissions.json`.

    python core/update/permissions.py permissions.jsonl actions.jsonl

The facts are from each action's README, manifest and source. The second file has the manifests: the defaults of the
inputs that the facts ask about.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from update import facts
from update.scopes import SCOPES

FIELDS = """repo path token_input token_default token_env needs needs_nothing at note needs_pat dynamic"""
NEED = {
    "scope",
    "level",
    "when",
    "reason",
    "confidence",
    "source",
    "optional",
    "or",
    "public_ok",
    "degrades",
}
LEVELS = {"read", "write"}
CONFIDENCE = {"documented", "source", "inferred"}
DYNAMIC = {"agent", "octokit", "rest"}


def main() -> None:
    path, manifests = facts.given("permissions.jsonl", "actions.jsonl")
    rows = facts.read(path, FIELDS)
    defaults = _defaults(manifests)
    table = {_name(row): _record(row, defaults.get(_name(row), {})) for row in rows}
    if len(table) != len(rows):
        raise SystemExit("an action has two facts")
    facts.write(
        "permissions",
        table,
        source="READMEs, manifests and sources of the actions; one row, one source and day",
        day=max(row["date"] for row in rows),
    )


def _name(row: facts.Row) -> str:
    return facts.action(f"{row['repo']}/{row['path']}".rstrip("/"))


def _record(row: facts.Row, defaults: dict[str, str]) -> facts.Row:
    needs = [_need(need, row["source"]) for need in row["needs"]]
    asked = {name for need in row["needs"] for name in _inputs(need.get("when"))}
    dynamic = row.get("dynamic") or {}
    if dynamic and dynamic["kind"] not in DYNAMIC:
        raise SystemExit(f"nobody judged {dynamic}")
    return facts.lean(
        {
            "needs": needs,
            "token": row["token_input"],
            "token_default": row["token_default"],
            "token_env": row["token_env"],
            "defaults": {k: v for k, v in defaults.items() if k in asked},
            "dynamic": dynamic.get("kind"),
            "dynamic_input": dynamic.get("input"),
            "beyond": row.get("needs_pat"),
            "note": (row.get("note") or "").replace(
                "gh_cli_permissions.jsonl", "`steplock.tables.apis`"
            ),
            "source": row["source"],
            "date": row["date"],
        }
    )


def _need(need: facts.Row, source: str) -> facts.Row:
    if strange := need.keys() - NEED:
        raise SystemExit(f"nobody judged {sorted(strange)} of {need}")
    for scope in (need, need.get("or") or need):
        if scope["scope"] not in SCOPES or scope["level"] not in LEVELS:
            raise SystemExit(f"no such permission: {scope}")
    if need["confidence"] not in CONFIDENCE:
        raise SystemExit(f"nobody judged {need['confidence']!r}")
    other = need.get("or") or {}
    return facts.lean(
        {
            **{
                key: need.get(key)
                for key in ("scope", "level", "when", "reason", "optional", "degrades")
            },
            "instead": [other["scope"], other["level"]] if other else [],
            "confidence": "" if need["confidence"] == "documented" else need["confidence"],
            "public": {True: "yes", "likely": "likely"}.get(need.get("public_ok", False), ""),
            "source": "" if need.get("source") == source else need.get("source"),
        }
    )


def _inputs(when: Any) -> Iterator[str]:
    """The inputs that a condition asks about."""
    match when:
        case {"input": name}:
            yield name
        case {"not": inner}:
            yield from _inputs(inner)
        case {"any": parts} | {"all": parts}:
            for part in parts:
                yield from _inputs(part)


def _defaults(path: Path) -> dict[str, dict[str, str]]:
    """The defaults of the inputs of each action, at the head of its repository."""
    found: dict[str, dict[str, str]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        for manifest in row["actions"]:
            if manifest["at"] == "HEAD":
                name = f"{row['repo']}/{manifest.get('path', '')}".rstrip("/").lower()
                inputs = manifest.get("inputs", {}).items()
                found[name] = {
                    k: str(v["default"]) for k, v in inputs if v["default"] not in (None, "")
                }
    return found


if __name__ == "__main__":
    main()
