"""What an editor can rely on, and what other servers for these files get wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from editing import apply, at, by_uri
from steplock import lint
from steplock.rule import Finding
from wire import PULL, PUSH, Json, RequestFailed, Wire, rules, wire, workflow

BAD = """\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
"""
GOOD = "on: push\npermissions: {}\njobs: {}\n"
BROKEN = BAD + "      - run: 'never closed\n"


async def opened(connection: Wire, uri: str, text: str) -> list[Json]:
    connection.open(uri, text)
    return await connection.published(uri) or []


async def test_text_that_does_not_parse_is_shown_as_such_and_the_rest_is_still_judged(
    tmp_path: Path,
) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        await opened(editor, uri, BAD)
        editor.change(uri, 2, {"text": BROKEN})
        found = await editor.published(uri)
        assert {"syntax-error", "unpinned-uses"} <= rules(found)
        assert editor.messages("textDocument/publishDiagnostics")[-1]["version"] == 2


async def test_what_was_wrong_before_does_not_stay(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        assert "unpinned-uses" in rules(await opened(editor, uri, BAD))
        editor.change(uri, 2, {"text": "on: push\njobs: [\n"})
        assert rules(await editor.published(uri)) == {"syntax-error"}


async def test_closing_clears(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        assert await opened(editor, uri, BAD)
        editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert await editor.published(uri) == []


async def test_closing_while_a_check_runs_leaves_nothing_behind(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        editor.open(uri, BAD)
        editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert await editor.published(uri) == []


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 37), ("utf-16", 29), ("utf-32", 27)])
async def test_columns_count_what_the_editor_counts(
    tmp_path: Path, encoding: str, column: int
) -> None:
    text = BAD.replace("- uses: ", "- {name: \U0001f600漢\U0001f600字, uses: ").replace("v4", "v4}")
    async with wire() as editor:
        capabilities = {**PUSH, "general": {"positionEncodings": [encoding]}}
        result = await editor.start(tmp_path, capabilities=capabilities)
        assert result["capabilities"]["positionEncoding"] == encoding
        found = await opened(editor, workflow(tmp_path), text)
        [unpinned] = [one for one in found if one["code"] == "unpinned-uses"]
        assert unpinned["range"]["start"] == {"line": 6, "character": column}
        assert at(text, unpinned["range"], encoding) == "actions/checkout@v4"


async def test_utf_16_where_the_editor_says_nothing(tmp_path: Path) -> None:
    async with wire() as editor:
        result = await editor.start(tmp_path)
        assert result["capabilities"]["positionEncoding"] == "utf-16"


async def test_a_folder_with_a_blank_is_a_folder(tmp_path: Path) -> None:
    root = tmp_path / "w s\u00e9 %41"
    uri = workflow(root)
    (root / "steplock.yml").write_text("rules:\n  unpinned-uses: off\n")
    async with wire() as editor:
        await editor.start(root)
        found = await opened(editor, uri, BAD)
        assert found
        assert "unpinned-uses" not in rules(found)


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "file://", "untitled:/.github/workflows/x.yml"]
)
async def test_a_buffer_without_a_file_is_judged_by_its_content(uri: str) -> None:
    async with wire() as editor:
        await editor.start()
        assert "unpinned-uses" in rules(await opened(editor, uri, BAD))


async def test_a_buffer_of_something_else_is_not() -> None:
    async with wire() as editor:
        await editor.start()
        assert await opened(editor, "untitled:Untitled-1", "- a shopping: list\n- [\n") == []


async def test_a_file_in_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    uri = (tmp_path / "new/.github/workflows/ci.yml").as_uri()
    async with wire() as editor:
        await editor.start(tmp_path)
        assert "unpinned-uses" in rules(await opened(editor, uri, BAD))
        assert editor.messages("window/logMessage") == []


@pytest.mark.parametrize(
    "name", ["values.yml", ".github/labeler.yml", "workflows/ci.yml", "a.yaml"]
)
async def test_other_yaml_is_left_alone(tmp_path: Path, name: str) -> None:
    uri = (tmp_path / name).as_uri()
    async with wire() as editor:
        await editor.start(tmp_path)
        assert await opened(editor, uri, BROKEN) == []
        place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
        assert await editor.request("textDocument/hover", place) is None
        assert await editor.request("textDocument/completion", place) == []


@pytest.mark.parametrize("language", ["yaml", "github-actions-workflow", "github-action", "text"])
async def test_the_path_decides_and_not_the_language(tmp_path: Path, language: str) -> None:
    uri = workflow(tmp_path)
    async with wire() as editor:
        await editor.start(tmp_path)
        editor.open(uri, BAD, language=language)
        assert "unpinned-uses" in rules(await editor.published(uri))


async def test_the_copies_that_a_diff_shows_are_left_alone(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        assert await opened(editor, "git:/w/.github/workflows/ci.yml?ref", BAD) == []


async def test_a_message_says_what_is_wrong_here(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        found = await opened(editor, workflow(tmp_path), BAD)
        [expected] = [d for d in lint(BAD).diagnostics if d.rule == "unpinned-uses"]
        [unpinned] = [one for one in found if one["code"] == "unpinned-uses"]
        assert unpinned["message"] == expected.message
        assert unpinned["source"] == "steplock"
        assert unpinned["codeDescription"]["href"].endswith("#unpinned-uses")
        assert unpinned["severity"] == 1


async def test_who_pulls_is_never_pushed_to(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    async with wire() as editor:
        result = await editor.start(tmp_path, capabilities=PULL)
        provider = result["capabilities"]["diagnosticProvider"]
        assert provider["identifier"] == "steplock"
        assert provider["interFileDependencies"] is True
        assert provider["workspaceDiagnostics"] is True
        editor.open(uri, BAD)
        assert "unpinned-uses" in rules(await editor.pulled(uri))
        editor.change(uri, 2, {"text": GOOD})
        assert await editor.pulled(uri) == []
        editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        await editor.settle()
        assert editor.messages("textDocument/publishDiagnostics") == []


async def test_who_does_not_pull_is_not_told_that_he_could(tmp_path: Path) -> None:
    async with wire() as editor:
        result = await editor.start(tmp_path)
        assert "diagnosticProvider" not in result["capabilities"]


async def test_the_same_diagnostics_are_not_sent_twice(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    async with wire() as editor:
        await editor.start(tmp_path, capabilities=PULL)
        editor.open(uri, BAD)
        params: Json = {"textDocument": {"uri": uri}}
        first = await editor.request("textDocument/diagnostic", params)
        assert first["kind"] == "full"
        params["previousResultId"] = first["resultId"]
        again = await editor.request("textDocument/diagnostic", params)
        assert again == {"kind": "unchanged", "resultId": first["resultId"]}
        editor.change(uri, 2, {"text": GOOD})
        assert (await editor.request("textDocument/diagnostic", params))["kind"] == "full"


async def test_the_whole_workspace_can_be_pulled(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    path = tmp_path / ".github/workflows/ci.yml"
    path.write_text(BAD)
    (tmp_path / "action.yml").write_text("name: a\nruns: {using: composite, steps: []}\n")
    (tmp_path / "other.yml").write_text("a: b\n")
    async with wire() as editor:
        await editor.start(tmp_path, capabilities=PULL)
        first = (await editor.request("workspace/diagnostic", {"previousResultIds": []}))["items"]
        assert {one["uri"] for one in first} == {uri, (tmp_path / "action.yml").as_uri()}
        [of_workflow] = [one for one in first if one["uri"] == uri]
        assert "unpinned-uses" in rules(of_workflow["items"])
        ids = [{"uri": one["uri"], "value": one["resultId"]} for one in first]
        again = await editor.request("workspace/diagnostic", {"previousResultIds": ids})
        assert {one["kind"] for one in again["items"]} == {"unchanged"}
        path.unlink()
        gone = await editor.request("workspace/diagnostic", {"previousResultIds": ids})
        [of_workflow] = [one for one in gone["items"] if one["uri"] == uri]
        assert of_workflow["items"] == []


async def test_typing_faster_than_checking_shows_no_stale_result(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    async with wire() as editor:
        await editor.start(tmp_path, options={"debounce": 20})
        editor.open(uri, BAD)
        for version in range(2, 30):
            editor.change(uri, version, {"text": BAD + f"# {version}\n"})
        await editor.settle()
        versions = [m["version"] for m in editor.messages("textDocument/publishDiagnostics")]
        assert versions == [29]


async def test_without_debounce_too_only_the_newest_counts(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    async with wire() as editor:
        await editor.start(tmp_path, options={"debounce": 0})
        editor.open(uri, BAD)
        editor.change(uri, 2, {"text": GOOD})
        await editor.settle()
        versions = [m["version"] for m in editor.messages("textDocument/publishDiagnostics")]
        assert versions == [2]


async def test_a_request_can_be_cancelled(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    async with wire() as editor:
        await editor.start(tmp_path, capabilities=PULL)
        editor.open(uri, BAD)
        asked = asyncio.ensure_future(editor.pulled(uri))
        await asyncio.sleep(0)
        [id] = editor.waiting
        editor.notify("$/cancelRequest", {"id": id})
        with pytest.raises(RequestFailed):
            await asked
        assert "unpinned-uses" in rules(await editor.pulled(uri))


async def test_a_failing_rule_is_reported_once_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from steplock import registry

    def fail(view: object) -> list[Finding]:
        raise RuntimeError("no luck")

    failing = registry.load("removed-node-runtime")._replace(check=fail, parameters=())
    monkeypatch.setitem(registry.LOADED, failing.id, failing)
    uri = workflow(tmp_path)
    async with wire() as editor:
        await editor.start(tmp_path)
        found = await opened(editor, uri, BAD)
        [internal] = [one for one in found if one["code"] == "internal-error"]
        assert internal["severity"] == 3
        assert "removed-node-runtime" in internal["message"]
        assert "unpinned-uses" in rules(found)
        editor.change(uri, 2, {"text": BAD + "\n"})
        await editor.settle()
        logged = editor.messages("window/logMessage")
        assert [one["type"] for one in logged] == [1]
        assert "no luck" in logged[0]["message"]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/hover", {"position": {"line": 99, "character": 99}}),
        ("textDocument/completion", {"position": {"line": 6, "character": 4000}}),
        (
            "textDocument/codeAction",
            {
                "range": {
                    "start": {"line": 9, "character": 9},
                    "end": {"line": 0, "character": 0},
                },
                "context": {"diagnostics": []},
            },
        ),
        ("textDocument/documentLink", {}),
        ("textDocument/codeLens", {}),
        (
            "textDocument/inlayHint",
            {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}},
        ),
    ],
)
@pytest.mark.parametrize("text", [BAD, BROKEN, "", "\ufeff", "\U0001f600: ['\ud800", "a: &a [*a]"])
async def test_no_request_fails(tmp_path: Path, method: str, params: Json, text: str) -> None:
    uri = workflow(tmp_path)
    async with wire() as editor:
        await editor.start(tmp_path, options={"codeLens": True})
        editor.open(uri, text)
        await editor.request(method, {"textDocument": {"uri": uri}, **params})
        await editor.request(method, {"textDocument": {"uri": "file:///not/open.yml"}, **params})
        assert editor.messages("window/logMessage") == []


async def test_an_edit_below_a_form_feed_lands_where_it_should(tmp_path: Path) -> None:
    # str.splitlines takes these for line ends; editors do not.
    text = "# \x0c \u2028 \x85 \x0b\n" + GOOD
    uri = workflow(tmp_path)
    async with wire() as editor:
        await editor.start(tmp_path)
        editor.open(uri, text)
        place = {"start": {"line": 3, "character": 5}, "end": {"line": 3, "character": 8}}
        editor.change(uri, 2, {"range": place, "text": BAD.partition("jobs:")[2]})
        document = editor.server.documents.get(uri)
        assert document is not None
        assert document.text == "# \x0c \u2028 \x85 \x0b\n" + BAD.rstrip("\n") + "\n\n"


async def test_edits_reach_into_other_files_that_are_open(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    async with wire() as editor:
        await editor.start(tmp_path)
        found = await opened(editor, uri, BAD)
        [unpinned] = [one for one in found if one["code"] == "unpinned-uses"]
        configuration = (tmp_path / ".github/steplock.yml").as_uri()
        editor.open(configuration, "rules:\n  artipacked: low # \U0001f600\n")
        actions = await editor.actions(uri, unpinned)
        [disable] = [one for one in actions if one["title"].startswith("Disable `unpinned-uses`")]
        [edits] = by_uri(disable["edit"]).values()
        changed = apply("rules:\n  artipacked: low # \U0001f600\n", edits)
        assert changed == "rules:\n  artipacked: low # \U0001f600\n  unpinned-uses: off\n"
