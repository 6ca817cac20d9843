"""Every rule against its own fixture, alone; and the rules as a set."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mdtest
from steplock import Persona, Report, Repository, Safety, Settings, config, fix, lint
from steplock.options import fields
from steplock.registry import all_rules, by_id
from steplock.rule import Rule
from steplock.settings import RuleSettings
from steplock.suppress import Verdict
from steplock.text import Lines
from world import WORLD

FIXTURES = Path(__file__).parent / "rules"
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}: {case.title}")
    for path in sorted(FIXTURES.glob("*.md"))
    for case in mdtest.read(path)
]
EVERY_RULE = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
EVERY_CASE = pytest.mark.parametrize(("id", "case"), CASES)
SECTIONS = ("Why is this bad?", "Example")
TODAY = "2026-11-21"


def check(rule: Rule, files: tuple[mdtest.File, ...], settings: Settings) -> Iterator[Report]:
    """A report for each file, the others being its repository."""
    for file in files:
        report = lint(file.text, file.path, today=TODAY, **_how(rule, files, settings))
        own = tuple(d for d in report.diagnostics if d.rule in (rule.id, "internal-error"))
        yield report._replace(diagnostics=own)


def _how(rule: Rule, files: tuple[mdtest.File, ...], settings: Settings) -> dict[str, Any]:
    texts = {file.path: file.text for file in files}

    def folder(path: str) -> tuple[str, ...]:
        start = f"{path}/"
        return tuple(
            p[len(start) :] for p in texts if p.startswith(start) and "/" not in p[len(start) :]
        )

    # What silences nothing is known only when all rules have run.
    alone = None if Verdict in rule.targets else {rule.id}
    repository = Repository(texts.get, folder)
    return {"repository": repository, "rules": alone, "settings": settings, "online": WORLD}


def settings(rule: Rule, case: mdtest.Case) -> Settings:
    text = json.dumps({"persona": "auditor", "rules": {rule.id: dict(case.options)}})
    held = config.read(text)
    assert not held.problems
    return held.settings


@EVERY_CASE
def test_fixture(id: str, case: mdtest.Case) -> None:
    rule = by_id()[id]
    found = []
    for report in check(rule, case.files, settings(rule, case)):
        lines = Lines(report.text)
        for d in report.diagnostics:
            line = lines.position(d.span.start).line
            found.append(mdtest.Found(report.path, line, d.message, d.severity.name.lower()))
    assert mdtest.differences(case.expected, found) == []


@EVERY_CASE
def test_what_decides_whether_a_rule_is_imported_is_true(id: str, case: mdtest.Case) -> None:
    rule = by_id()[id]
    for word in rule.words:
        assert re.fullmatch(r"[^\sA-Z]+", word)
    for report in check(rule, case.files, settings(rule, case)):
        for d in report.diagnostics:
            assert d.persona >= rule.persona
            text = report.text.lower()
            assert not rule.words or "\\" in text or any(word in text for word in rule.words)


@EVERY_CASE
def test_fixes(id: str, case: mdtest.Case) -> None:
    """The fixed text is as the fixture says; each fix holds and settles."""
    rule = by_id()[id]
    how = _how(rule, case.files, settings(rule, case))
    for file in case.files:
        for safety in (Safety.SAFE, Safety.UNSAFE):
            fixed = fix(file.text, file.path, safety, today=TODAY, **how)
            assert not fixed.broken
            again = fix(fixed.text, file.path, safety, today=TODAY, **how)
            assert again.text == fixed.text
            for expected in case.fixed:
                if expected.path == file.path and expected.unsafe == (safety is Safety.UNSAFE):
                    assert fixed.text == expected.text


def test_every_rule_has_a_fixture_and_every_fixture_a_rule() -> None:
    assert {path.stem for path in FIXTURES.glob("*.md")} == set(by_id())


@EVERY_RULE
def test_the_manual_page_is_whole(rule: Rule) -> None:
    for section in SECTIONS:
        assert f"\n## {section}\n" in rule.doc
    assert len(rule.summary) <= 100
    assert rule.summary.endswith(".")
    for option in fields(rule.options) if rule.options else ():
        assert f"- `{option}`: " in rule.doc


@EVERY_RULE
def test_the_manual_page_is_true(rule: Rule) -> None:
    """The example is reported, what to use instead is not, and fixing the one gives the other."""
    bad, good, *around = manual_examples(rule)
    everybody = Settings(persona=Persona.AUDITOR, rules={rule.id: RuleSettings(enabled=True)})
    report = next(check(rule, (bad, *around), everybody))
    assert report.diagnostics
    after = next(check(rule, (good, *around), everybody))
    assert not after.diagnostics
    if all(d.fixes and d.fixes[0].safety >= Safety.UNSAFE for d in report.diagnostics):
        how = _how(rule, (bad, *around), everybody)
        fixed = fix(bad.text, bad.path, Safety.UNSAFE, today=TODAY, **how)
        assert fixed.text == good.text


def manual_examples(rule: Rule) -> list[mdtest.File]:
    """The example, what to use instead, and the files round them, if the page shows any."""
    blocks = re.findall(r"^```yaml ?(\S*)\n(.*?)^```$", rule.doc, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 2, "one block for the example, one for what to use instead"
    return [mdtest.File(path or mdtest.DEFAULT_PATH, text) for path, text in blocks]


@EVERY_RULE
def test_names(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)


@EVERY_RULE
def test_the_manual_page_says_when_a_fix_is_unsafe(rule: Rule) -> None:
    bad, _, *around = manual_examples(rule)
    everybody = Settings(persona=Persona.AUDITOR, rules={rule.id: RuleSettings(enabled=True)})
    report = next(check(rule, (bad, *around), everybody))
    if any(fix.safety < Safety.SAFE for d in report.diagnostics for fix in d.fixes):
        assert "\n## Fix safety\n" in rule.doc
