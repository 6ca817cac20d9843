"""YAML as people type it and as attackers write it: a finding at its place, or a clean pass."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steplock import lint, syntax
from steplock.syntax import Mapping, Node, Scalar, fastpath, reader
from steplock.text import Span


class Hard(NamedTuple):
    """A text, the 1-based lines at which something is wrong, and keys that must be read all the same."""

    text: str
    lines: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()


DEEP = 10_000
BOMB = "\n".join(
    ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    + [f"{b}: &{b} [{', '.join(['*' + a] * 10)}]" for a, b in zip("abcdef", "bcdefg", strict=True)]
)
HARD = {
    "empty": Hard(""),
    "blank lines": Hard("\n\n"),
    "comments only": Hard("# one\n# two"),
    "a byte order mark": Hard("\ufeffon: push\njobs: {}\n", keys=("on", "jobs")),
    "a byte order mark alone": Hard("\ufeff"),
    "CRLF": Hard(
        "on: push\r\njobs:\r\n  a:\r\n    run: |\r\n      x\r\n", keys=("on", "jobs", "a", "run")
    ),
    "no newline at the end": Hard("on: push\njobs: {a: b}", keys=("on", "jobs", "a")),
    "tabs in scalars": Hard('on: "a\tb"\njobs: |\n  a\tb\n', keys=("on", "jobs")),
    "a tab as indentation": Hard("on: push\njobs:\n\ta: 1\nenv: {}\n", (3,), ("on", "env")),
    "several documents": Hard("on: push\n---\non: pull_request\n...\n", keys=("on",)),
    "on as a list": Hard("on: [push, pull_request]\njobs: {}\n", keys=("on", "jobs")),
    "anchors and aliases": Hard("a: &x {b: 1}\nc: *x\n", keys=("a", "b", "c")),
    "an anchor given twice": Hard("a: &x 1\nb: &x 2\nc: *x\n", keys=("a", "b", "c")),
    "an alias without an anchor": Hard("a: *x\nb: 1\n", (1,), ("a", "b")),
    "an alias of what it stands in": Hard("a: &x [*x]\nb: 1\n", (1,), ("a", "b")),
    "a merge key": Hard("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n", keys=("a", "c", "<<", "d")),
    "a key twice": Hard("a: 1\nb: 2\na: 3\n", (3,), ("a", "b")),
    "a key that is a list": Hard("? [a, b]\n: 1\nc: 2\n", keys=("[a, b]", "c")),
    "colons in flow style": Hard("a: {b: c:3}\nd: [x:1, ::1]\n", keys=("a", "b", "d")),
    "a broken line beside colons in flow style": Hard("a: {b: c:3}\nd: [x\ne: 1\n", (2,), ("e",)),
    "tags": Hard("a: !!str 1\nb: !custom {c: 2}\n", keys=("a", "b", "c")),
    "10,000 brackets": Hard("a: 1\nb: " + "[" * DEEP, (2,), ("a",)),
    "10,000 dashes": Hard("- " * DEEP + "a", (1,)),
    "10,000 levels of keys": Hard("".join(f"{' ' * n}a:\n" for n in range(DEEP // 20)), (101,)),
    "a bomb of aliases": Hard(BOMB, (6,), ("a", "b", "c")),
    "a key being typed": Hard(
        "on: push\njobs:\n  a:\n    d: 1\n    ste\n  b:\n    c: 1\n",
        (5,),
        ("on", "jobs", "a", "b", "c"),
    ),
    "a value being typed": Hard(
        "on: push\njobs:\n  a:\n    uses: [x\n  b:\n    c: 1\n", (4,), ("on", "a", "b", "c")
    ),
    "a quote being typed": Hard('on: "push\njobs:\n  a: 1\nb: 2\n', (1,), ("jobs", "a", "b")),
    "a brace being typed": Hard("on: push\na: {b: c\nd: e\n", (2,), ("on", "d")),
    "an expression being typed": Hard("on: push\na: ${{ github.\nb: 1\n", keys=("on", "a", "b")),
    "a value that begins with @": Hard("a: @b\nc: 1\n", (1,), ("c",)),
    "a second colon": Hard("a: b: c\nd: 1\n", (1,), ("d",)),
    "a list item that is not indented as the others": Hard(
        "a:\n  - b: 1\n - c: 2\nd: 1\n", (3,), ("a", "b", "d")
    ),
    "a script that is not indented": Hard(
        "a:\n  run: |\n    x\n   y z\nb: 1\n", (4,), ("a", "run", "b")
    ),
    "two mistakes": Hard("a: [b\nc: 1\nd: 'e\nf: 1\n", (1, 3), ("c", "f")),
    "a control character": Hard("a: \x07b\nc: 1\n", (1,), ("a", "c")),
    "half of a surrogate pair": Hard("a: \ud800\nc: 1\n", (1,), ("a", "c")),
    "not YAML at all": Hard("}{\n%%%\n@@\n", (1, 2, 3)),
    "a line separator, at which YAML begins a line": Hard("a: 1 # x\u2028y\nb: 2\n", (1,), ("b",)),
}
EVERY_HARD = pytest.mark.parametrize("hard", HARD.values(), ids=HARD)


@pytest.fixture(params=["fast path", "libyaml", "pure"])
def any_reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test as in a hook, with the C parser alone, and without that, as in the editor's bundle."""
    if request.param != "fast path":
        monkeypatch.setattr(fastpath, "read", lambda text: None)
    if request.param == "pure":
        monkeypatch.setitem(__import__("sys").modules, "_ruamel_yaml", None)
    return str(request.param)


@EVERY_HARD
def test_hard_inputs(hard: Hard, any_reader: str) -> None:
    document = syntax.parse(hard.text)
    lines = {document.lines.line(p.span.start) + 1 for p in document.problems}
    assert sorted(lines) == sorted(hard.lines)
    held = {key for root in document.roots for key in _keys(root)}
    assert held >= set(hard.keys)


@EVERY_HARD
def test_hard_inputs_are_checked(hard: Hard) -> None:
    report = lint(hard.text, ".github/workflows/hard.yml")
    assert not [d for d in report.diagnostics if d.rule == "internal-error"]
    found = {
        report.text.count("\n", 0, d.span.start) + 1
        for d in report.diagnostics
        if d.rule == "syntax-error"
    }
    assert found == set(hard.lines)


def test_a_large_file() -> None:
    step = "      - run: echo ${{ github.sha }}\n        env: {A: b}\n"
    text = "on: push\njobs:\n  a:\n    steps:\n" + step * 40_000
    document = syntax.parse(text)
    assert not document.problems
    assert isinstance(document.root, Mapping)


PLACES = {
    "plain": "a: foo ${{ b }} bar\n",
    "plain, over two lines": "a: foo\n  bar ${{ b }}\n  baz\n",
    "single quotes": "a: 'it''s ${{ b }} '''\n",
    "double quotes": 'a: "x\\n\\"y\\" \\u00e9 \\x41 ${{ b }}\\t"\n',
    "double quotes over lines": 'a: "foo\n  bar \\\n  ${{ b }}\n\n  baz"\n',
    "literal": "a: |\n  foo\n    ${{ b }}\n\n  baz\n",
    "literal that ends at the dash": "a: |-\n  foo ${{ b }}\n\n",
    "literal with an indentation indicator": "a: |2\n   foo ${{ b }}\n",
    "folded": "a: >\n  foo\n  bar ${{ b }}\n\n    more\n  baz\n",
    "CRLF": "a: |\r\n  foo\r\n  ${{ b }}\r\n",
    "lines that end as in YAML 1.1": "a: |\n  foo\u2028\n    c\x85\n  ${{ b }}\n  baz\n",
    "folded, lines that end as in YAML 1.1": "a: >\n  foo\u2028\n    c\x85\n  ${{ b }}\n  baz\n",
    "quoted, lines that end as in YAML 1.1": 'a: "foo \x85 b\\\x85 ${{ b }}\u2028 baz"\n',
    "folded, CR": "a: >\r  foo\r  ${{ b }}\r",
    "beyond the basic plane": "a: 😀 ${{ b }} 漢字\n",
}


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_each_character_of_a_value_is_found_in_the_file(text: str, any_reader: str) -> None:
    document = syntax.parse(text)
    assert isinstance(document.root, Mapping)
    scalar = document.root.items[0][1]
    assert isinstance(scalar, Scalar)
    for at, char in enumerate(scalar.value):
        if char.isspace():
            continue
        source = text[slice(*document.locate(scalar, Span(at, at + 1)))]
        assert source == char or source in ("''", '\\"', "\\u00e9", "\\x41")
    start = scalar.value.index("${{")
    assert text[slice(*document.locate(scalar, Span(start, start + 8)))] == "${{ b }}"


def test_comments_are_told_from_hashes() -> None:
    text = "# one\na: 'b # no' # two\nc: |  # three\n  # no\nd: e#no\nf: g # four\n"
    comments = [comment.text for comment in syntax.parse(text).comments]
    assert comments == ["# one", "# two", "# three", "# four"]


@given(st.text(alphabet="ab:-[]{}'\"|>&*!#%@` \t\n\r", max_size=60))
def test_parsing_never_fails(text: str) -> None:
    document = syntax.parse(text)
    for root in document.roots:
        for node in syntax.walk(root):
            assert 0 <= node.span.start <= node.span.end <= len(text)


@given(st.text(max_size=40))
def test_parsing_never_fails_whatever_the_characters(text: str) -> None:
    syntax.parse(text)


def test_both_readers_see_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [hard.text for hard in HARD.values()] + list(PLACES.values())
    texts = [text for text in texts if "\x85" not in text]  # a line end for one of them only
    monkeypatch.setattr(fastpath, "read", lambda text: None)
    first = [_shape(text) for text in texts]
    monkeypatch.setitem(__import__("sys").modules, "_ruamel_yaml", None)
    assert [_shape(text) for text in texts] == first


def _shape(text: str) -> list[tuple[str, str, Span | None]]:
    """The nodes with their places; where an empty scalar stands the two readers do not agree."""
    document = syntax.parse(text)
    return [
        (type(node).__name__, node.value, node.span if node.value else None)
        if isinstance(node, Scalar)
        else (type(node).__name__, "", None)
        for root in document.roots
        for node in syntax.walk(root)
    ]


def _keys(node: Node) -> Iterator[str]:
    for one in syntax.walk(node):
        if isinstance(one, Mapping):
            yield from (key.value for key, _ in one.items)


def test_the_limits_are_far_from_real_files() -> None:
    assert reader.MAX_DEPTH >= 50
    assert reader.MAX_NODES >= 1_000_000
