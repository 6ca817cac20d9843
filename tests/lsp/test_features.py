"""Hover, completion, hints, links and lenses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from editing import apply, at
from steplock.registry import by_id
from steplock.tables import pins
from wire import PUSH, Json, Wire, wire, workflow

NEWEST = pins.newest("actions/checkout") or pins.Pin("", "", "")
TEXT = f"""\
on:
  pull_request_target:
  push:
permissions:
  contents: write
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@{NEWEST.commit}
      - uses: Actions/Checkout@{NEWEST.commit} # {NEWEST.tag}
      - id: title
        run: echo 😀 ${{{{ github.event.pull_request.title }}}} ${{{{ secrets.TOKEN }}}}
      - run: echo ${{{{ steps.title.outputs.x }}}} ${{{{ github.run_id }}}} ${{{{ env.A }}}}
      - uses: ./.github/actions/own
      - uses: docker://alpine
  b:
    uses: octo-org/shared/.github/workflows/build.yml@v1
"""


def place(text: str, mark: str, shift: int = 0) -> Json:
    """The position of a piece of text, in UTF-16."""
    before = text[: text.index(mark) + shift]
    line = before.count("\n")
    return {"line": line, "character": len(before.rpartition("\n")[2].encode("utf-16-le")) // 2}


async def opened(editor: Wire, root: Path, text: str, name: str = "ci.yml", **options: Any) -> str:
    uri = workflow(root, name)
    await editor.start(root, options=options or None)
    editor.open(uri, text)
    await editor.settle()
    return uri


@pytest.mark.parametrize(
    ("mark", "shown"),
    [
        ("pull_request_target", "can be fired by **anybody**"),
        ("push", "can be fired by people who can write to the repository"),
        ("contents: write", "- `write`: Push commits"),
        ("write", "- `write`: Push commits"),
        (f"actions/checkout@{NEWEST.commit}", f"This commit is `{NEWEST.tag}`"),
        (f"actions/checkout@{NEWEST.commit}", f"github.com/actions/checkout/tree/{NEWEST.commit}"),
        ("a:\n    runs-on", "Job **`a`** is at risk"),
        ("a:\n    runs-on", "It needs `contents: read` to"),
        ("github.event.pull_request.title", "**anybody** chooses it, in a run with the powers"),
        ("github.event.pull_request.title", "In a script it is code"),
        ("secrets.TOKEN", "is a secret"),
        ("steps.title.outputs.x", "**`steps.title.outputs.x`**: "),
        ("github.run_id", "nobody has a say in it"),
        ("octo-org/shared", "build.yml`**]"),
        (f"actions/checkout@{NEWEST.commit}", "It needs `contents: read`"),
    ],
)
async def test_hover(tmp_path: Path, mark: str, shown: str) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TEXT)
        params = {"textDocument": {"uri": uri}, "position": place(TEXT, mark, 1)}
        hover = await editor.request("textDocument/hover", params)
        assert hover["contents"]["kind"] == "markdown"
        assert shown in hover["contents"]["value"]


async def test_hover_where_nothing_is_to_be_said(tmp_path: Path) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TEXT)
        params = {"textDocument": {"uri": uri}, "position": place(TEXT, "runs-on", 1)}
        assert await editor.request("textDocument/hover", params) is None


async def test_hover_marks_the_thing_itself(tmp_path: Path) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TEXT)
        mark = "github.event.pull_request.title"
        params = {"textDocument": {"uri": uri}, "position": place(TEXT, mark, 3)}
        hover = await editor.request("textDocument/hover", params)
        assert at(TEXT, hover["range"], "utf-16") == mark


async def complete(editor: Wire, uri: str, text: str) -> dict[str, str]:
    """By label, the text after taking a completion at the `|`."""
    position = place(text, "|")
    text = text.replace("|", "", 1)
    editor.open(uri, text, version=2)
    params = {"textDocument": {"uri": uri}, "position": position}
    items = await editor.request("textDocument/completion", params)
    assert [item["sortText"] for item in items] == sorted(item["sortText"] for item in items)
    return {item["label"]: apply(text, [item["textEdit"]]) for item in items}


JOB = "on: push\njobs:\n  a:\n    runs-on: x\n"


@pytest.mark.parametrize(
    ("before", "label", "after"),
    [
        (
            "on: push\npermissions:\n  |\njobs: {}\n",
            "contents",
            "on: push\npermissions:\n  contents: read\njobs: {}\n",
        ),
        (
            "on: push\npermissions:\n  con|\n",
            "contents",
            "on: push\npermissions:\n  contents: read\n",
        ),
        ("permissions:\n  id-token: |\n", "write", "permissions:\n  id-token: write\n"),
        ("permissions:\n  contents: wr|ite\n", "read", "permissions:\n  contents: read\n"),
        ("permissions: |\n", "{}", "permissions: {}\n"),
        (
            JOB + "    permissions:\n      pull-|\n    steps: []\n",
            "pull-requests",
            JOB + "    permissions:\n      pull-requests: read\n    steps: []\n",
        ),
        (
            JOB + "    steps:\n      - uses: actions/checkout@v4\n        with:\n          per|\n",
            "persist-credentials: false",
            JOB
            + "    steps:\n      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n",
        ),
        (
            JOB + "    steps:\n      - with:\n          |\n        uses: actions/checkout@v4\n",
            "persist-credentials: false",
            JOB
            + "    steps:\n      - with:\n          persist-credentials: false\n        uses: actions/checkout@v4\n",
        ),
        (
            JOB + "    steps:\n      - uses: actions/checkout|\n",
            f"actions/checkout@{NEWEST.tag}",
            JOB + f"    steps:\n      - uses: actions/checkout@{NEWEST.commit} # {NEWEST.tag}\n",
        ),
        (
            JOB + "    steps:\n      - uses: Actions/check|\n",
            f"actions/checkout@{NEWEST.tag}",
            JOB + f"    steps:\n      - uses: actions/checkout@{NEWEST.commit} # {NEWEST.tag}\n",
        ),
        (
            JOB + "    steps:\n      - uses: actions/checkout@v|4 # old\n",
            f"actions/checkout@{NEWEST.tag}",
            JOB + f"    steps:\n      - uses: actions/checkout@{NEWEST.commit} # {NEWEST.tag}\n",
        ),
        (
            JOB + "    steps:\n      - uses: actions/checkout@v4 # steplock: ignore[art|\n",
            "artipacked",
            JOB + "    steps:\n      - uses: actions/checkout@v4 # steplock: ignore[artipacked\n",
        ),
        (
            JOB + "    steps:\n      - uses: actions/checkout@v4 # |\n",
            "steplock: ignore[unpinned-uses] reason",
            JOB
            + "    steps:\n      - uses: actions/checkout@v4 # steplock: ignore[unpinned-uses] reason\n",
        ),
    ],
)
async def test_completion(tmp_path: Path, before: str, label: str, after: str) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, "")
        offered = await complete(editor, uri, before)
        assert offered[label] == after


@pytest.mark.parametrize(
    ("before", "absent"),
    [
        ("permissions:\n  contents: read\n  |\n", "contents"),
        (
            JOB + "    steps:\n      - uses: a/b@v1\n        with:\n          |\n",
            "persist-credentials: false",
        ),
        (
            JOB
            + "    steps:\n      - run: |\n          permissions:\n            |\n".replace(
                "|", ">", 1
            ),
            "contents",
        ),
        ("env:\n  |\n", "contents"),
    ],
)
async def test_what_does_not_fit_is_not_offered(tmp_path: Path, before: str, absent: str) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, "")
        assert absent not in await complete(editor, uri, before)


async def test_rules_that_find_something_here_come_first(tmp_path: Path) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, "")
        text = JOB + "    steps:\n      # steplock: ignore[|\n      - uses: actions/checkout@v4\n"
        offered = await complete(editor, uri, text)
        assert set(list(offered)[:2]) == {"artipacked", "unpinned-uses"}
        assert offered.keys() == by_id().keys()


@pytest.mark.parametrize(
    ("before", "label", "after"),
    [
        ("|", "rules", "rules: "),
        ("per|\n", "persona", "persona: \n"),
        ("persona: |\n", "pedantic", "persona: pedantic\n"),
        ("preset: |\n", "trust-tiers", "preset: trust-tiers\n"),
        ("fail-on: |\n", "never", "fail-on: never\n"),
        ("rules:\n  unp|\n", "unpinned-uses", "rules:\n  unpinned-uses: \n"),
        ("rules:\n  unpinned-uses: |\n", "off", "rules:\n  unpinned-uses: off\n"),
        (
            "rules:\n  unpinned-uses:\n    |\n",
            "policies",
            "rules:\n  unpinned-uses:\n    policies: \n",
        ),
        (
            "rules:\n  unpinned-uses:\n    severity: |\n",
            "low",
            "rules:\n  unpinned-uses:\n    severity: low\n",
        ),
    ],
)
async def test_completion_in_the_configuration(
    tmp_path: Path, before: str, label: str, after: str
) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = (tmp_path / ".github/steplock.yml").as_uri()
        assert (await complete(editor, uri, before))[label] == after


async def test_hints_name_the_version_of_a_commit_that_no_comment_names(tmp_path: Path) -> None:
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    first = {"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}}
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TEXT)
        params: Json = {"textDocument": {"uri": uri}, "range": everything}
        hints = await editor.request("textDocument/inlayHint", params)
        [hint] = [one for one in hints if one["label"] == NEWEST.tag]
        assert hint["position"] == place(TEXT, f"{NEWEST.commit}\n", 40)
        params["range"] = first
        assert await editor.request("textDocument/inlayHint", params) == []


async def test_hints_say_what_a_job_without_permissions_needs(tmp_path: Path) -> None:
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    text = JOB + "    steps:\n      - uses: actions/checkout@v4\n"
    async with wire() as editor:
        uri = await opened(editor, tmp_path, text)
        params = {"textDocument": {"uri": uri}, "range": everything}
        [hint] = await editor.request("textDocument/inlayHint", params)
        assert hint["label"] == "needs contents: read"
        assert hint["position"] == place(text, "a:", 2)
        assert "contents: read" in hint["tooltip"]["value"]


async def test_needed_permissions_are_offered_first(tmp_path: Path) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, "")
        text = JOB + "    permissions:\n      |\n    steps:\n      - uses: actions/stale@v9\n"
        offered = await complete(editor, uri, text)
        assert set(list(offered)[:2]) == {"issues", "pull-requests"}
        assert "issues: write" in offered["issues"]


async def test_hints_can_be_turned_off(tmp_path: Path) -> None:
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TEXT, inlayHints=False)
        params = {"textDocument": {"uri": uri}, "range": everything}
        assert await editor.request("textDocument/inlayHint", params) == []


async def test_links_lead_to_exactly_the_code_that_runs(tmp_path: Path) -> None:
    own = tmp_path / ".github/actions/own"
    own.mkdir(parents=True)
    (own / "action.yml").write_text("runs:\n  using: composite\n  steps: []\n")
    github = "https://github.com"
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TEXT)
        links = await editor.request("textDocument/documentLink", {"textDocument": {"uri": uri}})
        assert [link["target"] for link in links] == [
            f"{github}/actions/checkout/tree/{NEWEST.commit}",
            f"{github}/Actions/Checkout/tree/{NEWEST.commit}",
            (own / "action.yml").as_uri(),
            f"{github}/octo-org/shared/blob/v1/.github/workflows/build.yml",
        ]
        assert at(TEXT, links[2]["range"], "utf-16") == "./.github/actions/own"


async def test_lenses_say_who_can_run_a_job(tmp_path: Path) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TEXT, codeLens=True)
        lenses = await editor.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
        assert [at(TEXT, lens["range"], "utf-16") for lens in lenses] == ["a", "b"]
        assert lenses[0]["command"]["title"].startswith("at risk, ")


async def test_lenses_are_off_where_nothing_is_said(tmp_path: Path) -> None:
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TEXT)
        lenses = await editor.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
        assert lenses == []


async def test_a_buffer_that_differs_from_the_disk_is_what_counts(tmp_path: Path) -> None:
    own = tmp_path / ".github/actions/own/action.yml"
    async with wire() as editor:
        uri = await opened(editor, tmp_path, TEXT)
        editor.open(own.as_uri(), "runs:\n  using: composite\n  steps: []\n")
        links = await editor.request("textDocument/documentLink", {"textDocument": {"uri": uri}})
        assert own.as_uri() in [link["target"] for link in links]


async def test_what_is_offered_is_announced(tmp_path: Path) -> None:
    async with wire() as editor:
        offered = (await editor.start(tmp_path, capabilities=PUSH))["capabilities"]
        sync = offered["textDocumentSync"]
        assert (sync["openClose"], sync["change"], sync["save"]) == (True, 2, True)
        assert offered["codeActionProvider"]["codeActionKinds"] == [
            "quickfix",
            "source.fixAll.steplock",
            "refactor.rewrite",
        ]
        assert offered["executeCommandProvider"]["commands"] == [
            "steplock.explain",
            "steplock.pinOnline",
        ]
        for feature in ("hover", "completion", "documentLink", "inlayHint", "codeLens"):
            assert offered[f"{feature}Provider"] is not None
