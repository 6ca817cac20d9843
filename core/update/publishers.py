"""Rewrite the table of steps that publish, `core/steplock/tables/publishers.json`.

    python core/update/publishers.py publishers.jsonl

A fact names an action or a command, where it publishes to and with which credential. When an action does so, and
which words make a command do so, was judged by hand: that is this file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from update import facts

FIELDS = """uses command kind target inputs defaults default_credential oidc short_lived publishes_when dry_run note
confidence inputs_not_in_main_manifest"""

NEVER: Mapping[str, Any] = {"any": []}
ALWAYS = re.compile(r"always\b|when changed|on merge of its PR|reusable workflow")
UNLESS = re.compile(r"unless ")
SWITCHES = re.compile(r"dry[-_]?run|no_push|skip_upload|noop", re.IGNORECASE)
CREDENTIAL = re.compile(
    r"token$|pass|secret|key|^pat$|credential|profile|login$|serviceaccount", re.IGNORECASE
)
VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")


def _is(name: str, *values: str) -> Mapping[str, Any]:
    return {"input": name, "in": list(values)}


def _not(condition: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"not": condition}


def _has(name: str, part: str) -> Mapping[str, Any]:
    return {"input": name, "contains": part}


def _set(name: str) -> Mapping[str, Any]:
    return {"input": name, "set": True}


# An image goes out with `push`, or with an exporter that pushes.
_IMAGE = {
    "any": [_is("push", "true"), _has("outputs", "push=true"), _has("outputs", "type=registry")]
}
WHEN: Mapping[str, Mapping[str, Any]] = {
    "azure/static-web-apps-deploy": _is("action", "upload"),
    "changesets/action": {"any": [_set("publish"), _set("publish-script")]},
    "cloudflare/wrangler-action": {
        "any": [_not(_set("command")), _has("command", "deploy"), _has("command", "publish")]
    },
    "depot/bake-action": _is("push", "true"),
    "depot/build-push-action": {"any": [_is("push", "true"), _is("save", "true")]},
    "docker/bake-action": {"any": [_is("push", "true"), _has("set", "type=registry")]},
    "docker/build-push-action": _IMAGE,
    "endbug/add-and-commit": _not(_is("push", "false")),
    # `goreleaser` alone is `goreleaser release`.
    "goreleaser/goreleaser-action": {
        "all": [
            {"any": [_not(_set("args")), _has("args", "release")]},
            *(
                _not(_has("args", flag))
                for flag in ("--snapshot", "--skip=publish", "--skip-publish")
            ),
        ]
    },
    "katyo/publish-crates": _not(_is("dry-run", "true")),
    "lannonbr/vsce-action": _has("args", "publish"),
    "mnao305/chrome-extension-upload": _not(_is("publish", "false")),
    "pulumi/actions": _is("command", "up", "update", "destroy"),
    "pyo3/maturin-action": _is("command", "upload", "publish"),
    "python-semantic-release/python-semantic-release": _not(_is("no_operation_mode", "true")),
    "release-drafter/release-drafter": _is("publish", "true"),
    "release-plz/action": _not(_is("command", "release-pr")),
    "samuelmeuli/action-electron-builder": _is("release", "true"),
    "sigstore/gh-action-sigstore-python": _not(_is("release-signing-artifacts", "false")),
    "tauri-apps/tauri-action": {"any": [_set("tagName"), _set("releaseId")]},
    "jamesives/github-pages-deploy-action": _not(_is("dry-run", "true")),
    "taiki-e/create-gh-release-action": _not(_is("dry-run", "true")),
    # What publishes is a later step.
    "actions/upload-pages-artifact": NEVER,
    "sigstore/cosign-installer": NEVER,
    "superfly/flyctl-actions": NEVER,
}
# Reusable workflows of one repository are one fact.
WHOLE = {"slsa-framework/slsa-github-generator"}

# The words of a command where its name does not spell them; several lines are several commands.
WORDS: Mapping[str, str] = {
    "aws s3 sync|cp": "aws s3 sync\naws s3 cp",
    "docker push": "docker push\ndocker build +--push\ndocker buildx build +--push\ndocker buildx bake +--push\n"
    "docker compose push\ndocker manifest push\ndocker buildx imagetools create",
    "eas submit|update": "eas submit\neas update",
    "fastlane deliver|pilot|supply": "fastlane deliver\nfastlane pilot\nfastlane supply",
    "flatpak-builder / flat-manager-client push": "flat-manager-client push",
    "jib": "gradle jib\nmvn jib:build",
    "podman push": "podman push\nbuildah push\nskopeo copy\ncrane push\ncrane copy\ncrane tag\noras push\n"
    "regctl image copy\nnerdctl push",
    "mvn deploy": "mvn deploy\nmvn release:perform",
    "gradle publish": "gradle publish\ngradle publishToMavenCentral\ngradle publishAndReleaseToMavenCentral\n"
    "gradle publishAllPublicationsTo*\ngradle publishPlugins\ngradle closeAndRelease*",
    "sbt ci-release": "sbt ci-release\nsbt publish\nsbt publishSigned",
    "mill publish": "mill publish*",
    "maturin publish": "maturin publish\nmaturin upload",
    "python setup.py upload": "python setup.py upload",
    "cargo release": "cargo release +--execute",
    "cargo workspaces publish": "cargo workspaces publish\ncargo ws publish",
    "cargo dist host": "cargo dist host\ndist host",
    "mike deploy": "mike deploy +--push",
    "gh-pages -d": "gh-pages +-d\ngh-pages +--dist",
    "ghp-import -p": "ghp-import +-p\nghp-import +--push",
    "dart pub publish": "dart pub publish\nflutter pub publish",
    "Publish-Module": "Publish-Module\nPublish-PSResource",
    "terraform apply": "terraform apply\ntofu apply",
    "wrangler deploy": "wrangler deploy\nwrangler publish\nwrangler pages deploy",
    "flyctl deploy": "flyctl deploy\nfly deploy",
    "helm push": "helm push\ncr upload\ncr index +--push",
}
# Not told by their words: an API route, a bot, a subcommand that also verifies.
NOT_WORDS = {"gh api .../releases", "julia Registrator", "gh attestation / gh attest"}
# These take any number of tasks in a row.
TASKS = {"fastlane", "gradle", "lein", "mill", "mvn", "rake", "sbt"}
# Flags that leave everything as it is. (A draft release is published all the same, by hand.)
DRY: Mapping[str, list[str]] = {
    "--draft": [],
    "--snapshot, --skip=publish": ["--snapshot", "--skip=publish", "--skip publish"],
    "--push=false": ["--push=false"],
    "without --execute": [],
    "without --push": [],
    "plan": [],
    "preview": [],
}
# Known from another linter's table only.
OTHERS = {
    "aws-actions/amazon-ecs-deploy-task-definition": "AWS",
    "aws-actions/aws-cloudformation-github-deploy": "AWS",
    "Azure/aci-deploy": "Azure",
    "Azure/container-apps-deploy-action": "Azure",
    "Azure/sql-action": "Azure",
    "google-github-actions/deploy-appengine": "Google Cloud",
    "google-github-actions/deploy-cloud-functions": "Google Cloud",
    "jreleaser/release-action": "many",
}
OTHERS_SOURCE = "zizmor 1.32.0 (MIT), cache_poisoning.rs"


def main() -> None:
    [path] = facts.given("FACTS.jsonl")
    rows = facts.read(path, FIELDS)
    actions = {facts.action(row["uses"]): _action(row) for row in rows if "uses" in row}
    for name, target in OTHERS.items():
        row = {"action": name, "kind": "deploy", "target": target, "source": OTHERS_SOURCE}
        actions[facts.action(name)] = {**row, "kind": "release"} if target == "many" else row
    commands: defaultdict[str, list[facts.Row]] = defaultdict(list)
    for row in rows:
        for command in _commands(row):
            commands[command["words"][0]].append(command)
    for name in commands:  # the longest words first: they say most
        commands[name].sort(key=lambda c: (-len(c["words"]), c["words"]))
    facts.write(
        "publishers",
        {"actions": actions, "commands": commands},
        source="manifests and READMEs of the actions, public documentation of the tools; one row, one source",
        day=facts.newest(rows),
        sections=True,
    )


def _action(row: facts.Row) -> facts.Row:
    name = facts.action(row["uses"])
    inputs = row.get("inputs", [])
    defaults = {
        k: str(v).lower() for k, v in row.get("defaults", {}).items() if v not in (None, "")
    }
    return facts.lean(
        {
            **_shared(row),
            "action": row["uses"],
            "when": _when(name, row),
            "defaults": {k: v for k, v in defaults.items() if not v.startswith("${{")},
            "credentials": [i for i in inputs if CREDENTIAL.search(i)],
            "whole": name in WHOLE,
        }
    )


def _when(name: str, row: facts.Row) -> Mapping[str, Any]:
    if row["kind"] == "login":
        return NEVER
    if name in WHEN:
        return WHEN[name]
    text = row["publishes_when"]
    switch = next((i for i in row.get("inputs", ()) if SWITCHES.fullmatch(i)), None)
    if switch and (UNLESS.search(text)):
        return _not(_is(switch, "true"))
    if ALWAYS.match(text):
        return {}
    raise SystemExit(f"nobody judged {text!r} of {name}")


def _commands(row: facts.Row) -> Iterator[facts.Row]:
    command = row.get("command")
    if command is None or command in NOT_WORDS:
        return
    dry = row.get("dry_run")
    for line in WORDS.get(command, command).splitlines():
        words = [word for word in line.split() if not word.startswith("+")]
        if not all(re.fullmatch(r"[\w.:*-]+", word) for word in words):
            raise SystemExit(f"nobody judged the words of {command!r}")
        yield facts.lean(
            {
                **_shared(row),
                "words": words,
                "flags": [word[1:] for word in line.split() if word.startswith("+")],
                "dry": DRY.get(dry, [dry]) if dry else [],
                "tasks": words[0] in TASKS,
            }
        )


def _shared(row: facts.Row) -> facts.Row:
    credential = row["default_credential"]
    return {
        "kind": row["kind"],
        "target": row["target"],
        "credential": credential,
        "variables": sorted(set(VARIABLE.findall(credential))),
        "oidc": row["oidc"],
        "short_lived": row.get("short_lived"),
        "note": row.get("note"),
        "source": row["source"],
        "sure": facts.sure(row),
    }


if __name__ == "__main__":
    main()
