"""What a commit waits for: a check imports no more than it uses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commandline import SAFE, UNSAFE, put

WORKFLOW = ".github/workflows/ci.yml"
NETWORK = {"_socket", "_ssl", "asyncio", "http", "socket", "ssl", "urllib.request"}
SERVER = {"cattrs", "lsprotocol", "pygls", "steplock_lsp"}
SLOW = {
    "bz2",
    "dataclasses",
    "difflib",
    "inspect",
    "logging",
    "pathlib",
    "shutil",
    "subprocess",
    "typing",
}
PARSERS = {"_ruamel_yaml", "ruamel", "tree_sitter"}
HEART = {f"steplock.{name}" for name in ("config", "engine", "model", "rules", "syntax")}
TELL = """
import os, sys
from steplock_hooks import cli
def tell(code):
    print(*sys.modules, file=sys.stderr)
    sys.stderr.flush()
    sys.exit(code)
os._exit = tell
cli.main()
"""


def modules(*arguments: str, code: int = 1) -> set[str]:
    """What is imported by the time that a command has done its work."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", TELL, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github"])
@pytest.mark.parametrize("command", ["check", "fix"])
def test_no_network_and_no_server(here: Path, command: str, format: str) -> None:
    put(here / WORKFLOW, UNSAFE)
    how = ("--format", format) if command == "check" else ("--unsafe",)
    loaded = modules(command, *how, "--no-cache", WORKFLOW)
    assert "steplock.engine" in loaded
    assert (NETWORK | SERVER) & loaded == set()


def test_a_check_of_one_file_is_light(here: Path) -> None:
    put(here / WORKFLOW, UNSAFE)
    loaded = modules("check", "--format", "json", "--no-cache", WORKFLOW)
    assert (PARSERS | SLOW) & loaded == set()


def test_a_check_that_was_done_before_is_lighter(here: Path) -> None:
    put(here / WORKFLOW, UNSAFE)
    put(here / "steplock.yml", "fail-on: low\nexclude: [action.yml]\n")
    modules("check", "--format", "json", WORKFLOW)
    loaded = modules("check", "--format", "json", WORKFLOW)
    assert (PARSERS | SLOW) & loaded == set()
    assert HEART & loaded == set()


def test_nothing_to_fix_is_as_light(here: Path) -> None:
    put(here / WORKFLOW, SAFE)
    modules("check", WORKFLOW, code=0)
    assert (HEART | PARSERS | SLOW) & modules("fix", WORKFLOW, code=0) == set()
