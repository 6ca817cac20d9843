"""Rewrite the table of permissions that commands and calls need, `core/steplock/tables/apis.json`.

    python core/update/apis.py github_api_permissions.jsonl

A fact is a subcommand of `gh`, a REST route, a method of octokit or a GraphQL mutation. Of other commands the facts tell
in words; which words of a command line those are was judged by hand: that is this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from update import facts
from update.scopes import SCOPES

FIELDS = """match scope level reason confidence public_ok needs impossible optional when dynamic fallback extra_scope"""

# Commands by the words of the fact. A line is one command; `+flag` has to be there, `-flag` must not, `~text` has to
# stand somewhere in the command line.
_IMAGES = """docker push ~ghcr.io
docker buildx build +--push ~ghcr.io
docker build +--push ~ghcr.io
docker buildx imagetools create ~ghcr.io
podman push ~ghcr.io
buildah push ~ghcr.io
skopeo copy ~docker://ghcr.io
crane push ~ghcr.io
crane copy ~ghcr.io
oras push ~ghcr.io
helm push ~ghcr.io
regctl image copy ~ghcr.io"""
_SNAPSHOT = "--snapshot !--skip=publish"
COMMANDS: Mapping[str, str] = {
    "git push": "git push !--dry-run",
    "git clone|git fetch|git pull|git ls-remote|git submodule update|git lfs pull": "git clone\ngit fetch\ngit pull\n"
    "git ls-remote\ngit submodule update\ngit lfs pull",
    "docker push ghcr.io|docker buildx build --push ghcr.io|docker buildx imagetools create ghcr.io|podman push ghcr.io|"
    "buildah push ghcr.io|skopeo copy docker://ghcr.io|crane push|crane copy|oras push ghcr.io|"
    "helm push oci://ghcr.io|ko build|regctl image copy": _IMAGES,
    "docker pull ghcr.io|docker login ghcr.io|helm pull oci://ghcr.io": "docker pull ~ghcr.io\ndocker login ~ghcr.io\n"
    "helm pull ~ghcr.io",
    "mkdocs gh-deploy|mike deploy --push|ghp-import -p|gh-pages -d|docusaurus deploy|jekyll-deploy": "mkdocs gh-deploy\n"
    "mike deploy +--push\nghp-import +-p\nghp-import +--push\ngh-pages +-d\ndocusaurus deploy",
    "semantic-release|npx semantic-release|multi-semantic-release": "semantic-release !--dry-run !version\n"
    "multi-semantic-release !--dry-run",
    "python -m semantic_release|semantic-release version (python)": "semantic_release version\n"
    "semantic-release version",
    "goreleaser release": f"goreleaser release !{_SNAPSHOT}",
    "goreleaser release (GHCR images)": f"goreleaser release !{_SNAPSHOT}",
    "goreleaser release (close milestones)": f"goreleaser release !{_SNAPSHOT}",
    "goreleaser release (keyless signing)": f"goreleaser release !{_SNAPSHOT}",
    "uv publish (no token or password)": "uv publish !--token !-t !--password !-p !--dry-run",
    "pdm publish (no password)": "pdm publish !--password !-P",
    "python -m sigstore sign|sigstore sign": "sigstore sign",
    "maturin upload|maturin publish (no token, trusted publishing)": "",
    "release-plz release": "release-plz release !--dry-run",
    "release-plz release-pr": "release-plz release-pr",
    "release-please github-release|release-please release-pr": "release-please github-release\n"
    "release-please release-pr",
    "release-it|lerna version|lerna publish|np|standard-version && git push|changeset publish && git push|"
    "bump2version && git push|cargo release --execute": "release-it !--dry-run\nlerna version\nlerna publish\nnp\n"
    "cargo release +--execute",
    "cr upload|cr index --push": "cr upload\ncr index +--push",
    "reviewdog -reporter=github-pr-review": "reviewdog +-reporter=github-pr-review",
    "reviewdog -reporter=github-pr-check|github-check": "reviewdog +-reporter=github-pr-check\n"
    "reviewdog +-reporter=github-check",
    "reviewdog -reporter=github-annotations|github-pr-annotations|local": "reviewdog +-reporter=github-annotations\n"
    "reviewdog +-reporter=github-pr-annotations",
    "danger ci|danger-js|bundle exec danger": "danger ci\ndanger-js ci\ndanger",
    'curl "$ACTIONS_ID_TOKEN_REQUEST_URL"': "curl ~ACTIONS_ID_TOKEN_REQUEST_URL",
}
# What no words of a command show: where it publishes to, how it signs in, what it commits. `publishers` knows such
# commands, and the caller the rest. Local commands need nothing, and nothing has to be said.
IN_WORDS = re.compile(
    r"\(registry|\(private|pkg\.github\.com|keyless|image on ghcr|with token|npm provenance|<other|touches|"
    r"--tags|^git commit|^goreleaser build|^twine|^cargo publish|^ct lint|^cosign verify|^codecov|with \$GITHUB_TOKEN"
)
CONFIDENCE = {"documented", "inferred", "source"}


def main() -> None:
    [path] = facts.given("github_api_permissions.jsonl")
    rows = facts.read(path, FIELDS)
    table: dict[str, list[facts.Row]] = {
        kind: [] for kind in ("commands", "gh", "graphql", "octokit", "rest")
    }
    for row in rows:
        match = row["match"]
        call = _call(row)
        if match["kind"] == "run":
            table["commands"] += [{**call, **words} for words in _words(match["pattern"])]
        elif match["kind"] == "gh":
            more = {key: match.get(key) for key in ("contains", "flags", "without_flags")}
            table["gh"].append(facts.lean({**call, **more, "words": match["command"].split()}))
        elif match["kind"] == "rest":
            table["rest"].append({**call, "method": match["method"], "path": match["path"]})
        elif match["kind"] == "octokit":
            table["octokit"].append({**call, "name": match["method"].lower()})
        elif match["kind"] == "graphql":
            table["graphql"].append({**call, "name": match["mutation"]})
        else:
            raise SystemExit(f"nobody judged {match}")
    for calls in table.values():
        calls.sort(
            key=lambda call: [
                str(call.get(key, "")) for key in ("name", "path", "method", "words", "flags")
            ]
        )
    facts.write(
        "apis",
        table,
        source="github/docs at 02ac71cd (REST permissions, data), docs.github.com, tools' documentation",
        licence="Apache-2.0; the REST permissions are github/docs data, CC-BY-4.0",
        day=max(row.get("read", "2026-11-21") for row in rows),
        sections=True,
    )


def _words(pattern: str) -> Iterator[facts.Row]:
    if pattern not in COMMANDS:
        if not IN_WORDS.search(pattern):
            raise SystemExit(f"nobody judged the words of {pattern!r}")
        return
    for line in COMMANDS[pattern].splitlines():
        parts = line.split()
        yield facts.lean(
            {
                "words": [part for part in parts if part[0] not in "+!~"],
                "flags": [part[1:] for part in parts if part.startswith("+")],
                "without_flags": [part[1:] for part in parts if part.startswith("!")],
                "contains": next((part[1:] for part in parts if part.startswith("~")), ""),
            }
        )


def _call(row: facts.Row) -> facts.Row:
    if row["confidence"] not in CONFIDENCE:
        raise SystemExit(f"nobody judged {row['confidence']!r}")
    needs = row.get("needs") or (
        [{"scope": row["scope"], "level": row["level"]}] if row["scope"] else []
    )
    choices = [[[c["scope"], c["level"]] for c in need.get("any_of", [need])] for need in needs]
    for scope, level in (choice for need in choices for choice in need):
        if scope not in SCOPES or level not in ("read", "write"):
            raise SystemExit(f"no such permission: {scope}: {level}")
    if extra := row.get("extra_scope"):
        choices = [[[extra["scope"], extra["level"]]]]
    return facts.lean(
        {
            "needs": choices,
            "reason": row["reason"],
            "public": {True: "yes", "likely": "likely"}.get(row.get("public_ok", False), ""),
            "beyond": row.get("impossible"),
            "beyond_if": next(iter(map(str, (row.get("when") or {}).values())), ""),
            "optional": row.get("optional"),
            "dynamic": row.get("dynamic"),
            "confidence": "" if row["confidence"] == "documented" else row["confidence"],
        }
    )


if __name__ == "__main__":
    main()
