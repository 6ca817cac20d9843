"""How values convert, compare and print."""

import math

import pytest

from steplock.expression import Node, Value, evaluate, lookup_in, parse, to_text, truth

LOOKUP = lookup_in({"one": {}, "other": {}, "list": ["zero", "one"]})


def tree(text: str) -> Node:
    parsed = parse(text)
    assert parsed.root is not None, parsed.problem
    return parsed.root


@pytest.mark.parametrize(
    "text",
    [
        # Strings compare without case, and with nothing stripped.
        "'ABC' == 'abc'",
        "'\u00c9t\u00e9' == '\u00e9T\u00c9'",
        "'\u0131' != 'I'",
        "'stra\u00dfe' != 'STRASSE'",
        "'a' != 'a '",
        "'a' < 'B'",
        "'b' > 'A'",
        "'Z' > 'a'",
        "'' < 'a'",
        # Null, booleans and strings beside another kind count as numbers.
        "null == ''",
        "null == 0",
        "null == false",
        "null == '0'",
        "null != 'null'",
        "null <= null",
        "!(null < null)",
        "true == 1",
        "true == '1'",
        "true != 'true'",
        "true > false",
        "false == '  '",
        "1 == ' 0x1 '",
        "8 == '0o10'",
        "-1 == '0xffffffff'",
        "120 == '1.2e2'",
        "1 == ' +1. '",
        "2 > '1'",
        "'10' > 9",
        "'10' < '9'",
        "Infinity == ' Infinity '",
        "0 == -0",
        # NaN is neither equal, less nor more.
        "NaN != NaN",
        "!(NaN <= NaN)",
        "'x' != 0",
        "!('x' < 1)",
        "!('x' >= 1)",
        "'0x100000000' != 4294967296",
        "'1_0' != 10",
        "'infinity' != Infinity",
        # Lists and mappings are equal to themselves only.
        "one == one",
        "one != other",
        "one >= one",
        "!(one > one)",
        "one != 'Object'",
        "list == list",
        "list != 0",
        "one != null",
    ],
)
def test_true(text: str) -> None:
    assert evaluate(tree(text), LOOKUP) is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("''", False),
        ("'0'", True),
        ("'false'", True),
        ("' '", True),
        ("0", False),
        ("-0", False),
        ("NaN", False),
        ("-1", True),
        ("null", False),
        ("one", True),
        ("list.*", True),
    ],
)
def test_truth_of_a_value(text: str, expected: bool) -> None:
    assert truth(tree(text), LOOKUP) is expected
    assert evaluate(tree(f"!{text}"), LOOKUP) is not expected


@pytest.mark.parametrize(
    ("given_value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.0, "1"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (1234567.125, "1234567.125"),
        (999999999999999.0, "999999999999999"),
        (1e15, "1E+15"),
        (1.5e300, "1.5E+300"),
        (0.0001, "0.0001"),
        (0.00001, "1E-05"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
        ("it's", "it's"),
        ([1], "Array"),
        ({"a": 1}, "Object"),
    ],
)
def test_to_text(given_value: Value, text: str) -> None:
    assert to_text(given_value) == text
