"""The reader of the fixtures reads what its page says, and refuses what it does not."""

import pytest

from mdtest import DEFAULT_PATH, Case, Expected, File, Fixed, Found, differences, parse


def only(text: str) -> Case:
    [case] = parse(text)
    return case


def test_a_case_is_a_heading_prose_and_a_file() -> None:
    case = only("# a-rule\n\n## A title\n\nWhy.\n\n```yaml\non: push  # error: bad\n```\n")
    assert case == Case(
        title="A title",
        files=(File(DEFAULT_PATH, "on: push  # error: bad\n"),),
        expected=(Expected(DEFAULT_PATH, 0, "bad"),),
        fixed=(),
        options={},
    )


def test_each_heading_begins_a_case() -> None:
    cases = parse("## One\n```yaml\na: 1\n```\n## Two\n```yaml\nb: 2 # error: x\n```\n")
    assert [(c.title, len(c.expected)) for c in cases] == [("One", 0), ("Two", 1)]


def test_a_heading_inside_a_block_is_text() -> None:
    assert only("## One\n```yaml\n## no case\n```\n").files[0].text == "## no case\n"


def test_several_files_make_a_repository() -> None:
    case = only(
        "## Files\n```yaml action.yml\nruns:  # error: one\n```\n"
        "```text .github/CODEOWNERS\n* @a\n.github @b # error: two\n```\n```toml uv.toml\n```\n"
    )
    assert case.files == (
        File("action.yml", "runs:  # error: one\n"),
        File(".github/CODEOWNERS", "* @a\n.github @b # error: two\n"),
        File("uv.toml", ""),
    )
    assert case.expected == (
        Expected("action.yml", 0, "one"),
        Expected(".github/CODEOWNERS", 1, "two"),
    )


def test_more_backticks_hold_fences() -> None:
    case = only("## Fences\n````yaml\nrun: |\n  ```sh\n```\n````\n")
    assert case.files[0].text == "run: |\n  ```sh\n```\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: 1", [], id="none"),
        pytest.param("a: 1 # an error: x", [], id="another comment"),
        pytest.param("a: 1 # error[high]: x", [(0, "x", "high")], id="severity"),
        pytest.param(
            "a: 1 # error: x # error[low]: y",
            [(0, "x", None), (0, "y", "low")],
            id="two on a line",
        ),
        pytest.param("a: 1 # error: #1 is bad", [(0, "#1 is bad", None)], id="hash"),
        pytest.param("a: 1 # error: x\r", [(0, "x", None)], id="CRLF"),
        pytest.param("# error-below: x\na: 1", [(1, "x", None)], id="below"),
        pytest.param(
            "# error-below[low]: x\n# error-below: y\na: 1 # error: z\nb: 1",
            [(2, "x", "low"), (2, "y", None), (2, "z", None)],
            id="several below",
        ),
    ],
)
def test_markers(text: str, expected: list[tuple[int, str, str | None]]) -> None:
    case = only(f"## Markers\n```yaml\n{text}\n```\n")
    assert case.expected == tuple(Expected(DEFAULT_PATH, *e) for e in expected)


def test_fixed_is_the_first_file_unless_it_says_another() -> None:
    case = only(
        "## Fixes\n```yaml\na: 1\n```\n```yaml action.yml\nb: 1\n```\n"
        "```fixed\na: 2\n```\n```fixed unsafe\na: 3\n```\n```fixed unsafe action.yml\nb: 2\n```\n"
    )
    assert case.fixed == (
        Fixed(DEFAULT_PATH, "a: 2\n", unsafe=False),
        Fixed(DEFAULT_PATH, "a: 3\n", unsafe=True),
        Fixed("action.yml", "b: 2\n", unsafe=True),
    )


@pytest.mark.parametrize("body", ['{"allow": ["a/b"]}', "allow:\n  - a/b"])
def test_options(body: str) -> None:
    case = only(f"## Options\n```yaml\na: 1\n```\n```options\n{body}\n```\n")
    assert case.options == {"allow": ["a/b"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```yaml\n```\n", "fixture:1: a block before the first case"),
        ("## A\n```yaml\na: 1\n", "fixture:2: this block is not closed"),
        ("## A\nprose\n", "fixture:1: A: no file to read"),
        ("## A\n```\n```\n", "line 2 does not say what it is"),
        ("## A\n```toml\n```\n", "line 2 needs a path"),
        ("## A\n```yaml a b\n```\n", "one path, not 'a b'"),
        ("## A\n```yaml\n```\n```yaml\n```\n", "two files with one path"),
        ("## A\n```yaml\n```\n```fixed x.yml\n```\n", "no such file to fix: x.yml"),
        ("## A\n```fixed\n```\n```yaml\n```\n", "line 2 needs a path"),
        ("## A\n```yaml\n```\n```options\n- a\n```\n", "are no mapping"),
        ("## A\n```yaml\na # error[bad]: x\n```\n", "no severity 'bad'"),
        ("## A\n```yaml\n# error-below: x\n```\n", "nothing below the marker 'x'"),
    ],
)
def test_a_malformed_fixture_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse(text)
    assert message in str(caught.value)


WANTED = Expected("a.yml", 0, "token")
TOKEN = Found("a.yml", 0, "the token stays", "high")


@pytest.mark.parametrize(
    ("expected", "found", "difference"),
    [
        ([], [], []),
        ([WANTED], [TOKEN], []),
        (
            [WANTED],
            [],
            ["a.yml:1: expected 'token', found nothing"],
        ),
        (
            [],
            [TOKEN],
            ["a.yml:1: expected nothing, found 'the token stays' [high]"],
        ),
        (
            [WANTED, WANTED],
            [TOKEN],
            ["a.yml:1: expected 'token' and 'token', found 'the token stays' [high]"],
        ),
        (
            [WANTED._replace(severity="low")],
            [TOKEN],
            ["a.yml:1: expected 'token' [low], found 'the token stays' [high]"],
        ),
        (
            [WANTED],
            [TOKEN._replace(line=1)],
            [
                "a.yml:1: expected 'token', found nothing",
                "a.yml:2: expected nothing, found 'the token stays' [high]",
            ],
        ),
    ],
)
def test_differences(expected: list[Expected], found: list[Found], difference: list[str]) -> None:
    assert differences(expected, found) == difference


def test_each_expectation_has_a_finding_of_its_own() -> None:
    expected = [Expected("a.yml", 0, part) for part in ("ab", "bc")]
    found = [Found("a.yml", 0, message, "low") for message in ("abc", "ab")]
    assert differences(expected, found) == []
