"""The floors in pyproject.toml hold."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_floors() -> None:
    # Not cached: the cache would be a folder of its own in the reader's checkout.
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS
