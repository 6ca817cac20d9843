"""SARIF is what the standard and GitHub say it is."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from steplock import Settings, lint
from steplock.registry import all_rules
from steplock.rule import Persona
from steplock_hooks.formats import load
from steplock_hooks.formats.line_hash import line_hashes
from steplock_hooks.results import Checked, Results, Style

PLAIN = Style(color=False, links=False, width=80)
SCHEMA = Path(__file__).parent / "data/sarif-2.1.0.schema.json"
VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))

UNSAFE = """\
on: pull_request_target
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/checkout@v4
      - run: echo "${{ github.event.pull_request.title }}"
      - uses: actions/upload-artifact@v4 # steplock: ignore[unpinned-uses]
"""
PATH = ".github/workflows/ci.yml"


def sarif(*files: tuple[str, str, str], suppressed: bool = False) -> dict[str, Any]:
    """The log of a run over files: root, path and text of each."""
    settings = Settings(persona=Persona.AUDITOR)
    checked = tuple(
        Checked(lint(text, path, settings=settings), path, root) for root, path, text in files
    )
    written = load("sarif")(Results(checked, True, None), PLAIN, suppressed=suppressed)
    log: dict[str, Any] = json.loads(written)
    return log


def results(text: str, path: str = PATH, suppressed: bool = False) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sarif(("/p", path, text), suppressed=suppressed)["runs"][0][
        "results"
    ]
    return found


TEXTS = [
    pytest.param(UNSAFE, id="unsafe"),
    pytest.param(UNSAFE.replace("\n", "\r\n"), id="carriage returns"),
    pytest.param("\ufeff" + UNSAFE, id="byte order mark"),
    pytest.param(UNSAFE.replace("build", "🚀漢字"), id="emoji"),
    pytest.param(UNSAFE.replace("v4", "[v4](1)\\x1b"), id="links"),
    pytest.param("", id="empty"),
    pytest.param("on: {push", id="broken"),
    pytest.param("on: \x1b\x00\n", id="control characters"),
]


@pytest.mark.parametrize("text", TEXTS)
def test_it_is_valid(text: str) -> None:
    log = sarif(("/p", PATH, text), ("/q r", "action.yml", text), suppressed=True)
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []


def test_the_schema_objects() -> None:
    log = sarif(("/p", PATH, UNSAFE))
    del log["runs"][0]["tool"]["driver"]["name"]
    log["runs"][0]["results"][0]["level"] = "high"
    assert len(list(VALIDATOR.iter_errors(log))) == 2


def test_each_rule_is_described() -> None:
    rules = sarif()["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in all_rules()]
    for rule in rules:
        assert rule["help"]["markdown"].startswith(rule["shortDescription"]["text"])
        assert rule["helpUri"].endswith(f"#{rule['id']}")
        assert len(rule["fullDescription"]["text"]) <= 1024, "GitHub's limit"
        assert rule["properties"]["precision"] in ("low", "medium", "high")
        score = float(rule["properties"].get("security-severity", 0))
        # https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
        assert (
            {"error": 7, "warning": 4, "note": 0}[rule["defaultConfiguration"]["level"]]
            <= score
            < 9
        )


def test_places() -> None:
    (run,) = sarif(("/p", ".github/workflows/a b%.yml", "# 🚀\n" + UNSAFE))["runs"]
    trigger = next(r for r in run["results"] if r["ruleId"] == "dangerous-triggers")
    assert trigger["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {
                    "uri": ".github/workflows/a%20b%25.yml",
                    "uriBaseId": "%SRCROOT%",
                },
                "region": {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 24},
            }
        }
    ]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///p/"}}


def test_each_repository_has_its_root() -> None:
    (run,) = sarif(("/p", PATH, UNSAFE), ("/q r", PATH, UNSAFE))["runs"]
    bases = [
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"]
        for r in run["results"]
    ]
    assert sorted(set(bases)) == ["%SRCROOT%", "%SRCROOT2%"]
    assert run["originalUriBaseIds"]["%SRCROOT2%"] == {"uri": "file:///q%20r/"}


def test_fixes_are_replacements() -> None:
    checkout = next(r for r in results(UNSAFE) if r["ruleId"] == "artipacked")
    (change,) = checkout["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["deletedRegion"] == {
        "startLine": 6, "startColumn": 34, "endLine": 6, "endColumn": 34
    }  # fmt: skip
    assert "persist-credentials: false" in replacement["insertedContent"]["text"]


def test_suppressed_findings_come_only_when_asked_for() -> None:
    assert not any("suppressions" in one for one in results(UNSAFE))
    hidden = [one for one in results(UNSAFE, suppressed=True) if "suppressions" in one]
    assert [one["suppressions"] for one in hidden] == [[{"kind": "inSource", "status": "accepted"}]]


def test_a_secret_is_not_copied() -> None:
    text = UNSAFE.replace(
        "steps:", "container: {image: a, credentials: {username: b, password: hunter2}}\n    steps:"
    )
    found = results(text)
    assert "hardcoded-container-credentials" in {one["ruleId"] for one in found}
    assert "hunter2" not in json.dumps(found)


def fingerprints(text: str, key: str = "steplock/v1", path: str = PATH) -> list[tuple[str, str]]:
    return [(r["ruleId"], r["partialFingerprints"][key]) for r in results(text, path)]


def test_fingerprints_tell_findings_apart() -> None:
    found = fingerprints(UNSAFE)
    assert len(set(found)) == len(found) > 5
    assert not set(found) & set(fingerprints(UNSAFE, path="action.yml"))


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param("# a\n\n" + UNSAFE, id="moved"),
        pytest.param(UNSAFE.replace("\n", "\r\n"), id="other line ends"),
        pytest.param(UNSAFE.replace("      - ", "    - "), id="indented otherwise"),
    ],
)
def test_fingerprints_stay(changed: str) -> None:
    assert fingerprints(changed) == fingerprints(UNSAFE)


def test_fingerprints_stay_when_another_finding_is_suppressed() -> None:
    silenced = UNSAFE.replace(
        "      - uses", "      # steplock: ignore[unpinned-uses]\n      - uses", 1
    )
    before, after = fingerprints(UNSAFE), fingerprints(silenced)
    assert len(after) == len(before) - 1
    assert set(after) < set(before)


# What GitHub's own uploader computes: src/fingerprints.test.ts of github/codeql-action, 2024.
HASHES = [
    ("", ["c129715d7a2bc9a3:1"]),
    (
        " a\nb\n  \t\tc\n d",
        ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
    ),
    (
        "Lorem ipsum dolor sit amet.\n" * 10,
        [
            *(f"a7f2ff13bc495cf2:{n}" for n in range(1, 7)),
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), HASHES)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_hashes_are_those_of_github(text: str, expected: list[str], newline: str) -> None:
    hashes = line_hashes(text.replace("\n", newline), range(len(expected)))
    assert hashes == dict(enumerate(expected))


def test_line_hashes_only_of_the_lines_asked_for() -> None:
    assert set(line_hashes(UNSAFE, {2, 4})) == {2, 4}


def test_line_hashes_count_as_javascript_does() -> None:
    # An emoji is two of the hundred units that count.
    same = {line_hashes("🚀" * 50 + end, {0})[0] for end in ("a", "b")}
    assert len(same) == 1
    assert len({line_hashes("🚀" * 49 + end, {0})[0] for end in ("a", "b")}) == 2
