"""The floors in pyproject.toml hold, and what starts cold in every commit stays light."""

import os
import subprocess
import sys

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

CHECK = """
import sys
from steplock import lint
lint("on: push\\njobs: {}\\n", ".github/workflows/test.yml")
print(*sys.modules)
"""
# Each takes longer to import than a whole file takes to check.
HEAVY = {
    "asyncio",
    "dataclasses",
    "importlib.metadata",
    "inspect",
    "logging",
    "lsprotocol",
    "pygls",
    "subprocess",
    "urllib.request",
}


def test_floors() -> None:
    # Not cached: the cache would be one more folder in the checkout.
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS


def test_a_check_imports_nothing_heavy() -> None:
    result = subprocess.run(
        [sys.executable, "-c", CHECK],
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert HEAVY & set(result.stdout.split()) == set()
