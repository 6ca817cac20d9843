"""Whether a commit is a repository's own, or one of a fork that shares its store."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gitserver import NOWHERE, Repository, Server, git
from steplock_hooks import remote
from steplock_hooks.remote import NotFound, Remote


@pytest.fixture
def commits(setup: Repository) -> dict[str, str]:
    """A repository and a fork in one store, as GitHub keeps them."""
    old = setup.commit({"action.yml": "old"})
    tip = setup.commit({"action.yml": "tip"}, old)
    side = setup.commit({"action.yml": "side"}, old)
    lost = setup.commit({"action.yml": "forced away"}, old)
    setup.branch("main", tip)
    behind = setup.commit({"action.yml": "behind a tag"}, old)
    tagged = setup.commit({"action.yml": "released from a branch that is gone"}, behind)
    annotated = setup.annotate("v1", tagged)
    setup.branch("side", side)
    fork = Repository(setup.path.parents[1], "mallory/setup")
    fork.git("fetch", "--quiet", setup.path, "refs/heads/*:refs/heads/*")
    impostor = fork.commit({"action.yml": "steal"}, tip)
    fork.branch("main", impostor)
    (setup.path / "objects/info/alternates").write_text(f"{fork.path / 'objects'}\n")
    return locals()


@pytest.mark.parametrize("name", ["old", "tip", "side", "behind", "tagged", "annotated"])
def test_a_commit_of_the_repository(commits: dict[str, str], here: Remote, name: str) -> None:
    assert remote.contains(here, "acme/setup", commits[name]) is True


@pytest.mark.parametrize("name", ["impostor", "lost"])
def test_a_commit_that_the_server_gives_out_and_nothing_leads_to(
    commits: dict[str, str], here: Remote, name: str
) -> None:
    text = remote.manifest(here, "acme/setup", commits[name], "action.yml")
    assert text in ("steal", "forced away")
    assert remote.contains(here, "acme/setup", commits[name]) is False
    assert remote.contains(here, "acme/setup", commits[name].upper()) is False


def test_the_fork_itself_has_it(commits: dict[str, str], here: Remote) -> None:
    assert remote.contains(here, "mallory/setup", commits["impostor"]) is True


def test_a_commit_that_is_nowhere(commits: dict[str, str], here: Remote) -> None:
    assert remote.contains(here, "acme/setup", NOWHERE) is False
    assert remote.contains(here, "acme/setup", NOWHERE[:12]) == NotFound(
        f"acme/setup@{NOWHERE[:12]}"
    )


def test_nobody_is_accused_from_an_old_history(
    commits: dict[str, str], setup: Repository, here: Remote, tmp_path: Path
) -> None:
    assert remote.contains(here, "acme/setup", NOWHERE) is False
    late = setup.commit({"action.yml": "late"}, commits["tip"])
    setup.branch("main", setup.commit({"action.yml": "later"}, late))
    [stamp] = (tmp_path / "cache").rglob("steplock.fetched")
    two_minutes_ago = time.time() - 120
    os.utime(stamp, (two_minutes_ago, two_minutes_ago))
    assert remote.contains(here, "acme/setup", late) is True


def test_a_known_answer_needs_no_server(
    commits: dict[str, str], server: Server, here: Remote
) -> None:
    assert remote.contains(here, "acme/setup", commits["old"]) is True
    server.requests.clear()
    assert remote.contains(here, "acme/setup", commits["behind"]) is True
    assert server.requests == []


def test_a_deleted_branch_no_longer_vouches(
    commits: dict[str, str], setup: Repository, here: Remote
) -> None:
    now = here._replace(max_age=0)
    setup.branch("side", setup.commit({"a": "1"}, commits["side"]))
    assert remote.contains(now, "acme/setup", commits["side"]) is True
    setup.delete("refs/heads/side")
    setup.branch("side/of", commits["tip"])
    assert remote.contains(now, "acme/setup", commits["side"]) is False


def test_only_commits_are_fetched(commits: dict[str, str], here: Remote, tmp_path: Path) -> None:
    remote.contains(here, "acme/setup", commits["old"])
    [clone] = (tmp_path / "cache" / "history").rglob("setup.git")
    kinds = git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype)", where=clone)
    assert set(kinds.split()) == {"commit", "tag"}


def test_a_server_without_partial_clones(
    commits: dict[str, str], setup: Repository, here: Remote
) -> None:
    setup.git("config", "uploadpack.allowFilter", "false")
    assert remote.contains(here, "acme/setup", commits["old"]) is True
    assert remote.contains(here, "acme/setup", commits["impostor"]) is False
    assert remote.manifest(here, "acme/setup", commits["old"], "action.yml") == "old"


def test_threads_ask_for_one_repository(commits: dict[str, str], here: Remote) -> None:
    names = ["old", "impostor", "behind", "lost"] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda name: remote.contains(here, "acme/setup", commits[name]), names)
        )
    assert answers == [True, False] * 8
