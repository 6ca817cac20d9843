"""The server as a process: it asks nobody, but where a person has it ask."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from editing import apply, by_uri
from gitserver import Repository, hang_until, serving
from wire import Json, workflow

TEXT = "on: push\njobs: {a: {steps: [\n  {uses: acme/setup@v1}]}}\n"
# Audit events of CPython: what goes to another machine, looks a name up or starts a program.
GUARD = """
import sys
def guard(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname",
                 "subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        print("refused:", event, arguments, file=sys.stderr, flush=True)
        raise PermissionError(1, "refused")
sys.addaudithook(guard)
from steplock_lsp.__main__ import main
sys.exit(main([]))
"""
CAPABILITIES = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"applyEdit": True},
    "window": {"workDoneProgress": True},
}


class Talk:
    """A conversation with a server on its standard input and output."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin and process.stdout
        self.input, self.output = process.stdin, process.stdout
        self.heard: list[Json] = []

    def send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.input.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.input.flush()

    def request(self, method: str, params: Any) -> Any:
        self.send(id=method, method=method, params=params)
        while True:
            message = read(self.output)
            self.heard.append(message)
            if message.get("id") == method and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]
            if "id" in message:
                self.send(id=message["id"], result={"applied": True})


def read(stream: IO[bytes]) -> Json:
    length = 0
    while (line := stream.readline().strip()) or not length:
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    message: Json = json.loads(stream.read(length))
    return message


@contextmanager
def talking(root: Path, code: str) -> Iterator[tuple[Talk, str]]:
    """A server that runs this code, and the URI of a workflow that is open in it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment |= {"XDG_CACHE_HOME": str(root / "cache"), "GIT_CONFIG_GLOBAL": os.devnull}
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(root / "stderr").open("w"),
        env=environment,
    ) as process:
        talk = Talk(process)
        talk.request(
            "initialize", {"processId": None, "rootUri": None, "capabilities": CAPABILITIES}
        )
        talk.send(method="initialized", params={})
        uri = workflow(root)
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": TEXT}
        talk.send(method="textDocument/didOpen", params={"textDocument": document})
        yield talk, uri
        talk.request("shutdown", None)
        talk.send(method="exit", params=None)
        assert process.wait(30) == 0


PIN = "workspace/executeCommand"


def pin(uri: str) -> Json:
    return {"command": "steplock.pinOnline", "arguments": [uri]}


def test_nobody_is_asked_until_a_person_has_it_ask(tmp_path: Path) -> None:
    with talking(tmp_path, GUARD) as (talk, uri):
        about = {"textDocument": {"uri": uri}}
        cursor = {"line": 2, "character": 12}
        here = {"range": {"start": cursor, "end": cursor}}
        assert talk.request("textDocument/diagnostic", about)["items"]
        assert talk.request("textDocument/hover", {**about, "position": cursor})
        talk.request("textDocument/completion", {**about, "position": cursor})
        context: Json = {"context": {"diagnostics": []}}
        assert talk.request("textDocument/codeAction", {**about, **here, **context})
        talk.request("textDocument/inlayHint", {**about, **here})
        talk.request("textDocument/documentLink", about)
        assert "refused" not in (tmp_path / "stderr").read_text()
        assert talk.request(PIN, pin(uri)) is None
        assert "refused: subprocess.Popen" in (tmp_path / "stderr").read_text()


def test_a_person_has_it_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "served").mkdir()
    with serving(tmp_path / "served") as server:
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        setup = Repository(server.root, "acme/setup")
        setup.tag("v1", commit := setup.commit({"action.yml": "a"}))
        code = "from steplock_lsp.__main__ import main; main([])"
        with talking(tmp_path, code) as (talk, uri):
            assert talk.request(PIN, pin(uri)) == "Pinned 1 use of actions in 1 file."
            [edit] = [
                m["params"]["edit"] for m in talk.heard if m.get("method") == "workspace/applyEdit"
            ]
            pinned = TEXT.replace("@v1}]}}", f"@{commit}}}]}}}} # v1")
            assert apply(TEXT, by_uri(edit)[uri]) == pinned


def test_an_editor_that_leaves_meanwhile_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "served").mkdir()
    with serving(tmp_path / "served") as server:
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        server.fault = hang_until(gone := threading.Event())
        code = "from steplock_lsp.__main__ import main; main([])"
        with talking(tmp_path, code) as (talk, uri):
            talk.send(id="pin", method=PIN, params=pin(uri))
            while not server.requests:
                time.sleep(0.01)
        assert gone.wait(20)
