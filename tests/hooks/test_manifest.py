"""`.pre-commit-hooks.yaml` asks for the files that we read, and for no others."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from steplock import config
from steplock.model import PATTERNS as KINDS
from steplock.model import kind
from steplock_hooks import configuration, paths
from steplock_hooks.arguments import COMMANDS, parse

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS = {
    "steplock": (
        "check",
        "Refuse security problems in GitHub Actions workflows and the files around them.",
    ),
    "steplock-fix": (
        "fix",
        "Repair the security problems that can be repaired without changing what a workflow does.",
    ),
}
HOOK = """\
- id: {id}
  name: {id}
  description: {description}
  entry: steplock {command}
  language: python
  # One process for all files: it uses all cores by itself, and looks from file to file.
  require_serial: true
  minimum_pre_commit_version: 3.0.0
  types: [text]
  files: |
    (?x)
      {patterns}
"""

LOCK_HOOK = """
- id: steplock-lock
  name: steplock-lock
  description: Refuse what steplock.lock and GitHub's actions.lock do not hold.
  entry: steplock lock --check
  language: python
  # A lock is right or wrong for the whole repository.
  pass_filenames: false
  minimum_pre_commit_version: 3.0.0
  files: |
    (?x)
      ^steplock\\.lock$
      | {patterns}
"""

READ = [
    ".github/workflows/ci.yml",
    ".github/workflows/ci.yaml",
    ".github/workflows/actions.lock",
    ".forgejo/workflows/ci.yml",
    ".gitea/workflows/ci.yml",
    "template/.github/workflows/ci.yml",
    ".github/dependabot.yml",
    ".github/dependabot.yaml",
    ".pre-commit-config.yaml",
    ".pre-commit-hooks.yaml",
    "action.yml",
    "action.yaml",
    ".github/actions/setup/action.yml",
    "packages/action/action.yaml",
    ".github/steplock.yml",
    "steplock.yaml",
    ".github/zizmor.yml",
    "zizmor.yml",
]
NOT_READ = [
    "ci.yml",
    ".github/ci.yml",
    ".github/workflows/ci.yml.orig",
    ".github/workflows/ci.json",
    ".github/workflows/scripts/data.yml",
    ".github/workflows/README.md",
    ".github/actions.lock",
    ".github/workflows/other.lock",
    "github/workflows/ci.yml",
    "x.github/workflows/ci.yml",
    "dependabot.yml",
    ".github/dependabot.yml/notes",
    "pre-commit-config.yaml",
    ".pre-commit-config.yml",
    "myaction.yml",
    "action.yml.j2",
    "actions/setup.yml",
    "docs/action.md",
    "my-steplock.yml",
    "steplock.yml.bak",
    "steplock.toml",
]


def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in YAML(typ="safe").load(MANIFEST.read_text("utf-8"))}


def test_manifest(expect_file: Callable[[Path, str], None]) -> None:
    patterns = "\n      | ".join(paths.PATTERNS)
    written = "\n".join(
        HOOK.format(id=id, command=command, description=description, patterns=patterns)
        for id, (command, description) in HOOKS.items()
    )
    lock = LOCK_HOOK.format(patterns="\n      | ".join(paths.LOCKED))
    expect_file(MANIFEST, f"# From steplock_hooks.paths, by make update.\n{written}{lock}")


def test_each_hook_starts_a_command_that_exists() -> None:
    for hook in hooks().values():
        program, command, *options = hook["entry"].split()
        assert program == "steplock"
        assert command in COMMANDS
        if hook.get("pass_filenames", True):
            assert parse([command, *options, "a.yml", "b.yml"]).paths == ["a.yml", "b.yml"]
        else:
            assert parse([command, *options]).path == "."


@pytest.mark.parametrize("id", HOOKS)
def test_the_hooks_are_called_for_what_we_read(id: str) -> None:
    # As pre-commit does it: https://pre-commit.com/#hooks-files
    pattern = re.compile(hooks()[id]["files"])
    assert [path for path in READ if not pattern.search(path)] == []
    assert [path for path in NOT_READ if pattern.search(path)] == []
    for path in READ + NOT_READ:
        assert paths.is_read(path) == (pattern.search(path) is not None)


def test_the_hook_of_locks_is_called_for_locks_and_for_what_they_lock() -> None:
    pattern = re.compile(hooks()["steplock-lock"]["files"])
    wanted = [
        "steplock.lock",
        ".github/workflows/actions.lock",
        ".github/workflows/ci.yml",
        "x/action.yml",
    ]
    assert all(map(pattern.search, wanted))
    assert not any(map(pattern.search, ["x/steplock.lock", ".github/dependabot.yml", "uv.lock"]))


def test_what_we_read_is_what_the_core_knows() -> None:
    configurations = {*config.NAMES, *config.PEER_NAMES}
    names = {Path(path).name for path in configurations}
    assert all(map(paths.is_read, configurations))
    for path in READ + NOT_READ:
        known = kind(path) is not None or Path(path).name in names
        assert paths.is_read(path) == known, path


def test_the_patterns_are_the_core_s() -> None:
    # Said twice, so that looking through a folder does not import the model.
    assert paths.PATTERNS[:-1] == tuple(pattern for pattern, _ in KINDS)
    assert (configuration.NAMES, configuration.PEER_NAMES) == (config.NAMES, config.PEER_NAMES)
