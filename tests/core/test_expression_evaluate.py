"""What expressions come to, with all, some or none of their contexts known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steplock.expression import (
    FALSY,
    TRUTHY,
    UNKNOWN,
    Node,
    Unknown,
    Value,
    constant,
    evaluate,
    lookup_in,
    parse,
    truth,
)

KNOWN: dict[str, Value | Unknown] = {
    "github": {
        "Event_Name": "push",
        "ref": "refs/heads/main",
        "run_number": 12,
        "actor": UNKNOWN,
        "token": TRUTHY,
        "blank": FALSY,
        "event": {
            "labels": [{"name": "Bug"}, {"id": 2}, {"name": "docs"}],
            "pages": [["a", "b"], ["c"], "d", None],
            "some": ["x", UNKNOWN],
            "empty": [],
            "15": "fifteen",
            "": "nameless",
            "*": "star",
            "true": "yes",
        },
    },
    "one": {},
    "list": ["zero", "one", "two"],
    "matrix": {"key": "ref", "n": 1.0},
}


def tree(text: str) -> Node:
    parsed = parse(text)
    assert parsed.root is not None, parsed.problem
    return parsed.root


def value(text: str) -> Value | Unknown:
    return evaluate(tree(text), lookup_in(KNOWN))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # && and || give an operand, not a boolean.
        ("'a' && 'b'", "b"),
        ("'a' && 0 && 'b'", 0),
        ("'' || 0", 0),
        ("'' || 'a' || 'b'", "a"),
        ("false && 'a' || 'b'", "b"),
        ("(true && '') || 'c'", "c"),
        # Members.
        ("github.event_name", "push"),
        ("GITHUB['EVENT_NAME']", "push"),
        ("github.none", None),
        ("github.none.deeper", None),
        ("github.ref.x", None),
        ("github[matrix.key]", "refs/heads/main"),
        ("github.event[15]", "fifteen"),
        ("github.event[0xf]", "fifteen"),
        ("github.event[null]", "nameless"),
        ("github.event[true]", "yes"),
        ("github.event['*']", "star"),
        ("github.event[one]", None),
        ("list[1]", "one"),
        ("list[matrix.n]", "one"),
        ("list['1']", "one"),
        ("list[' 0x2 ']", "two"),
        ("list[1.9]", "one"),
        ("list[true]", "one"),
        ("list[null]", "zero"),
        ("list[3]", None),
        ("list[-1]", None),
        ("list[-0.5]", None),
        ("list[NaN]", None),
        ("list[Infinity]", None),
        ("list['x']", None),
        ("list[one]", None),
        ('fromJSON(\'{"a": [1, {"b": 2}]}\').A[1].B', 2),
        # Filters.
        ("github.event.labels.*.name", ["Bug", "docs"]),
        ("github.event.labels[*]['NAME']", ["Bug", "docs"]),
        ("(github.event.labels.*).name", ["Bug", "docs"]),
        ("github.event.labels.name", None),
        ("github.event.pages.*[0]", ["a", "c"]),
        ("github.event.pages.*.*", ["a", "b", "c"]),
        ("github.event.pages[0].*", ["a", "b"]),
        ("matrix.*", ["ref", 1]),
        ("github.ref.*", []),
        ("github.none.*.x", []),
        # Functions.
        ("contains('Hello', 'LL')", True),
        ("contains('Hello', '')", True),
        ("contains(1234, 23)", True),
        ("contains('x', one)", False),
        ("contains(one, 'x')", False),
        ("contains(github.event.labels.*.name, 'bug')", True),
        ("contains(github.event.labels.*.name, 'bu')", False),
        ("contains(fromJSON('[1, 2]'), '2')", True),
        ('contains(fromJSON(\'["push", "x"]\'), github.event_name)', True),
        ("contains(github.event.empty, null)", False),
        ("startsWith(github.ref, 'REFS/heads/')", True),
        ("startsWith(one, '')", False),
        ("startsWith(null, '')", True),
        ("endsWith(github.ref, '/main')", True),
        ("endsWith('a', 'ba')", False),
        ("endsWith('a', list)", False),
        ("format('{0}-{1}-{0}', 'a', 1.50)", "a-1.5-a"),
        ("format('{{{0}}} {{1}}', 'a')", "{a} {1}"),
        ("format('{0}{1}{2}{3}', null, true, list, one)", "trueArrayObject"),
        ("format('plain')", "plain"),
        ("format(null)", ""),
        ("join(list)", "zero,one,two"),
        ("join(list, ' + ')", "zero + one + two"),
        ("join(list, null)", "zeroonetwo"),
        ("join(list, one)", "zero,one,two"),
        ("join(github.event.labels.*.name, '|')", "Bug|docs"),
        ("join(github.event.empty, 'x')", ""),
        ("join('a', ', ')", "a"),
        ("join(one)", ""),
        ("toJSON('a\"\\\n\u2028\u00e9\t')", '"a\\"\\\\\\n\\u2028\u00e9\\t"'),
        ("toJSON(null)", "null"),
        ("toJSON(1.50)", "1.5"),
        ("toJSON(-0)", "0"),
        ("toJSON(one)", "{}"),
        ("toJSON(github.event.empty)", "[]"),
        ("toJSON(matrix)", '{\n  "key": "ref",\n  "n": 1\n}'),
        (
            'toJSON(fromJSON(\'[1,[],{"a":{"b":[true]}}]\'))',
            '[\n  1,\n  [],\n  {\n    "a": {\n      "b": [\n        true\n      ]\n    }\n  }\n]',
        ),
        ("fromJSON('[1, \"a\", null, false]')", [1, "a", None, False]),
        ("fromJSON(toJSON('it''s'))", "it's"),
        ("fromJSON(0)", 0),
        ("case(true, 'a', 'b')", "a"),
        ("case(false, 'a', github.ref == 'REFS/HEADS/main', 'b', 'c')", "b"),
        ("case(false, 'a', false, 'b', 'c')", "c"),
        ("always()", True),
    ],
)
def test_value(text: str, expected: Value) -> None:
    got = value(text)
    assert isinstance(got, bool) is isinstance(expected, bool)
    assert got == expected


@pytest.mark.parametrize(
    "text",
    [
        "format('{0}')",
        "format('{0}{1}', 'a')",
        "format('{0', 'a')",
        "format('{0}}', 'a')",
        "format('{a}', 'a')",
        "format('{}', 'a')",
        "format('{0:x}', 'a')",
        "format('}', 'a')",
        "fromJSON('')",
        "fromJSON('{')",
        "fromJSON('a')",
        f"fromJSON('{'[' * 20_000}')",
        f"toJSON(fromJSON('{'[' * 150}{']' * 150}'))",
        "case('x', 'a', 'b')",
        "case(1, 'a', 'b')",
        "case(null, 'a', 'b')",
        # Wrong calls, which GitHub refuses beforehand.
        "nope()",
        "contains('a')",
        "case()",
        "case(true, 'a')",
        "fromJSON()",
    ],
)
def test_an_error_has_no_value(text: str) -> None:
    assert value(text) is UNKNOWN


def test_a_text_beyond_all_measure_has_no_value() -> None:
    text = "'0123456789'"
    for _ in range(40):
        text = f"format('{{0}}{{0}}{{0}}', {text})"
    assert value(text) is UNKNOWN
    many = ", ".join(["'x'"] * 5)
    doubled = f"format('{'{0}' * 5000}', format('{'{0}' * 1000}', {many}))"
    assert value(doubled) is UNKNOWN
    assert value(f"join(fromJSON('[{'1,' * 5000}1]'), format('{'{0}' * 1000}', 'x'))") is UNKNOWN
    large = f"format('{'{0}' * 500}', '{'x' * 200}')"
    assert value(f"{large} && {large}") == "x" * 100_000
    assert value(" && ".join([large] * 7)) is UNKNOWN
    assert truth(tree(f"github.actor && false && {doubled}"), lookup_in(KNOWN)) is False


@pytest.mark.parametrize(
    ("text", "expected", "known_truth"),
    [
        ("github.actor", UNKNOWN, None),
        ("missing.context", UNKNOWN, None),
        ("github.token", UNKNOWN, True),
        ("github.blank", UNKNOWN, False),
        ("!github.actor", UNKNOWN, None),
        ("!github.token", False, False),
        ("!github.blank", True, True),
        ("false && github.actor", False, False),
        ("true && github.actor", UNKNOWN, None),
        ("github.actor && false", UNKNOWN, False),
        ("github.actor && true", UNKNOWN, None),
        ("github.actor && true && 0", UNKNOWN, False),
        ("true || github.actor", True, True),
        ("'a' || github.actor", "a", True),
        ("false || github.actor", UNKNOWN, None),
        ("github.actor || 'a'", UNKNOWN, True),
        ("github.actor || ''", UNKNOWN, None),
        ("github.token && 'a'", "a", True),
        ("github.token || 'a'", UNKNOWN, True),
        ("github.blank || 'a'", "a", True),
        ("github.blank && 'a'", UNKNOWN, False),
        ("!(github.actor && false)", True, True),
        ("!(github.actor || true)", False, False),
        ("(github.actor && false) == false", UNKNOWN, None),
        ("github.actor == 'x'", UNKNOWN, None),
        ("github.actor == github.actor", UNKNOWN, None),
        ("github.token != ''", UNKNOWN, None),
        ("github.event_name == 'push' || github.actor == 'x'", True, True),
        ("github.actor == 'x' && github.event_name == 'issues'", UNKNOWN, False),
        ("github.actor.x", UNKNOWN, None),
        ("github.actor.*.x", UNKNOWN, None),
        ("github.token[0]", UNKNOWN, None),
        ("list[github.actor]", UNKNOWN, None),
        ("github.ref[github.actor]", None, False),
        ("github[github.actor]", UNKNOWN, None),
        ("contains(github.actor, 'x')", UNKNOWN, None),
        ("contains('x', github.actor)", UNKNOWN, None),
        ("contains(list, github.actor)", UNKNOWN, None),
        ("contains(github.event.empty, github.actor)", False, False),
        ("contains(github.event.some, 'x')", True, True),
        ("contains(github.event.some, 'y')", UNKNOWN, None),
        ("contains(one, github.actor)", False, False),
        ("contains(github.actor, one)", UNKNOWN, None),
        ("startsWith(github.actor, 'x')", UNKNOWN, None),
        ("endsWith(one, github.actor)", False, False),
        ("format('{0}', github.actor)", UNKNOWN, None),
        ("format('by {0}', github.actor)", UNKNOWN, True),
        ("format(github.actor)", UNKNOWN, None),
        ("format('{1}', github.actor, 'a')", "a", True),
        ("join(github.actor)", UNKNOWN, None),
        ("join(list, github.actor)", UNKNOWN, None),
        ("join(github.event.some)", UNKNOWN, True),
        ("join(github.event.empty, github.actor)", "", False),
        ("toJSON(github)", UNKNOWN, True),
        ("toJSON(github.actor) == ''", UNKNOWN, None),
        ("fromJSON(github.actor)", UNKNOWN, None),
        ("hashFiles('x')", UNKNOWN, None),
        ("case(github.actor == 'x', 'a', 'b')", UNKNOWN, True),
        ("case(github.actor == 'x', '', 0)", UNKNOWN, False),
        ("case(github.actor == 'x', 'a', '')", UNKNOWN, None),
        ("case(github.actor == 'x', '', true, 0, 'a')", UNKNOWN, False),
        ("case(github.token, 'a', '')", "a", True),
        ("case(github.blank, 'a', '')", "", False),
        ("success()", UNKNOWN, None),
        ("github.event.some.*", ["x", UNKNOWN], True),
        ("fromJSON('bad') && false", UNKNOWN, False),
    ],
)
def test_partly_known(text: str, expected: Value | Unknown, known_truth: bool | None) -> None:
    got = value(text)
    assert isinstance(got, bool) is isinstance(expected, bool)
    assert got == expected
    assert truth(tree(text), lookup_in(KNOWN)) is known_truth


def test_lookup_is_asked_for_the_longest_definite_path() -> None:
    asked: list[tuple[str, ...]] = []

    def lookup(path: tuple[str, ...]) -> Value | Unknown:
        asked.append(path)
        return "Key" if path == ("matrix", "key") else UNKNOWN

    text = "GitHub.Event['X'].y == env[matrix.key].z || a.*.b || c[0].d || e['f' || g] || h[i].j"
    assert evaluate(tree(text), lookup) is UNKNOWN
    assert asked == [
        ("github", "event", "x", "y"),
        ("matrix", "key"),
        ("env", "key", "z"),
        ("a",),
        ("c",),
        ("e", "f"),
        ("i",),
        ("h",),
        ("i",),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("success()", True),
        ("SUCCESS()", True),
        ("success('job')", True),
        ("failure()", False),
        ("!cancelled()", UNKNOWN),
        ("failure() && cancelled()", False),
        ("always()", True),
    ],
)
def test_status(text: str, expected: Value | Unknown) -> None:
    assert evaluate(tree(text), lookup_in({}), {"success": True, "failure": False}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'a'", "a"),
        ("1 == 1", True),
        ("format('{0}', 1)", "1"),
        ("false && github.actor", False),
        ("always()", True),
        ("github.actor", UNKNOWN),
        ("github.actor || true", UNKNOWN),
        ("success()", UNKNOWN),
    ],
)
def test_constant(text: str, expected: Value | Unknown) -> None:
    assert constant(tree(text)) == expected


ATOMS = st.sampled_from(
    ["true", "false", "null", "0", "1", "''", "'a'", "x.a", "x.b", "always()", "success()"]
)


def _larger(smaller: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(smaller, smaller)
    return st.one_of(
        smaller.map("!({})".format),
        pair.map(lambda two: f"({two[0]} && {two[1]})"),
        pair.map(lambda two: f"({two[0]} || {two[1]})"),
        pair.map(lambda two: f"({two[0]} == {two[1]})"),
        pair.map(lambda two: f"({two[0]} < {two[1]})"),
        pair.map(lambda two: f"contains({two[0]}, {two[1]})"),
        pair.map(lambda two: f"format('{{0}}{{1}}', {two[0]}, {two[1]})"),
        st.tuples(smaller, smaller, smaller).map(lambda three: "case(!{}, {}, {})".format(*three)),
    )


VALUES = st.sampled_from([None, True, False, 0.0, 1.0, "", "a", "0"])


@given(st.recursive(ATOMS, _larger, max_leaves=12), VALUES, VALUES, st.booleans())
def test_what_is_claimed_of_the_unknown_holds_for_every_value(
    text: str, a: Value, b: Value, success: bool
) -> None:
    node = tree(text)
    exact = evaluate(node, lookup_in({"x": {"a": a, "b": b}}), {"success": success})
    assert not isinstance(exact, Unknown)
    partial_lookup = lookup_in({"x": {"a": a, "b": UNKNOWN}})
    claimed = evaluate(node, partial_lookup)
    assert claimed is UNKNOWN or (type(claimed) is type(exact) and claimed == exact)
    claimed_truth = truth(node, partial_lookup)
    assert claimed_truth is None or claimed_truth is bool(exact)
