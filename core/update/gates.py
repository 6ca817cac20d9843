"""Rewrite the table of gates, `core/steplock/tables/gates.json`.

    python core/update/gates.py gates.jsonl

A fact is something that keeps strangers out of a job, or only looks as if it did: a comparison in an `if:`, an action,
a call in a script. Which inputs make an action a gate was judged by hand: that is this file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from update import facts

FIELDS = """kind match holds_for_mutable_ref note gate_by weak protects_events spoofable needs default closes
protects_comment_events_only_with negative output"""

_CONTEXT = re.compile(r"\bgithub(?:\.[\w-]+|\.\*|\[\*\])+")
_WRITERS = ["write", "maintain", "admin"]


def _in(name: str, *values: str) -> Mapping[str, Any]:
    return {"input": name, "in": list(values)}


def _not(condition: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"not": condition}


def _unset(*names: str) -> Mapping[str, Any]:
    return {"all": [_not({"input": name, "set": True}) for name in names]}


# When the action is a gate, as its `with` in the facts says in other words; and what its inputs are by default.
WHEN: Mapping[str, Mapping[str, Any]] = {
    "actions-cool/check-user-permission": _in("require", *_WRITERS),
    "actions-cool/issues-helper": _in("require-permission", *_WRITERS),
    "actions/checkout": _not(_in("allow-unsafe-pr-checkout", "true")),
    "anthropics/claude-code-action": _unset("allowed_non_write_users", "allowed_bots"),
    "dependabot/fetch-metadata": {
        "all": [
            _not(_in(name, "true")) for name in ("skip-verification", "skip-commit-verification")
        ]
    },
    "lannonbr/repo-permission-check-action": _in("permission", *_WRITERS),
    "openai/codex-action": {
        "all": [_unset("allow-users", "allow-bot-users"), _not(_in("allow-bots", "true"))]
    },
    "peter-evans/slash-command-dispatch": _in("permission", *_WRITERS),
    "prince-chrismc/check-actor-permissions-action": _in("permission", *_WRITERS),
    "sushichop/action-repository-permission": _in("required-permission", *_WRITERS),
    "themoddinginquisition/actions-team-membership": _not(_in("exit", "false")),
    "xt0rted/slash-command-action": _in("permission-level", *_WRITERS),
}
DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "actions-cool/check-user-permission": {"require": "write"},
    "peter-evans/slash-command-dispatch": {"permission": "write"},
    "xt0rted/slash-command-action": {"permission-level": "write"},
}
# The job of a compiled workflow is told by its variables, not by inputs.
NO_CONDITION = {"anthropics/claude-code-action/agent-approval-check", "github/gh-aw/actions/setup"}
# Where the first context in the expression is not the one that is tested.
TESTED = {"github.repository_owner == github.actor": "github.actor"}


def main() -> None:
    [path] = facts.given("gates.jsonl")
    rows = facts.read(path, FIELDS)
    contexts: defaultdict[str, list[facts.Row]] = defaultdict(list)
    actions: defaultdict[str, list[facts.Row]] = defaultdict(list)
    scripts: list[facts.Row] = []
    names: list[facts.Row] = []
    filters: dict[str, facts.Row] = {}
    for row in rows:
        match row["match"]:
            case {"expr": expression}:
                test = TESTED.get(expression) or _context(expression)
                values = {"values": row["match"]["values"]} if "values" in row["match"] else {}
                contexts[test].append({**_gate(row), "test": expression, **values})
            case {"uses": action, "with": {"script": pattern}}:
                scripts.append({**_gate(row), "pattern": facts.regex(pattern), "action": action})
            case {"uses": action, "with": {"route": route}}:
                actions[facts.action(action)].append(
                    {**_gate(row), "when": {"input": "route", "equals": route}}
                )
            case {"uses": action} if action == "actions/labeler":
                continue  # the counter-example: labels that the attacker picks; see `labels_for_all`
            case {"uses": action}:
                actions[facts.action(action)].append({**_gate(row), **_when(facts.action(action))})
            case {"uses_name_regex": pattern}:
                names.append({**_gate(row), "pattern": facts.regex(pattern)})
            case {"run_regex": pattern}:
                scripts.append({**_gate(row), "pattern": _with_expressions(facts.regex(pattern))})
            case {"trigger_filter": name}:
                filters[name] = _gate(row)
            case {"job_key": "environment"}:
                filters["environment"] = _gate(row)
            case {"about": _} | {"policy": _} | {"setting": _} | {"default": _}:
                continue  # what holds in general, or no file shows; `steplock.tables.gates` says it in prose
            case other:
                raise SystemExit(f"nobody judged {other}")
    table = {
        "actions": actions,
        "contexts": contexts,
        "filters": filters,
        "names": names,
        "scripts": scripts,
    }
    facts.write(
        "gates",
        table,
        source="github/codeql (MIT), AdnaneKhan/gato-x (Apache-2.0), docs.github.com, the actions' manifests",
        day=facts.newest(rows),
        sections=True,
    )


def _context(expression: str) -> str:
    if found := _CONTEXT.search(expression):
        return found[0].lower().replace("[*]", ".*")
    if "author_association" in expression:
        return "author_association"
    raise SystemExit(f"nobody judged the expression {expression!r}")


def _when(action: str) -> facts.Row:
    if action not in WHEN and action not in NO_CONDITION:
        raise SystemExit(f"nobody judged when {action} is a gate")
    return facts.lean({"when": WHEN.get(action), "defaults": DEFAULTS.get(action)})


def _with_expressions(pattern: str) -> str:
    """A pattern of a path of the API, whose parts may be expressions with blanks in them."""
    part = r"(?:\$\{\{[^}\n]{0,100}\}\}|[^\s$]|\$(?!\{\{)){1,150}"
    asked = r"repos/[^\s]+/collaborators/[^\s]+/permission"
    return pattern.replace(asked, f"repos/{part}/collaborators/{part}/permission")


def _gate(row: facts.Row) -> facts.Row:
    return facts.lean(
        {
            "kind": row["kind"],
            "holds": row["holds_for_mutable_ref"],
            "weak": row.get("weak") is True,
            "hidden": row.get("weak") == "unknown",
            "spoofable": row.get("spoofable"),
            "events": row.get("protects_events"),
            "by": row.get("gate_by"),
            "output": row.get("output"),
            "closes": row.get("closes"),
            "note": row["note"],
            "source": row["source"],
        }
    )


if __name__ == "__main__":
    main()
