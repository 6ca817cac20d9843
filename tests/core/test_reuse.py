"""What a check takes from the last one is what it would find itself."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from steplock import lint
from steplock.reuse import Memory
from steplock.rule import Persona
from steplock.settings import Settings

PATH = ".github/workflows/ci.yml"
EVERYTHING = Settings(persona=Persona.AUDITOR)
SEED = 20261121
TEXT = """\
on: pull_request_target
jobs:
  first:
    runs-on: ubuntu-latest
    outputs:
      title: ${{ steps.title.outputs.title }}
    steps:
      - uses: actions/checkout@v4
      - id: title
        run: |
          make
          echo "title=fixed" >> $GITHUB_OUTPUT
  second:
    needs: first
    runs-on: ubuntu-latest
    steps:
      - run: echo ${{ needs.first.outputs.title }} ${{ github.event.issue.title }}
  third:
    needs: [second]
    runs-on: ubuntu-latest
    steps:
      - run: echo ${{ github.event.pull_request.title }}
  apart:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          echo ${{ github.event.pull_request.title }}
      - run: 'npm publish'
"""


def check(memory: Memory, text: str) -> int:
    """Check a text with what is remembered and without; how many jobs were taken from memory."""
    with_memory = lint(text, PATH, settings=EVERYTHING, memory=memory)
    assert with_memory == lint(text, PATH, settings=EVERYTHING)
    return memory.reused


@pytest.mark.parametrize(
    ("old", "new", "reused"),
    [
        ("make", "make all", 1),  # whoever needs `first` is checked again
        ("'npm publish'", "'npm publish x'", 3),
        ("npm publish", "echo ${{ github.event.pull_request.body }}", 3),
        ('"title=fixed"', '"title=${{ github.event.pull_request.title }}"', 1),
        ("echo ${{ needs.first", "echo x ${{ needs.first", 2),
        ("make\n", "make\n          make\n", 0),
        ("runs-on", "runs-ON", 0),
        ("pull_request_target", "push", 0),
        ("  apart", "  other", 0),
        ("'npm publish'", "'npm publish' # x", 0),
        ("'npm publish'", "'npm publish", 0),
    ],
)
def test_what_is_checked_again(old: str, new: str, reused: int) -> None:
    memory = Memory()
    assert check(memory, TEXT) == 0
    assert check(memory, TEXT.replace(old, new, 1)) == reused
    check(memory, TEXT)


def test_the_same_text_needs_no_check_of_a_job() -> None:
    memory = Memory()
    check(memory, TEXT)
    assert check(memory, TEXT) == 4


@pytest.mark.parametrize("mark", ["&a '", "&a |\n          "])
def test_a_script_that_is_shared_is_not_trusted(mark: str) -> None:
    text = TEXT.replace(
        "'npm publish'", f"{mark}npm publish{mark[-1] if mark[-1] == chr(39) else ''}"
    )
    memory = Memory()
    check(memory, text)
    assert check(memory, text.replace("npm publish", "npm publish x")) == 0


FIXTURES = sorted((Path(__file__).parent.parent / "rules").glob("*.md"))
PIECES = (
    "x",
    " ",
    "#",
    "$",
    "'",
    '"',
    "|",
    "${{ github.event.issue.title }}",
    "$GITHUB_OUTPUT",
    "git push",
)


def test_typing_in_scripts_finds_what_a_fresh_check_finds() -> None:
    """Each rule's own fixtures, followed by other jobs, typed in at random."""
    chance = random.Random(SEED)
    reused = 0
    for fixture in FIXTURES:
        found = re.findall(r"```yaml\n(.*?)```", fixture.read_text("utf-8"), re.DOTALL)
        texts = [text for text in found if re.search(r"^jobs:\n(?=  \w)", text, re.MULTILINE)]
        if not texts:
            continue
        text = chance.choice(texts) + TEXT.partition("jobs:\n")[2]
        memory = Memory()
        check(memory, text)
        for _ in range(12):
            scripts = [match.end() for match in re.finditer(r"run: (?:\|\n +|')?", text)]
            at = chance.choice(scripts) + chance.randrange(6)
            text = text[:at] + chance.choice(PIECES) + text[at + chance.choice((0, 0, 1)) :]
            reused += check(memory, text)
    assert reused > 100
