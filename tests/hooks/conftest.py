"""The command line, called in this process, in a folder of its own."""

import io
import os
import sys
from pathlib import Path

import pytest

from commandline import Run, Steplock
from steplock_hooks.cli import main

# Links need a privilege on Windows, and there are no forks.
collect_ignore = ["test_posix.py"] if os.name == "nt" else []


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in; what is kept between runs lies beside it."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return work


@pytest.fixture
def steplock(here: Path, monkeypatch: pytest.MonkeyPatch) -> Steplock:
    """Call the command line."""

    def call(*arguments: object, stdin: bytes = b"") -> Run:
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8", newline=""), io.StringIO()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = main([str(one) for one in arguments])
        out.flush()
        out.seek(0)
        return Run(code, out.read(), err.getvalue())

    return call
