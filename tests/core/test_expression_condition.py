"""Fences in a text, and how an `if:` is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steplock.expression import (
    UNKNOWN,
    Name,
    Property,
    Reading,
    Unknown,
    Value,
    condition,
    embedded,
    fences,
    holds,
    lookup_in,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("echo $HOME {{ x }}", []),
        ("$ {{ x }}", []),
        ("${{ a }}", [("${{ a }}", " a ", True)]),
        ("x${{a}}y${{b}}z", [("${{a}}", "a", True), ("${{b}}", "b", True)]),
        ("${{a}}${{b}}", [("${{a}}", "a", True), ("${{b}}", "b", True)]),
        ("${{}}", [("${{}}", "", True)]),
        ("${{ '}}' }}", [("${{ '}}' }}", " '}}' ", True)]),
        ("${{ 'it''s }}' }}!", [("${{ 'it''s }}' }}", " 'it''s }}' ", True)]),
        ("${{ a }}}", [("${{ a }}", " a ", True)]),
        ("${{ { } }}", [("${{ { } }}", " { } ", True)]),
        ("${{ a\n&& b }}", [("${{ a\n&& b }}", " a\n&& b ", True)]),
        ("a ${{ github.", [("${{ github.", " github.", False)]),
        ("${{ 'a }} ${{ b }}", [("${{ 'a }} ${{ b }}", " 'a }} ${{ b }}", False)]),
        ("${{ ' }} ' ${{ b }}", [("${{ ' }} ' ${{ b }}", " ' }} ' ${{ b ", True)]),
        ("${{ a }} ${{", [("${{ a }}", " a ", True), ("${{", "", False)]),
        ("${{ a }", [("${{ a }", " a }", False)]),
    ],
)
def test_fences(text: str, found: list[tuple[str, str, bool]]) -> None:
    assert [
        (text[slice(*fence.span)], text[slice(*fence.inner)], fence.closed)
        for fence in fences(text)
    ] == found


def test_embedded_spans_count_from_the_text() -> None:
    text = "echo ${{ github.actor }} ${{ 1 + }} ${{ env.x"
    actor, broken, unclosed = embedded(text)
    assert isinstance(actor[1].root, Property)
    assert text[slice(*actor[1].root.span)] == "github.actor"
    assert isinstance(actor[1].root.of, Name)
    assert broken[1].root is None
    assert broken[1].problem is not None
    assert text[slice(*broken[1].problem.span)] == "+"
    assert isinstance(unclosed[1].root, Property)
    assert unclosed[1].problem is not None
    assert unclosed[1].problem.message == "`${{` is not closed"
    assert text[slice(*unclosed[1].problem.span)] == "${{"


@given(st.lists(st.sampled_from(["${{", "}}", "}", "'", "''", " ", "a", "\n"])).map("".join))
def test_fences_are_in_order_and_delimited(text: str) -> None:
    end = 0
    for fence, _ in embedded(text):
        assert end <= fence.span.start
        end = fence.span.end
        assert text.startswith("${{", fence.span.start)
        assert fence.inner.start == fence.span.start + 3
        assert fence.span.end == fence.inner.end + (2 if fence.closed else 0)
        assert text.endswith("}}", 0, end) if fence.closed else end == len(text)
    assert "${{" not in text[end:]


@pytest.mark.parametrize(
    ("text", "reading", "problem", "status", "always_true"),
    [
        ("github.ref == 'x'", Reading.BARE, None, False, False),
        (" success() ", Reading.BARE, None, True, False),
        ("", Reading.BARE, None, False, False),
        ("  \n", Reading.BARE, None, False, False),
        ("${{ github.ref == 'x' }}", Reading.FENCED, None, False, False),
        ("${{ a && Failure() }}", Reading.FENCED, None, True, False),
        ("${{ '}}' == a }}", Reading.FENCED, None, False, False),
        ("contains(a, 'always()')", Reading.BARE, None, False, False),
        ("steps.always.outcome", Reading.BARE, None, False, False),
        ("${{ a }}\n", Reading.TEXT, None, False, True),
        (" ${{ a }}", Reading.TEXT, None, False, True),
        ("${{ a }} && ${{ b }}", Reading.TEXT, None, False, True),
        ("${{ a }} == 'x' || always()", Reading.TEXT, None, False, True),
        ("!${{ cancelled() }}", Reading.TEXT, None, True, True),
        ("${{ a }}${{ b }}", Reading.TEXT, None, False, False),
        ("contains(a, '${{ b }}')", Reading.TEXT, None, False, True),
        ("a ==", Reading.BARE, "the expression ends after `==`", False, False),
        ("${{ a = b }}", Reading.FENCED, "unexpected `=`", False, False),
        ("${{ }}", Reading.FENCED, "an expression is missing", False, False),
        ("${{ a", Reading.FENCED, "`${{` is not closed", False, False),
        ("x ${{ a", Reading.TEXT, "`${{` is not closed", False, False),
        ("${{ a }} ${{ b c }}", Reading.TEXT, "unexpected `c`", False, True),
    ],
)
def test_condition(
    text: str, reading: Reading, problem: str | None, status: bool, always_true: bool
) -> None:
    read = condition(text)
    assert read.text == text
    assert read.reading is reading
    assert (read.problem and read.problem.message) == problem
    assert read.has_status_function is status
    assert read.always_true is always_true


def test_condition_root() -> None:
    for text in ("github.actor", "${{ github.actor }}"):
        root = condition(text).root
        assert root is not None
        assert text[slice(*root.span)] == "github.actor"
    for text in ("", "a b", "${{ a }} ", "x ${{ a }}"):
        assert condition(text).root is None


@pytest.mark.parametrize(
    ("text", "success", "expected"),
    [
        ("", True, True),
        ("", False, False),
        ("", UNKNOWN, None),
        ("github.event_name == 'push'", True, True),
        ("github.event_name == 'push'", UNKNOWN, None),
        ("github.event_name != 'push'", UNKNOWN, False),
        ("${{ github.event_name != 'push' }}", UNKNOWN, False),
        ("github.event_name != 'push' && always()", UNKNOWN, False),
        ("github.event_name == 'push' && always()", False, True),
        ("failure()", True, None),
        ("success()", False, False),
        ("!success()", False, True),
        ("github.actor == 'x'", True, None),
        ("github.actor == 'x'", False, False),
        ("${{ github.event_name != 'push' }} ", True, True),
        ("${{ always() && false }} ", False, True),
        ("${{ github.actor }}${{ github.ref }}", True, None),
        ("github.event_name != 'push' )", True, None),
    ],
)
def test_holds(text: str, success: bool | Unknown, expected: bool | None) -> None:
    event: dict[str, Value | Unknown] = {"event_name": "push", "actor": UNKNOWN, "ref": UNKNOWN}
    status = {"success": success}
    assert holds(condition(text), lookup_in({"github": event}), status) is expected
