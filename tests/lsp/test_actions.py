"""Every action that is offered, applied and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from editing import apply, by_uri
from steplock import lint
from wire import PUSH, Json, Wire, rules, wire, workflow

HEAD = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
TWO = HEAD + "      - uses: actions/checkout@v4\n      - uses: actions/checkout@v4\n"


async def find(editor: Wire, uri: str, text: str, rule: str) -> Json:
    editor.open(uri, text)
    return next(one for one in await editor.published(uri) or [] if one["code"] == rule)


def titled(actions: list[Json], start: str) -> Any:
    [action] = [one for one in actions if one["title"].startswith(start)]
    return action


async def test_unsafe_fixes_say_so_and_are_not_preferred(tmp_path: Path) -> None:
    text = (
        HEAD + "      - run: make\n        env:\n          ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n"
    )
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        found = await find(editor, uri, text, "insecure-commands")
        actions = await editor.actions(uri, found)
        unsafe = [one for one in actions if one["title"].endswith("(unsafe)")]
        assert unsafe
        assert not any(one.get("isPreferred") for one in unsafe)


async def test_one_action_at_most_is_preferred(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        editor.open(uri, TWO)
        everything = await editor.published(uri) or []
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        actions = await editor.actions(uri, {**everything[0], "range": whole})
        assert len([one for one in actions if one.get("isPreferred")]) == 1


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (["quickfix"], {"quickfix"}),
        (["source"], {"source.fixAll.steplock"}),
        (["source.fixAll"], {"source.fixAll.steplock"}),
        (["source.fixAll.steplock"], {"source.fixAll.steplock"}),
        (["source.fixAll.ruff"], set()),
        (["source.fix"], set()),
        (["refactor"], {"refactor.rewrite"}),
        (["refactor.extract"], set()),
        ([], set()),
        (None, {"quickfix", "refactor.rewrite", "source.fixAll.steplock"}),
    ],
)
async def test_only_the_kinds_that_are_asked_for(
    tmp_path: Path, only: list[str] | None, kinds: set[str]
) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        found = await find(editor, uri, TWO, "artipacked")
        actions = await editor.actions(uri, found, only)
        assert {one["kind"] for one in actions} == kinds


async def test_edits_come_at_once_to_who_cannot_ask_for_them(tmp_path: Path) -> None:
    async with wire() as editor:
        result = await editor.start(tmp_path)
        assert not result["capabilities"]["codeActionProvider"]["resolveProvider"]
        uri = workflow(tmp_path)
        found = await find(editor, uri, TWO, "artipacked")
        for action in await editor.actions(uri, found):
            assert ("edit" in action) != ("command" in action)
            assert "data" not in action


async def test_a_stale_diagnostic_is_found_again(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        found = await find(editor, uri, "#\n" + TWO, "artipacked")
        text = TWO + "\n"
        editor.change(uri, 2, {"text": text})
        for end in ("start", "end"):
            found["range"][end]["line"] -= 1
        fix = titled(await editor.actions(uri, found), "Set `persist-credentials: false`")
        changed = apply(text, by_uri(fix["edit"])[uri])
        assert changed.count("persist-credentials: false") == 1


async def test_the_line_of_the_cursor_is_enough(tmp_path: Path) -> None:
    # Neovim sends the cursor as the range, and the diagnostics of the line without their data.
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        found = await find(editor, uri, TWO, "unpinned-uses")
        cursor = {"line": found["range"]["start"]["line"], "character": 0}
        params = {
            "textDocument": {"uri": uri},
            "range": {"start": cursor, "end": cursor},
            "context": {"diagnostics": [{k: v for k, v in found.items() if k != "data"}]},
        }
        actions = await editor.request("textDocument/codeAction", params)
        assert titled(actions, "Ignore `unpinned-uses` here")


IGNORED = [
    (
        "      - uses: actions/checkout@v4\n",
        "      - uses: actions/checkout@v4  # steplock: ignore[{}] reason\n",
    ),
    (
        "      - uses: actions/checkout@v4 # v4\n",
        "      # steplock: ignore[{}] reason\n      - uses: actions/checkout@v4 # v4\n",
    ),
    (
        "      # steplock: ignore[dangerous-triggers] x\n      - uses: actions/checkout@v4\n",
        "      # steplock: ignore[dangerous-triggers, {}] x\n      - uses: actions/checkout@v4\n",
    ),
    (
        "      - uses: >-\n          actions/checkout@v4\n",
        "      # steplock: ignore[{}] reason\n      - uses: >-\n          actions/checkout@v4\n",
    ),
    (
        "      - uses: 'actions/\\\n          checkout@v4'\n".replace("\\\n          ", ""),
        "      - uses: 'actions/checkout@v4'  # steplock: ignore[{}] reason\n",
    ),
    (
        "      - {{name: 'a\n          b', uses: actions/checkout@v4}}\n",
        None,
    ),
]


@pytest.mark.parametrize(("step", "expected"), IGNORED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
async def test_ignoring_writes_a_comment_that_silences(
    tmp_path: Path, step: str, expected: str | None, newline: str
) -> None:
    rule = "unpinned-uses"
    text = (HEAD + step.replace("{{", "{").replace("}}", "}")).replace("\n", newline)
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        found = await find(editor, uri, text, rule)
        ignore = titled(await editor.actions(uri, found), f"Ignore `{rule}` here")
        changed = apply(text, by_uri(ignore["edit"])[uri])
        if expected is not None:
            assert changed == (HEAD + expected.format(rule)).replace("\n", newline)
        assert rule not in {one.rule for one in lint(changed).diagnostics}
        assert "syntax-error" not in {one.rule for one in lint(changed).diagnostics}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "rules:\n  artipacked: off\n"),
        ("# ours\n", "# ours\nrules:\n  artipacked: off\n"),
        ("persona: auditor\n", "persona: auditor\nrules:\n  artipacked: off\n"),
        ("rules:\n    a: off\n", "rules:\n    a: off\n    artipacked: off\n"),
        ("rules:\n  artipacked: low\n", "rules:\n  artipacked: off\n"),
        (
            "rules:\n  artipacked:\n    severity: low\n",
            "rules:\n  artipacked:\n    severity: low\n    enabled: false\n",
        ),
    ],
)
async def test_a_rule_is_turned_off_in_the_configuration(
    tmp_path: Path, before: str, after: str
) -> None:
    uri = workflow(tmp_path)
    path = tmp_path / ".github/steplock.yml"
    path.write_text(before)
    async with wire() as editor:
        await editor.start(tmp_path)
        found = await find(editor, uri, TWO, "artipacked")
        disable = titled(await editor.actions(uri, found), "Disable `artipacked`")
        assert disable["title"] == "Disable `artipacked` in .github/steplock.yml"
        changed = apply(before, by_uri(disable["edit"])[path.as_uri()])
        assert changed == after
        path.write_text(changed)
        editor.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        assert "artipacked" not in rules(await editor.published(uri))


async def test_a_configuration_of_the_other_tool_is_kept(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    path = tmp_path / "zizmor.yml"
    path.write_text("rules:\n  unpinned-uses:\n    disable: true\n")
    async with wire() as editor:
        await editor.start(tmp_path)
        found = await find(editor, uri, TWO, "artipacked")
        disable = titled(await editor.actions(uri, found), "Disable `artipacked`")
        changed = apply(path.read_text(), by_uri(disable["edit"])[path.as_uri()])
        assert changed.endswith("  artipacked:\n    disable: true\n")


async def test_a_configuration_that_is_not_there_is_made(tmp_path: Path) -> None:
    creates = {"documentChanges": True, "resourceOperations": ["create"]}
    uri = workflow(tmp_path)
    path = tmp_path / ".github/steplock.yml"
    async with wire() as editor:
        capabilities = {**PUSH, "workspace": {"workspaceEdit": creates}}
        await editor.start(tmp_path, capabilities=capabilities)
        found = await find(editor, uri, TWO, "artipacked")
        disable = titled(await editor.actions(uri, found), "Disable `artipacked`")
        create, edit = disable["edit"]["documentChanges"]
        assert (create["kind"], create["uri"]) == ("create", path.as_uri())
        assert edit["textDocument"] == {"uri": path.as_uri(), "version": None}
        assert apply("", edit["edits"]) == "rules:\n  artipacked: off\n"


@pytest.mark.parametrize("shows", [True, False])
async def test_explaining_opens_the_page_or_says_it(tmp_path: Path, shows: bool) -> None:
    async with wire() as editor:
        editor.answers["window/showDocument"] = {"success": True}
        capabilities = {**PUSH, "window": {"showDocument": {"support": shows}}}
        result = await editor.start(tmp_path, capabilities=capabilities)
        assert "steplock.explain" in result["capabilities"]["executeCommandProvider"]["commands"]
        uri = workflow(tmp_path)
        found = await find(editor, uri, TWO, "artipacked")
        command = titled(await editor.actions(uri, found), "Explain `artipacked`")["command"]
        del command["title"]
        page = await editor.request("workspace/executeCommand", command)
        assert "## Why is this bad?" in page
        if shows:
            [shown] = editor.messages("window/showDocument")
            assert shown["external"]
            assert shown["uri"].endswith("#artipacked")
        else:
            [message] = editor.messages("window/showMessage")
            assert message["message"].startswith("artipacked: ")


async def test_fixes_that_need_other_files_come_in_one_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from steplock import registry
    from steplock.rule import FileEdit, Finding, Fix, Safety
    from steplock.text import Edit, Span

    other = ".github/workflows/callee.yml"
    fix = Fix(
        "Both", (Edit(Span(0, 0), "# a\n"),), Safety.SAFE, (FileEdit(other, Edit(Span(4, 5), "b")),)
    )

    def find_it(view: object) -> list[Finding]:
        return [Finding(Span(0, 2), "x", (fix,))]

    rule = registry.load("removed-node-runtime")._replace(check=find_it, parameters=())
    monkeypatch.setitem(registry.LOADED, rule.id, rule)
    uri = workflow(tmp_path)
    (tmp_path / other).write_text("\U0001f600: a\n")
    async with wire() as editor:
        await editor.start(tmp_path)
        found = await find(editor, uri, TWO, rule.id)
        changes = by_uri(titled(await editor.actions(uri, found), "Both")["edit"])
        assert apply(TWO, changes[uri]) == "# a\n" + TWO
        assert (
            apply("\U0001f600: a\n", changes[(tmp_path / other).as_uri()]) == "\U0001f600: a" + "b"
        )
