"""`steplock lock`, with a server on this machine."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from commandline import Steplock, put
from steplock import locking
from steplock_hooks import downloading

WORKFLOW = ".github/workflows/ci.yml"
CONTENT = b"#!/bin/sh\n" * 100
HASH = hashlib.sha256(CONTENT).hexdigest()


class Files(ThreadingHTTPServer):
    """`/good*` gives the content, `/short` less than it says, `/away` leads to plain HTTP elsewhere."""

    daemon_threads = True
    content = CONTENT


class Handler(BaseHTTPRequestHandler):
    server: Files

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/short":
                self.answer(200, ("Content-Length", str(len(CONTENT) + 1)))
                self.wfile.write(CONTENT)
            case "/away":
                self.answer(302, ("Location", "http://example.com/good"))
            case "/moved":
                self.answer(302, ("Location", "/good"))
            case path if path.startswith("/good"):
                self.answer(200)
                self.wfile.write(self.server.content)
            case _:
                self.answer(404)

    def answer(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is said on the terminal."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    monkeypatch.setenv("no_proxy", "*")
    with Files(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def address(server: Files, path: str) -> str:
    return f"http://127.0.0.1:{server.server_port}/{path}"


@pytest.mark.parametrize("path", ["good", "moved"])
def test_a_hash_over_the_network(server: Files, path: str) -> None:
    assert downloading.sha256(address(server, path)) == HASH


@pytest.mark.parametrize(
    ("path", "why"), [("short", "cut short"), ("away", "without HTTPS"), ("none", "Not Found")]
)
def test_no_hash(server: Files, path: str, why: str) -> None:
    answer = downloading.sha256(address(server, path))
    assert isinstance(answer, downloading.Failed)
    assert why in answer.reason


@pytest.mark.parametrize("where", ["http://example.com/x", "file:///etc/passwd", "https://[", ""])
def test_addresses_that_are_not_asked(where: str) -> None:
    assert isinstance(downloading.sha256(where), downloading.Failed)


def workflow(*lines: str) -> str:
    steps = "".join(f"          {line}\n" for line in lines)
    return (
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
        f"      - run: |\n{steps}"
        "      - uses: astral-sh/setup-uv@v7\n        with: {version: 0.9.5}\n"
    )


@pytest.fixture
def fetching(server: Files, monkeypatch: pytest.MonkeyPatch) -> Files:
    """What lies at example.com is asked for at this server."""
    real = downloading.sha256

    def asked(where: str) -> object:
        return real(where.replace("https://example.com/", address(server, "")))

    monkeypatch.setattr("steplock_hooks.commands.lock.sha256", asked)
    return server


def test_from_nothing_to_a_lock(steplock: Steplock, here: Path, fetching: Files) -> None:
    put(here / WORKFLOW, workflow("curl -fsSLO https://example.com/good.tgz"))
    assert steplock("check", "--rule", "unlocked-download").code == 0
    run = steplock("lock")
    assert run.code == 1
    assert "https://example.com/good.tgz has no hash yet" in run.err
    run = steplock("lock", "--fetch")
    assert (run.code, run.out) == (1, "Wrote steplock.lock: 1 files, 1 tools.\n")
    lock = locking.read((here / "steplock.lock").read_text())
    assert lock.files["https://example.com/good.tgz"] == locking.Entry(HASH, (WORKFLOW,))
    assert list(lock.tools) == ["astral-sh/setup-uv 0.9.5"]
    assert steplock("lock", "--check").code == 0
    again = steplock("lock", "--fetch")
    assert (again.code, again.out) == (0, "steplock.lock is up to date.\n")


def test_what_changes_is_found(steplock: Steplock, here: Path, fetching: Files) -> None:
    put(here / WORKFLOW, workflow("curl -fsSLO https://example.com/good.tgz"))
    steplock("lock", "--fetch")
    put(here / WORKFLOW, workflow("curl -fsSLO https://example.com/good2.tgz"))
    run = steplock("lock", "--check")
    assert run.code == 1
    assert "steplock.lock does not hold `https://example.com/good2.tgz`" in run.out
    assert "nothing downloads https://example.com/good.tgz any more" in run.out
    assert steplock("check", "--rule", "unlocked-download").code == 1
    shown = steplock("lock", "--diff", "--fetch")
    assert "+++ b/steplock.lock" in shown.out
    assert "good2" not in (here / "steplock.lock").read_text()


def test_what_was_replaced_is_found(steplock: Steplock, here: Path, fetching: Files) -> None:
    put(here / WORKFLOW, workflow("curl -fsSLO https://example.com/good.tgz"))
    steplock("lock", "--fetch")
    assert steplock("lock", "--verify").code == 0
    fetching.content = b"evil"
    run = steplock("lock", "--verify")
    assert run.code == 1
    assert "0 as locked, 1 changed, 0 not reached." in run.out


def test_files_that_are_here_already(steplock: Steplock, here: Path) -> None:
    put(here / WORKFLOW, workflow("curl -fsSLO 'https://example.com/tool.tgz?x=1'"))
    put(here.parent / "files/tool.tgz", CONTENT)
    assert steplock("lock", "--from", here.parent / "files").code == 1
    lock = locking.read((here / "steplock.lock").read_text())
    assert lock.files["https://example.com/tool.tgz?x=1"].sha256 == HASH
    assert steplock("lock", "--from", here / "none").code == 2


def test_the_lock_of_actions_is_looked_at_too(steplock: Steplock, here: Path) -> None:
    put(here / WORKFLOW, workflow("make"))
    put(
        here / ".github/workflows/actions.lock",
        f"version: v0.0.2\nworkflows: {{{WORKFLOW}: []}}\ndependencies: {{}}\n",
    )
    run = steplock("lock", "--check")
    assert run.code == 1
    assert "stale-lockfile" in run.out
