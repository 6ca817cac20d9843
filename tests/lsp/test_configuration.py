"""Settings from the editor and from files: where they come from, and which one counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wire import PULL, PUSH, Json, RequestFailed, rules, wire, workflow

BAD = """\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
"""
ASKS: Json = {**PUSH, "workspace": {"configuration": True}}
OFF = {"rules": {"unpinned-uses": "off"}}


@pytest.mark.parametrize(
    "options", [OFF, {"steplock": OFF}, {"settings": OFF}, {**OFF, "persona": None, "enable": True}]
)
async def test_initialization_options(tmp_path: Path, options: Json) -> None:
    async with wire() as editor:
        await editor.start(tmp_path, options=options)
        uri = workflow(tmp_path)
        editor.open(uri, BAD)
        found = await editor.published(uri)
        assert found
        assert "unpinned-uses" not in rules(found)
        assert editor.messages("window/logMessage") == []


@pytest.mark.parametrize("answer", [None, [], [None], [None, None], RequestFailed("no"), [{}, {}]])
async def test_an_editor_without_settings_keeps_the_defaults(tmp_path: Path, answer: Any) -> None:
    async with wire() as editor:
        editor.answers["workspace/configuration"] = answer
        await editor.start(tmp_path, capabilities=ASKS, options=OFF)
        uri = workflow(tmp_path)
        editor.open(uri, BAD)
        found = await editor.published(uri)
        assert found
        assert "unpinned-uses" not in rules(found)


async def test_settings_are_asked_for_by_folder(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"

    def answer(params: Json) -> list[Json]:
        scopes = [item.get("scopeUri") for item in params["items"]]
        assert scopes == [None, one.as_uri(), other.as_uri()]
        return [{}, OFF, {"rules": {"unpinned-uses": "low"}}]

    async with wire() as editor:
        editor.answers["workspace/configuration"] = answer
        first, second = workflow(one), workflow(other)
        await editor.start(one, other, capabilities=ASKS)
        editor.open(first, BAD)
        editor.open(second, BAD)
        assert "unpinned-uses" not in rules(await editor.published(first))
        found = await editor.published(second) or []
        [unpinned] = [d for d in found if d["code"] == "unpinned-uses"]
        assert unpinned["severity"] == 3


async def test_changed_settings_count_at_once(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        editor.open(uri, BAD)
        assert "unpinned-uses" in rules(await editor.published(uri))
        editor.notify("workspace/didChangeConfiguration", {"settings": {"steplock": OFF}})
        assert "unpinned-uses" not in rules(await editor.published(uri))
        editor.notify("workspace/didChangeConfiguration", {"settings": None})
        assert "unpinned-uses" in rules(await editor.published(uri))


async def test_who_pulls_is_told_to_pull_again(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path, capabilities=PULL)
        uri = workflow(tmp_path)
        editor.open(uri, BAD)
        editor.notify("workspace/didChangeConfiguration", {"settings": OFF})
        await editor.settle()
        assert len(editor.messages("workspace/diagnostic/refresh")) == 1
        assert "unpinned-uses" not in rules(await editor.pulled(uri))


async def test_what_is_wrong_in_settings_is_said(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path, options={"debounce": -1, "rules": {"unpined-uses": "off"}})
        said = [one["message"] for one in editor.messages("window/logMessage")]
        assert said == [
            "`debounce` cannot be -1",
            "`unpined-uses` is no rule; did you mean `unpinned-uses`?",
        ]


async def test_severities_can_be_shown_otherwise(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path, options={"severities": {"high": "hint"}})
        uri = workflow(tmp_path)
        editor.open(uri, BAD)
        found = await editor.published(uri) or []
        [unpinned] = [d for d in found if d["code"] == "unpinned-uses"]
        assert unpinned["severity"] == 4


async def test_the_editor_comes_before_the_file(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    (tmp_path / "steplock.yml").write_text("rules: {unpinned-uses: off, artipacked: off}\n")
    async with wire() as editor:
        await editor.start(tmp_path, options={"rules": {"unpinned-uses": "high"}})
        editor.open(uri, BAD)
        found = rules(await editor.published(uri))
        assert "unpinned-uses" in found
        assert "artipacked" not in found


async def test_the_nearest_file_counts(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    inner = tmp_path / "actions/a"
    inner.mkdir(parents=True)
    (tmp_path / ".github/zizmor.yml").write_text("rules: {unpinned-uses: {disable: true}}\n")
    (inner / "steplock.yml").write_text("rules: {artipacked: off}\n")
    action = "runs:\n  using: composite\n  steps:\n    - uses: actions/checkout@v4\n"
    async with wire() as editor:
        await editor.start(tmp_path)
        editor.open(uri, BAD)
        assert "unpinned-uses" not in rules(await editor.published(uri))
        editor.open((inner / "action.yml").as_uri(), action)
        assert "unpinned-uses" in rules(await editor.published((inner / "action.yml").as_uri()))


async def test_a_file_of_another_repository_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "steplock.yml").write_text("rules: {unpinned-uses: off}\n")
    uri = workflow(tmp_path / "repository")
    async with wire() as editor:
        await editor.start(tmp_path)
        editor.open(uri, BAD)
        assert "unpinned-uses" in rules(await editor.published(uri))


async def test_a_configuration_that_is_not_saved_counts(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    configuration = (tmp_path / ".github/steplock.yml").as_uri()
    async with wire() as editor:
        await editor.start(tmp_path)
        editor.open(uri, BAD)
        assert "unpinned-uses" in rules(await editor.published(uri))
        editor.open(configuration, "rules:\n  unpinned-uses: off\n")
        assert "unpinned-uses" not in rules(await editor.published(uri))
        editor.change(configuration, 2, {"text": "rules: {}\n"})
        assert "unpinned-uses" in rules(await editor.published(uri))


async def test_a_configuration_is_judged_itself(tmp_path: Path) -> None:
    uri = (tmp_path / ".github/steplock.yml").as_uri()
    async with wire() as editor:
        await editor.start(tmp_path)
        editor.open(uri, "rules:\n  unpined-uses: off\n")
        [found] = await editor.published(uri) or []
        assert found["code"] == "configuration"
        assert found["range"]["start"] == {"line": 1, "character": 2}
        assert "did you mean `unpinned-uses`" in found["message"]


async def test_excluded_files_are_left_alone(tmp_path: Path) -> None:
    uri = workflow(tmp_path, "generated.yml")
    (tmp_path / "steplock.yml").write_text("exclude: ['.github/workflows/generated.yml']\n")
    async with wire() as editor:
        await editor.start(tmp_path)
        editor.open(uri, BAD)
        assert await editor.published(uri) == []


async def test_files_are_watched_where_the_editor_can(tmp_path: Path) -> None:
    capabilities: Json = {
        **PUSH,
        "workspace": {
            "didChangeWatchedFiles": {"dynamicRegistration": True},
            "didChangeConfiguration": {"dynamicRegistration": True},
        },
    }
    uri = workflow(tmp_path)
    async with wire() as editor:
        await editor.start(tmp_path, capabilities=capabilities)
        editor.open(uri, BAD)
        assert "unpinned-uses" in rules(await editor.published(uri))
        [asked] = editor.messages("client/registerCapability")
        assert {one["method"] for one in asked["registrations"]} == {
            "workspace/didChangeWatchedFiles",
            "workspace/didChangeConfiguration",
        }
        (tmp_path / "steplock.yml").write_text("rules: {unpinned-uses: off}\n")
        change = {"uri": (tmp_path / "steplock.yml").as_uri(), "type": 1}
        editor.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
        assert "unpinned-uses" not in rules(await editor.published(uri))


async def test_an_editor_that_refuses_to_watch_is_served_all_the_same(tmp_path: Path) -> None:
    capabilities: Json = {
        **PUSH,
        "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}},
    }
    uri = workflow(tmp_path)
    async with wire() as editor:
        editor.answers["client/registerCapability"] = RequestFailed("no such thing")
        await editor.start(tmp_path, capabilities=capabilities)
        editor.open(uri, BAD)
        assert "unpinned-uses" in rules(await editor.published(uri))


async def test_folders_come_and_go(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    first, second = workflow(one), workflow(other)
    for root in (one, other):
        (root / ".github/workflows/ci.yml").write_text(BAD)
    async with wire() as editor:
        await editor.start(one, capabilities=PULL)
        event = {
            "added": [{"uri": other.as_uri(), "name": "other"}],
            "removed": [{"uri": one.as_uri(), "name": "one"}],
        }
        editor.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        report = await editor.request("workspace/diagnostic", {"previousResultIds": []})
        assert [item["uri"] for item in report["items"]] == [second]
        assert first != second


CALLER = "on: push\npermissions: {}\njobs:\n  call:\n    uses: ./.github/workflows/callee.yml\n"


async def test_a_change_in_a_callee_is_seen_in_its_callers(tmp_path: Path) -> None:
    caller, callee = workflow(tmp_path, "ci.yml"), workflow(tmp_path, "callee.yml")
    async with wire() as editor:
        await editor.start(tmp_path)
        editor.open(caller, CALLER)
        await editor.settle()
        checked = editor.server.results.last(caller)
        assert checked is not None
        # What a rule would look at; here the test does it.
        assert checked.repository.workflow(".github/workflows/callee.yml") is None
        checked.reads |= {f"{tmp_path}/.github/workflows/callee.yml"}
        before = len(editor.messages("textDocument/publishDiagnostics"))
        editor.open(callee, "on: workflow_call\njobs: {}\n")
        await editor.settle()
        told = editor.messages("textDocument/publishDiagnostics")[before:]
        assert {one["uri"] for one in told} == {caller, callee}
        checked = editor.server.results.last(caller)
        assert checked is not None
        assert checked.repository.workflow(".github/workflows/callee.yml") is not None
