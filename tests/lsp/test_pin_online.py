"""The command that asks the repositories, against a real git server."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from editing import apply, by_uri
from gitserver import Fault, Repository, Server, hang, hang_until, says, serving
from wire import PUSH, Json, RequestFailed, Wire, wire, workflow

TAKES = {**PUSH, "workspace": {"applyEdit": True}}
VERSIONED = {**PUSH, "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}}
PROGRESS = {**TAKES, "window": {"workDoneProgress": True}}
TEXT = """\
# \U0001f600
on: push
jobs:
  a:
    steps:
      - {name: \U0001f600漢字, uses: acme/setup@v1}
      - uses: acme/setup@v1.0.0 # \U0001f600
"""


class Served(NamedTuple):
    server: Server
    old: str
    new: str
    major: str

    def pinned(self, text: str) -> str:
        return text.replace(
            "uses: acme/setup@v1}", f"uses: acme/setup@{self.new}}} # v1.1.0"
        ).replace("uses: acme/setup@v1.0.0 #", f"uses: acme/setup@{self.old} # v1.0.0 #")


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """`acme/setup` with three releases."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("http_proxy", raising=False)
    (tmp_path / "served").mkdir()
    with serving(tmp_path / "served") as server:
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        setup = Repository(server.root, "acme/setup")
        old, new, major = (setup.commit({"action.yml": tag}) for tag in "abc")
        for tag, commit in {"v1.0.0": old, "v1.1.0": new, "v1": new, "v2.0.0": major}.items():
            setup.tag(tag, commit)
        yield Served(server, old, new, major)


async def opened(editor: Wire, root: Path, capabilities: Json, text: str = TEXT) -> str:
    editor.answers.setdefault("workspace/applyEdit", {"applied": True})
    await editor.start(root, capabilities=capabilities)
    uri = workflow(root)
    editor.open(uri, text)
    return uri


async def run(editor: Wire, *arguments: Any) -> Any:
    params = {"command": "steplock.pinOnline", "arguments": list(arguments)}
    return await editor.request("workspace/executeCommand", params)


def said(editor: Wire) -> list[tuple[int, str]]:
    """The messages that were shown: 1 is an error, 2 a warning, 3 an information."""
    return [(one["type"], one["message"]) for one in editor.messages("window/showMessage")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("capabilities", [TAKES, VERSIONED], ids=["plain", "versioned"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
async def test_all_in_the_file_is_pinned(
    tmp_path: Path, served: Served, capabilities: Json, encoding: str, newline: str
) -> None:
    text = TEXT.replace("\n", newline)
    async with wire() as editor:
        encoded = {**capabilities, "general": {"positionEncodings": [encoding]}}
        uri = await opened(editor, tmp_path, encoded, text)
        result = await run(editor, uri)
        assert result == "Pinned 2 uses of actions in 1 file."
        [edit] = [one["edit"] for one in editor.messages("workspace/applyEdit")]
        assert apply(text, by_uri(edit)[uri], encoding) == served.pinned(text)
        if capabilities is VERSIONED:
            [change] = edit["documentChanges"]
            assert change["textDocument"] == {"uri": uri, "version": 1}
        assert said(editor) == [(3, f"steplock: {result}")]
        assert editor.messages("$/progress") == []


@pytest.mark.parametrize(("level", "version"), [("minor", "v1.1.0"), ("major", "v2.0.0")])
async def test_updates(tmp_path: Path, served: Served, level: str, version: str) -> None:
    text = f"on: push\njobs: {{a: {{steps: [\n  {{uses: acme/setup@{served.old}}}]}}}}\n"
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TAKES, text)
        await run(editor, uri, level)
        [edit] = [one["edit"] for one in editor.messages("workspace/applyEdit")]
        commit = {"v1.1.0": served.new, "v2.0.0": served.major}[version]
        changed = apply(text, by_uri(edit)[uri])
        assert changed == text.replace(served.old, commit).replace("]}}", f"]}}}} # {version}")


async def test_the_hooks_of_pre_commit_and_a_buffer_without_a_file(
    tmp_path: Path, served: Served
) -> None:
    hooks = f"repos:\n  - repo: {served.server.url}/acme/setup\n    rev: v1.0.0\n"
    async with wire() as editor:
        await opened(editor, tmp_path, TAKES)
        uri = (tmp_path / ".pre-commit-config.yaml").as_uri()
        editor.open(uri, hooks)
        await run(editor, uri, None)
        editor.open("untitled:Untitled-1", TEXT)
        await run(editor, "untitled:Untitled-1")
        first, second = [one["edit"] for one in editor.messages("workspace/applyEdit")]
        pinned = hooks.replace("v1.0.0", f"{served.old}  # frozen: v1.0.0")
        assert apply(hooks, by_uri(first)[uri]) == pinned
        assert apply(TEXT, by_uri(second)["untitled:Untitled-1"]) == served.pinned(TEXT)


async def test_an_action_offers_it_where_a_reference_stands(tmp_path: Path, served: Served) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TAKES)
        commands = []
        for line in (4, 6):
            cursor = {"line": line, "character": 0}
            params = {
                "textDocument": {"uri": uri},
                "range": {"start": cursor, "end": cursor},
                "context": {"diagnostics": [], "only": ["refactor.rewrite"]},
            }
            actions = await editor.request("textDocument/codeAction", params)
            commands.append([one["command"] for one in actions if "command" in one])
        [none, [command]] = commands
        assert none == []
        assert served.server.requests == []
        await editor.request("workspace/executeCommand", command)
        assert len(editor.messages("workspace/applyEdit")) == 1


async def test_nothing_to_do(tmp_path: Path, served: Served) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TAKES, served.pinned(TEXT))
        assert await run(editor, uri) == "Nothing to pin."
        assert editor.messages("workspace/applyEdit") == []
        assert said(editor) == [(3, "steplock: Nothing to pin.")]


async def test_progress_is_shown_and_ends(tmp_path: Path, served: Served) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, PROGRESS)
        await run(editor, uri)
        [created] = editor.messages("window/workDoneProgress/create")
        begin, end = editor.messages("$/progress")
        assert begin["token"] == end["token"] == created["token"]
        assert (begin["value"]["kind"], end["value"]["kind"]) == ("begin", "end")
        assert begin["value"]["cancellable"] is True
        assert begin["value"]["title"]


async def test_progress_under_the_token_of_the_editor(tmp_path: Path, served: Served) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TAKES)
        params = {"command": "steplock.pinOnline", "arguments": [uri], "workDoneToken": 7}
        await editor.request("workspace/executeCommand", params)
        assert [one["token"] for one in editor.messages("$/progress")] == [7, 7]
        assert editor.messages("window/workDoneProgress/create") == []


async def test_an_editor_that_refuses_progress_is_served_all_the_same(
    tmp_path: Path, served: Served
) -> None:
    async with wire() as editor:
        editor.answers["window/workDoneProgress/create"] = RequestFailed("no")
        uri = await opened(editor, tmp_path, PROGRESS)
        assert await run(editor, uri) == "Pinned 2 uses of actions in 1 file."
        assert editor.messages("$/progress") == []


async def asked(editor: Wire, served: Served, uri: str, fault: Fault = hang) -> asyncio.Future[Any]:
    """A command that has reached the server, which does not answer."""
    served.server.fault = fault
    running = asyncio.ensure_future(run(editor, uri))
    while not served.server.requests:
        await asyncio.sleep(0.01)
    return running


async def test_who_does_not_want_to_wait_ends_it(tmp_path: Path, served: Served) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, PROGRESS)
        running = await asked(editor, served, uri, hang_until(gone := threading.Event()))
        [begin] = editor.messages("$/progress")
        editor.notify("window/workDoneProgress/cancel", {"token": begin["token"]})
        assert await running is None
        assert await asyncio.to_thread(gone.wait, 20)
        assert editor.messages("$/progress")[-1]["value"]["kind"] == "end"
        assert said(editor) == []
        assert editor.messages("workspace/applyEdit") == []
        served.server.fault = None
        assert await run(editor, uri) == "Pinned 2 uses of actions in 1 file."


@pytest.fixture
def in_the_background() -> Iterator[None]:
    """As a shell without job control starts what ends with `&`: Ctrl-C does not reach it, nor what it starts."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


async def test_an_editor_in_the_background_ends_it_too(
    tmp_path: Path, served: Served, in_the_background: None
) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, PROGRESS)
        running = await asked(editor, served, uri, hang_until(gone := threading.Event()))
        [begin] = editor.messages("$/progress")
        editor.notify("window/workDoneProgress/cancel", {"token": begin["token"]})
        assert await running is None
        assert await asyncio.to_thread(gone.wait, 20)


async def test_the_request_can_be_cancelled(tmp_path: Path, served: Served) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TAKES)
        running = await asked(editor, served, uri, hang_until(gone := threading.Event()))
        [id] = editor.waiting
        editor.notify("$/cancelRequest", {"id": id})
        with pytest.raises(RequestFailed):
            await running
        assert await asyncio.to_thread(gone.wait, 20)
        assert (editor.messages("workspace/applyEdit"), said(editor)) == ([], [])


async def test_once_at_a_time(tmp_path: Path, served: Served) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, PROGRESS)
        running = await asked(editor, served, uri)
        assert await run(editor, uri) is None
        [(kind, message)] = said(editor)
        assert (kind, "are being asked already" in message) == (1, True)
        [begin] = editor.messages("$/progress")
        editor.notify("window/workDoneProgress/cancel", {"token": begin["token"]})
        await running


async def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path, served: Served) -> None:
    go = threading.Event()

    def wait(*_: object) -> None:
        go.wait(20)

    async with wire() as editor:
        uri = await opened(editor, tmp_path, TAKES)
        running = await asked(editor, served, uri, wait)
        editor.change(uri, 2, {"text": TEXT + "#\n"})
        go.set()
        assert await running is None
        assert "changed meanwhile" in said(editor)[-1][1]
        assert editor.messages("workspace/applyEdit") == []


async def test_without_a_network(
    tmp_path: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://127.0.0.1:1")
    async with wire() as editor:
        uri = await opened(editor, tmp_path, PROGRESS)
        assert await run(editor, uri) is None
        [(kind, message)] = said(editor)
        assert kind == 1
        assert message.startswith("steplock: no repository could be asked, and nothing was pinned")
        [logged] = editor.messages("window/logMessage")
        assert "acme/setup was passed over: " in logged["message"]
        assert editor.messages("$/progress")[-1]["value"]["kind"] == "end"
        assert editor.messages("workspace/applyEdit") == []


async def test_what_is_passed_over_is_named(tmp_path: Path, served: Served) -> None:
    served.server.fault = lambda handler, body: (
        says("404 Not Found")(handler, body) if "/away" in handler.path else None
    )
    text = TEXT + "".join(f"      - uses: acme/away-{n}@v1\n" for n in range(7))
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TAKES, text)
        await run(editor, uri)
        [(kind, message)] = said(editor)
        first, *notes, last = message.splitlines()
        assert (kind, len(notes)) == (2, 5)
        assert first == "steplock: Pinned 2 uses of actions in 1 file; 7 not pinned."
        assert all(note.startswith("acme/away-") for note in notes)
        assert last == "and 2 more, which are in the log"
        assert len(editor.messages("window/logMessage")) == 7


@pytest.mark.parametrize(
    "answer",
    [{"applied": False, "failureReason": "busy"}, {"applied": False}, RequestFailed("busy")],
    ids=["reason", "none", "error"],
)
async def test_an_editor_that_does_not_take_the_edit(
    tmp_path: Path, served: Served, answer: Any
) -> None:
    async with wire() as editor:
        editor.answers["workspace/applyEdit"] = answer
        uri = await opened(editor, tmp_path, TAKES)
        assert await run(editor, uri) is None
        [(kind, message)] = said(editor)
        assert (kind, "did not take the edit" in message) == (1, True)


async def test_an_editor_that_takes_none(tmp_path: Path, served: Served) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, PUSH)
        assert await run(editor, uri) is None
        assert "takes no edits" in said(editor)[0][1]
        assert served.server.requests == []


@pytest.mark.parametrize("uri", ["file:///nowhere/ci.yml", "x"])
async def test_a_file_that_is_not_open(tmp_path: Path, uri: str) -> None:
    async with wire() as editor:
        await opened(editor, tmp_path, TAKES)
        assert await run(editor, uri) is None
        assert said(editor)[0][1].startswith("steplock: open what to pin first")


@pytest.mark.parametrize("arguments", [(), (1,), ("file:///x", "huge"), ("x", "major", 1)])
async def test_arguments_that_make_no_sense(tmp_path: Path, arguments: tuple[Any, ...]) -> None:
    async with wire() as editor:
        await opened(editor, tmp_path, TAKES)
        with pytest.raises(RequestFailed):
            await run(editor, *arguments)


@pytest.mark.parametrize("text", ["", "\U0001f600: ['\ud800", "on: push\njobs: [\n"])
async def test_text_that_is_none(tmp_path: Path, served: Served, text: str) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TAKES, text)
        await run(editor, uri)
        assert editor.messages("workspace/applyEdit") == []
        assert len(said(editor)) == 1


async def test_nothing_of_the_workspace_is_run(
    tmp_path: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where the server was started in it, by Python's own `-m`."""
    evil = f"open({str(tmp_path / 'ran')!r}, 'w')\nraise SystemExit(1)\n"
    for name in ("steplock_hooks", "argparse", "sitecustomize", "usercustomize", "git"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(evil)
    for name in ("git.bat", "python.py"):
        (tmp_path / name).write_text(evil)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), "", *sys.path])
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TAKES)
        assert await run(editor, uri) == "Pinned 2 uses of actions in 1 file."
        assert not (tmp_path / "ran").exists()


async def test_an_interpreter_that_is_gone(
    tmp_path: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TAKES)
        assert await run(editor, uri) is None
        assert "does not start" in said(editor)[0][1]


async def test_a_server_that_has_no_command_line(
    tmp_path: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TAKES)
        assert await run(editor, uri) is None
        [(kind, message)] = said(editor)
        assert (kind, editor.messages("workspace/applyEdit")) == (1, [])
        assert "steplock_hooks" in message
