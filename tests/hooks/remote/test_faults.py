"""Servers that are slow, die, refuse or lie, and what is left afterwards."""

import gzip
import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from gitserver import NOWHERE, Fault, Handler, Repository, Server, hang, says
from steplock_hooks import remote
from steplock_hooks.remote import NotFound, Refs, Remote, Unreachable

LISTING = "Content-Type: application/x-git-upload-pack-advertisement"


def drip(handler: Handler, body: bytes) -> bytes:
    """Never fall silent, and never come to an end."""
    handler.wfile.write(f"HTTP/1.1 200 OK\r\n{LISTING}\r\n\r\n".encode())
    while not handler.server.closing.wait(0.02):
        handler.wfile.write(b"0")
    return b""


def die(handler: Handler, body: bytes) -> bytes | None:
    """End in the middle of what is fetched; questions for references are answered."""
    if b"command=fetch" not in body:
        return None
    packed = handler.headers.get("Content-Encoding") == "gzip"
    whole = handler.backend(gzip.compress(body) if packed else body)
    head, blank, rest = whole.partition(b"\r\n\r\n")
    return head + blank + rest[: len(rest) // 2]


@pytest.mark.parametrize("fault", [hang, drip])
def test_a_server_that_is_too_slow(
    setup: Repository, server: Server, here: Remote, fault: Fault
) -> None:
    setup.branch("main", setup.commit({"a": "1"}))
    server.fault = fault
    answer = remote.refs(here._replace(timeout=0.5), "acme/setup")
    assert answer == Unreachable("no answer within 0.5 seconds")


def test_nothing_of_git_stays_behind(server: Server, here: Remote) -> None:
    hung_up = threading.Event()

    def wait(handler: Handler, _: bytes) -> bytes:
        handler.connection.settimeout(10)
        with suppress(TimeoutError):
            if handler.connection.recv(1) == b"":
                hung_up.set()
        return b""

    server.fault = wait
    assert isinstance(remote.refs(here._replace(timeout=0.5), "acme/setup"), Unreachable)
    assert hung_up.wait(5)


def test_a_server_that_dies_midway(setup: Repository, server: Server, here: Remote) -> None:
    old = setup.commit({"action.yml": "old"})
    setup.branch("main", setup.commit({"action.yml": "new"}, old))
    server.fault = die
    assert isinstance(remote.contains(here, "acme/setup", old), Unreachable)
    assert isinstance(remote.manifest(here, "acme/setup", old, "action.yml"), Unreachable)
    assert isinstance(remote.commit_date(here, "acme/setup", old), Unreachable)
    server.fault = None
    assert remote.contains(here, "acme/setup", old) is True
    assert remote.manifest(here, "acme/setup", old, "action.yml") == "old"


def test_a_server_that_hangs_in_the_middle(setup: Repository, server: Server, here: Remote) -> None:
    old = setup.commit({"action.yml": "old"})
    setup.branch("main", setup.commit({"action.yml": "new"}, old))
    server.fault = lambda handler, body: hang(handler, body) if b"command=fetch" in body else None
    answer = remote.contains(here._replace(fetch_timeout=0.5), "acme/setup", old)
    assert answer == Unreachable("no answer within 0.5 seconds")
    server.fault = None
    assert remote.contains(here, "acme/setup", old) is True


def test_nobody_listens(here: Remote) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    answer = remote.refs(here._replace(server=f"http://127.0.0.1:{port}"), "acme/setup")
    assert isinstance(answer, Unreachable)
    assert "connect" in answer.reason


@pytest.mark.parametrize(
    "fault",
    [
        says("500 Internal Server Error"),
        says("200 OK", "<html>sign in</html>"),
        says("200 OK", "0000", LISTING),
        says("200 OK", "zzzz", LISTING),
        says("302 Found", "", "Location: ext::sh -c 'touch owned'"),
        says("302 Found", "", "Location: file:///"),
    ],
)
def test_a_server_that_talks_nonsense(server: Server, here: Remote, fault: Fault) -> None:
    server.fault = fault
    assert isinstance(remote.refs(here, "acme/setup"), Unreachable)


def test_a_repository_that_is_not_there(server: Server, here: Remote) -> None:
    assert remote.refs(here, "acme/none") == NotFound("acme/none")
    assert remote.commit(here, "acme/none", "v1") == NotFound("acme/none")
    assert remote.contains(here, "acme/none", NOWHERE) == NotFound("acme/none")
    assert remote.tags_of(here, "acme/none", NOWHERE) == NotFound("acme/none")
    assert remote.manifest(here, "acme/none", NOWHERE, "action.yml") == NotFound("acme/none")


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_private_repository_is_told_and_nobody_asked(
    server: Server,
    here: Remote,
    config: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    status: str,
) -> None:
    asked = tmp_path / "asked"
    program = tmp_path / "askpass"
    program.write_text(f"#!/bin/sh\ntouch '{asked}'\necho secret\n")
    program.chmod(0o755)
    config.write_text(f"[core]\naskPass = {program}\n")
    monkeypatch.setenv("GIT_ASKPASS", str(program))
    monkeypatch.setenv("SSH_ASKPASS", str(program))
    server.fault = says(status, "", 'WWW-Authenticate: Basic realm="git"')
    assert remote.refs(here, "acme/private") == Unreachable(
        "acme/private does not exist, or is private and git has no access"
    )
    assert not asked.exists()


def test_a_failure_is_not_asked_for_again_at_once(
    setup: Repository, server: Server, here: Remote
) -> None:
    setup.tag("v1", one := setup.commit({"a": "1"}))
    server.fault = says("500 Internal Server Error")
    first = remote.refs(here, "acme/setup")
    server.fault = None
    server.requests.clear()
    assert remote.refs(here, "acme/setup") == first
    assert server.requests == []
    assert remote.refs(here._replace(max_age=0), "acme/setup") == Refs({"v1": one}, {}, {})


def test_credentials_in_an_address_stay_secret(server: Server, here: Remote, config: Path) -> None:
    host = server.url.partition("://")[2]
    config.write_text(f'[url "http://someone:hunter2@{host}/"]\ninsteadOf = https://github.com/\n')
    server.fault = says("500 Internal Server Error")
    answer = remote.refs(here._replace(server="https://github.com"), "acme/setup")
    assert isinstance(answer, Unreachable)
    assert "hunter2" not in str(answer) and "someone" not in str(answer)
    assert "500" in str(answer)


def test_no_control_characters_reach_a_terminal(
    here: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint = r"fatal: unable to access 'https://s3cret@host/x': \033]0;owned\007\033[31mred"
    program = tmp_path / "git"
    program.write_text(f'#!/bin/sh\nprintf "{complaint}\\n" >&2\nexit 128\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert remote.refs(here, "acme/setup") == Unreachable(
        "unable to access 'https://host/x': ]0;owned[31mred"
    )


def test_without_git(here: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert remote.refs(here, "acme/setup") == Unreachable(
        "git does not run: No such file or directory"
    )


def test_a_sign_in_page_during_a_fetch_accuses_nobody(
    setup: Repository, server: Server, here: Remote
) -> None:
    old = setup.commit({"a": "1"})
    setup.branch("main", setup.commit({"a": "2"}, old))
    assert isinstance(remote.refs(here, "acme/setup"), Refs)
    server.fault = says("200 OK", "<html>sign in</html>")
    assert isinstance(remote.contains(here, "acme/setup", old), Unreachable)
    server.fault = None
    assert remote.contains(here, "acme/setup", old) is True


@pytest.mark.parametrize("left", ["shallow.lock", "config.lock", "refs/heads/main.lock"])
def test_what_a_killed_git_left_is_not_in_the_way_for_good(
    setup: Repository, here: Remote, tmp_path: Path, left: str
) -> None:
    now = here._replace(max_age=0)
    old = setup.commit({"a": "1"})
    setup.branch("main", tip := setup.commit({"a": "2"}, old))
    assert remote.contains(now, "acme/setup", old) is True
    assert remote.manifest(now, "acme/setup", old, "a") == "1"
    setup.branch("main", setup.commit({"a": "3"}, tip))
    for clone in (tmp_path / "cache").rglob("setup.git"):
        (clone / left).parent.mkdir(parents=True, exist_ok=True)
        (clone / left).touch()
    for _ in range(2):
        last = remote.contains(now, "acme/setup", tip), remote.manifest(now, "acme/setup", tip, "a")
    assert last == (True, "2")
