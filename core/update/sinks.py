"""Rewrite the table of inputs that run as code, `core/steplock/tables/sinks.json`.

    python core/update/sinks.py actions.jsonl

Which inputs they are was judged by hand, from the documentation of the actions and from CodeQL's and zizmor's lists of
sinks (both MIT). Where the manifest of an action is in the given file, the input has to be in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from update import facts

READ = "2026-11-21"
CODEQL = "github/codeql (MIT) and zizmor 1.32.0 (MIT), codeql-injection-sinks.json"
ZIZMOR = "zizmor 1.32.0 (MIT), template_injection.rs"
MANIFEST = "manifest and documentation of the action"

# Input: language. `shell` is what the runner's shell or a remote one reads; `template` is text that the action itself
# expands with a template language or evaluates.
SINKS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "8398a7/action-slack": (CODEQL, {"custom_payload": "javascript"}),
    "actions/github-script": (CODEQL, {"script": "javascript"}),
    "addnab/docker-run-action": (ZIZMOR, {"options": "shell", "run": "shell"}),
    "amadevus/pwsh-script": (ZIZMOR, {"script": "powershell"}),
    "appleboy/ssh-action": (CODEQL, {"script": "shell"}),
    "azure/cli": (CODEQL, {"inlineScript": "shell"}),
    "azure/powershell": (CODEQL, {"inlineScript": "powershell"}),
    "cardinalby/js-eval-action": (ZIZMOR, {"expression": "javascript"}),
    "devorbitus/yq-action-output": (CODEQL, {"cmd": "shell"}),
    "gautamkrishnar/blog-post-workflow": (CODEQL, {"item_exec": "javascript"}),
    "imjohnbo/issue-bot": (
        CODEQL,
        {
            "body": "template",
            "linked-comments-new-issue-text": "template",
            "linked-comments-previous-issue-text": "template",
        },
    ),
    "jannekem/run-python-script-action": (ZIZMOR, {"script": "python"}),
    "lucasbento/auto-close-issues": (CODEQL, {"issue-close-message": "template"}),
    "mikefarah/yq": (CODEQL, {"cmd": "shell"}),
    "nick-fields/retry": (MANIFEST, {"command": "shell", "on_retry_command": "shell"}),
    "reactivecircus/android-emulator-runner": (
        MANIFEST,
        {"pre-emulator-launch-script": "shell", "script": "shell"},
    ),
    "roots/issue-closer-action": (
        CODEQL,
        {"issue-close-message": "template", "pr-close-message": "template"},
    ),
    "sergeysova/jq-action": (CODEQL, {"cmd": "shell"}),
    "skitionek/notify-microsoft-teams": (CODEQL, {"overwrite": "javascript"}),
    # What is put there can name another server, which is then sent the token; CVE-2025-58178, CVE-2025-59844.
    "sonarsource/sonarcloud-github-action": (CODEQL, {"args": "template"}),
    "sonarsource/sonarqube-scan-action": (MANIFEST, {"args": "template"}),
    "tibdex/backport": (
        CODEQL,
        {
            "body_template": "template",
            "head_template": "template",
            "labels_template": "template",
            "title_template": "template",
        },
    ),
    "vmactions/freebsd-vm": (MANIFEST, {"prepare": "shell", "run": "shell"}),
    "cypress-io/github-action": (
        MANIFEST,
        {"build": "shell", "command": "shell", "start": "shell"},
    ),
    "cloudflare/wrangler-action": (MANIFEST, {"postCommands": "shell", "preCommands": "shell"}),
}


def main() -> None:
    [manifests] = facts.given("actions.jsonl")
    inputs = _inputs(manifests)
    table = {}
    for name, (source, sinks) in SINKS.items():
        known = inputs.get(name, set())
        if known and (strange := {sink.lower() for sink in sinks} - known):
            raise SystemExit(f"{name} has no inputs {sorted(strange)}, but {sorted(known)}")
        if not known and source == MANIFEST:
            raise SystemExit(f"no manifest of {name}")
        table[facts.action(name)] = {"inputs": sinks, "source": source, "sure": bool(known)}
    facts.write(
        "sinks", table, source="manifests of the actions; CodeQL and zizmor (MIT)", day=READ
    )


def _inputs(path: Path) -> dict[str, set[str]]:
    """The inputs of each action in any of its releases, in lower case."""
    found: dict[str, set[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        for manifest in row["actions"]:
            name = f"{row['repo']}/{manifest.get('path', '')}".rstrip("/").lower()
            found.setdefault(name, set()).update(map(str.lower, manifest.get("inputs", ())))
    return found


if __name__ == "__main__":
    main()
