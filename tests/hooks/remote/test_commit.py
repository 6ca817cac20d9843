"""What `owner/name@ref` stands for."""

import pytest

from gitserver import NOWHERE, Repository
from steplock_hooks import remote
from steplock_hooks.remote import Ambiguous, NotFound, Remote, Resolved


@pytest.fixture
def commits(setup: Repository) -> dict[str, str]:
    one, two, three = (setup.commit({"a": text}) for text in "123")
    setup.branch("main", three)
    setup.branch("v2", two)
    setup.branch("same", one)
    setup.tag("v1", one)
    setup.tag("v2", one)
    setup.tag("same", one)
    return {"one": one, "two": two, "three": three, "object": setup.annotate("v1.0.0", one)}


@pytest.mark.parametrize(
    ("ref", "kind", "name"),
    [
        ("v1", "tag", "one"),
        ("v1.0.0", "tag", "one"),
        ("main", "branch", "three"),
        ("same", "tag", "one"),
        ("refs/heads/v2", "branch", "two"),
        ("refs/tags/v2", "tag", "one"),
        ("heads/main", "branch", "three"),
        ("tags/v1", "tag", "one"),
    ],
)
def test_a_reference(commits: dict[str, str], here: Remote, ref: str, kind: str, name: str) -> None:
    assert remote.commit(here, "acme/setup", ref) == Resolved(ref, kind, commits[name])


def test_a_branch_and_a_tag_of_one_name(commits: dict[str, str], here: Remote) -> None:
    answer = remote.commit(here, "acme/setup", "v2")
    assert answer == Ambiguous("v2", tag=commits["one"], branch=commits["two"])
    assert str(answer).startswith("v2 is a tag (")


def test_a_commit_stands_for_itself(commits: dict[str, str], here: Remote) -> None:
    assert remote.commit(here, "acme/setup", NOWHERE.upper()) == Resolved(
        NOWHERE, "commit", NOWHERE
    )


def test_the_object_of_an_annotated_tag(commits: dict[str, str], here: Remote) -> None:
    tag = commits["object"]
    assert remote.commit(here, "acme/setup", tag) == Resolved(tag, "commit", commits["one"])
    assert remote.tags_of(here, "acme/setup", tag) == ("v1.0.0", "v2", "v1", "same")


@pytest.mark.parametrize(
    "ref", ["", "v3", "V1", "refs/heads/v1", "refs/pull/1/head", NOWHERE[:12], "--all"]
)
def test_no_such_reference(commits: dict[str, str], here: Remote, ref: str) -> None:
    assert remote.commit(here, "acme/setup", ref) == NotFound(f"acme/setup@{ref}")


def test_the_tags_of_a_commit(commits: dict[str, str], here: Remote) -> None:
    assert remote.tags_of(here, "acme/setup", commits["one"].upper()) == (
        "v1.0.0",
        "v2",
        "v1",
        "same",
    )
    assert remote.tags_of(here, "acme/setup", commits["three"]) == ()
