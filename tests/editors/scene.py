"""A workflow for editors to open, and what they must then show and save."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

EDITORS = Path(__file__).parent.parent.parent / "editors"
DRIVERS = Path(__file__).parent / "drivers"
BIN = Path(sys.executable).parent
NAME = ".github/workflows/test.yml"

# Signs of two kinds stand before the findings: an editor that counts otherwise marks another place.
WORKFLOW = """\
name: Test \U0001f600
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
      - name: "漢字 \U0001f600"
        uses: actions/checkout@v4
      - {name: "漢字 \U0001f600", run: 'echo "${{ github.event.head_commit.message }}"'}
"""
MARKS = {
    "artipacked": 'name: "漢字 \U0001f600"\n        uses: actions/checkout@v4',
    "template-injection": "github.event.head_commit.message",
    "unpinned-uses": "actions/checkout@v4",
}
ONE_FIXED = WORKFLOW.replace(
    "checkout@v4\n", "checkout@v4\n        with:\n          persist-credentials: false\n"
)


def lay_out(root: Path) -> Path:
    """A repository with the workflow and another YAML file; the path of the workflow."""
    subprocess.run(["git", "init", "--quiet", root], check=True)
    workflow = root / NAME
    workflow.parent.mkdir(parents=True)
    workflow.write_text(WORKFLOW, "utf-8")
    (root / "other.yml").write_text("permissions: write-all\n", "utf-8")
    return workflow


def program(name: str, hint: str) -> str:
    """Where a program is, which must be there; `hint` says how to get it."""
    found = shutil.which(name, path=_path())
    assert found, f"{name} is not installed: {hint}"
    return found


def drive(editor: Sequence[str | Path], workflow: Path, **environment: str) -> dict[str, Any]:
    """What could be seen in an editor whose script opens the workflow, with the steplock under test."""
    root = workflow.parent.parent.parent
    report = root / "report.json"
    run = subprocess.run(
        [*editor, workflow, root / "other.yml", report],
        check=False,
        env={**os.environ, **environment, "PATH": _path()},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    seen: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return seen


def _path() -> str:
    return os.pathsep.join([str(BIN), os.environ["PATH"]])
