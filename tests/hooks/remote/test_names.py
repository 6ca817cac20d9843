"""Names and addresses that come from a workflow or a setting, and may be hostile."""

import pytest

from gitserver import NOWHERE, Repository, Server
from steplock_hooks import remote
from steplock_hooks.remote import NotFound, Remote, Resolved


@pytest.mark.parametrize(
    "repo",
    [
        "",
        "acme",
        "acme/",
        "/setup",
        "acme/setup/sub",
        "acme/..",
        "../setup",
        "./x",
        "-x/setup",
        "--upload-pack=touch owned/x",
        "acme/setup\n",
        "acme/set up",
        "acme/setup?x",
        "acme/setup#x",
        "acme@evil.example/x",
        "evil.example:x/y",
        "ext::sh/x",
        "acme/é",
    ],
)
def test_a_name_that_no_repository_has_is_not_asked_for(
    server: Server, here: Remote, repo: str
) -> None:
    assert remote.refs(here, repo) == NotFound(repr(repo))
    assert remote.contains(here, repo, NOWHERE) == NotFound(repr(repo))
    assert remote.manifest(here, repo, NOWHERE, "action.yml") == NotFound(repr(repo))
    assert server.requests == []


@pytest.mark.parametrize("repo", ["acme/-setup", "acme_corp/.github", "1acme/setup.js"])
def test_an_odd_name_is_one(server: Server, here: Remote, repo: str) -> None:
    commit = (made := Repository(server.root, repo)).commit({"a": "1"})
    made.tag("v1", commit)
    assert remote.commit(here, repo, "v1") == Resolved("v1", "tag", commit)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "github.com",
        "ext::sh -c touch%20owned",
        "file:///srv",
        "https://",
        "https://a b",
        "--upload-pack=x",
        "https://user:pass@host",
    ],
)
def test_a_server_is_an_address_over_http(here: Remote, address: str) -> None:
    with pytest.raises(ValueError, match="not the address of a git server"):
        remote.refs(here._replace(server=address), "acme/setup")
