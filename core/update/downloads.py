"""Rewrite the table of what pinned actions still download, `core/steplock/tables/downloads.json`.

    python core/update/downloads.py immutability.jsonl actions.jsonl

The first file has what was read in the source of each action; the second the manifests, which show more actions whose
input that selects a tool has a moving default. Since which release an action does better stands here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from update import facts

FIELDS = """repo path default_mutable mutable_kind pin_input pin_example verifies_checksum checksum_source checksum_input
evidence at at_date since also note"""

UNKNOWN: Mapping[str, Any] = {"unknown": True}
_UNCHECKED: Mapping[str, Any] = {"verifies": "never", "hashes": "", "checksum": ""}

# What older or newer releases do, from the same facts (`since`): the first range that has the version counts.
RELEASES: Mapping[str, list[Mapping[str, Any]]] = {
    "astral-sh/setup-uv": [
        {"below": "v2.0.0", "mutable": False, "kind": "fixed"},
        {"below": "v3.0.0", **UNKNOWN},
    ],
    "bufbuild/buf-action": [{"below": "v1.1.0", **_UNCHECKED}],
    "cargo-bins/cargo-binstall": [{"below": "v1.17.4", "input": "env:BINSTALL_VERSION"}],
    "codecov/codecov-action": [{"below": "v5.0.0", **UNKNOWN}],
    "codspeedhq/action": [{"below": "v4.11.0", **_UNCHECKED, "kind": "fixed"}],
    "coverallsapp/github-action": [{"below": "v2.3.0", **UNKNOWN}],
    "goreleaser/goreleaser-action": [
        {"below": "v6.0.0", **_UNCHECKED, "kind": "floating"},
        {"below": "v7.1.0", **_UNCHECKED},
    ],
    "j178/prek-action": [{"below": "v2.0.0", **_UNCHECKED}],
    "jdx/mise-action": [{"below": "v4.2.1", "verifies": "user-supplied", "hashes": "user"}],
    "opentofu/setup-opentofu": [
        {"below": "v2.0.1", **_UNCHECKED},
        {"below": "v2.0.2", "verifies": "user-supplied", "hashes": "user"},
    ],
    "securego/gosec": [{"below": "v2.27.0", **_UNCHECKED, "kind": "fixed-tag"}],
    "sonarsource/sonarqube-scan-action": [{"below": "v7.2.0", **_UNCHECKED}],
    "terraform-linters/setup-tflint": [{"below": "v4.1.0", **_UNCHECKED}],
    # Before, the action was an image of its own.
    "aquasecurity/trivy-action": [{"below": "v0.25.0", **UNKNOWN}],
    "zizmorcore/zizmor-action": [
        {"below": "v0.1.2"},
        {"below": "v0.6.2", **UNKNOWN},
        {
            "mutable": False,
            "kind": "embedded",
            "verifies": "always",
            "hashes": "embedded digests",
            "still": ["latest"],
        },
    ],
}

# More inputs that pin: all of them have to be given.
ALSO = {
    "helm/kind-action": ["kubectl_version"],
    "reviewdog/action-golangci-lint": ["reviewdog_version"],
}

# Any of these pins instead.
INSTEAD = {
    "determinatesystems/determinate-nix-action": ["source-revision", "source-url"],
    "determinatesystems/magic-nix-cache-action": ["source-revision", "source-url"],
    "determinatesystems/nix-installer-action": ["source-revision", "source-url"],
    "jakebailey/pyright-action": ["pylance-version"],
}

# What takes the tool's version from a file of the project when the input is missing: None says that we cannot tell.
FROM_FILES = {
    "actions-rust-lang/setup-rust-toolchain": "rust-toolchain.toml",
    "astral-sh/ruff-action": "pyproject.toml",
    "astral-sh/setup-uv": "uv.toml or pyproject.toml",
    "biomejs/setup-biome": "the lock file or package.json",
    "cloudflare/wrangler-action": "package.json",
    "oven-sh/setup-bun": "package.json",
    "pyo3/maturin-action": "pyproject.toml",
}

# Values that read like moving ones, but are looked up in the pinned action itself, or on the runner; `*` is any.
STILL = {
    "astral-sh/setup-uv": ["latest-known"],
    "jakebailey/pyright-action": ["path"],
    "taiki-e/install-action": ["*"],
}

# How an exact value looks, where it is not a version of three numbers.
FORMS = {
    "anthropics/claude-code-action": "path",
    "anthropics/claude-code-base-action": "path",
    "cachix/cachix-action": "path",
    "cachix/install-nix-action": "url",
    "docker/setup-qemu-action": "image",
    "github/codeql-action/init": "url",
    "taiki-e/install-action": "tools",
}

# Inputs of other actions that select a tool, with a moving default in their manifest.
SELECTORS = {
    "1Password/load-secrets-action": "version",
    "asdf-vm/actions/install": "asdf_version",
    "asdf-vm/actions/setup": "asdf_version",
    "asdf-vm/actions/plugins-add": "asdf_version",
    "asdf-vm/actions/plugin-test": "asdf_version",
    "Azure/k8s-bake": "helm-version",
    "Azure/setup-azd": "version",
    "baptiste0928/cargo-install": "version",
    "browser-actions/setup-chrome": "chrome-version",
    "bytecodealliance/actions/wasm-tools/setup": "version",
    "bytecodealliance/actions/wasmtime/setup": "version",
    "bytecodealliance/actions/wit-bindgen/setup": "version",
    "chainguard-dev/actions/setup-eksctl": "version",
    "crazy-max/ghaction-setup-docker": "version",
    "docker/setup-docker-action": "version",
    "dominikh/staticcheck-action": "version",
    "FirebaseExtended/action-hosting-deploy": "firebaseToolsVersion",
    "giraffate/clippy-action": "reviewdog_version",
    "google-github-actions/setup-gcloud": "version",
    "hashicorp/setup-packer": "version",
    "isort/isort-action": "isortVersion",
    "jaxxstorm/action-install-gh-release": "tag",
    "jetli/wasm-bindgen-action": "version",
    "jetli/wasm-pack-action": "version",
    "ludeeus/action-shellcheck": "version",
    "medyagh/setup-minikube": "minikube-version",
    "mymindstorm/setup-emsdk": "version",
    "NuGet/setup-nuget": "nuget-version",
    "rhysd/action-setup-vim": "version",
    "sethvargo/ratchet": "version",
}
MOVING = {"latest", "stable", "^3.0.0"}


def main() -> None:
    path, manifests = facts.given("immutability.jsonl", "actions.jsonl")
    rows = facts.read(path, FIELDS)
    table = {_name(row): _download(row) for row in rows}
    table |= _selectors(manifests)
    named = RELEASES.keys() | ALSO.keys() | INSTEAD.keys() | FROM_FILES.keys() | FORMS.keys()
    if missing := named - table.keys():
        raise SystemExit(f"no facts on {sorted(missing)}")
    facts.write(
        "downloads",
        table,
        source="the actions' own repositories, read at the commit in each row",
        day=max(row["date"] for row in table.values()),
    )


def _name(row: facts.Row) -> str:
    return facts.action(f"{row['repo']}/{row['path']}".rstrip("/"))


def _download(row: facts.Row) -> facts.Row:
    name = _name(row)
    return facts.lean(
        {
            "action": f"{row['repo']}/{row['path']}".rstrip("/"),
            "mutable": row["default_mutable"],
            "kind": row["mutable_kind"],
            "input": row["pin_input"],
            "example": row["pin_example"],
            "form": FORMS.get(name),
            "also": ALSO.get(name),
            "instead": INSTEAD.get(name),
            "still": STILL.get(name),
            "from_file": FROM_FILES.get(name),
            "verifies": row["verifies_checksum"],
            "hashes": row["checksum_source"],
            "checksum": row["checksum_input"],
            "evidence": row["evidence"].replace(" (text index)", ""),
            "note": "; ".join(filter(None, (row.get("note"), row.get("also")))).replace(
                "mirror", "snapshot"
            ),
            "releases": RELEASES.get(name),
            "commit": row["at"],
            "date": row["at_date"],
        }
    )


def _selectors(path: Path) -> dict[str, facts.Row]:
    wanted = {name.lower(): (name, given) for name, given in SELECTORS.items()}
    found = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        for manifest in row["actions"]:
            key = f"{row['repo']}/{manifest.get('path', '')}".rstrip("/").lower()
            if manifest["at"] != "HEAD" or key not in wanted:
                continue
            name, given = wanted[key]
            default = str(manifest["inputs"][given]["default"])
            if default not in MOVING:
                raise SystemExit(f"{name}: the default of {given} is {default!r} now")
            found[key] = {
                "action": name,
                "mutable": True,
                "kind": "range" if default.startswith("^") else "floating",
                "input": given,
                "verifies": "unknown",
                "evidence": f"the default of `{given}` in its manifest is `{default}`",
                "commit": row["head"],
                "date": row["head_date"],
            }
    if missing := wanted.keys() - found.keys():
        raise SystemExit(f"no manifest of {sorted(missing)}")
    return found


if __name__ == "__main__":
    main()
