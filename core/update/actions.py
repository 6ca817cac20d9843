"""Rewrite the tables of manifests, `core/steplock/tables/actions.json` and `inputs.json`.

    python core/update/actions.py actions.jsonl

A line holds a repository and the manifests in it, at the head and at the newest release of the last major versions.
Actions that a repository keeps for itself are left out.
"""

from __future__ import annotations

import json
import re
from typing import Any

from steplock import version
from update import facts

FIELDS = "repo head head_date default_branch tags actions"
MANIFEST = {
    "at", "using", "inputs", "outputs", "path", "token_default", "run_steps", "uses", "post", "image", "file", "from",
    "internal", "pre",
}  # fmt: skip
USING = re.compile(r"node\d+|composite|docker")
SOURCE = "the actions' own repositories, each read on the day in its row"


def main() -> None:
    [path] = facts.given("actions.jsonl")
    rows = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if strange := row.keys() - set(FIELDS.split()):
            raise SystemExit(f"nobody judged {sorted(strange)}")
        rows.append(row)
    actions: dict[str, facts.Row] = {}
    inputs: dict[str, facts.Row] = {}
    for row in rows:
        for manifest in row["actions"]:
            if manifest.get("internal"):
                continue
            name = f"{row['repo']}/{manifest.get('path', '')}".rstrip("/")
            action = actions.setdefault(facts.action(name), {"date": row["head_date"], "at": {}})
            action["at"][manifest["at"]] = _manifest(name, manifest)
            if manifest["at"] == "HEAD":
                inputs[facts.action(name)] = _interface(manifest)
    day = max(row["head_date"] for row in rows)
    facts.write("actions", actions, source=SOURCE, day=day)
    facts.write("inputs", inputs, source=SOURCE, day=day)


def _manifest(name: str, manifest: dict[str, Any]) -> list[Any]:
    """What runs the action, and what it calls or builds on; short, for there are many."""
    if strange := manifest.keys() - MANIFEST:
        raise SystemExit(f"nobody judged {sorted(strange)} of {name}")
    if not USING.fullmatch(manifest["using"]):
        raise SystemExit(f"nobody judged {manifest['using']!r} of {name}")
    if manifest["at"] != "HEAD" and version.parse(manifest["at"]) is None:
        raise SystemExit(f"{name}: not a version: {manifest['at']}")
    images = [manifest["image"], *manifest.get("from", ())] if "image" in manifest else []
    parts = [manifest["using"], manifest.get("uses", []), images]
    while not parts[-1]:
        parts.pop()
    return parts


def _interface(manifest: dict[str, Any]) -> facts.Row:
    inputs = manifest.get("inputs", {})
    return facts.lean(
        {
            "inputs": {name: _default(given["default"]) for name, given in inputs.items()},
            "required": [name for name, given in inputs.items() if given["required"]],
            "outputs": sorted(manifest.get("outputs", ())),
        }
    )


def _default(value: object) -> object:
    """The default to show; a folder of the machine it was made for says nothing."""
    return None if isinstance(value, str) and value.startswith("/tmp/") else value


if __name__ == "__main__":
    main()
