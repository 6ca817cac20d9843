"""Single commits and the files in them."""

from datetime import datetime, timezone
from pathlib import Path

import pytest

from gitserver import FIRST_DAY, NOWHERE, Repository, Server, git
from steplock_hooks import remote
from steplock_hooks.remote import NotFound, Remote, Unreachable


@pytest.fixture
def commits(setup: Repository) -> list[str]:
    files = {
        "action.yml": "root é",
        "sub/action.yaml": "sub",
        "large.yml": "x" * 2_000_000,
        "[a]*.yml": "odd",
    }
    one = setup.commit(files, links={"link.yml": "action.yml"})
    two = setup.commit({"action.yml": "new", "sub/action.yaml": "new", "b": "b"}, one)
    setup.branch("main", two)
    return [one, two]


@pytest.mark.parametrize(
    ("path", "text"),
    [("action.yml", "root é"), ("sub/action.yaml", "sub"), ("[a]*.yml", "odd")],
)
def test_a_file(commits: list[str], here: Remote, path: str, text: str) -> None:
    assert remote.manifest(here, "acme/setup", commits[0], path) == text
    assert remote.manifest(here, "acme/setup", commits[1], "action.yml") == "new"


@pytest.mark.parametrize(
    "path",
    [
        "action.yaml",
        "sub",
        "sub/",
        "",
        "/action.yml",
        "../action.yml",
        "sub/../../x",
        "link.yml",
        "*.yml",
        "a\nb",
        "--help",
        ":(top)action.yml",
        "\0",
    ],
)
def test_no_such_file(commits: list[str], here: Remote, path: str) -> None:
    assert isinstance(remote.manifest(here, "acme/setup", commits[0], path), NotFound)


def test_a_file_too_large(commits: list[str], here: Remote) -> None:
    answer = remote.manifest(here, "acme/setup", commits[0], "large.yml")
    assert answer == Unreachable("the answer is longer than 1048576 bytes")


def test_only_the_file_that_is_read_is_fetched(
    commits: list[str], here: Remote, tmp_path: Path
) -> None:
    remote.manifest(here, "acme/setup", commits[1], "sub/action.yaml")
    [clone] = (tmp_path / "cache" / "objects").rglob("setup.git")
    kinds = git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype)", where=clone)
    assert sorted(kinds.split()) == ["blob", "commit", "tree", "tree"]


def test_a_file_read_once_needs_no_server(commits: list[str], server: Server, here: Remote) -> None:
    remote.manifest(here, "acme/setup", commits[0], "action.yml")
    server.requests.clear()
    assert remote.manifest(here, "acme/setup", commits[0], "action.yml") == "root é"
    assert server.requests == []


def test_when_a_commit_was_made(commits: list[str], here: Remote) -> None:
    for number, commit in enumerate(commits, 1):
        assert remote.commit_date(here, "acme/setup", commit) == datetime.fromtimestamp(
            FIRST_DAY + number, timezone.utc
        )


@pytest.mark.parametrize("commit", [NOWHERE, "main", "", "--all", "HEAD"])
def test_no_such_commit(commits: list[str], here: Remote, commit: str) -> None:
    assert isinstance(remote.commit_date(here, "acme/setup", commit), NotFound)
    assert isinstance(remote.manifest(here, "acme/setup", commit, "action.yml"), NotFound)
