"""The form of `steplock.lock`."""

import pytest

from steplock.locking import Entry, Lock, read, wanted, write
from steplock.repository import parse

HASH = "0123456789abcdef" * 4
LOCK = Lock(
    {
        "https://example.com/b.tgz": Entry(HASH, ("b.yml", "a.yml")),
        'https://example.com/a "quoted" \\ ü': Entry(HASH, ()),
    },
    {"astral-sh/setup-uv 0.9.5": Entry("", ("a.yml",))},
)
TEXT = f"""\
# What the workflows here download. `steplock lock` writes it; review it like code.
version: 1
files:
  "https://example.com/a \\"quoted\\" \\\\ ü":
    sha256: {HASH}
    used-by: []
  "https://example.com/b.tgz":
    sha256: {HASH}
    used-by: ["a.yml", "b.yml"]
tools:
  "astral-sh/setup-uv 0.9.5":
    used-by: ["a.yml"]
"""


def test_what_is_written_reads_as_it_was() -> None:
    assert write(LOCK) == TEXT
    assert write(read(TEXT)) == TEXT
    assert read(TEXT).files.keys() == LOCK.files.keys()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "files: [a]",
        "files: {a: b, c: {sha256: 12}}",
        "files: {a: {sha256: [1]}}",
        "\0",
        "{",
    ],
)
def test_what_makes_no_sense_holds_nothing(text: str) -> None:
    lock = read(text)
    assert not any(entry.sha256 for entry in {**lock.files, **lock.tools}.values())


def test_the_hash_that_a_step_gives() -> None:
    text = f"""\
on: push
jobs:
  test:
    steps:
      - uses: astral-sh/setup-uv@v7
        with: {{version: 0.9.5, checksum: {HASH.upper()}}}
"""
    [download] = wanted(parse(".github/workflows/test.yml", text))
    assert (download.name, download.sha256) == ("astral-sh/setup-uv 0.9.5", HASH)
