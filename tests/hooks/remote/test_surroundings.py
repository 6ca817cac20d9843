"""What a hook runs in, and what the user has configured."""

from pathlib import Path

import pytest

from gitserver import Repository, Server
from steplock_hooks import remote
from steplock_hooks.remote import Refs, Remote


def state(path: Path) -> dict[str, bytes | None]:
    return {
        str(found): found.read_bytes() if found.is_file() else None
        for found in sorted(path.rglob("*"))
    }


def test_the_repository_of_a_running_hook_is_left_alone(
    setup: Repository, here: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = setup.commit({"action.yml": "old"})
    setup.branch("main", new := setup.commit({"action.yml": "new"}, old))
    users = Repository(tmp_path, "user/project")
    before = state(users.path)
    for name, value in {
        "GIT_DIR": users.path,
        "GIT_COMMON_DIR": users.path,
        "GIT_INDEX_FILE": users.path / "index",
        "GIT_OBJECT_DIRECTORY": users.path / "objects",
        "GIT_WORK_TREE": tmp_path,
        "GIT_PREFIX": "sub/",
        "GIT_NAMESPACE": "other",
    }.items():
        monkeypatch.setenv(name, str(value))
    assert remote.refs(here, "acme/setup") == Refs({}, {"main": new}, {})
    assert remote.contains(here, "acme/setup", old) is True
    assert remote.manifest(here, "acme/setup", old, "action.yml") == "old"
    assert state(users.path) == before


def test_no_hook_runs(setup: Repository, here: Remote, config: Path, tmp_path: Path) -> None:
    hook = tmp_path / "hooks" / "reference-transaction"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    hook.chmod(0o755)
    config.write_text(f"[core]\nhooksPath = {hook.parent}\n")
    old = setup.commit({"a": "1"})
    setup.branch("main", setup.commit({"a": "2"}, old))
    assert remote.contains(here, "acme/setup", old) is True
    assert not (tmp_path / "ran").exists()


def test_settings_that_come_by_the_environment_count(
    setup: Repository, server: Server, here: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.tag("v1", one := setup.commit({"a": "1"}))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{server.url}/.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://github.com/")
    github = here._replace(server="https://github.com")
    assert remote.refs(github, "acme/setup") == Refs({"v1": one}, {}, {})
