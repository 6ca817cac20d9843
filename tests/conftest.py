"""`pytest --update` writes what is generated instead of comparing it."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# `--import-mode=importlib` leaves sys.path alone; this makes `import mdtest` work.
sys.path.insert(0, str(Path(__file__).parent))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite generated files")


@pytest.fixture
def expect_file(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """A function that asserts that a file holds this text, or, with `--update`, writes it."""

    def expect(path: Path, text: str) -> None:
        if request.config.getoption("--update"):
            path.write_text(text, "utf-8", newline="")
        held = path.read_text("utf-8") if path.exists() else None
        assert held == text, f"{path.name} is stale: run make update"

    return expect
