"""Branches and tags as a server lists them, and how long an answer is kept."""

from pathlib import Path

import pytest

from gitserver import NOWHERE, Repository
from steplock_hooks import remote
from steplock_hooks.remote import Refs, Remote, Unreachable


def test_branches_and_tags_with_annotated_ones_peeled(setup: Repository, here: Remote) -> None:
    one = setup.commit({"action.yml": "one"})
    two = setup.commit({"action.yml": "two"}, one)
    setup.branch("main", two)
    setup.branch("releases/v1", one)
    setup.tag("v1", one)
    annotated = setup.annotate("v1.0.0", one)
    nested = setup.annotate("v2", annotated)

    assert remote.refs(here, "acme/setup") == Refs(
        tags={"v1": one, "v1.0.0": one, "v2": one},
        heads={"main": two, "releases/v1": one},
        annotated={annotated: one, nested: one},
    )


def test_a_repository_without_any(setup: Repository, here: Remote) -> None:
    answer = remote.refs(here, "acme/setup")
    assert answer == Unreachable("no branch or tag of acme/setup was listed")


def test_the_answer_is_kept_until_it_expires(setup: Repository, here: Remote) -> None:
    one, two = setup.commit({"a": "1"}), setup.commit({"a": "2"})
    setup.tag("v1", one)
    assert remote.refs(here, "acme/setup") == Refs({"v1": one}, {}, {})
    setup.tag("v1", two)
    assert remote.refs(here, "ACME/Setup") == Refs({"v1": one}, {}, {})
    assert remote.refs(here._replace(max_age=0), "acme/setup") == Refs({"v1": two}, {}, {})
    assert remote.refs(here, "acme/setup") == Refs({"v1": two}, {}, {})


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", "null", '{"kind": "Refs", "fields": [1], "time": 1e99}', "\udcff"]
)
def test_a_kept_answer_that_is_broken_is_asked_again(
    setup: Repository, here: Remote, kept: str
) -> None:
    setup.tag("v1", one := setup.commit({"a": "1"}))
    remote.refs(here, "acme/setup")
    [path] = here.cache.rglob("setup.json") if here.cache else []
    path.write_text(kept, "utf-8", "surrogateescape")
    assert remote.refs(here, "acme/setup") == Refs({"v1": one}, {}, {})


def test_a_cache_that_cannot_be_written_is_none(
    setup: Repository, here: Remote, tmp_path: Path
) -> None:
    setup.tag("v1", one := setup.commit({"a": "1"}))
    (tmp_path / "file").touch()
    blocked = here._replace(cache=tmp_path / "file" / "cache")
    assert remote.refs(blocked, "acme/setup") == Refs({"v1": one}, {}, {})
    assert isinstance(answer := remote.contains(blocked, "acme/setup", NOWHERE), Unreachable)
    assert "cannot be written" in str(answer)


def test_the_users_cache_folder(
    setup: Repository, here: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    setup.tag("v1", setup.commit({"a": "1"}))
    remote.refs(here._replace(cache=None), "acme/setup")
    assert [path.name for path in (tmp_path / "xdg" / "steplock" / "refs").rglob("*.json")] == [
        "setup.json"
    ]
