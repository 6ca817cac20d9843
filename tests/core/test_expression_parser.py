"""Source text to tree: shapes, spans, and what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steplock.expression import (
    FUNCTIONS,
    And,
    Binary,
    Call,
    Group,
    Index,
    Literal,
    Name,
    Node,
    Not,
    Or,
    Parsed,
    Property,
    Star,
    children,
    literal,
    parse,
    walk,
)
from steplock.text import Span


def shown(node: Node) -> str:
    """The tree with a pair of braces for every operator and `<>` for every group."""
    match node:
        case Literal(value=value):
            return literal(value)
        case Name(name=name):
            return name
        case Property(of=of, name=name):
            return f"{shown(of)}.{name}"
        case Index(of=of, key=key):
            return f"{shown(of)}[{shown(key)}]"
        case Star(of=of):
            return f"{shown(of)}.*"
        case Call(name=name, args=args):
            return f"{name}({', '.join(map(shown, args))})"
        case Not(operand=operand):
            return f"{{!{shown(operand)}}}"
        case Binary(left=left, operator=operator, right=right):
            return f"{{{shown(left)} {operator} {shown(right)}}}"
        case And(operands=operands):
            return "{" + " && ".join(map(shown, operands)) + "}"
        case Or(operands=operands):
            return "{" + " || ".join(map(shown, operands)) + "}"
        case Group(body=body):
            return f"<{shown(body)}>"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a || b && c == d", "{a || {b && {c == d}}}"),
        ("a == b && c || d", "{{{a == b} && c} || d}"),
        ("a && b && c || d || e", "{{a && b && c} || d || e}"),
        ("(a || b) && c", "{<{a || b}> && c}"),
        ("((a))", "<<a>>"),
        ("!a == b", "{{!a} == b}"),
        ("!a.b[0]", "{!a.b[0]}"),
        ("!!a && !(b)", "{{!{!a}} && {!<b>}}"),
        ("a < b == c >= d", "{{a < b} == {c >= d}}"),
        ("a == b == c", "{{a == b} == c}"),
        ("a != b", "{a != b}"),
        ("a<=b", "{a <= b}"),
        ("a > b", "{a > b}"),
        ("github.event.pull_request.head.ref", "github.event.pull_request.head.ref"),
        ("github['event']['x y'].z", "github['event']['x y'].z"),
        ("github . event\n[ * ]\t.*", "github.event.*.*"),
        ("a[b.c]['d'].e", "a[b.c]['d'].e"),
        ("a[b || 'c']", "a[{b || 'c'}]"),
        ("(a).b", "<a>.b"),
        ("fromJSON(a).b[0].*", "fromJSON(a).b[0].*"),
        ("a.true.null.NaN.format", "a.true.null.NaN.format"),
        ("steps.a-b_c-1.outputs", "steps.a-b_c-1.outputs"),
        ("ALWAYS()", "ALWAYS()"),
        ("format ( '{0}' , a.b )", "format('{0}', a.b)"),
        ("contains(fromJSON('[1]'), a && b)", "contains(fromJSON('[1]'), {a && b})"),
        ("True", "True"),
        ("  a\r\n", "a"),
        ("1.5 == a", "{1.5 == a}"),
        ("a ==.5", "{a == 0.5}"),
        ("a[-1]", "a[-1]"),
    ],
)
def test_tree(text: str, tree: str) -> None:
    parsed = parse(text)
    assert parsed.problem is None
    assert parsed.root is not None
    assert shown(parsed.root) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("true", True),
        ("false", False),
        ("0", 0.0),
        ("-0", -0.0),
        ("12.50", 12.5),
        (".5", 0.5),
        ("-.5", -0.5),
        ("5.", 5.0),
        ("+7", 7.0),
        ("1e3", 1000.0),
        ("1E-2", 0.01),
        ("0xFf", 255.0),
        ("0o17", 15.0),
        ("0x7fffffff", 2147483647.0),
        ("0xffffffff", -1.0),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
        ("+Infinity", math.inf),
        ("''", ""),
        ("'it''s'", "it's"),
        ("''''", "'"),
        ("'a''''b'", "a''b"),
        ("'}} ${{ \"x\" \\n'", '}} ${{ "x" \\n'),
        ("'two\nlines'", "two\nlines"),
    ],
)
def test_literal(text: str, value: bool | float | str | None) -> None:
    root = parse(text).root
    assert isinstance(root, Literal)
    assert type(root.value) is type(value)
    assert root.value == value
    assert str(root.value) == str(value)


def test_nan_is_a_number() -> None:
    root = parse("NaN").root
    assert isinstance(root, Literal)
    assert isinstance(root.value, float)
    assert math.isnan(root.value)


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("", "", "an expression is missing"),
        (" \n ", "", "an expression is missing"),
        ("a ==", "==", "the expression ends after `==`"),
        ("a.", ".", "the expression ends after `.`"),
        ("a[", "[", "the expression ends after `[`"),
        ("a[0", "0", "the expression ends after `0`"),
        ("(a", "a", "the expression ends after `a`"),
        ("contains(", "(", "the expression ends after `(`"),
        ("contains(a, ", ",", "the expression ends after `,`"),
        ("!", "!", "the expression ends after `!`"),
        ("contains(a,)", ")", "unexpected `)`"),
        ("a b", "b", "unexpected `b`"),
        ("a)", ")", "unexpected `)`"),
        ("(a]", "]", "unexpected `]`"),
        ("(a, b)", ",", "unexpected `,`"),
        ("a['b')", ")", "unexpected `)`"),
        ("a = b", "=", "unexpected `=`"),
        ("a =b", "=b", "unexpected `=b`"),
        ("a & b", "&", "unexpected `&`"),
        ("a | b", "|", "unexpected `|`"),
        ("a === b", "=", "unexpected `=`"),
        ("a + b", "+", "unexpected `+`"),
        ("a ! b", "!", "unexpected `!`"),
        ("a.b@c", "b@c", "unexpected `b@c`"),
        ("a.1", ".1", "unexpected `.1`"),
        ("a.'b'", "'b'", "unexpected `'b'`"),
        ("a.(b)", "(", "unexpected `(`"),
        ("a.b(c)", "(", "unexpected `(`"),
        ("'a'.b", ".", "unexpected `.`"),
        ("1[0]", "[", "unexpected `[`"),
        ("'a' 'b'", "'b'", "unexpected `'b'`"),
        ("'a", "'a", "unexpected `'a`"),
        ("'a''", "'a''", "unexpected `'a''`"),
        ('"a"', '"a"', 'unexpected `"a"`'),
        ("a'b'", "a'b'", "unexpected `a'b'`"),
        ("*", "*", "unexpected `*`"),
        ("a*", "a*", "unexpected `a*`"),
        ("1x", "1x", "unexpected `1x`"),
        ("1.2.3", "1.2.3", "unexpected `1.2.3`"),
        ("1_000", "1_000", "unexpected `1_000`"),
        ("0x", "0x", "unexpected `0x`"),
        ("0XFF", "0XFF", "unexpected `0XFF`"),
        ("0x100000000", "0x100000000", "unexpected `0x100000000`"),
        ("-Inf", "-Inf", "unexpected `-Inf`"),
        ("\u0663", "\u0663", "unexpected `\u0663`"),
        ("${{ a }}", "${{", "unexpected `${{`"),
        ("'" + "a" * 99, "'" + "a" * 99, "unexpected `'" + "a" * 39 + "...`"),
    ],
)
def test_refused(text: str, at: str, message: str) -> None:
    root, problem = parse(text, 100)
    assert root is None
    assert problem is not None
    assert problem.message == message
    assert text[problem.span.start - 100 : problem.span.end - 100] == at


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nope(a)", "unknown function `nope`"),
        ("contains(a)", "`contains` takes 2 arguments; 1 given"),
        ("Contains(a, b, c)", "`contains` takes 2 arguments; 3 given"),
        ("toJson()", "`toJSON` takes 1 argument; 0 given"),
        ("join(a, b, c)", "`join` takes at most 2 arguments; 3 given"),
        ("format()", "`format` takes at least 1 argument; 0 given"),
        ("always(1)", "`always` takes 0 arguments; 1 given"),
        ("case(a, b)", "`case` takes pairs and a default, so an odd number of arguments; 2 given"),
        ("case(a)", "`case` takes at least 3 arguments; 1 given"),
        ("a && nope(wrong())", "unknown function `wrong`"),
    ],
)
def test_wrong_call_keeps_its_tree(text: str, message: str) -> None:
    root, problem = parse(text)
    assert root is not None
    assert problem is not None
    assert problem.message == message
    name = text[problem.span.start : problem.span.end]
    assert any(isinstance(node, Call) and node.name == name for node in walk(root))


def test_every_function_is_known_by_its_lower_case_name() -> None:
    for name, function in FUNCTIONS.items():
        assert name == function.name.lower()
        least = function.least + (function.name == "case" and function.least % 2 == 0)
        assert parse(f"{function.name}({', '.join(['a'] * least)})").problem is None


DEEP = "nested deeper than 50 levels"


@pytest.mark.parametrize(
    ("legal", "refused"),
    [
        ("!" * 49 + "a", "!" * 50 + "a"),
        ("a" + ".b" * 49, "a" + ".b" * 50),
        ("a" + "[0]" * 49, "a" + "[0]" * 50),
        ("a" + ".*" * 49, "a" + ".*" * 50),
        ("toJSON(" * 49 + "a" + ")" * 49, "toJSON(" * 50 + "a" + ")" * 50),
        (" == ".join("a" * 50), " == ".join("a" * 51)),
        ("(" * 50 + "a" + ")" * 50, "(" * 51 + "a" + ")" * 51),
        (" && ".join("a" * 500), "!" * 5000),
        ("a" + " " * 20_999, "(" * 20_000),
        ("'" + "a" * 20_998 + "'", "a" + "[a" * 10_000),
    ],
)
def test_depth(legal: str, refused: str) -> None:
    assert parse(legal).problem is None
    root, problem = parse(refused)
    assert root is None
    assert problem is not None
    assert DEEP in problem.message


def test_length() -> None:
    root, problem = parse("'" + "a" * 20_999 + "'", 7)
    assert root is None
    assert problem is not None
    assert problem.span == Span(7, 21_008)
    assert problem.message == "the expression is longer than 21000 characters"


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        (
            " a.b && (c || !d)",
            ["a.b && (c || !d)", "a.b", "a", "(c || !d)", "c || !d", "c", "!d", "d"],
        ),
        ("x[ 'y' ] .z", ["x[ 'y' ] .z", "x[ 'y' ]", "x", "'y'"]),
        ("f( a ,b) == 'it''s'", ["f( a ,b) == 'it''s'", "f( a ,b)", "a", "b", "'it''s'"]),
        ("a[ * ].*", ["a[ * ].*", "a[ * ]", "a"]),
    ],
)
def test_spans(text: str, sources: list[str]) -> None:
    base = 40
    root = parse(text, base).root
    assert root is not None
    spans = [node.span for node in walk(root)]
    assert [text[start - base : end - base] for start, end in spans] == sources


def test_name_spans() -> None:
    text = "toJSON(github.event.issue)"
    root = parse(text).root
    assert isinstance(root, Call)
    assert text[slice(*root.name_span)] == "toJSON"
    (arg,) = root.args
    assert isinstance(arg, Property)
    assert text[slice(*arg.name_span)] == "issue"


PIECES = [
    "a",
    "github",
    ".",
    "event",
    "[",
    "]",
    "*",
    "(",
    ")",
    ",",
    "!",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "&&",
    "||",
    "'x'",
    "''",
    "1",
    "0x1f",
    "-2",
    "contains(",
    "toJSON(",
    "case(",
    "null",
    "true",
    ".5",
    "'",
    "=",
    "&",
    "@",
    "${{",
    "}}",
]

SOURCES = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map(" ".join)


def sources_fit(parsed: Parsed, text: str, base: int) -> None:
    assert parsed.root is not None or parsed.problem is not None
    if parsed.problem is not None:
        assert Span(base, base + len(text)).holds(parsed.problem.span)
    if parsed.root is None:
        return
    for node in walk(parsed.root):
        start, end = node.span
        source = text[start - base : end - base]
        assert source == source.strip()
        again = parse(source).root
        assert again is not None
        assert shown(again) == shown(node)
        for child in children(node):
            assert node.span.holds(child.span)


@given(st.text() | SOURCES, st.integers(0, 1000))
def test_never_raises_and_every_span_is_its_source(text: str, base: int) -> None:
    sources_fit(parse(text, base), text, base)


@given(st.none() | st.booleans() | st.floats() | st.text())
def test_literal_reads_back(value: bool | float | str | None) -> None:
    root = parse(literal(value)).root
    assert isinstance(root, Literal)
    assert type(root.value) is type(value)
    assert root.value == value or str(root.value) == str(value) == "nan"
