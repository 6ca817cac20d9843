"""Kept results change nothing but the time that a run takes."""

import os
from pathlib import Path

import pytest

from commandline import SAFE, UNSAFE, Steplock, put
from steplock import Report
from steplock_hooks.checking import Checker
from steplock_hooks.subject import Subject

WORKFLOW = ".github/workflows/ci.yml"
JSON = ("check", "--format", "json")


@pytest.fixture
def repository(here: Path) -> Path:
    put(here / ".git/HEAD", "")
    put(here / WORKFLOW, UNSAFE)
    return here


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were really checked."""
    checked: list[str] = []
    report = Checker.report

    def count(self: Checker, one: Subject) -> Report:
        checked.append(one.target.path)
        return report(self, one)

    monkeypatch.setattr(Checker, "report", count)
    return checked


def entries(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github"])
def test_the_second_run_says_the_same(
    repository: Path, steplock: Steplock, engine: list[str], format: str
) -> None:
    put(repository / "action.yml", "on: [")
    first = steplock("check", "--format", format)
    assert len(engine) == 2
    assert steplock("check", "--format", format) == first
    assert len(engine) == 2
    assert steplock("check", "--format", format, "--no-cache") == first
    assert len(engine) == 4


def test_what_counts_is_the_content(
    repository: Path, steplock: Steplock, engine: list[str]
) -> None:
    assert steplock("check").code == 1
    put(repository / WORKFLOW, SAFE)
    assert steplock("check").code == 0
    put(repository / WORKFLOW, UNSAFE)
    assert steplock("check").code == 1
    assert len(engine) == 2


def test_the_path_counts(repository: Path, steplock: Steplock, engine: list[str]) -> None:
    steplock("check")
    put(repository / ".github/workflows/copy.yml", UNSAFE)
    assert [path for path, _, _ in steplock(*JSON).found] == [
        WORKFLOW,
        ".github/workflows/copy.yml",
    ]
    assert len(engine) == 2


def test_the_configuration_counts(repository: Path, steplock: Steplock) -> None:
    assert steplock("check").code == 1
    put(repository / "steplock.yml", "rules:\n  artipacked: off\n")
    assert steplock("check").code == 0
    put(repository / "steplock.yml", "fail-on: high\n")
    assert steplock("check").code == 0
    put(repository / "steplock.yml", "fail-on: low\n")
    assert steplock("check").code == 1


def test_what_is_asked_for_counts(repository: Path, steplock: Steplock) -> None:
    assert len(steplock(*JSON, "--rule", "artipacked").found) == 1
    assert steplock(*JSON, "--rule", "secrets-inherit").found == []


def test_the_files_around_it_count(repository: Path, steplock: Steplock, engine: list[str]) -> None:
    put(repository / WORKFLOW, SAFE.replace("11bd71901bbe5b1630ceea73d27597364c9af683", "v4"))
    rules = ("--rule", "unpinned-uses")
    assert len(steplock(*JSON, *rules).found) == 1
    lock = (
        "version: v0.0.2\n"
        "workflows:\n  .github/workflows/ci.yml:\n    - actions/checkout@v4\n"
        "dependencies:\n  actions/checkout@v4:\n    commit: 11bd71901bbe5b1630ceea73d27597364c9af683\n"
    )
    put(repository / ".github/workflows/actions.lock", lock)
    cold = steplock(*JSON, *rules, "--no-cache").found
    assert steplock(*JSON, *rules).found == cold
    engine.clear()
    assert steplock(*JSON, *rules).found == cold
    assert engine == []
    (repository / ".github/workflows/actions.lock").unlink()
    assert len(steplock(*JSON, *rules).found) == 1


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 500, b"half"])
def test_a_damaged_entry_is_as_if_it_were_not_there(
    repository: Path, steplock: Steplock, tmp_path: Path, damage: bytes
) -> None:
    first = steplock(*JSON)
    assert len(entries(tmp_path)) > 1
    for path in entries(tmp_path):
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2] if damage == b"half" else damage)
    assert steplock(*JSON) == first
    assert steplock(*JSON) == first


def test_a_cache_that_cannot_be_written_is_none(
    repository: Path, steplock: Steplock, tmp_path: Path
) -> None:
    put(tmp_path / "cache", "a file where the folder should be")
    assert len(steplock(*JSON).found) == 1
    assert steplock("check", "--cache-dir", WORKFLOW).code == 1


def test_no_cache_writes_nothing(repository: Path, steplock: Steplock, tmp_path: Path) -> None:
    steplock("check", "--no-cache")
    assert entries(tmp_path) == []
    steplock("check", "--cache-dir", tmp_path / "mine")
    assert entries(tmp_path) == []
    assert list((tmp_path / "mine").rglob("*"))


def test_old_entries_are_dropped(repository: Path, steplock: Steplock, tmp_path: Path) -> None:
    steplock("check")
    before = set(entries(tmp_path))
    for path in before:
        os.utime(path, (0, 0))
    put(repository / WORKFLOW, SAFE)
    steplock("check")
    assert [path.name for path in entries(tmp_path) if path in before] == ["pruned"]
