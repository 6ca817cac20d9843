"""Every edit, exact to the byte; and the shapes in which there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from steplock import edits, syntax
from steplock.syntax import Document, Mapping, Node, Scalar, Sequence
from steplock.text import Edit, Span, apply_edits

Way = tuple[str | int, ...]


def at(document: Document, way: Way) -> Node:
    """The node that a path of keys and indexes leads to."""
    node = document.root
    for part in way:
        match node:
            case Mapping() if isinstance(part, str):
                node = node.get(part)
            case Sequence() if isinstance(part, int):
                node = node.items[part]
    assert node is not None
    return node


def mapping(document: Document, way: Way) -> Mapping:
    node = at(document, way)
    assert isinstance(node, Mapping)
    return node


def edited(text: str, make: Callable[[Document], Edit | None]) -> str | None:
    """The text after an edit, which must parse; None where there is no edit."""
    document = syntax.parse(text)
    assert not document.problems
    edit = make(document)
    if edit is None:
        return None
    after = apply_edits(text, [edit])
    assert not syntax.parse(after).problems
    return after


def value(text: str, way: Way) -> str:
    node = at(syntax.parse(text), way)
    assert isinstance(node, Scalar)
    return node.value


SET = {
    "add to a block": ("a:\n  b: 1\n", ("a",), "c", "a:\n  b: 1\n  c: v\n"),
    "change in a block": ("a:\n  b: 1\n  c: 2\n", ("a",), "c", "a:\n  b: 1\n  c: v\n"),
    "change between comments": (
        "# 1\na: 1 # 2\n# 3\nb: 2\n",
        (),
        "a",
        "# 1\na: v # 2\n# 3\nb: 2\n",
    ),
    "change what is quoted": ("a: 'it''s'\n", (), "a", "a: v\n"),
    "change what is quoted twice": ('a: "b\\"c"  # d\n', (), "a", "a: v  # d\n"),
    "change quotes over lines": ('a: "b\n  c"\nd: 1\n', (), "a", "a: v\nd: 1\n"),
    "change plain text over lines": ("a: b\n  c\nd: 1\n", (), "a", "a: v\nd: 1\n"),
    "change a list in brackets": ("a: [b, c] # d\n", (), "a", None),
    "change nothing": ("a:\nb: 1\n", (), "a", "a: v\nb: 1\n"),
    "change nothing before a comment": ("a: # b\nc: 1\n", (), "a", "a: v # b\nc: 1\n"),
    "change null": ("a: ~\n", (), "a", "a: v\n"),
    "change in braces": ("a: {b: 1, c: 2}\n", ("a",), "b", "a: {b: v, c: 2}\n"),
    "change behind a quoted key": ("'a': 1\n", (), "a", "'a': v\n"),
    "keep a block scalar": ("a: |\n  b\n", (), "a", None),
    "keep what has an anchor": ("a: &x 1\nb: *x\n", (), "a", None),
    "keep an alias": ("a: &x 1\nb: *x\n", (), "b", None),
    "keep what has a tag": ("a: !!str 1\n", (), "a", None),
    "add behind nested": ("a:\n  b:\n    c:\n      - 1\nd: 1\n", ("a",), "e", "a:\n  b:\n    c:\n      - 1\n  e: v\nd: 1\n"),
    "add behind a comment": ("a:\n  b: 1 # c\nd: 1\n", ("a",), "e", "a:\n  b: 1 # c\n  e: v\nd: 1\n"),
    "add before comments": ("a:\n  b: 1\n# c\nd: 1\n", ("a",), "e", "a:\n  b: 1\n  e: v\n# c\nd: 1\n"),
    "add behind an empty body": ("a:\n  b:\nc: 1\n", ("a",), "d", "a:\n  b:\n  d: v\nc: 1\n"),
    "add behind an empty body and comments": ("a:\n  b: # x\n    # y\n\nc: 1\n", ("a",), "d", "a:\n  b: # x\n  d: v\n    # y\n\nc: 1\n"),
    "add behind deep emptiness": ("a:\n  b:\n    c:\n\n\nd: 1\n", ("a",), "e", "a:\n  b:\n    c:\n  e: v\n\n\nd: 1\n"),
    "add behind emptiness at the end": ("a:\n  b:", ("a",), "c", "a:\n  b:\n  c: v"),
    "add behind a block scalar": ("a:\n  b: |\n    x\n\nc: 1\n", ("a",), "d", "a:\n  b: |\n    x\n  d: v\n\nc: 1\n"),
    "add behind a folded one": ("a:\n  b: >-\n    x\n\n    y\n", ("a",), "d", "a:\n  b: >-\n    x\n\n    y\n  d: v\n"),
    "add behind one that keeps blank lines": ("a:\n  b: |+\n    x\n\nc: 1\n", ("a",), "d", None),
    "add behind one that is empty": ("a:\n  b: |\nc: 1\n", ("a",), "d", "a:\n  b: |\n  d: v\nc: 1\n"),
    "add behind braces": ("a:\n  b: {c: 1} # d\n", ("a",), "e", "a:\n  b: {c: 1} # d\n  e: v\n"),
    "add behind braces over lines": ("a:\n  b: {\n    c: 1\n  }\n", ("a",), "e", "a:\n  b: {\n    c: 1\n  }\n  e: v\n"),
    "add behind an alias": ("x: &x 1\na:\n  b: *x\nc: 1\n", ("a",), "d", "x: &x 1\na:\n  b: *x\n  d: v\nc: 1\n"),
    "add behind a nested alias": ("x: &x 1\na:\n  b:\n    c: 2\n    d: *x # e\nf: 1\n", ("a",), "g", "x: &x 1\na:\n  b:\n    c: 2\n    d: *x # e\n  g: v\nf: 1\n"),
    "add behind a list of aliases": ("x: &x 1\na:\n  b:\n    - *x\n    - *x\nf: 1\n", ("a",), "g", "x: &x 1\na:\n  b:\n    - *x\n    - *x\n  g: v\nf: 1\n"),
    "add at the anchor": ("a: &x\n  b: 1\nc: *x\n", ("c",), "d", "a: &x\n  b: 1\n  d: v\nc: *x\n"),
    "add at the end of a file without a line end": ("a:\n  b: 1", ("a",), "c", "a:\n  b: 1\n  c: v"),
    "add with CRLF": ("a:\r\n  b: 1\r\nc: 1\r\n", ("a",), "d", "a:\r\n  b: 1\r\n  d: v\r\nc: 1\r\n"),
    "add behind a scalar with CRLF": ("a:\r\n  b: |\r\n    x\r\nc: 1\r\n", ("a",), "d", "a:\r\n  b: |\r\n    x\r\n  d: v\r\nc: 1\r\n"),
    "add with CR": ("a:\r  b: 1\rc: 1\r", ("a",), "d", "a:\r  b: 1\r  d: v\rc: 1\r"),
    "add behind a BOM": ("\ufeffa: 1\n", (), "b", "\ufeffa: 1\nb: v\n"),
    "add where three blanks indent": ("a:\n   b: 1\n", ("a",), "c", "a:\n   b: 1\n   c: v\n"),
    "add behind tabs": ("a:\n  b:\t1\t# c\n", ("a",), "d", "a:\n  b:\t1\t# c\n  d: v\n"),
    "add to an item": ("a:\n  - b: 1\n  - c: 1\n", ("a", 0), "d", "a:\n  - b: 1\n    d: v\n  - c: 1\n"),
    "add to an item that hangs out": ("a:\n- b: 1\n- c: 1\n", ("a", 0), "d", "a:\n- b: 1\n  d: v\n- c: 1\n"),
    "add to an item far from its dash": ("a:\n-   b: 1\n", ("a", 0), "d", "a:\n-   b: 1\n    d: v\n"),
    "add to an item of an item": ("- - b: 1\n", (0, 0), "d", "- - b: 1\n    d: v\n"),
    "add to an item with an anchor": ("- &x b: 1\n", (0,), "d", None),
    "add to an item with an anchor above": ("- &x\n  b: 1\n- *x\n", (1,), "d", "- &x\n  b: 1\n  d: v\n- *x\n"),
    "add behind a question": ("? a\n: 1\n", (), "b", None),
    "add behind a marker": ("---\na: 1\n...\n", (), "b", "---\na: 1\nb: v\n...\n"),
    "add to the first of two documents": ("a: 1\n---\nc: 1\n", (), "b", "a: 1\nb: v\n---\nc: 1\n"),
    "add to braces": ("a: {b: 1}\n", ("a",), "c", "a: {b: 1, c: v}\n"),
    "add to empty braces": ("a: {}\n", ("a",), "c", "a: {c: v}\n"),
    "add to empty braces with a comment": ("a: { # b\n  }\n", ("a",), "c", None),
    "add to wide braces": ("a: { b: 1 }\n", ("a",), "c", "a: { b: 1, c: v }\n"),
    "add behind a comma": ("a: {b: 1, }\n", ("a",), "c", "a: {b: 1, c: v, }\n"),
    "add to braces over lines": ("a: {\n  b: 1,\n  d: 2\n}\n", ("a",), "c", "a: {\n  b: 1,\n  d: 2,\n  c: v\n}\n"),
    "add to braces over lines behind a comma": ("a: {\n  b: 1,\n}\n", ("a",), "c", "a: {\n  b: 1,\n  c: v,\n}\n"),
    "add to braces over lines behind a comment": ("a: {\n  b: 1 # x\n}\n", ("a",), "c", "a: {\n  b: 1, # x\n  c: v\n}\n"),
    "add to braces whose end is near": ("a: {b: 1,\n  d: 2}\n", ("a",), "c", "a: {b: 1,\n  d: 2, c: v}\n"),
    "add behind a key alone": ("a: {b}\n", ("a",), "c", "a: {b, c: v}\n"),
    "add behind an empty value": ("a: {b: }\n", ("a",), "c", None),
    "add behind an alias in braces": ("x: &x 1\na: {b: *x }\n", ("a",), "c", "x: &x 1\na: {b: *x, c: v }\n"),
    "add to a pair in brackets": ("a: [b: 1]\n", ("a", 0), "c", None),
    "add with CRLF to braces": ("a: {\r\n  b: 1\r\n}\r\n", ("a",), "c", "a: {\r\n  b: 1,\r\n  c: v\r\n}\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", SET)
def test_set_a_key(name: str) -> None:
    text, way, key, expected = SET[name]
    after = edited(text, lambda d: edits.set_key(d, mapping(d, way), (key,), "v"))
    assert after == expected
    if after is not None:
        assert value(after, (*way, key)) == "v"
        again = edited(after, lambda d: edits.set_key(d, mapping(d, way), (key,), "v"))
        assert again == after


PATHS = {
    "all is missing": ("a:\n  b: 1\n", "a:\n  b: 1\n  with:\n    key: v\n"),
    "the last is missing": ("a:\n  with:\n    x: 1\n", "a:\n  with:\n    x: 1\n    key: v\n"),
    "the body is missing": ("a:\n  with:\n  b: 1\n", "a:\n  with:\n    key: v\n  b: 1\n"),
    "the body is a comment": ("a:\n  with: # x\n    # y\n", "a:\n  with: # x\n    key: v\n    # y\n"),
    "the body is missing at the end": ("a:\n  with:", "a:\n  with:\n    key: v"),
    "four blanks indent": ("a:\n    b: 1\n", "a:\n    b: 1\n    with:\n        key: v\n"),
    "in braces": ("a: {b: 1}\n", "a: {b: 1, with: {key: v}}\n"),
    "in braces below": ("a:\n  with: {b: 1}\n", "a:\n  with: {b: 1, key: v}\n"),
    "in empty braces": ("a:\n  with: {}\n", "a:\n  with: {key: v}\n"),
    "the body is missing in braces": ("a: {with: }\n", None),
    "the body is text": ("a:\n  with: text\n", None),
    "the body has an anchor": ("a:\n  with: &x\n  b: *x\n", None),
    "the body is an alias": ("x: &x {b: 1}\na:\n  with: *x\n", None),
    "CRLF": ("a:\r\n  b: 1\r\n", "a:\r\n  b: 1\r\n  with:\r\n    key: v\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", PATHS)
def test_set_a_key_and_what_leads_to_it(name: str) -> None:
    text, expected = PATHS[name]
    after = edited(text, lambda d: edits.set_key(d, mapping(d, ("a",)), ("with", "key"), "v"))
    assert after == expected


BEFORE = {
    "above a key": ("a: 1\njobs: 2\n", "a: 1\nnew: v\njobs: 2\n"),
    "above its comments": ("a: 1\n# b\n# c\njobs: 2\n", "a: 1\nnew: v\n# b\n# c\njobs: 2\n"),
    "spaced as it is": ("a: 1\n\njobs: 2\n", "a: 1\n\nnew: v\n\njobs: 2\n"),
    "spaced as its comments are": ("a: 1\n\n# b\njobs: 2\n", "a: 1\n\nnew: v\n\n# b\njobs: 2\n"),
    "not into a script": ("a: |\n  x\n  # b\njobs: 2\n", "a: |\n  x\n  # b\nnew: v\njobs: 2\n"),
    "not above the comment of another": ("a: 1 # b\njobs: 2\n", "a: 1 # b\nnew: v\njobs: 2\n"),
    "first in the file": ("jobs: 2\n", "new: v\njobs: 2\n"),
    "first in the file, below a comment": ("# a\njobs: 2\n", "new: v\n# a\njobs: 2\n"),
    "behind a BOM": ("\ufeffjobs: 2\n", "\ufeffnew: v\njobs: 2\n"),
    "with CRLF": ("a: 1\r\n\r\njobs: 2\r\n", "a: 1\r\n\r\nnew: v\r\n\r\njobs: 2\r\n"),
    "at the end where there is no such key": ("a: 1\n", "a: 1\nnew: v\n"),
}


@pytest.mark.parametrize("name", BEFORE)
def test_add_a_key_before_another(name: str) -> None:
    text, expected = BEFORE[name]
    assert (
        edited(text, lambda d: edits.add_key(d, mapping(d, ()), ("new",), "v", ["jobs"]))
        == expected
    )


def test_add_a_key_before_the_first_of_an_item() -> None:
    text = "a:\n  - run: x\n    if: y\n"
    after = edited(
        text, lambda d: edits.add_key(d, mapping(d, ("a", 0)), ("env", "b"), "v", ["run"])
    )
    assert after == "a:\n  - env:\n      b: v\n    run: x\n    if: y\n"


def test_add_a_value_of_several_lines() -> None:
    text = "a:\r\n  b: 1\r\n"
    after = edited(
        text, lambda d: edits.add_key(d, mapping(d, ("a",)), ("c",), "d: 1\n\ne:\n  f: 2")
    )
    assert after == "a:\r\n  b: 1\r\n  c:\r\n    d: 1\r\n\r\n    e:\r\n      f: 2\r\n"
    assert (
        edited("{a: 1}", lambda d: edits.add_key(d, mapping(d, ()), ("c",), "d: 1\ne: 2")) is None
    )


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("${{ a }}", "{a: 1, b: '${{ a }}'}"),
        ("it's, so", "{a: 1, b: 'it''s, so'}"),
        ("'${{ a }}'", "{a: 1, b: '${{ a }}'}"),
        ("{c: 1}", "{a: 1, b: {c: 1}}"),
        ("[c, d]", "{a: 1, b: [c, d]}"),
    ],
)
def test_a_value_gets_quotes_where_braces_demand_them(new: str, expected: str) -> None:
    assert edited("{a: 1}", lambda d: edits.set_key(d, mapping(d, ()), ("b",), new)) == expected


REMOVE = {
    "the first": ("a: 1\nb: 2\nc: 3\n", "b", "a: 1\nc: 3\n"),
    "the last": ("a: 1\nb: 2\n", "b", "a: 1\n"),
    "the last without a line end": ("a: 1\nb: 2", "b", "a: 1"),
    "the only one": ("b: 2\n", "b", None),
    "one that is not there": ("a: 1\n", "b", None),
    "with the comment behind it": ("a: 1\nb: 2 # x\nc: 3\n", "b", "a: 1\nc: 3\n"),
    "not the comments round it": ("a: 1\n# x\nb: 2\n# y\nc: 3\n", "b", "a: 1\n# x\n# y\nc: 3\n"),
    "with its body": ("a: 1\nb:\n  - x\n  - y: |\n      z\nc: 3\n", "b", "a: 1\nc: 3\n"),
    "with its script": ("a: 1\nb: |\n  x\n\n  y\nc: 3\n", "b", "a: 1\nc: 3\n"),
    "with its empty body": ("a: 1\nb:\nc: 3\n", "b", "a: 1\nc: 3\n"),
    "with the alias": ("a: &x 1\nb: *x\nc: 3\n", "b", "a: &x 1\nc: 3\n"),
    "not the anchor": ("a: 1\nb: &x 1\nc: *x\n", "b", None),
    "not an anchor in it": ("a: 1\nb:\n  d: &x 1\nc: *x\n", "b", None),
    "with CRLF": ("a: 1\r\nb: 2\r\nc: 3\r\n", "b", "a: 1\r\nc: 3\r\n"),
    "behind a BOM": ("\ufeffb: 2\nc: 3\n", "b", "\ufeffc: 3\n"),
    "in braces": ("{a: 1, b: 2, c: 3}", "b", "{a: 1, c: 3}"),
    "first in braces": ("{b: 2, c: 3}", "b", "{c: 3}"),
    "last in braces": ("{ a: 1, b: 2 }", "b", "{ a: 1 }"),
    "last in braces before a comma": ("{a: 1, b: 2,}", "b", "{a: 1,}"),
    "in braces over lines": ("{\n  a: 1,\n  b: 2,\n  c: 3\n}", "b", "{\n  a: 1,\n  c: 3\n}"),
    "beside a comment in braces": ("{\n  b: 2, # x\n  c: 3\n}", "b", None),
    "an alias in braces": ("{a: &x 1, b: *x, c: 3}", "b", "{a: &x 1, c: 3}"),
    "a key alone in braces": ("{a, b, c}", "b", "{a, c}"),
}


@pytest.mark.parametrize("name", REMOVE)
def test_remove_a_key(name: str) -> None:
    text, key, expected = REMOVE[name]
    assert edited(text, lambda d: edits.remove_key(d, mapping(d, ()), key)) == expected


REMOVE_FIRST = {
    "of an item": ("- b: 1\n  c: 2\n", "- c: 2\n"),
    "of an item with a blank line": ("- b: 1\n\n  c: 2\n", "- c: 2\n"),
    "of an item with a comment below": ("- b: 1\n  # x\n  c: 2\n", None),
    "of an item with CRLF": ("- b: 1\r\n  c: 2\r\n", "- c: 2\r\n"),
    "of an item with an anchor": ("- &x\n  b: 1\n  c: 2\n", "- &x\n  c: 2\n"),
    "of an item beside its anchor": ("- &x {b: 1, c: 2}\n", "- &x {c: 2}\n"),
}


@pytest.mark.parametrize("name", REMOVE_FIRST)
def test_remove_the_first_key(name: str) -> None:
    text, expected = REMOVE_FIRST[name]
    assert edited(text, lambda d: edits.remove_key(d, mapping(d, (0,)), "b")) == expected


ITEMS = {
    "in the middle": ("a:\n  - b\n  - c # x\n  - d\n", 1, "a:\n  - b\n  - d\n"),
    "the first": ("a:\n  - b\n  - c\n", 0, "a:\n  - c\n"),
    "the last without a line end": ("a:\n  - b\n  - c", 1, "a:\n  - b"),
    "the only one": ("a:\n  - b\n", 0, None),
    "of several lines": ("a:\n  - b: 1\n    c: |\n      - x\n  - d\n", 0, "a:\n  - d\n"),
    "with a dash in it": ("a:\n  - b - c\n  - d\n", 0, "a:\n  - d\n"),
    "beside an alias": ("x: &x 1\na:\n  - b\n  - *x\n", 0, None),
    "with an anchor": ("a:\n  - &x b\n  - c\n", 0, None),
    "with nothing in it": ("a:\n  -\n  - c\n", 0, None),
    "in brackets": ("a: [b, c, d]\n", 1, "a: [b, d]\n"),
    "last in brackets": ("a: [b, c]\n", 1, "a: [b]\n"),
}


@pytest.mark.parametrize("name", ITEMS)
def test_remove_an_item(name: str) -> None:
    text, index, expected = ITEMS[name]

    def make(document: Document) -> Edit | None:
        node = at(document, ("a",))
        assert isinstance(node, Sequence)
        return edits.remove_item(document, node, index)

    assert edited(text, make) == expected


TEXTS = {
    "plain": ("a: x MARK y\n", "b", "a: x b y\n"),
    "plain with a colon": ("a: x MARK y\n", "b: c", None),
    "plain with a comment": ("a: x MARK y\n", "b # c", None),
    "plain that would begin with a quote": ("a: MARK y\n", '"b"', None),
    "plain that would begin with a star": ("a: MARK y\n", "*b", None),
    "plain that would end with a blank": ("a: x MARK\n", "b ", None),
    "plain that would be empty": ("a: MARK\n", "", None),
    "plain and lines": ("a: x MARK\n", "b\nc", None),
    "plain over lines": ("a: x\n  MARK\n  y\n", "b", "a: x\n  b\n  y\n"),
    "plain in brackets": ("a: [x MARK]\n", "b, c", None),
    "plain in braces": ("a: {b: x MARK}\n", "b]", None),
    "single quotes": ("a: 'x MARK'\n", "it's \\ \"so\"", "a: 'x it''s \\ \"so\"'\n"),
    "single quotes and lines": ("a: 'x MARK'\n", "b\nc", None),
    "single quotes behind a quote": ("a: 'it''s MARK'\n", "b", "a: 'it''s b'\n"),
    "double quotes": ('a: "x MARK"\n', 'b "c" \\d', 'a: "x b \\"c\\" \\\\d"\n'),
    "double quotes and lines": ('a: "x MARK"\n', "b\nc", 'a: "x b\\nc"\n'),
    "double quotes behind escapes": ('a: "\\u00e9\\t\\"MARK\\n"\n', "b", 'a: "\\u00e9\\t\\"b\\n"\n'),
    "double quotes over lines": ('a: "x\n  MARK \\\n  y"\n', "b", 'a: "x\n  b \\\n  y"\n'),
    "block": ("a: |\n  x\n  MARK y\n", "'b' \"c\"", "a: |\n  x\n  'b' \"c\" y\n"),
    "block and lines": ("a: |\n  x\n  MARK y\n", "b\nc", "a: |\n  x\n  b\n  c y\n"),
    "block and lines with CRLF": ("a: |\r\n  x\r\n  MARK\r\n", "b\nc", "a: |\r\n  x\r\n  b\r\n  c\r\n"),
    "block that would begin with a blank": ("a: |\n  MARK y\n", " b", None),
    "block with a number": ("a: |2-\n    x\n  MARK\n", "b", "a: |2-\n    x\n  b\n"),
    "block without a line end": ("a: |\n  MARK", "b", "a: |\n  b"),
    "folded": ("a: >\n  x\n  MARK\n  y\n", "b", "a: >\n  x\n  b\n  y\n"),
    "folded and lines": ("a: >\n  x MARK\n", "b\nc", None),
    "behind a BOM": ("\ufeffa: MARK\n", "b", "\ufeffa: b\n"),
    "behind what takes two units": ("a: '\U0001f600 MARK'\n", "b", "a: '\U0001f600 b'\n"),
    "with an anchor": ("a: &x MARK\nb: *x\n", "b", "a: &x b\nb: *x\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_replace_text(name: str) -> None:
    text, new, expected = TEXTS[name]
    found = next(
        node
        for root in syntax.parse(text).roots
        for node in syntax.walk(root)
        if isinstance(node, Scalar) and "MARK" in node.value
    )
    start = found.value.index("MARK")
    after = edited(
        text, lambda d: edits.replace_text(d, found, Span(start, start + len("MARK")), new)
    )
    assert after == expected
    if after is not None:
        values = [
            node.value
            for root in syntax.parse(after).roots
            for node in syntax.walk(root)
            if isinstance(node, Scalar)
        ]
        assert found.value.replace("MARK", new) in values


VALUES = {
    "a block mapping": ("a:\n  b: 1\n  c: 2\nd: 3\n", "a: {}\nd: 3\n"),
    "a block mapping with comments": ("a:\n  b: 1 # x\nd: 3\n", None),
    "a block mapping with an anchor in it": ("a:\n  b: &x 1\nd: *x\n", None),
    "braces": ("a: {b: 1} # x\n", "a: {} # x\n"),
    "text": ("a: b # x\n", "a: {} # x\n"),
}


@pytest.mark.parametrize("name", VALUES)
def test_replace_a_value(name: str) -> None:
    text, expected = VALUES[name]

    def make(document: Document) -> Edit | None:
        pair = mapping(document, ()).item("a")
        assert pair is not None
        return edits.replace_value(document, *pair, "{}")

    assert edited(text, make) == expected


COMMENTS = {
    "added": ("a: 1\n", 0, "a: 1  # new\n"),
    "added as the file has others": ("a: 1\nb: 2 # x\n", 0, "a: 1 # new\nb: 2 # x\n"),
    "added as lines of its kind have others": (
        "- a: 1\n- b: 2  # x\n- a: 3 # x\n",
        0,
        "- a: 1 # new\n- b: 2  # x\n- a: 3 # x\n",
    ),
    "added behind blanks": ("a: 1   \n", 0, "a: 1  # new\n"),
    "added with CRLF": ("a: 1\r\nb: 2\r\n", 0, "a: 1  # new\r\nb: 2\r\n"),
    "added at the end": ("a: 1", 0, "a: 1  # new"),
    "replaced": ("a: 1    # old # older\n", 0, "a: 1    # new\n"),
    "behind the header of a script": ("a: |\n  x\n", 0, "a: |  # new\n  x\n"),
    "in a script": ("a: |\n  x\n  y\n", 1, None),
    "in quotes": ("a: 'x\n  y'\n", 0, None),
    "behind quotes": ("a: 'x\n  y'\n", 1, "a: 'x\n  y'  # new\n"),
    "behind a sharp that is none": ("a: 'b # c'\n", 0, "a: 'b # c'  # new\n"),
}


@pytest.mark.parametrize("name", COMMENTS)
def test_set_a_comment(name: str) -> None:
    text, line, expected = COMMENTS[name]
    assert edited(text, lambda d: edits.set_comment(d, line, "# new")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n  b: MARK\n", "a:\n  # new\n  b: MARK\n"),
        ("a:\r\n  - b: MARK\r\n", "a:\r\n  # new\r\n  - b: MARK\r\n"),
        ("\ufeffa: MARK\n", "\ufeff# new\na: MARK\n"),
    ],
)
def test_a_comment_above(text: str, expected: str) -> None:
    offset = text.index("MARK")
    assert edited(text, lambda d: edits.comment_above(d, offset, "# new")) == expected


BLOCKS = {
    "a word": ("a: x\nb: 1\n", "a:\n  c: 1\n\n  d: 2\nb: 1\n"),
    "a word with a comment": ("a: x # y\nb: 1\n", "a: # y\n  c: 1\n\n  d: 2\nb: 1\n"),
    "a word at the end": ("a: 'x'", "a:\n  c: 1\n\n  d: 2"),
    "a word with CRLF": ("a: x\r\n", "a:\r\n  c: 1\r\n\r\n  d: 2\r\n"),
    "a word in braces": ("{a: x, b: 1}\n", None),
    "a word in braces, on a line of its own": ('{\n  "a": "x"\n}\n', None),
    "a word with an anchor": ("a: &x x\nb: *x\n", None),
    "an alias": ("b: &x x\na: *x\n", None),
    "text over lines": ("a: x\n  y\n", None),
    "a list": ("a: [x]\n", None),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_put_a_block(name: str) -> None:
    text, expected = BLOCKS[name]
    document = syntax.parse(text)
    pair = mapping(document, ()).item("a")
    assert pair is not None
    made = edits.put_block(document, *pair, "c: 1\n\nd: 2")
    assert (made and apply_edits(text, made)) == expected
