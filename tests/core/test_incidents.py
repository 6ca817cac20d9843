"""What became public of attacks, as repositories: those that were open to them, and those that no longer are.

A case says in its options which rules are to find something of at least medium severity, file by file, and with
`low` which are to find anything; one that says nothing is to have no finding of medium severity or above.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

import mdtest
from steplock import Report, Repository, Severity, lint

INCIDENTS = Path(__file__).parent.parent / "incidents"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case.title}")
    for path in sorted(INCIDENTS.glob("*.md"))
    for case in mdtest.read(path)
]


def reports(case: mdtest.Case) -> list[Report]:
    texts = {file.path: file.text for file in case.files}

    def folder(path: str) -> tuple[str, ...]:
        names = (p.removeprefix(f"{path}/") for p in texts if p.startswith(f"{path}/"))
        return tuple(name for name in names if "/" not in name)

    repository = Repository(texts.get, folder)
    return [
        lint(file.text, file.path, today="2026-11-21", repository=repository) for file in case.files
    ]


def wanted(case: mdtest.Case, option: str) -> dict[str, set[str]]:
    given = case.options.get(option)
    return {str(k): set(v) for k, v in given.items()} if isinstance(given, Mapping) else {}


@pytest.mark.parametrize("case", CASES)
def test_incident(case: mdtest.Case) -> None:
    grave, all_found = defaultdict(set), defaultdict(set)
    said = []
    for report in reports(case):
        for d in report.diagnostics:
            all_found[d.path].add(d.rule)
            if d.severity >= Severity.MEDIUM:
                grave[d.path].add(d.rule)
                said.append(f"{d.path}: {d.rule}: {d.message}")
    if not case.options:
        assert said == []
    for path, rules in wanted(case, "found").items():
        assert rules <= grave[path]
    for path, rules in wanted(case, "low").items():
        assert rules <= all_found[path]


def test_each_incident_is_repaired() -> None:
    """A case that is not checked for anything would be one with a misspelt heading or option."""
    for path in INCIDENTS.glob("*.md"):
        cases = mdtest.read(path)
        assert [c.title for c in cases if not c.options] == ["Repaired"]
        assert all(c.options.keys() <= {"found", "low"} for c in cases)
        for case in cases:
            named = {*wanted(case, "found"), *wanted(case, "low")}
            assert named <= {file.path for file in case.files}
