"""`steplock check`: what is checked, what is shown, and with which code it ends."""

import subprocess
from pathlib import Path

import pytest

from commandline import SAFE, UNSAFE, Steplock, put

WORKFLOW = ".github/workflows/ci.yml"
JSON = ("check", "--format", "json")


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def test_nothing_is_wrong(here: Path, steplock: Steplock) -> None:
    put(here / WORKFLOW, SAFE)
    assert steplock("check") == (0, "No findings in 1 file.\n", "")


def test_something_is_wrong(here: Path, steplock: Steplock) -> None:
    put(here / WORKFLOW, UNSAFE)
    run = steplock("check")
    assert run.code == 1
    assert f"{WORKFLOW}:9:9" in run.out
    assert "medium[artipacked]" in run.out
    assert run.err == ""


def test_json_is_the_contract(here: Path, steplock: Steplock) -> None:
    put(here / WORKFLOW, UNSAFE)
    document = steplock(*JSON).json
    assert (document["version"], document["files"], document["failed"]) == (1, 1, True)
    [finding] = document["findings"]
    assert (finding["rule"], finding["path"]) == ("artipacked", WORKFLOW)
    assert finding["start"] == {"line": 9, "column": 9, "offset": UNSAFE.index("uses:")}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 1),
        (("--fail-on", "high"), 0),
        (("--fail-on", "medium"), 1),
        (("--fail-on", "never"), 0),
        (("--rule", "artipacked"), 1),
        (("--rule", "secrets-inherit"), 0),
    ],
)
def test_the_gate(here: Path, steplock: Steplock, arguments: tuple[str, ...], code: int) -> None:
    put(here / WORKFLOW, UNSAFE)
    assert steplock("check", *arguments).code == code


def test_a_folder_gives_the_files_that_are_known(here: Path, steplock: Steplock) -> None:
    names = [
        WORKFLOW,
        ".github/dependabot.yml",
        ".pre-commit-config.yaml",
        "action.yml",
        "tools/action.yaml",
        "vendored/.github/workflows/flat.yaml",
    ]
    others = ["ci.yml", ".github/labeler.yml", ".github/workflows/nested/ci.yml", "README.md"]
    skipped = ["node_modules/a/action.yml", ".venv/b/action.yml"]
    for name in (*names, *others, *skipped):
        put(here / name, "on: [")
    assert sorted({path for path, _, _ in steplock(*JSON).found}) == sorted(names)
    put(here / "sub/empty.txt", "")
    assert steplock("check", "sub") == (0, "No files to check.\n", "")


def test_git_says_what_is_ignored(here: Path, steplock: Steplock) -> None:
    git("init", "-q")
    put(here / ".gitignore", "build/\n*.local.yml\n")
    for name in (WORKFLOW, "build/action.yml", ".github/workflows/my.local.yml", "new/action.yml"):
        put(here / name, "on: [")
    put(here / "tracked/action.yml", "on: [")
    git("add", "tracked/action.yml", WORKFLOW)
    put(here / "gone/action.yml", "on: [")
    git("add", "gone/action.yml")
    (here / "gone/action.yml").unlink()
    found = {path for path, _, _ in steplock(*JSON).found}
    assert found == {WORKFLOW, "new/action.yml", "tracked/action.yml"}
    # Named itself, it is checked all the same.
    assert {path for path, _, _ in steplock(*JSON, "build").found} == {"build/action.yml"}


def test_a_repository_inside_another_is_searched(here: Path, steplock: Steplock) -> None:
    git("init", "-q")
    git("init", "-q", "clone")
    put(here / "clone/.gitignore", "ignored/\n")
    put(here / "clone/action.yml", "on: [")
    put(here / "clone/ignored/action.yml", "on: [")
    assert {path for path, _, _ in steplock(*JSON).found} == {"clone/action.yml"}


def test_git_is_asked_about_the_folder_and_not_about_the_commit(
    here: Path, steplock: Steplock, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "-q", "one")
    git("init", "-q", "two")
    put(here / "two/action.yml", "on: [")
    # As `git commit` in another repository sets them for its hooks.
    monkeypatch.setenv("GIT_DIR", str(here / "one/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(here / "one"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(here / "one/.git/index"))
    assert {path for path, _, _ in steplock(*JSON, "two").found} == {"two/action.yml"}


def test_paths_are_shown_as_they_were_given(
    here: Path, steplock: Steplock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(here / "one" / WORKFLOW, UNSAFE)
    put(here / "elsewhere/README", "")
    monkeypatch.chdir(here / "elsewhere")
    for given, shown in [
        ("../one", f"../one/{WORKFLOW}"),
        (f"../one/{WORKFLOW}", f"../one/{WORKFLOW}"),
        (here / "one", f"{(here / 'one').as_posix()}/{WORKFLOW}"),
    ]:
        assert [path for path, _, _ in steplock(*JSON, given).found] == [shown]


def test_each_file_once(here: Path, steplock: Steplock) -> None:
    put(here / WORKFLOW, UNSAFE)
    assert steplock(*JSON, ".", WORKFLOW, f"./{WORKFLOW}").json["files"] == 1


def test_any_yaml_that_is_named_is_checked_by_its_shape(here: Path, steplock: Steplock) -> None:
    put(here / "template.yml", UNSAFE)
    assert steplock(*JSON, "template.yml").found == [("template.yml", "artipacked", 9)]


def test_what_is_no_yaml_is_passed_over_and_said(here: Path, steplock: Steplock) -> None:
    put(here / "README.md", "# on: push")
    run = steplock("check", "README.md")
    assert run.code == 0
    assert run.err == "steplock: README.md: not checked, since it is no YAML file\n"


def test_standard_input(here: Path, steplock: Steplock) -> None:
    assert steplock(*JSON, "-", stdin=UNSAFE.encode()).found == [("<stdin>", "artipacked", 9)]
    named = steplock(*JSON, "-", "--stdin-filename", WORKFLOW, stdin=UNSAFE.encode())
    assert named.found == [(WORKFLOW, "artipacked", 9)]


def test_output_goes_to_a_file(here: Path, steplock: Steplock) -> None:
    put(here / WORKFLOW, UNSAFE)
    run = steplock("check", "--format", "sarif", "--output", "out.sarif", "--color", "always")
    assert (run.code, run.out) == (1, "")
    assert (here / "out.sarif").read_text("utf-8").startswith("{")
    assert steplock("check", "--output", "no/such/folder").code == 2


def test_suppressed_findings_are_counted_and_shown_on_demand(
    here: Path, steplock: Steplock
) -> None:
    put(here / WORKFLOW, UNSAFE.replace("# v4.2.2", "# v4.2.2 # steplock: ignore[artipacked] why"))
    assert steplock("check").code == 0
    assert steplock(*JSON).json["suppressed"] == 1
    [finding] = steplock(*JSON, "--show-suppressed").json["findings"]
    assert finding["suppressed"] == "comment"


def test_quiet_gives_the_summary(here: Path, steplock: Steplock) -> None:
    put(here / WORKFLOW, UNSAFE)
    assert steplock("check", "-q").out.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "0"}, False),
    ],
)
def test_color(
    here: Path,
    steplock: Steplock,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    colored: bool,
) -> None:
    put(here / WORKFLOW, UNSAFE)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in steplock("check", *arguments).out) is colored


def test_many_files_on_many_processes_give_the_same(here: Path, steplock: Steplock) -> None:
    padding = "# a comment that makes the file longer\n" * 100
    for number in range(40):
        text = UNSAFE if number % 3 else SAFE
        put(here / f".github/workflows/w{number:02}.yml", text + padding * (number % 5))
    one = steplock(*JSON, "--no-cache", "--jobs", "1")
    assert len(one.found) == 26
    assert steplock(*JSON, "--no-cache", "--jobs", "4") == one
