"""Rewrite the table of what runs files of the work tree, `core/steplock/tables/poisonable.json`.

    python core/update/poisonable.py poisonable.jsonl

A fact names a tool or an action and the files through which the tree steers it. Which words of a command line count, and
which flags keep it from running them, was judged by hand: that is this file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from update import facts

FIELDS = """command subcommands uses when aliases files effect safe_flags not_affected env note confidence"""

ANY = [["*"]]
FILE = ["<file>"]
# Subcommands that the facts tell people in other words. `<file>`: a file as the first operand; `*`: anything.
SUBCOMMANDS: Mapping[str, list[list[str]]] = {
    "(none)": [[]],
    "(python -m build)": [["*"]],
    "(any proxy call)": [],
    "-p / exec / run (see agents.jsonl)": ANY,
    "-m <module>": [["-m"]],
    "-c with imports": [["-c"]],
    "-n w/e commands": [],
    "-File": [["-File"]],
    "setup.py *": [FILE],
    "manage.py *": [FILE],
    "config core.hooksPath <tree>": [["config", "core.hooksPath"]],
    "commit (with hooksPath)": [],
    "push (with hooksPath)": [],
    "env create": [["env", "create"]],
    "install ./*.rb": [["install", "<file>"]],
    "<script name>": [["<name>"]],
    "<file>": [FILE],
    "package *": [["package"]],
    "CMD *": [["CMD"]],
    "run -v $PWD": [],
    ".": [["."]],
    "source": [FILE],
    "vet -vettool": [["vet", "-vettool"]],
    "-x": [["-x"]],
}
# Only what they take from the tree; a package from a registry is nothing of it.
_FROM_TREE = [
    ["<path>"],
    ["-r"],
    ["--requirement"],
    ["-c"],
    ["--constraint"],
    ["-e"],
    ["--editable"],
]
TAKES: Mapping[str, list[list[str]]] = {
    "gem": [["build"], ["install", "<path>"], ["push"]],
    "pip": [[sub, *more] for sub in ("install", "wheel", "download") for more in _FROM_TREE],
    "uv": [
        *([sub] for sub in ("sync", "run", "lock", "build", "add", "publish", "export")),
        *(["pip", sub, *more] for sub in ("install", "compile", "sync") for more in _FROM_TREE),
    ],
}
# With these flags they leave the tree alone.
UNLESS: Mapping[str, list[str]] = {"npm": ["-g", "--global"], "pnpm": ["-g", "--global"]}
# A subcommand in the facts may be several words, and its flags.
PLAIN = re.compile(r"[\w./:-]+(?: [\w./:-]+)*")

# Flags which, all together, keep a command from running code of the tree, and the subcommands for which that is so.
SAFE: Mapping[str, tuple[list[str], str]] = {
    "npm": (
        ["--ignore-scripts"],
        "install i add ci clean-install rebuild pack publish version link dedupe prune update",
    ),
    "pnpm": (["--ignore-scripts", "--ignore-pnpmfile"], "install i add rebuild rb pack publish"),
    "bun": (["--ignore-scripts"], "install i ci add"),
    "composer": (
        ["--no-scripts", "--no-plugins"],
        "install update require dump-autoload create-project",
    ),
    "uv": (["--no-build", "--no-install-project"], "sync"),
    "pip": (["--only-binary :all:", "--require-hashes"], "install wheel download"),
    "jekyll": (["--safe"], "build serve"),
}
# The facts on these say only that nothing does: yarn loads plugins before it reads a flag.
UNSAFE = {"yarn"}

NAMES: Mapping[str, list[str]] = {
    "./mvnw": ["mvn"],
    "./gradlew": ["gradle"],
    "./configure": ["configure"],
    "bash": ["bash", "sh", "dash", "zsh", "ksh", "fish", "source", "."],
}
# `python -m pip` is pip; what two names have in common is told once.
ALIASES: Mapping[str, str] = {
    "bin/rails": "rails",
    "./pleasew": "pleasew",
    "./autogen.sh": "autogen.sh",
    "./bootstrap": "bootstrap",
    "vendor/bin/phpunit": "phpunit",
}
# `*` in the facts, but these words do nothing with the tree.
NOT_AFFECTED: Mapping[str, str] = {
    "npm": "view info whoami ping config root prefix search dist-tag token outdated ls",
    "pnpm": "config store root audit outdated ls list why",
    "yarn": "",
    "eas": "login whoami",
    "heroku": "login",
    "terragrunt": "",
}
# When an action runs the tree, where its inputs tell; others do always.
WHEN: Mapping[str, Mapping[str, Any]] = {
    "actions/dependency-review-action": {"input": "config-file", "set": True},
    "actions/setup-node": {"input": "cache", "equals": "yarn"},
    "changesets/action": {
        "any": [{"input": "publish", "set": True}, {"input": "version", "set": True}]
    },
    "github/codeql-action/init": {"input": "config-file", "set": True},
    "goreleaser/goreleaser-action": {
        "any": [
            {"input": "args", "contains": "release"},
            {"input": "args", "contains": "build"},
            {"not": {"input": "args", "set": True}},
        ]
    },
    "gradle/actions/setup-gradle": {"input": "arguments", "set": True},
    "gradle/gradle-build-action": {"input": "arguments", "set": True},
    "j178/prek-action": {"not": {"input": "install-only", "equals": "true"}},
    "js-devtools/npm-publish": {"input": "ignore-scripts", "equals": "false"},
    "psf/black": {
        "all": [{"input": "use_pyproject", "equals": "true"}, {"fact": "releases before 26.3.0"}]
    },
    "ruby/setup-ruby": {"input": "bundler-cache", "equals": "true"},
    # Only what other steps do then, or releases that an advisory tells.
    "cachix/install-nix-action": {"any": []},
    "shivammathur/setup-php": {"fact": "releases before 2.37.1"},
    "nick-fields/retry": {"fact": "the command runs code of the tree"},
    "docker/build-push-action": {"not": {"input": "context", "contains": "://"}},
    "docker/bake-action": {"not": {"input": "source", "contains": "://"}},
    "python-semantic-release/python-semantic-release": {},
    "actions-rust-lang/setup-rust-toolchain": {"fact": "rust-toolchain.toml names a path"},
    "actions/labeler": {"fact": "a checkout is present"},
    "codecov/codecov-action": {"fact": "plugins are on"},
}
# Told by their path, by the script itself, and by what it writes to the runner's files.
ELSEWHERE = {"./<path>", "<local script>", "actions/github-script", "$GITHUB_ENV / $GITHUB_PATH"}


def main() -> None:
    [path] = facts.given("poisonable.jsonl")
    rows = facts.read(path, FIELDS)
    commands: defaultdict[str, list[facts.Row]] = defaultdict(list)
    actions: dict[str, facts.Row] = {}
    for row in rows:
        if row["effect"] in ("none", "inject"):
            continue  # nothing to tell; the inputs that run as code are in `sinks`
        if "command" in row:
            for name, tool in _tools(row):
                commands[name].append(tool)
        elif row["uses"] not in ELSEWHERE:
            name = facts.action(row["uses"])
            if row.get("when") and row["effect"] == "exec" and name not in WHEN:
                raise SystemExit(f"nobody judged {row['when']!r} of {name}")
            actions[name] = facts.lean(
                {**_shared(row), "action": row["uses"], "when": WHEN.get(name)}
            )
    facts.write(
        "poisonable",
        {"actions": actions, "commands": commands},
        source="github/codeql (MIT), boostsecurityio/lotp (Apache-2.0), public documentation of the tools",
        day=facts.newest(rows),
        sections=True,
    )


def _tools(row: facts.Row) -> Iterator[tuple[str, facts.Row]]:
    command = row["command"]
    if command in ELSEWHERE:
        return
    tool = {
        **_shared(row),
        "subcommands": TAKES.get(command)
        or [words for sub in row["subcommands"] for words in _words(sub)],
        "unless": UNLESS.get(command),
        "not_affected": NOT_AFFECTED.get(command, "").split(),
        "env": row.get("env"),
    }
    if command in SAFE:
        flags, subcommands = SAFE[command]
        tool |= {"safe_flags": flags, "safe_for": subcommands.split()}
    elif row.get("safe_flags") and command not in UNSAFE:
        raise SystemExit(f"nobody judged the flags of {command}")
    for name in NAMES.get(command, [command]):
        yield name, facts.lean({**tool, "name": name})
    for alias in row.get("aliases", ()):
        words = ALIASES.get(alias, alias).split()
        if words[:2] == ["python", "-m"] or words[0] in ("npm", "php"):
            continue  # read as the program itself
        more = [words[1:]] if words[1:] else tool["subcommands"]
        yield words[0], facts.lean({**tool, "name": words[0], "subcommands": more})


def _words(subcommand: str) -> list[list[str]]:
    if subcommand == "*":
        return ANY
    if subcommand in SUBCOMMANDS:
        return SUBCOMMANDS[subcommand]
    if not PLAIN.fullmatch(subcommand):
        raise SystemExit(f"nobody judged the subcommand {subcommand!r}")
    return [subcommand.split()]


def _shared(row: facts.Row) -> facts.Row:
    return {
        "effect": row["effect"],
        "files": row["files"],
        "note": row.get("note") or row.get("when"),
        "source": row["source"],
        "sure": facts.sure(row),
    }


if __name__ == "__main__":
    main()
