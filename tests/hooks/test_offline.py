"""Nothing goes over the network that was not asked to: every socket is refused, and every program but git's own look at files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commandline import UNSAFE, put

WORKFLOW = ".github/workflows/ci.yml"
# Audit events of CPython: what opens a socket, looks a name up or starts a program.
GUARD = """
import sys
def refuse(*what):
    # In one write: several threads may ask.
    sys.stderr.write(f"refused: {' '.join(map(str, what))}\\n")
    raise PermissionError(1, "refused")
def guard(event, arguments):
    if event.startswith("socket."):
        refuse(event, arguments)
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        command = list(map(str, arguments[1] if event == "subprocess.Popen" else arguments))
        if "ls-files" not in command:
            refuse(event, command)
sys.addaudithook(guard)
from steplock_hooks.cli import main
sys.exit(main(sys.argv[1:]))
"""
COMPOSITE = "runs: {using: composite, steps: [{uses: tj-actions/changed-files@v45.0.6}]}\n"
CONFIG = "repos:\n  - repo: https://github.com/acme/hooks\n    rev: v1\n    hooks: []\n"


def run(here: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", GUARD, *arguments],
        cwd=here,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def repository(here: Path) -> Path:
    text = UNSAFE + "      - uses: acme/setup@v1\n      - run: curl -L https://example.com | sh\n"
    put(here / WORKFLOW, text)
    put(here / "action.yml", COMPOSITE)
    put(here / ".pre-commit-config.yaml", CONFIG)
    subprocess.run(["git", "init", "--quiet"], cwd=here, check=True)
    return here


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--persona", "auditor"),
        ("check", "--persona", "auditor", "--no-cache", "--jobs", "1", "--format", "sarif"),
        ("fix", "--unsafe", "--diff"),
        ("fix", "--unsafe"),
        ("pin", "--offline"),
        ("lock", "--check"),
        ("explain", "impostor-commit"),
        ("rules",),
    ],
    ids=" ".join,
)
def test_no_socket_and_no_program(repository: Path, arguments: tuple[str, ...]) -> None:
    done = run(repository, *arguments)
    assert done.returncode in (0, 1), done.stderr
    assert "refused:" not in done.stderr


@pytest.mark.parametrize("command", ["check --online", "pin"])
def test_the_guard_would_see_it(repository: Path, command: str) -> None:
    done = run(repository, *command.split(), "--server", "https://127.0.0.1:1")
    assert "refused: subprocess.Popen" in done.stderr
