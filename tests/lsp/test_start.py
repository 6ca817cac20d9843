"""How an editor starts the server, and what the server's parts may know."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import steplock_lsp
from steplock import __version__
from steplock_lsp.__main__ import main

PACKAGE = Path(steplock_lsp.__file__).parent


@pytest.mark.parametrize("flags", [[], ["--stdio"]])
def test_an_editor_that_goes_away_ends_the_server(flags: list[str]) -> None:
    command = [sys.executable, "-m", "steplock_lsp", *flags]
    result = subprocess.run(command, input=b"", capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"steplock {__version__}\n"


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    assert "--stdio" in capsys.readouterr().out


def test_other_words_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--tcp"])
    assert left.value.code == 2
    assert "--tcp" in capsys.readouterr().err


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_only_the_converter_knows_the_core_and_the_protocol() -> None:
    both = [p.name for p in PACKAGE.glob("*.py") if {"steplock", "lsprotocol"} <= imported(p)]
    assert both == ["convert.py"]
