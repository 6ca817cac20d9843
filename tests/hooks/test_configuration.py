"""Which configuration holds, and what a wrong one says."""

from pathlib import Path

import pytest

from commandline import UNSAFE, Steplock, put

WORKFLOW = ".github/workflows/ci.yml"
JSON = ("check", "--format", "json")
OFF = "rules:\n  artipacked: off\n"
HIGH = "rules:\n  artipacked: high\n"


@pytest.fixture
def repository(here: Path) -> Path:
    put(here / ".git/HEAD", "")
    put(here / WORKFLOW, UNSAFE)
    return here


@pytest.mark.parametrize(
    "name",
    [".github/steplock.yml", ".github/steplock.yaml", "steplock.yml", "steplock.yaml"],
)
def test_ours(repository: Path, steplock: Steplock, name: str) -> None:
    put(repository / name, OFF)
    assert steplock(*JSON).found == []
    assert len(steplock(*JSON, "--no-config").found) == 1


def test_the_peer_s_where_there_is_none_of_ours(repository: Path, steplock: Steplock) -> None:
    put(repository / ".github/zizmor.yml", "rules:\n  artipacked:\n    disable: true\n")
    assert steplock(*JSON).found == []
    put(repository / "steplock.yml", HIGH)
    assert [f["severity"] for f in steplock(*JSON).json["findings"]] == ["high"]


def test_what_is_not_understood_in_the_peer_s_is_said(repository: Path, steplock: Steplock) -> None:
    put(repository / "zizmor.yml", "rules:\n  artipacked:\n    ignore: {}\n")
    first, second = steplock("check"), steplock("check")
    assert first.code == 1
    assert first.err.startswith("steplock: zizmor.yml:3:13: ")
    assert second == first


def test_the_nearest(repository: Path, steplock: Steplock) -> None:
    put(repository / "sub/ci.yml", UNSAFE)
    put(repository / "sub/steplock.yml", HIGH)
    put(repository / "steplock.yml", OFF)
    run = steplock(*JSON, "sub/ci.yml", WORKFLOW)
    assert [(f["path"], f["severity"]) for f in run.json["findings"]] == [("sub/ci.yml", "high")]


def test_not_beyond_the_repository(repository: Path, steplock: Steplock, tmp_path: Path) -> None:
    put(tmp_path / "steplock.yml", OFF)
    assert len(steplock(*JSON).found) == 1


def test_from_outside_it_is_the_repository_s_own(
    repository: Path, steplock: Steplock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(repository / "steplock.yml", OFF)
    monkeypatch.chdir(tmp_path)
    assert steplock(*JSON, repository / WORKFLOW).found == []


def test_one_for_all(repository: Path, steplock: Steplock, tmp_path: Path) -> None:
    put(repository / "steplock.yml", OFF)
    put(tmp_path / "mine.yml", HIGH)
    assert len(steplock(*JSON, "--config", tmp_path / "mine.yml").found) == 1
    assert steplock("check", "--config", "none.yml") == (
        2,
        "",
        "steplock: --config none.yml: no such file\n",
    )


def test_standard_input_has_the_one_of_its_name(repository: Path, steplock: Steplock) -> None:
    put(repository / "steplock.yml", OFF)
    run = steplock(*JSON, "-", "--stdin-filename", WORKFLOW, stdin=UNSAFE.encode())
    assert run.found == []
    assert steplock(*JSON, "-", stdin=UNSAFE.encode()).found == []


def test_excluded_files_are_not_checked_even_where_they_are_named(
    repository: Path, steplock: Steplock
) -> None:
    put(repository / "steplock.yml", "exclude:\n  - .github/workflows/ci.yml\n")
    assert steplock(*JSON).json["files"] == 1
    assert steplock(*JSON, WORKFLOW).json["files"] == 0


def test_the_gate(repository: Path, steplock: Steplock) -> None:
    put(repository / "steplock.yml", "fail-on: high\n")
    assert steplock("check").code == 0
    assert steplock("check").code == 0
    assert steplock("check", "--fail-on", "low").code == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rule: {}\n", "steplock.yml:1:1: `rule` is no key; did you mean `rules`?"),
        (
            "rules:\n  artipaked: off\n",
            "steplock.yml:2:3: `artipaked` is no rule; did you mean `artipacked`?",
        ),
        (
            "persona: auditer\n",
            "steplock.yml:1:10: `auditer` is no value; did you mean `auditor`?",
        ),
        ("rules: [\n", "steplock.yml:1:"),
        ("- a\n", "steplock.yml:1:1: the configuration is a mapping of keys"),
    ],
)
def test_a_wrong_one_is_an_error_with_its_place(
    repository: Path, steplock: Steplock, text: str, message: str
) -> None:
    put(repository / "steplock.yml", text)
    for run in (
        steplock("check"),
        steplock("check"),
        steplock("fix"),
        steplock("check", "--no-cache"),
    ):
        assert (run.code, run.out) == (2, "")
        assert run.err.startswith(f"steplock: {message}")


def test_an_unreadable_one_is_an_error(repository: Path, steplock: Steplock) -> None:
    put(repository / "steplock.yml", b"exclude: caf\xe9\n")
    run = steplock("check")
    assert run.code == 2
    assert run.err == (
        "steplock: the configuration steplock.yml is not UTF-8: byte 0xe9 on line 1\n"
    )
