"""What each format makes of findings, made by hand so that no rule's change touches them.

In a text, `«` and `»` stand around what is found.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steplock import __version__
from steplock.report import Diagnostic, Report
from steplock.rule import Confidence, FileEdit, Fix, Persona, Related, Safety, Severity
from steplock.text import Edit, Lines, Span
from steplock_hooks.formats import FORMATS, load
from steplock_hooks.formats.excerpt import excerpt
from steplock_hooks.formats.terminal import width
from steplock_hooks.results import Checked, Results, Style

PLAIN = Style(color=False, links=False, width=80)
COLORED = Style(color=True, links=True, width=80)
PATH = ".github/workflows/ci.yml"
ROOT = "/home/user/project"
EXAMPLE = Path(__file__).parent / "data/example"


def marked(text: str) -> tuple[str, list[Span]]:
    """The text without its marks, and what stood between them."""
    spans: list[Span] = []
    starts: list[int] = []
    plain = ""
    for part in re.split("([«»])", text):
        if part == "«":
            starts.append(len(plain))
        elif part == "»":
            spans.append(Span(starts.pop(), len(plain)))
        else:
            plain += part
    return plain, spans


def found(span: Span, message: str = "this is bad", **more: Any) -> Diagnostic:
    diagnostic = Diagnostic(
        "bad-thing", Severity.HIGH, Confidence.HIGH, Persona.REGULAR, PATH, span, message
    )
    return diagnostic._replace(**more)


def run(text: str, *diagnostics: Diagnostic, shown: str = PATH, root: str = ROOT) -> Results:
    """A run over one file; what a diagnostic says to be suppressed is."""
    shown_ = tuple(d for d in diagnostics if not d.suppressed)
    hidden = tuple(d for d in diagnostics if d.suppressed)
    failed = any(d.severity >= Severity.MEDIUM for d in shown_)
    report = Report(diagnostics[0].path if diagnostics else PATH, text, shown_, hidden)
    return Results((Checked(report, shown, root),), failed, Severity.MEDIUM)


def example() -> Results:
    """A run that has something of all that there is."""
    text, (title, upload, checkout, push, step, noise) = marked(
        EXAMPLE.joinpath("ci.yml").read_text("utf-8")
    )
    action, (script,) = marked("runs:\n  steps:\n    - run: «make $1»\n")
    build = Checked(Report("action.yml", action, (), ()), "action.yml", ROOT)
    persist = Edit(
        Span(checkout.end, checkout.end), "\n        with:\n          persist-credentials: false"
    )
    diagnostics = (
        found(
            title,
            "`github.event.issue.title` is put into the script, and whoever opens an issue writes it",
            rule="template-injection",
            related=(Related("and it is run here", script, "action.yml"),),
            fixes=(
                Fix(
                    "Pass it through `env:`",
                    (Edit(title, "$TITLE"),),
                    Safety.SAFE,
                    (FileEdit("action.yml", Edit(script, "make")),),
                ),
                Fix("Leave it out", (Edit(title, ""),), Safety.UNSAFE),
            ),
        ),
        found(
            checkout,
            "the token stays in `.git/config`",
            rule="artipacked",
            severity=Severity.MEDIUM,
            confidence=Confidence.LOW,
            related=(Related("uploaded here", upload), Related("pushed here", push)),
            fixes=(Fix("Set `persist-credentials: false`", (persist,), Safety.UNSAFE),),
        ),
        found(step, "seven lines", severity=Severity.LOW, persona=Persona.PEDANTIC),
        found(noise, "not so bad", suppressed="comment", severity=Severity.INFORMATIONAL),
    )
    results = run(text, *sorted(diagnostics, key=lambda d: d.span))
    return results._replace(checked=(build, *results.checked))


@pytest.mark.parametrize("name", FORMATS)
def test_example(name: str, expect_file: Callable[[Path, str], None]) -> None:
    written = load(name)(example(), PLAIN, suppressed=True)
    if name == "sarif":
        log = json.loads(written)
        log["runs"][0]["tool"]["driver"]["rules"] = []  # they are not of this example
        written = json.dumps(log, indent=2) + "\n"
    expect_file(EXAMPLE / f"expected.{name}", written)


def test_example_in_color(expect_file: Callable[[Path, str], None]) -> None:
    written = load("text")(example(), COLORED)
    expect_file(EXAMPLE / "expected.ansi", written)
    assert re.sub(r"\x1b(\[[0-9;]*m|\]8;;.*?\x1b\\)", "", written) == load("text")(example(), PLAIN)


EXCERPTS = [
    pytest.param(
        "a: «b» c\n",
        """\
          |
        1 | a: b c
          |    ^""",
        id="a word",
    ),
    pytest.param(
        "a:\r\n  «b: c»\r\nd: e\r\n",
        """\
          |
        2 |   b: c
          |   ^^^^""",
        id="carriage returns are no part of a line",
    ),
    pytest.param(
        "a:\n\t«b»\tc\n",
        """\
          |
        2 |     b    c
          |     ^""",
        id="a tab is four columns",
    ),
    pytest.param(
        "漢字 «漢字» x\n",
        """\
          |
        1 | 漢字 漢字 x
          |      ^^^^""",
        id="wide characters are two columns",
    ),
    pytest.param(
        "⚠️🚀 e\u0301 «x»\n",
        """\
          |
        1 | ⚠️🚀 e\u0301 x
          |        ^""",
        id="emoji are two columns, accents none",
    ),
    pytest.param(
        "a:«»\n",
        """\
          |
        1 | a:
          |   ^""",
        id="an empty span is marked where it is",
    ),
    pytest.param(
        "a: b\n«»",
        """\
          |
        2 |
          | ^""",
        id="the end of the file",
    ),
    pytest.param(
        "a: b«\n»",
        """\
          |
        1 | a: b
          |     ^""",
        id="a line end",
    ),
    pytest.param(
        "\ufeff«on»: push\n",
        """\
          |
        1 | on: push
          | ^^""",
        id="a byte order mark has no width",
    ),
    pytest.param("«»", "", id="an empty file has nothing to show"),
    pytest.param(
        "a:\n  «b: c\n  d: e\n»f: g\n",
        """\
          |
        2 | /   b: c
        3 | \\   d: e""",
        id="two lines",
    ),
    pytest.param(
        "«1\n2\n3\n4\n5\n\n»6\n",
        """\
          |
        1 | / 1
        2 | | 2
        3 | | 3
        4 | | 4
        5 | \\ 5""",
        id="five lines are all shown",
    ),
    pytest.param(
        "0\n" * 8 + "«1\n2\n\n4\n5\n6»\n",
        """\
           |
         9 | / 1
        10 | | 2
        11 | |
        12 | | 4
           | \\ ... 2 more lines""",
        id="of more the first four",
    ),
    pytest.param(
        "a: " + "x" * 90 + " «y»\n",
        """\
          |
        1 | ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx y
          |                                                                      ^""",
        id="a long line before the mark",
    ),
    pytest.param(
        "a: «y» " + "x" * 90 + "\n",
        """\
          |
        1 | a: y xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...
          |    ^""",
        id="a long line after the mark",
    ),
    pytest.param(
        "a: " + "x" * 90 + "«" + "y" * 90 + "»\n",
        """\
          |
        1 | ...xxxxxxxxxxxxxxxxxyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy...
          |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
        id="a long mark",
    ),
    pytest.param(
        "x" * 1_000_000 + "«y»" + "x" * 1_000_000,
        """\
          |
        1 | ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxyxxxxxxxxxxxx...
          |                                                       ^""",
        id="a line of megabytes",
    ),
]


@pytest.mark.parametrize(("text", "expected"), EXCERPTS)
def test_excerpt(text: str, expected: str) -> None:
    plain, (span,) = marked(text)
    header, *excerpt = load("text")(run(plain, found(span)), PLAIN).split("\n\n")[0].split("\n")
    assert header.endswith("  high[bad-thing] this is bad")
    assert "\n".join(excerpt) == re.sub("^ {8}", "", expected, flags=re.MULTILINE)


@given(
    st.text(st.sampled_from("ab \t\n\r漢🚀\u0301\ufe0f\x1b\u202e#[:") | st.characters()), st.data()
)
def test_excerpts_fit(text: str, data: st.DataObject) -> None:
    text *= data.draw(st.sampled_from([1, 40]))
    start, end = sorted(data.draw(st.integers(0, len(text) + 1)) for _ in "se")
    for row in excerpt(Lines(text), Span(start, end), 40).rows:
        columns = sum(width(char) for char in row.text)
        assert columns <= 40
        assert 0 <= row.start <= columns
        assert 1 <= row.length <= max(columns - row.start, 1)
        assert row.text.isprintable()


HOSTILE = [
    pytest.param("\x1b[2Jgone\x07", r"\x1b[2Jgone\x07", id="escape sequences"),
    pytest.param("\x9b31mred\x7f", r"\x9b31mred\x7f", id="eight-bit control characters"),
    pytest.param("\u202eevil\u2066", r"\u202eevil\u2066", id="the other reading direction"),
    pytest.param("che\u200bck\xa0out", r"che\u200bck\xa0out", id="what cannot be seen"),
    pytest.param("\udcff\U000e0041", r"\udcff\U000e0041", id="surrogates and tags"),
    pytest.param("##[add-mask]a", r"#\x23[add-mask]a", id="a command to the runner"),
]


@pytest.mark.parametrize(("text", "expected"), HOSTILE)
@pytest.mark.parametrize("style", [PLAIN, COLORED], ids=["plain", "colored"])
def test_nothing_from_a_file_reaches_the_terminal_as_it_is(
    text: str, expected: str, style: Style
) -> None:
    fix = Fix(text, (Edit(Span(0, 1), text),), Safety.SAFE)
    diagnostic = found(Span(0, len(text)), text, related=(Related(text, Span(0, 1)),), fixes=(fix,))
    results = run(text, diagnostic._replace(path=text), shown=text, root="/")
    written = load("text")(results, style)
    assert written.count(expected) == 6  # name, message, line, note, its line, help
    written = re.sub(r"\x1b(\[[0-9;]*m|\]8;;[ -~]*\x1b\\)", "", written)
    assert all(char.isprintable() or char == "\n" for char in written)
    assert "##[" not in written
    assert "^" * len(expected) + "\n" in written


def test_a_message_is_one_line() -> None:
    results = run("a: b\n", found(Span(0, 1), "one\r\n::error::two\u2028three"))
    header = load("text")(results, PLAIN).split("\n")[0]
    assert header.endswith(r"one\r\n::error::two\u2028three")


def test_a_file_name_at_the_start_of_a_line_is_no_command() -> None:
    results = run("a: b\n", found(Span(0, 1), path="::stop"), shown=" ::stop-commands::x.yml")
    assert load("text")(results, PLAIN).startswith(r" \x3a:stop-commands::x.yml:1:1")


SUMMARIES = [
    pytest.param([], "No findings in 1 file.", id="none"),
    pytest.param([{"suppressed": "comment"}], "No findings in 1 file; 1 suppressed.", id="hidden"),
    pytest.param([{}], "1 finding (1 high) in 1 file", id="one"),
    pytest.param(
        [{"severity": Severity.LOW}, {"severity": Severity.LOW, "suppressed": "configuration"}],
        "1 finding (1 low) in 1 file; 1 suppressed; none blocks (fail-on: medium)",
        id="below the gate",
    ),
    pytest.param(
        [{"fixes": (Fix("f", (), Safety.DISPLAY), Fix("f", (), Safety.UNSAFE))}, {}],
        "2 findings (2 high) in 1 file; 1 fixable with 'steplock fix --unsafe'",
        id="only an unsafe fix",
    ),
    pytest.param(
        [{"fixes": (Fix("f", (), Safety.DISPLAY),)}],
        "1 finding (1 high) in 1 file",
        id="a fix that is never applied",
    ),
]


@pytest.mark.parametrize(("findings", "expected"), SUMMARIES)
def test_summary(findings: list[dict[str, Any]], expected: str) -> None:
    results = run("a: b\n", *(found(Span(0, 1), **one) for one in findings))
    assert load("text")(results, PLAIN, quiet=True) == f"{expected}\n"


def test_summary_without_files() -> None:
    assert load("text")(Results((), False, None), PLAIN) == "No files to check.\n"


HELPS = [
    (["SAFE"], ["'steplock fix' does it"]),
    (["UNSAFE"], ["'steplock fix --unsafe' does it"]),
    (["DISPLAY"], [""]),
    (["SAFE", "UNSAFE"], ["'steplock fix' does it", ""]),
    (["UNSAFE", "SAFE"], ["'steplock fix --unsafe' does it", "'steplock fix' does it"]),
]


@pytest.mark.parametrize(("safeties", "expected"), HELPS)
def test_help_says_which_command_applies_a_fix(safeties: list[str], expected: list[str]) -> None:
    fixes = tuple(Fix("do it", (Edit(Span(0, 1), "c"),), Safety[name]) for name in safeties)
    written = load("text")(run("a: b\n", found(Span(0, 1), fixes=fixes)), PLAIN)
    assert re.findall(r"= help: do it(?:; )?(.*)", written) == expected


def test_another_file_is_read_for_its_excerpt(tmp_path: Path) -> None:
    (tmp_path / "action.yml").write_bytes(b"a: b\r\nc: d\r\n")
    related = (
        Related("here", Span(6, 7), "action.yml"),
        Related("outside", Span(6, 7), "../action.yml"),
        Related("nowhere", Span(6, 7), "missing.yml"),
    )
    results = run("a: b\n", found(Span(0, 1), related=related), root=str(tmp_path))
    written = load("text")(results, PLAIN)
    assert "  = note: here (action.yml:2:1)\n2 | c: d\n  | -\n" in written
    assert "  = note: outside (../action.yml:1:1)\n" in written
    assert "  = note: nowhere (missing.yml:1:1)\n" in written


def test_json_leaves_out_what_is_suppressed_unless_asked() -> None:
    results = run("a: b\n", found(Span(0, 1)), found(Span(3, 4), suppressed="comment"))
    documents = [json.loads(load("json")(results, PLAIN, suppressed=s)) for s in (False, True)]
    assert [[f["suppressed"] for f in d["findings"]] for d in documents] == [
        [None],
        [None, "comment"],
    ]
    assert [d["suppressed"] for d in documents] == [1, 1]


def test_json_without_findings() -> None:
    document = json.loads(load("json")(run("a: b\n"), PLAIN))
    expected = {"version": 1, "steplock": __version__, "findings": []}
    assert document == {**expected, "files": 1, "suppressed": 0, "failed": False}


def test_json_names_files_as_people_did() -> None:
    related = (Related("there", Span(0, 1), "action.yml"),)
    results = run("a: b\n", found(Span(0, 1), related=related), shown=f"../other/{PATH}")
    (finding,) = json.loads(load("json")(results, PLAIN))["findings"]
    assert finding["path"] == f"../other/{PATH}"
    assert finding["related"][0]["path"] == "../other/action.yml"


def test_github_escapes_what_would_end_a_command() -> None:
    path = ".github/workflows/100%,a:b.yml"
    message = "50% of\r\n::error::x \x1b[31m"
    results = run("a: b\n", found(Span(0, 1), message, path=path))
    command, summary, _ = load("github")(results, COLORED).split("\n")
    assert command == (
        "::error file=.github/workflows/100%25%2Ca%3Ab.yml,line=1,endLine=1,col=1,endColumn=2,"
        r"title=steplock%3A bad-thing::50%25 of\r%0A\x3a:error::x \x1b[31m%0A"
        "https://github.com/steplock/steplock/blob/main/core/RULES.md#bad-thing"
    )
    assert summary == "1 finding (1 high) in 1 file"


@pytest.mark.parametrize(
    ("severity", "command"),
    [("HIGH", "error"), ("MEDIUM", "warning"), ("LOW", "notice"), ("INFORMATIONAL", "notice")],
)
def test_github_levels(severity: str, command: str) -> None:
    results = run("a: b\n", found(Span(0, 1), severity=Severity[severity]))
    assert load("github")(results, PLAIN).startswith(f"::{command} file=")
