"""Newer releases, offered where a reference stands, from the table of pins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from editing import apply, by_uri
from steplock.tables import pins
from wire import PUSH, Json, Wire, wire, workflow

HEAD = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
OLD = "11bd71901bbe5b1630ceea73d27597364c9af683"  # v4.2.2


def newest(repo: str, major: int | None = None) -> pins.Pin:
    found = pins.newest(repo, major)
    assert found
    return found


FOUR, NEWEST = newest("actions/checkout", 4), newest("actions/checkout")
CACHE = newest("actions/cache")
DAY = pins.date("actions/checkout")


async def rewrites(
    editor: Wire, uri: str, first: int, last: int | None = None, column: int = 0
) -> list[Any]:
    """What can be rewritten on these lines, but for what asks the network."""
    last = first if last is None else last
    params: Json = {
        "textDocument": {"uri": uri},
        "range": {
            "start": {"line": first, "character": column},
            "end": {"line": last, "character": column},
        },
        "context": {"diagnostics": [], "only": ["refactor"]},
    }
    found = await editor.request("textDocument/codeAction", params)
    return [one for one in found if "command" not in one]


@pytest.mark.parametrize(
    ("step", "updated"),
    [
        (f"- uses: actions/checkout@{OLD} # v4.2.2", "- uses: actions/checkout@<> # <tag>"),
        (f"- uses: actions/checkout@{OLD}", "- uses: actions/checkout@<> # <tag>"),
        (
            f"- uses: actions/checkout@{OLD}   # v4 keep",
            "- uses: actions/checkout@<>   # <tag> keep",
        ),
        ("- uses: 'Actions/Checkout@v4.2.2'", "- uses: 'Actions/Checkout@<>' # <tag>"),
        (
            "- {name: \U0001f600, uses: actions/checkout@v4.2.1}",
            "- {name: \U0001f600, uses: actions/checkout@<>} # <tag>",
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_both_ways_to_go(tmp_path: Path, step: str, updated: str, encoding: str) -> None:
    text = f"{HEAD}      {step}\n"
    async with wire() as editor:
        capabilities = {**PUSH, "general": {"positionEncodings": [encoding]}}
        await editor.start(tmp_path, capabilities=capabilities)
        uri = workflow(tmp_path)
        editor.open(uri, text)
        found = await rewrites(editor, uri, 6)
        expected = [(FOUR, ""), (NEWEST, " (major)")]
        assert [one["title"] for one in found] == [
            f"Update to {pin.tag}{major}, as of {DAY}" for pin, major in expected
        ]
        for action, (pin, _) in zip(found, expected, strict=True):
            assert action["kind"] == "refactor.rewrite"
            assert not action.get("isPreferred")
            changed = apply(text, by_uri(action["edit"])[uri], encoding)
            line = updated.replace("<tag>", pin.tag).replace("<>", pin.commit)
            assert changed == f"{HEAD}      {line}\n"


@pytest.mark.parametrize(
    ("step", "titles"),
    [
        ("actions/checkout@v4", [f"Update to {NEWEST.tag} (major), as of {DAY}"]),
        (f"actions/checkout@{FOUR.commit}", [f"Update to {NEWEST.tag} (major), as of {DAY}"]),
        (f"actions/checkout@{NEWEST.commit} # {NEWEST.tag}", []),
        ("actions/checkout@main", []),
        ("actions/checkout@v999", []),
        ("no-such-org/action@v1", []),
        ("actions/checkout", []),
        ("./local", []),
        ("docker://alpine:3", []),
        (">-\n          actions/checkout@v4", []),
    ],
)
async def test_only_what_is_newer(tmp_path: Path, step: str, titles: list[str]) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        editor.open(uri, f"{HEAD}      - uses: {step}\n")
        assert [one["title"] for one in await rewrites(editor, uri, 6, column=20)] == titles


async def test_several_at_once(tmp_path: Path) -> None:
    steps = ["actions/checkout@v4.2.2", f"actions/checkout@{FOUR.commit}", CACHE.repo + "@v3.0.0"]
    steps += ["./local", f"actions/cache@{CACHE.commit}"]
    text = HEAD + "".join(f"      - uses: {step}\n" for step in steps)
    three = newest("actions/cache", 3)
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        editor.open(uri, text)
        within, best = await rewrites(editor, uri, 0, 20)
        since = min(DAY or "", pins.date("actions/cache") or "")
        assert within["title"] == (
            f"Update 2 references within their major versions, as of {since}"
        )
        assert (
            best["title"] == f"Update 3 references to their newest releases (major), as of {since}"
        )
        changed = apply(text, by_uri(within["edit"])[uri])
        assert [f"@{FOUR.commit} # {FOUR.tag}\n", f"@{three.commit} # {three.tag}\n"] == [
            "@" + line.partition("@")[2]
            for line in changed.splitlines(keepends=True)
            if " # " in line
        ]
        changed = apply(text, by_uri(best["edit"])[uri])
        assert changed.count(f"@{NEWEST.commit} # {NEWEST.tag}\n") == 2
        assert changed.count(f"@{CACHE.commit} # {CACHE.tag}\n") == 1


async def test_other_lines_offer_nothing(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        editor.open(uri, f"{HEAD}      - uses: actions/checkout@v3\n      - run: make\n")
        for line in (0, 5, 7, 8):
            assert await rewrites(editor, uri, line) == []
        assert await rewrites(editor, uri, 6)


async def test_a_reusable_workflow_and_a_job_that_never_runs(tmp_path: Path) -> None:
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        called = "actions/checkout/.github/workflows/x.yml@v4.2.2"
        editor.open(uri, f"on: push\njobs:\n  a:\n    if: false\n    uses: {called}\n")
        assert len(await rewrites(editor, uri, 4)) == 2


async def test_the_hooks_of_pre_commit(tmp_path: Path) -> None:
    text = "repos:\n  - repo: https://github.com/crate-ci/typos\n    rev: v1.0.0\n    hooks: []\n"
    typos = newest("crate-ci/typos")
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = (tmp_path / ".pre-commit-config.yaml").as_uri()
        editor.open(uri, text)
        [update] = await rewrites(editor, uri, 2)
        changed = apply(text, by_uri(update["edit"])[uri])
        assert changed == text.replace("v1.0.0", f"{typos.commit}  # frozen: {typos.tag}")


@pytest.mark.parametrize("count", [1, 3])
async def test_all_unpinned_uses_of_a_file_can_be_pinned(tmp_path: Path, count: int) -> None:
    text = HEAD + "      - uses: actions/checkout@v4.2.2\n" * count
    title = "Fix all `unpinned-uses` problems in this file (unsafe)"
    async with wire() as editor:
        await editor.start(tmp_path)
        uri = workflow(tmp_path)
        editor.open(uri, text)
        found = [d for d in await editor.published(uri) or [] if d["code"] == "unpinned-uses"]
        actions = [one for one in await editor.actions(uri, found[0]) if one["title"] == title]
        assert len(actions) == (count > 1)
        for action in actions:
            assert not action.get("isPreferred")
            assert len(action["diagnostics"]) == count
            changed = apply(text, by_uri(action["edit"])[uri])
            assert changed.count(f"@{OLD} # v4.2.2\n") == count
