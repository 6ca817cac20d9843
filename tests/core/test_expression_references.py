"""Which contexts an expression names, and which its value can carry."""

import pytest

from steplock.expression import Node, contexts, flows, parse, path


def tree(text: str) -> Node:
    parsed = parse(text)
    assert parsed.root is not None
    return parsed.root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("github", "github"),
        ("GitHub.Event.Issue.TITLE", "github event issue title"),
        ("github['event'].Issue['Title']", "github event issue title"),
        ("github[('event')]", "github event"),
        ("(github.event).action", "github event action"),
        ("github.event.commits.*.message", "github event commits * message"),
        ("github.event.commits[*].message", "github event commits * message"),
        ("github.event.commits[0].message", "github event commits * message"),
        ("github.event[matrix.key].body", "github event * body"),
        ("matrix[true]", "matrix *"),
        ("fromJSON(inputs.x).y", None),
        ("(a || b).c", None),
        ("'a'", None),
        ("a == b", None),
        ("toJSON(a)", None),
    ],
)
def test_path(text: str, expected: str | None) -> None:
    assert path(tree(text)) == (None if expected is None else tuple(expected.split()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'none' == 1", []),
        ("a.b == c && !d.e", ["a.b", "c", "d.e"]),
        ("contains(a.*.b, c)", ["a.*.b", "c"]),
        ("a[b.c[d]].e", ["a.*.e", "b.c.*", "d"]),
        ("a[b][c['x']]", ["a.*.*", "b", "c.x"]),
        ("(a)[b]", ["a.*", "b"]),
        ("fromJSON(a.b)[c].d", ["a.b", "c"]),
        ("case(a, b, c)", ["a", "b", "c"]),
    ],
)
def test_contexts(text: str, expected: list[str]) -> None:
    assert [".".join(reference.path) for reference in contexts(tree(text))] == expected


def test_reference_keeps_the_source() -> None:
    text = "format('{0}', GitHub . Event['x'])"
    (reference,) = contexts(tree(text))
    assert reference.path == ("github", "event", "x")
    assert text[slice(*reference.node.span)] == "GitHub . Event['x']"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b", ["a.b"]),
        ("(a.b)", ["a.b"]),
        ("a || b || 'c'", ["a", "b"]),
        ("a && b && c", ["c"]),
        ("a.x == 'y' && a.x || b", ["a.x", "b"]),
        ("(a || b) && 'c'", []),
        ("!a", []),
        ("a == b", []),
        ("a <= b", []),
        ("'a'", []),
        ("contains(a, b)", []),
        ("startsWith(a, b)", []),
        ("EndsWith(a, b)", []),
        ("hashFiles(a)", []),
        ("success() || a", ["a"]),
        ("always() && a", ["a"]),
        ("toJSON(a)", ["a"]),
        ("fromJSON(a)", ["a"]),
        ("fromJSON(a).b[c]", ["a"]),
        ("(a || b).c", ["a", "b"]),
        ("(a || b).*.c", ["a", "b"]),
        ("format(a, b, c && d)", ["a", "b", "d"]),
        ("join(a.*.b, c)", ["a.*.b", "c"]),
        ("case(a, b, c, d, e)", ["b", "d", "e"]),
        ("CASE(a == b, c || d, 'e')", ["c", "d"]),
        ("case(a, b)", ["a", "b"]),
        ("a[b]", ["a.*"]),
        ("madeUpLater(a, b)", ["a", "b"]),
        ("toJSON(contains(a, b) && c)", ["c"]),
    ],
)
def test_flows(text: str, expected: list[str]) -> None:
    assert [".".join(reference.path) for reference in flows(tree(text))] == expected
