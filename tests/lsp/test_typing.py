"""A workflow typed, deleted, pasted and undone: at each step the editor shows what a fresh check finds."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, islice
from pathlib import Path

from editing import at
from steplock import lint
from wire import Json, Wire, wire, workflow

SEED = 20261121

TEXT = """\
name: \U0001f600 check
on: # who
  pull_request_target:
    types: [opened, 'labeled']
  push: {branches: [main]}
permissions: {}
env: &env
  A: "1 # no comment"
jobs:
  build:
    runs-on: ${{ matrix.os }}
    strategy: {matrix: {os: [ubuntu-latest, 'windows-latest']}}
    env: *env
    steps:
      - uses: actions/checkout@v4 # v4
        with: {ref: "${{ github.event.pull_request.head.sha }}"}
      - run: |
          echo "漢字 ${{ github.event.pull_request.title }}"
            make  # steplock: ignore[template-injection] x

          # end
        shell: bash
      - name: >-
          folded
          text
        if: github.event.label.name == 'ok'
        run: make 'a''b' && echo "x\\ty"
  call:
    needs: [build]
    if: always()
    uses: ./.github/workflows/other.yml
    secrets: inherit
"""
PIECES = (
    *"\n\n  :-#'\"|>&*{}[],!%@`?\t\U0001f600漢\r",
    "${{",
    "}}",
    "- run: x\n",
    "    ",
    "\n\n",
    "<<: *env",
)


Edit = tuple[int, int, str]
"""Start and end of what is replaced, and by what."""


def typing(text: str) -> Iterator[Edit]:
    """A text typed, its end deleted, pasted again and undone, which leaves all but the last 400 characters."""
    for index, char in enumerate(text):
        yield index, index, char
    for index in range(len(text), len(text) - 400, -1):
        yield index - 1, index, ""
    yield len(text) - 400, len(text) - 400, text[-400:]
    yield len(text) - 400, len(text), ""


def changes(text: str, random: random.Random) -> Iterator[Edit]:
    """Random edits without end, a third of them undone again."""
    now = text
    past: list[str] = []
    while True:
        if len(now) > 1.2 * len(text):
            past, after = [], text
        elif past and random.random() < 0.3:
            after = past.pop()
        else:
            start = random.randrange(len(now) + 1)
            end = min(start + random.choice((0, 0, 0, 1, 1, 7, 80)), len(now))
            new = random.choice(PIECES) if random.random() < 0.7 else now[end // 2 : end // 2 + 60]
            past.append(now)
            yield start, end, new
            now = now[:start] + new + now[end:]
            continue
        yield 0, len(now), after
        now = after


def position(text: str, offset: int) -> Json:
    """In UTF-16, counting lines as editors do."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    # Between the two characters of a line end is the end of the line.
    last = before.rpartition("\n")[2]
    return {"line": before.count("\n"), "character": len(last.encode("utf-16-le")) // 2}


async def follow(editor: Wire, uri: str, path: str, text: str, edits: Iterable[Edit]) -> None:
    """Make edits, one message each, and compare what is shown after each with a fresh check."""
    version = 1
    once = cache(
        lambda text: lint(text, path).diagnostics
    )  # what is undone need not be checked twice
    editor.open(uri, text)
    for start, end, new in edits:
        # No editor replaces half of a line end.
        start -= text[start - 1 : start + 1] == "\r\n"
        end += text[end - 1 : end + 1] == "\r\n"
        range = {"start": position(text, start), "end": position(text, end)}
        text = text[:start] + new + text[end:]
        version += 1
        editor.change(uri, version, {"range": range, "text": new})
        await editor.server.publisher.settle()
        told = editor.received[-1]["params"]
        assert told["version"] == version
        held = editor.server.documents.get(uri)
        assert held is not None
        assert held.text == text
        fresh = once(text)
        assert [
            (d["code"], d["message"], at(text, d["range"], "utf-16")) for d in told["diagnostics"]
        ] == [(d.rule, d.message, text[slice(*d.span)]) for d in fresh], f"edit {version}"
        assert "internal-error" not in {d.rule for d in fresh}, f"edit {version}"
        editor.received.clear()


async def test_every_edit_shows_what_a_fresh_check_finds(tmp_path: Path) -> None:
    path = ".github/workflows/ci.yml"
    uri = workflow(tmp_path)
    first = list(typing(TEXT))
    more = islice(changes(TEXT[:-400], random.Random(SEED)), 5_000 - len(first))
    async with wire() as editor:
        await editor.start(tmp_path)
        await follow(editor, uri, path, "", chain(first, more))


async def test_memory_does_not_grow_with_edits(tmp_path: Path) -> None:
    uri = workflow(tmp_path)
    used = {}
    async with wire() as editor:
        await editor.start(tmp_path)
        editor.open(uri, "")
        for version in range(1, 10_001):
            editor.change(uri, version, {"text": f"on: push\njobs: {{}} # {version}\n"})
            if version % 10 == 0:
                await editor.server.publisher.settle()
                editor.received.clear()
            if version in (100, 10_000):
                used[version] = sys.getallocatedblocks()
    assert used[10_000] < used[100] * 1.2
