"""The fast path reads what the library reads, to the same tree, or leaves it alone."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steplock.syntax import Document, fastpath, reader

RULES = Path(__file__).parent.parent / "rules"

READ = {
    "a workflow": "name: CI\non: push\njobs:\n  a:\n    steps:\n      - uses: a/b@v1 # v1\n        with:\n"
    "          c: d\n      - run: x\n",
    "items as deep as their key": "a:\n- b: 1\n  c: 2\n- d\ne: f\n",
    "items in items": "- - a\n  - b\n-\n  - c\n-\n  d: e\n",
    "no values": "a:\nb:\n  -\n  - c:\n",
    "a document's start": "# c\n---\n# d\na: b\n",
    "quotes": "\"on\": 'it''s'\n'b': \"c # d: e\" # f\n",
    "escapes": 'a: "b \\\\n \\"c\\" \\\\ \\n\\t"\n',
    "flow collections over lines": "a: [ # b\n  c,\n\n  {d: e,\n  f: 'g'}, ] # h\ni: {\n}\nj: {k: l,\n}\n",
    "flow collections": "a: [b, 'c', \"d\"] # e\nf: {}\ng: { h: 1, i: [j, {k: l}] }\nm: []\n",
    "literal": "a: |\n\n  b\n    c\n\n  # d\n# e\nf: |-\n  g\n\n\nh: | # i\n  j",
    "folded": "a: >\n  b\n  c\nd: >-\n  e\n\n",
    "folded, blank and deeper lines": "a: >\n\n  b\n\n\n  c\n    d\n\n    e\n  f\n   \n  g\n\n",
    "a value on the next line": "a:\n  b\nc:\n  # d\n  [e]\nf:\n  |\n  g\n",
    "a plain value over several lines": "a: b\n  c\n   d\ne:\n  f\n    g\n",
    "values with signs in them": "a: b:c\nd: -1\ne: ${{ f[0] || '{}' }}\ng: h#i\n",
    "keys with signs in them": "a b: 1\nc/d: 2\n",
    "no line end": "a: b",
    "beyond the basic plane": "a: 😀 漢字\n",
}
LEFT = {
    "nothing": "",
    "comments": "# a\n",
    "one scalar": "a\n",
    "anchors": "a: &b c\nd: *b\n",
    "tags": "a: !!str b\n",
    "rare escapes": 'a: "\\x41"\n',
    "quotes over lines": "a: 'b\n  c'\n",
    "plain values over lines in brackets": "a: [b\n  c]\n",
    "two commas": "a: [b,,]\n",
    "a document's end in brackets": "a: [\n... ]\n",
    "braces without values": "a: {b, c}\n",
    "blank lines in a plain value": "a: b\n\n  c\n",
    "a dash in a plain value": "a: b\n  - c\n",
    "comments in a plain value": "a: b\n  # c\n  d\n",
    "an indentation indicator": "a: |2\n    b\n",
    "all blank lines kept": "a: |+\n  b\n\n",
    "a key twice": "a: 1\nb: 2\na: 3\n",
    "several documents": "a: 1\n---\nb: 2\n",
    "a document's end": "a: 1\n...\n",
    "CRLF": "a: 1\r\n",
    "tabs": "a:\tb\n",
    "a byte order mark": "\ufeffa: 1\n",
    "a second colon": "a: b: c\n",
    "a key half typed": "a: 1\nb\nc: 2\n",
    "an item that is not indented as the others": "a:\n  - b\n - c\n",
    "a key that is indented as no other": "a:\n    b: 1\n  c: 2\n",
    "a question mark": "? a\n: b\n",
    "too deep": "".join(f"{' ' * depth}a:\n" for depth in range(60)),
}


def by_library(text: str) -> Document | None:
    """What the library reads; None where it finds an error."""
    builder, error = reader.attempt(text)
    return None if error else builder.document(text, builder.problems)


def parts(document: Document | None) -> object:
    return document and (vars(document) | {"_maps": None, "_heard": None})


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_what_it_reads(text: str) -> None:
    assert parts(fastpath.read(text)) == parts(by_library(text))
    assert by_library(text)


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_what_it_leaves(text: str) -> None:
    assert fastpath.read(text) is None


def agrees(text: str) -> bool:
    """Whether the text was read at all."""
    document = fastpath.read(text)
    if document is None:
        return False
    assert parts(document) == parts(by_library(text)), text
    return True


WORDS = (
    *("[\n", "{\n", ",\n", "\\n", '\\"', "\\\\"),
    *("a: ", "b:", "- ", "c", "'d'", '"e"', "[f, g]", "{h: i}", "|", ">-", "# j", "---", "  ", " "),
    *("\n", "\n  ", "\n    ", ": ", ",", "]", "'", "&k ", "*k", "!l ", "?", "%", "\t", "m:n", "-"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
def test_it_never_differs(text: str) -> None:
    agrees(text)


@given(st.text(alphabet="ab:-[]{}'\"|>&*!#%@` \t\n", max_size=60))
def test_it_never_differs_whatever_the_characters(text: str) -> None:
    agrees(text)


def test_it_never_differs_on_workflows_gone_wrong() -> None:
    chance = random.Random(1)
    texts = list(workflows())
    read = sum(agrees(spoiled(chance.choice(texts), chance)) for _ in range(4000))
    assert read > 1000


def workflows() -> Iterator[str]:
    for path in sorted(RULES.rglob("*.md")):
        yield from re.findall(r"```ya?ml[^\n]*\n(.*?)```", path.read_text("utf-8"), re.DOTALL)


def spoiled(text: str, chance: random.Random) -> str:
    """A stretch of a workflow with up to three lines of it changed."""
    lines = text.split("\n")
    first = chance.randrange(len(lines))
    lines = lines[first : first + chance.choice((3, 10, 30))]
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(lines))
        line = lines[at]
        cut = chance.randrange(len(line) + 1)
        word = chance.choice(WORDS)
        lines[at] = chance.choice(
            (line[:cut] + word + line[cut:], line[:cut], f"  {line}", line[2:], line + word)
        )
    return "\n".join(lines)


def test_long_texts() -> None:
    """What would take for ever, were it read in square time."""
    size = 100_000
    for text in (
        "a: b\n" + "  c\n" * size,
        "a:" + " " * size + ":",
        "a: b" + " c" * size + " :",
        "a: '" + "''" * size,
        "a: [" + "b, " * size,
        "a:\n" + "- |\n  b\n" * size,
        "- " * size,
    ):
        agrees(text)
