"""The configuration: what it can say, and what it answers to what is wrong."""

import json
from pathlib import Path

import jsonschema
import pytest

from steplock import Persona, Settings, Severity, config, lint, syntax
from steplock.presets import PRESETS
from steplock.schema import schema
from steplock.syntax import Mapping, Node, Scalar, Sequence

WORKFLOW = """\
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
"""
PATH = ".github/workflows/test.yml"


def read(text: str, path: str = config.NAMES[0]) -> Settings:
    held = config.read(text, path)
    assert not held.problems
    return held.settings


def found(text: str, path: str = PATH, name: str = config.NAMES[0]) -> dict[str, Severity]:
    report = lint(WORKFLOW, path, settings=read(text, name))
    return {d.rule: d.severity for d in report.diagnostics}


@pytest.mark.parametrize("text", ["", "# nothing\n", "rules:\n", "{}\n", "rules: {}\n"])
def test_nothing_said_is_the_default(text: str) -> None:
    assert found(text) == {"unpinned-uses": Severity.HIGH}
    assert read(text)._replace(path=None) == Settings()


@pytest.mark.parametrize(
    "text",
    [
        "rules: {unpinned-uses: off}",
        "rules: {unpinned-uses: {enabled: false}}",
        "rules:\n  unpinned-uses:\n    policies:\n      actions/*: ref-pin\n",
        "rules:\n  unpinned-uses:\n    ignore: ['test.yml']\n",
        "rules:\n  unpinned-uses:\n    ignore: .github/workflows/*.yml:7\n",
        "rules:\n  unpinned-uses:\n    ignore: '**/test.yml:7:15'\n",
        "rules:\n  unpinned-uses:\n    ignore: .github\n",
    ],
)
def test_a_rule_is_silenced(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "rules: {unpinned-uses: on}",
        "rules:\n  unpinned-uses:\n    ignore: ['other.yml', '*.yml:8', 'test.yml:7:1', 'workflows/*.yaml']\n",
        "rules:\n  unpinned-uses:\n    policies:\n      other/*: any\n",
    ],
)
def test_a_rule_still_speaks(text: str) -> None:
    assert found(text) == {"unpinned-uses": Severity.HIGH}


def test_severity_is_remapped() -> None:
    assert found("rules: {unpinned-uses: low}") == {"unpinned-uses": Severity.LOW}
    assert found("rules: {unpinned-uses: {severity: low}}") == {"unpinned-uses": Severity.LOW}


def test_a_rule_that_is_named_shows_all_it_finds() -> None:
    text = WORKFLOW.replace("false", "true")
    for_auditors = lint(text, PATH, settings=read("rules: {artipacked: on}")).diagnostics
    assert "artipacked" in {d.rule for d in for_auditors}
    assert "artipacked" not in {d.rule for d in lint(text, PATH).diagnostics}
    remapped = lint(text, PATH, settings=read("rules: {artipacked: high}")).diagnostics
    assert "artipacked" not in {d.rule for d in remapped}


def test_presets() -> None:
    for name, text in PRESETS.items():
        assert not config.read(text).problems
        assert read(f"preset: {name}\n").rules
    astral = read("preset: astral\npersona: pedantic\nrules: {unpinned-uses: {ignore: x.yml}}\n")
    assert astral.rules["unpinned-uses"].options.policies == {"*": "hash-pin"}
    assert astral.rules["unpinned-uses"].ignore[0].glob == "x.yml"
    assert astral.persona is Persona.PEDANTIC
    triggers = lint("on: workflow_run\njobs: {}\n", PATH, settings=astral).diagnostics
    assert "forbidden-triggers" in {d.rule for d in triggers}
    assert found("preset: trust-tiers\n") == {}
    assert found("preset: trust-tiers\nrules: {unpinned-uses: {policies: {'*': hash-pin}}}\n") != {}


def test_the_gate_the_persona_and_what_is_left_out() -> None:
    settings = read("persona: auditor\nfail-on: never\nexclude: [tests/, '*.yaml']\n")
    assert settings.persona is Persona.AUDITOR
    assert settings.fail_on is None
    assert settings.excludes("a/tests/b.yml")
    assert settings.excludes("tests/b.yml")
    assert settings.excludes("a/b.yaml")


def test_the_peer_is_understood() -> None:
    name = "zizmor.yml"
    assert found("rules: {unpinned-uses: {disable: true}}", name=name) == {}
    assert found("rules: {unpinned-uses: {ignore: [test.yml:7]}}", name=name) == {}
    assert found("rules: {unpinned-uses: {ignore: [test.yml:6]}}", name=name) != {}
    remap = "rules: {unpinned-uses: {remap: {severity: low}}}"
    assert found(remap, name=name) == {"unpinned-uses": Severity.LOW}
    policies = "rules: {unpinned-uses: {config: {policies: {'actions/*': any}}}}"
    assert found(policies, name=name) == {}
    assert found("rules: {a-rule-of-its-own: {disable: true}}", name=name) != {}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("rules:\n  unpinned-use: off\n", 2, "did you mean `unpinned-uses`?"),
        ("rule:\n  unpinned-uses: off\n", 1, "did you mean `rules`?"),
        ("preset: astra\n", 1, "did you mean `astral`?"),
        ("persona: Auditor\n", 1, "did you mean `auditor`?"),
        ("fail-on: critical\n", 1, "known: high, informational, low, medium, never"),
        ("rules:\n  unpinned-uses:\n    polices: {}\n", 3, "did you mean `policies`?"),
        (
            "rules:\n  unpinned-uses:\n    policies:\n      x: hash\n",
            4,
            "one of hash-pin, ref-pin, any",
        ),
        ("rules:\n  unpinned-uses:\n    policies: any\n", 3, "a mapping of keys is wanted here"),
        ("rules: [a]\n", 1, "a mapping of keys is wanted here"),
        ("- a\n", 1, "the configuration is a mapping of keys"),
        ("exclude: [{a: b}]\n", 1, "a text is wanted here"),
        ("rules:\n  artipacked: 3\n", 2, "`3` is no value"),
        ("rules:\n  artipacked: low\n  artipacked: off\n", 3, "stands here twice"),
        ("rules:\n  artipacked: low\npersona: [a\n", 3, "a bracket is not closed"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text: str, line: int, message: str) -> None:
    held = config.read(text)
    [problem] = held.problems
    assert message in problem.message
    assert held.document.lines.line(problem.span.start) + 1 == line


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (
            "persona: auditor\nrules: {artipacked: off, unpinned-uses: {policies: {a/*: any}}}\n",
            True,
        ),
        ("rules: {artipacked: {severity: low, ignore: [a]}}\n", True),
        ("rules: {artipacked: {sever: low}}\n", False),
        ("rules: {no-such-rule: off}\n", False),
        ("persona: me\n", False),
    ],
)
def test_the_schema_and_the_reader_agree(text: str, valid: bool) -> None:
    validator = jsonschema.Draft7Validator(schema())
    assert validator.is_valid(_plain(syntax.parse(text).root)) is valid
    assert (not config.read(text).problems) is valid


def test_the_schema_is_one(tmp_path: Path) -> None:
    jsonschema.Draft7Validator.check_schema(json.loads(json.dumps(schema())))


def _plain(node: Node | None) -> object:
    match node:
        case Mapping(items=pairs):
            return {key.value: _plain(value) for key, value in pairs}
        case Sequence(items=items):
            return [_plain(item) for item in items]
        case Scalar(value=value):
            return value
    return None
