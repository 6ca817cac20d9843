"""Rewrite the table of what brings foreign code into a job, `core/steplock/tables/checkouts.json`.

    python core/update/checkouts.py checkouts.jsonl

Which inputs of a downloader choose a run of one's own was judged by hand: that is this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from update import facts

FIELDS = """kind match brings control mutable guard note outputs run_selection safe_settings danger_markers
confidence also_injectable foreign danger default_path cross_run_since digest_check zip_slip_fix defaults changed"""

# Actions that check the code of a pull request out by themselves, whatever their inputs.
THEMSELVES = {
    "anomalyco/opencode/github",
    "anthropics/claude-code-action",
    "augmentcode/review-pr",
}
# Actions that clone what `ref` and `repository` name, as actions/checkout does.
LIKE_CHECKOUT = {
    "actions/checkout",
    "daspn/private-actions-checkout",
    "namespacelabs/nscloud-checkout-action",
    "taiki-e/checkout-action",
}
# Actions that build from the address of a repository in `context`.
CONTEXTS = {"depot/build-push-action", "docker/build-push-action"}
# The input of a downloader that names the run, and those that restrict it to runs nobody else can cause.
RUNS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "actions/download-artifact": ("run-id", ()),
    "dawidd6/action-download-artifact": ("run_id", ("branch", "event", "commit")),
    "legit-labs/action-download-artifact": ("run_id", ("branch", "event", "commit")),
    "actions/github-script": ("", ()),
    "robinraju/release-downloader": ("", ()),
}
# Names from CodeQL whose inputs nobody opened: what they are called in most such actions.
UNOPENED = ("run_id", ("branch", "event", "commit"))
# A script that asks for a pull request and takes its head from the answer lines later, or as octokit's `data`.
REST = "docs.github.com rest/pulls/pulls, 2026-11-21"
ASKED = (
    r"gh api[^\n]{0,300}/pulls?/[\s\S]{0,2000}?\.head\.(?:ref|sha)\b",
    r"\bdata\.head\.(?:ref|sha)\b",
    r"\b(?:curl|wget)\b[\s\S]{0,2000}?\bjq\b[^\n]{0,300}\.head\.(?:ref|sha)\b",
)
# Outputs with the commit that somebody with write access asked for; nobody else gets one.
FIXED = {("github/branch-deploy", "sha"), ("github/command", "sha")}
# A script that only unpacks or loads, which says nothing of where the file came from.
UNPACKS = re.compile(r"unzip|load\|import")
# It downloads the project's own releases, which only writers make.
OWN = re.compile(r"release\\s\+download")


def main() -> None:
    [path] = facts.given("checkouts.jsonl")
    rows = facts.read(path, FIELDS)
    by_kind: dict[str, list[facts.Row]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    table = {
        "references": {
            row["match"]["expr"].lower().replace("[*]", ".*"): _reference(row)
            for row in by_kind["expression"]
        },
        "actions": _actions(by_kind["action"]),
        "commands": _scripts(by_kind["command"]),
        "resolvers": {
            facts.action(row["match"]["uses"]): _outputs(row)
            for row in by_kind["resolver"]
            if "uses" in row["match"]
        },
        "resolving": [
            *_scripts(row for row in by_kind["resolver"] if "run_regex" in row["match"]),
            *(
                {"brings": "refs of a pull request", "pattern": pattern, "source": REST}
                for pattern in ASKED
            ),
        ],
        "downloaders": {
            facts.action(row["match"]["uses"]): _downloader(row)
            for row in by_kind["artifact"]
            if "uses" in row["match"]
        },
        "downloading": _scripts(
            row
            for row in by_kind["artifact"]
            if not any(p.search(row["match"].get("run_regex", "unzip")) for p in (UNPACKS, OWN))
        ),
        "safe_paths": [
            row["match"]["path_regex"]
            for row in by_kind["artifact-sanitizer"]
            if "path_regex" in row["match"]
        ],
        "verifying": _scripts(by_kind["verify"]),
    }
    facts.write(
        "checkouts",
        table,
        source="github/codeql (MIT), AdnaneKhan/gato-x (Apache-2.0), manifests of the actions, docs.github.com",
        day=facts.newest(rows),
        sections=True,
    )


def _reference(row: facts.Row) -> facts.Row:
    return facts.lean({key: row.get(key) for key in ("brings", "control", "mutable", "source")})


def _actions(rows: list[facts.Row]) -> dict[str, facts.Row]:
    found: dict[str, facts.Row] = {}
    for row in rows:
        name = facts.action(row["match"]["uses"])
        kind = (
            "itself"
            if name in THEMSELVES
            else "checkout"
            if name in LIKE_CHECKOUT
            else "context"
            if name in CONTEXTS
            else None
        )
        if kind is None:
            raise SystemExit(f"nobody judged how {name} checks out")
        old = found.setdefault(name, {"kind": kind, "source": row["source"]})
        # Facts on single inputs of actions/checkout are for the rules on it; what is general is kept.
        if kind != "checkout" or name != "actions/checkout":
            old["note"] = row.get("note") or row["brings"]
    return found


def _outputs(row: facts.Row) -> facts.Row:
    outputs = {
        name: "free" if text.startswith(("free", "depends")) else text
        for name, text in row["outputs"].items()
    }
    if strange := set(outputs.values()) - {"free", "constrained"}:
        raise SystemExit(f"nobody judged {strange}")
    action = facts.action(row["match"]["uses"])
    outputs |= {name: "fixed" for name in outputs if (action, name) in FIXED}
    return facts.lean({"outputs": outputs, "source": row["source"], "sure": facts.sure(row)})


def _downloader(row: facts.Row) -> facts.Row:
    name = facts.action(row["match"]["uses"])
    if name not in RUNS and "confidence" not in row:
        raise SystemExit(f"nobody judged how {name} chooses a run")
    run, fixed = RUNS.get(name, UNOPENED)
    return facts.lean(
        {
            "run": run,
            "fixed": list(fixed),
            "foreign": name not in ("actions/download-artifact", "actions/github-script")
            and not name.startswith("robinraju/"),
            "note": "; ".join(filter(None, (row.get("note"), row.get("changed")))),
            "source": row["source"],
            "sure": facts.sure(row),
        }
    )


def _scripts(rows: Iterable[facts.Row]) -> list[facts.Row]:
    found = []
    for row in rows:
        found.append(
            facts.lean(
                {
                    "pattern": facts.regex(row["match"]["run_regex"]),
                    "brings": row["brings"],
                    "mutable": row.get("mutable"),
                    "note": row.get("note"),
                    "source": row["source"],
                }
            )
        )
    return found


if __name__ == "__main__":
    main()
