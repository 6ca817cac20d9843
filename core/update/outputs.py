"""Rewrite the table of outputs that carry an attacker's text, `core/steplock/tables/outputs.json`.

python core/update/outputs.py outputs.jsonl
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from update import facts

FIELDS = """uses run_regex output control text safe_when unsafe_inputs confidence note channel only_when also"""

# Since which release an output has letters escaped that the shell acts on, unless `safe_output` is false.
ESCAPED: Mapping[str, str] = {
    "step-security/changed-files": "v41.0.0",
    "tj-actions/changed-files": "v41.0.0",
    "tj-actions/verify-changed-files": "v17.0.0",
}
# When the text is free at all, as `only_when` in the facts says to people.
WHEN: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("actions/checkout", "ref"): {"fact": "the input ref was free"},
    ("actions/github-script", "result"): {
        "fact": "the script returns text of the event or the API"
    },
    ("dorny/paths-filter", "<filter>_files"): {
        "input": "list-files",
        "in": ["csv", "json", "shell", "escape"],
    },
    ("octokit/request-action", "data"): {
        "any": [
            {"input": "route", "contains": p} for p in ("comments", "commits", "issues", "pulls")
        ]
    },
}
# When the text is quoted for sh, to be pasted where no other quotes stand.
QUOTED: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("dorny/paths-filter", "<filter>_files"): {"input": "list-files", "in": ["shell", "escape"]},
}
# Actions that take the text of an input apart or change letters of it: the outputs, and the inputs they are made of.
MODELS = "github/codeql actions/ql/lib/ext/manual/*.model.yml (MIT)"
CARRIED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "actions-ecosystem/action-regex-match": {"*": ("text",)},
    "ashley-taylor/read-json-property-action": {"value": ("json",)},
    "ashley-taylor/regex-property-action": {"value": ("value", "replacement")},
    "aszc/change-string-case-action": {
        "capitalized": ("string",),
        "lowercase": ("string",),
        "uppercase": ("string",),
    },
    "dsfx3d/action-extract-unique-matches": {"matches": ("text",)},
    "frabert/replace-string-action": {"replaced": ("string", "replace-with")},
    "haya14busa/action-cond": {"value": ("if_true", "if_false")},
    "kaisugi/action-regex-match": {"*": ("text",)},
    "mad9000/actions-find-and-replace-string": {"value": ("source", "replace")},
    "meilcli/regex-match": {
        "matched_first": ("search_string",),
        "matched_json": ("search_string",),
    },
}
# Of these, only what the regular expression matches.
MATCHED = {
    "actions-ecosystem/action-regex-match",
    "dsfx3d/action-extract-unique-matches",
    "kaisugi/action-regex-match",
    "meilcli/regex-match",
}
# Spelled for people in the facts.
NAMES: Mapping[str, str] = {"GITHUB_REF_NAME (non-slug)": "GITHUB_REF_NAME"}
# Too broad to say that the text is an attacker's: any file of the tree.
ANY_FILE = re.compile(r"json\|ya\?ml\|toml")
OUTPUT = re.compile(r"[\w.*-]+|<[\w ]+>[\w-]*")


def main() -> None:
    [path] = facts.given("outputs.jsonl")
    rows = facts.read(path, FIELDS)
    actions: defaultdict[str, list[facts.Row]] = defaultdict(list)
    scripts = []
    for row in rows:
        if "uses" in row:
            actions[facts.action(row["uses"])].append(_output(row))
        elif not ANY_FILE.search(row["run_regex"]):
            scripts.append({**_output(row), "pattern": facts.regex(row["run_regex"])})
    for name, carried in CARRIED.items():
        actions[name] = [
            facts.lean(
                {
                    "name": output,
                    "control": "free",
                    "carries": list(inputs),
                    "matches": name in MATCHED,
                    "source": MODELS,
                    "sure": True,
                }
            )
            for output, inputs in carried.items()
        ]
    for outputs in actions.values():  # exact names before patterns
        outputs.sort(
            key=lambda output: ("*" in output["name"], -len(output["name"]), output["name"])
        )
    facts.write(
        "outputs",
        {"actions": actions, "scripts": scripts},
        source="github/codeql (MIT), manifests and READMEs of the actions; one row, one source",
        day=facts.newest(rows),
        sections=True,
    )


def _output(row: facts.Row) -> facts.Row:
    name = NAMES.get(row["output"], row["output"])
    if not OUTPUT.fullmatch(name):
        raise SystemExit(f"nobody judged the output {name!r}")
    when = WHEN.get((row.get("uses", ""), row["output"]))
    if row.get("only_when") and not when:
        raise SystemExit(f"nobody judged {row['only_when']!r}")
    return facts.lean(
        {
            "when": when,
            "name": re.sub(r"<[\w ]+>", "*", name),
            "control": row["control"],
            "text": row.get("text"),
            "escaped": ESCAPED[facts.action(row["uses"])] if "safe_when" in row else "",
            "quoted": QUOTED.get((row.get("uses", ""), row["output"])),
            "channel": row.get("channel"),
            "only_when": row.get("only_when"),
            "note": row.get("note"),
            "source": row["source"],
            "sure": facts.sure(row),
        }
    )


if __name__ == "__main__":
    main()
