"""A git server, a repository on it, and a resolver that asks there and nowhere else."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitserver import Repository, Server, serving
from steplock_hooks.remote import Remote


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's git configuration of this test; nothing of this machine is left."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "SSH_"))]:
        monkeypatch.delenv(name)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    path = tmp_path / "gitconfig"
    path.touch()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "served").mkdir()
    with serving(tmp_path / "served") as running:
        yield running


@pytest.fixture
def setup(server: Server) -> Repository:
    """The repository `acme/setup`, empty."""
    return Repository(server.root, "acme/setup")


@pytest.fixture
def here(server: Server, tmp_path: Path) -> Remote:
    return Remote(server.url, tmp_path / "cache", protocols=("http",))
