"""`url.<base>.insteadOf` of the user's git leads elsewhere, over protocols that are allowed."""

from pathlib import Path

import pytest

from gitserver import Repository, Server, daemon
from steplock_hooks import remote
from steplock_hooks.remote import NotFound, Refs, Remote, Resolved, Unreachable

"""`url.<base>.insteadOf` of the user's git leads elsewhere."""


def lead(config: Path, base: str) -> None:
    config.write_text(f'[url "{base}/"]\n\tinsteadOf = https://github.com/\n')


def test_a_folder(setup: Repository, server: Server, here: Remote, config: Path) -> None:
    old = setup.commit({"action.yml": "old"})
    setup.tag("v1", new := setup.commit({"action.yml": "new"}, old))
    lead(config, f"file://{server.root}")
    github = Remote(cache=here.cache)
    assert remote.refs(github, "acme/setup") == Refs({"v1": new}, {}, {})
    assert remote.contains(github, "acme/setup", old) is True
    assert remote.manifest(github, "acme/setup", old, "action.yml") == "old"
    assert remote.refs(github, "acme/none") == NotFound("acme/none")
    assert server.requests == []


def test_a_git_daemon_if_it_is_allowed(
    setup: Repository, server: Server, here: Remote, config: Path
) -> None:
    setup.tag("v1", one := setup.commit({"action.yml": "old"}))
    with daemon(server.root) as base:
        lead(config, base)
        github = Remote(cache=here.cache, max_age=0)
        assert remote.refs(github, "acme/setup") == Unreachable("transport 'git' not allowed")
        allowed = github._replace(protocols=("git",))
        assert remote.commit(allowed, "acme/setup", "v1") == Resolved("v1", "tag", one)
        assert remote.refs(allowed, "acme/none") == NotFound("acme/none")


def test_http_is_not_allowed_unasked(setup: Repository, server: Server, here: Remote) -> None:
    answer = remote.refs(Remote(server.url, here.cache), "acme/setup")
    assert answer == Unreachable("transport 'http' not allowed")
    assert server.requests == []


def test_no_command_is_a_mirror(here: Remote, config: Path, tmp_path: Path) -> None:
    config.write_text(
        f'[url "ext::touch {tmp_path}/owned "]\n\tinsteadOf = https://github.com/\n[protocol]\n\tallow = always\n'
    )
    answer = remote.refs(Remote(cache=here.cache), "acme/setup")
    assert answer == Unreachable("transport 'ext' not allowed")
    assert not (tmp_path / "owned").exists()


def test_a_limit_that_the_user_set_holds(
    setup: Repository, here: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "https:ssh")
    assert remote.refs(here, "acme/setup") == Unreachable("transport 'http' not allowed")
