"""Rewrite the table of actions that use the cache, `core/steplock/tables/cachers.json`.

    python core/update/cachers.py cachers.jsonl

A fact names an action, the input that turns its cache on or off, and the releases that changed the default, read
from the manifests at each tag. What one input cannot tell stands here, with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from update import facts

FIELDS = """uses platform cache_by_default input on_values off_values manifest_default changes note confidence
evidence_files triggers_read_only_named triggers_read_only_by_exclusion triggers_read_write values"""
DEFAULTS = {"on": "on", "off": "off", "auto": "auto", "always": "always", "on_request": "request"}
BOOLEANS = {"", "0", "1", "always", "auto", "disabled", "enable", "enabled"}
BOOLEANS |= {"false", "never", "no", "no-preference", "true", "yes"}

_TRUE: Mapping[str, Any] = {"on": ["true"], "off": ["false"]}
_FALSE: Mapping[str, Any] = {"on": ["false"], "off": ["true"]}
_LOOKUP: Mapping[str, Any] = {"switches": [{"input": "lookup-only", **_FALSE, "default": "false"}]}

# What the fact cannot say with one input; the keys are those of `Cacher` and `Switch`.
MORE: Mapping[str, Mapping[str, Any]] = {
    "actions/cache": _LOOKUP,  # looks for the key and loads nothing
    "actions/cache/restore": {**_LOOKUP, "only": "restore"},
    "actions/cache/save": {"only": "save"},
    "actions/setup-node": {
        # Without `cache` it caches what `packageManager` in package.json names, which only the run can tell.
        "switches": [
            {"input": "cache", "on": ["npm", "yarn", "pnpm"], "text": True},
            {
                "input": "package-manager-cache",
                "on": [],
                "off": ["false"],
                "default": "true",
                "history": [["v5.0.0", "true"]],
            },
        ]
    },
    # v10.0.0: "enable-cache: auto will now disable the cache" for these events (its release notes, 2026-08).
    "astral-sh/setup-uv": {
        "off_events": ["pull_request_target", "release", "workflow_run"],
        "off_since": "v10.0.0",
        "no_restore": [["restore-cache", "false"]],
        "no_save": [["save-cache", "false"]],
    },
    "swatinem/rust-cache": {**_LOOKUP, "no_save": [["save-if", "false"]]},
    "gradle/actions/setup-gradle": {
        "no_save": [["cache-read-only", "true"]],
        "no_restore": [["cache-write-only", "true"]],
    },
    "golangci/golangci-lint-action": {"no_save": [["skip-save-cache", "true"]]},
    "docker/setup-buildx-action": {"needs": "version"},  # only a buildx that it downloads
    "docker/build-push-action": {
        "switches": [
            {"input": "cache-from", "contains": "type=gha", "half": "restore"},
            {"input": "cache-to", "contains": "type=gha", "half": "save"},
        ]
    },
    "docker/bake-action": {"switches": [{"input": "set", "contains": "type=gha"}]},
    "jdx/mise-action": {"no_save": [["cache_save", "false"]]},
    "bazel-contrib/setup-bazel": {
        "switches": [
            {"input": name, **_TRUE, "text": True, "default": "false"}
            for name in ("bazelisk-cache", "disk-cache", "external-cache", "repository-cache")
        ],
        "no_save": [["cache-save", "false"]],
    },
    "mamba-org/setup-micromamba": {
        "switches": [
            {"input": name, **_TRUE, "default": "false"}
            for name in ("cache-downloads", "cache-environment")
        ]
    },
    # `disabled` and, as with every boolean of it, `false`.
    "determinatesystems/magic-nix-cache-action": {
        "switches": [
            {
                "input": "use-gha-cache",
                "on": ["enabled", "no-preference", "true"],
                "off": ["disabled", "false"],
                "default": "no-preference",
            }
        ]
    },
    "prefix-dev/setup-pixi": {
        # Without it: on where a lock file exists.
        "switches": [{"input": "cache", **_TRUE, "default": "depends"}],
        "no_save": [["cache-write", "false"]],
    },
    "cypress-io/github-action": {"before": True},
    "dominikh/staticcheck-action": {"before": True},
    "ocaml/setup-ocaml": {
        "default": "always",
        "switches": [],
    },  # the opam root, whatever `dune-cache` says
    "mymindstorm/setup-emsdk": {"switches": [{"input": "actions-cache-folder", "text": True}]},
    "burrunan/gradle-cache-action": {"switches": []},
    "bahmutov/npm-install": {"switches": []},
    "baptiste0928/cargo-install": {"switches": []},
    "hashicorp/setup-golang": {"switches": []},
    "hendrikmuhs/ccache-action": {"switches": [], "no_save": [["save", "false"]]},
    "nix-community/cache-nix-action": {"switches": [], "no_save": [["save", "false"]]},
    "scribemd/docker-cache": {"switches": [], "no_save": [["read-only", "true"]]},
    "satackey/action-docker-layer-caching": {"switches": [], "no_save": [["skip-save", "true"]]},
    "jpribyl/action-docker-layer-caching": {"switches": [], "no_save": [["skip-save", "true"]]},
    "julia-actions/cache": {"switches": []},
    "mozilla-actions/sccache-action": {
        "switches": [
            {
                "input": "env:SCCACHE_GHA_ENABLED",
                "on": ["true", "on", "1"],
                "off": ["false", "off", "0"],
            }
        ]
    },
    "coursier/setup-action": {
        "default": "off",
        "switches": [],
    },  # the cache is an action of its own
    "buildjet/cache": {"store": "BuildJet"},
    "warpbuilds/cache": {"store": "WarpBuild"},
    "useblacksmith/cache": {"store": "Blacksmith"},
    "namespacelabs/nscloud-cache-action": {"store": "Namespace"},
    "runs-on/cache": {"store": "S3, where it is configured"},
    "tespkg/actions-cache": {"store": "S3"},
}
# Known from another linter's table only.
OTHERS = [
    {
        "uses": "pnpm/setup",
        "cache_by_default": "off",
        "input": "cache",
        "on_values": ["true"],
        "off_values": ["false"],
    },
    {
        "uses": "ramsey/composer-install",
        "cache_by_default": "on",
        "input": "ignore-cache",
        "on_values": ["no", "false", "0"],
        "off_values": ["yes", "true", "1"],
        "manifest_default": "no",
    },
]
OTHERS_SOURCE = "zizmor 1.32.0 (MIT), cache_poisoning.rs"


def main() -> None:
    [path] = facts.given("FACTS.jsonl")
    rows = facts.read(path, FIELDS)
    day = facts.newest(rows)
    rows += [{**row, "source": OTHERS_SOURCE, "date": day} for row in OTHERS]
    platform = {row["platform"]: row for row in rows if "platform" in row}
    token, mode = platform["cache token"], platform["cache-mode key"]
    # `workflow_run started by a fork` is the event workflow_run here: who started it is not in the file.
    events = token["triggers_read_only_named"] + token["triggers_read_only_by_exclusion"]
    table = {
        "actions": {
            facts.action(row["uses"]): _cacher(row) for row in rows if "/" in row.get("uses", "")
        },
        "platform": {
            "modes": mode["values"],
            "read_only": sorted({event.split()[0] for event in events}),
        },
    }
    if missing := MORE.keys() - table["actions"].keys():
        raise SystemExit(f"no facts on {sorted(missing)}")
    facts.write(
        "cachers",
        table,
        source="manifests and READMEs of the actions, docs.github.com; one row, one source",
        day=day,
        sections=True,
    )


def _cacher(row: facts.Row) -> facts.Row:
    more = MORE.get(facts.action(row["uses"]), {})
    default = DEFAULTS[row["cache_by_default"]]
    if "switches" in more:
        switches = [facts.lean(switch) for switch in more["switches"]]
    else:
        switches = [_switch(row)] if row.get("input") and default != "always" else []
    judged = {
        "action": row["uses"],
        "default": default,
        "note": row.get("note"),
        "source": row["source"],
        "date": row.get("date"),
        "sure": row.get("confidence") == "manifest read",
    }
    return facts.lean({**judged, **more, "switches": switches})


def _switch(row: facts.Row) -> facts.Row:
    if not row["input"].replace("-", "").replace("_", "").isalnum():
        raise SystemExit(f"nobody judged the input {row['input']!r} of {row['uses']}")
    values = [*row.get("on_values", ()), *row.get("off_values", ())]
    text = bool(values) and not BOOLEANS.issuperset(map(str.lower, values))
    changes = [
        [change["version"], _default(change["to"])]
        for change in row.get("changes", ())
        if change["input"] == row["input"].lower() and change["version"][-1:].isdigit()
    ]
    fallback = {"on": (row.get("on_values") or [""])[0], "auto": "auto"}.get(
        row["cache_by_default"], ""
    )
    last = row.get("manifest_default")
    return facts.lean(
        {
            "input": row["input"],
            "on": [value.lower() for value in row.get("on_values", ()) if value],
            "off": [value.lower() for value in row.get("off_values", ()) if value],
            "text": text or "" in row.get("off_values", ()),
            "default": _default(last) if last not in (None, "None") else fallback,
            "history": changes,
        }
    )


def _default(value: object) -> str:
    return "" if value is None else str(value).lower()


if __name__ == "__main__":
    main()
