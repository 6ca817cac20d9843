"""`steplock explain --job`: who can run a job, told to people."""

from pathlib import Path

import pytest

from commandline import Steplock

WORKFLOWS = Path(".github") / "workflows"
CALLER = """\
on: pull_request_target
jobs:
  call:
    uses: ./.github/workflows/callee.yml
    secrets: inherit
"""
CALLEE = """\
on: workflow_call
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4.2.2
        with:
          ref: ${{ github.event.pull_request.head.sha }}
      - run: make
        env:
          KEY: ${{ secrets.KEY }}
"""
TOLD = """\
job `test` of .github/workflows/callee.yml
  exposed: strangers cause it, and it has powers

Started by
  pull_request_target: anybody
    .github/workflows/caller.yml:1  `pull_request_target`
    .github/workflows/caller.yml:3  job `call`
    .github/workflows/callee.yml:3  job `test`

Holds
  `secrets.KEY`
  a token whose powers nothing limits

Touches of strangers
  .github/workflows/callee.yml:8  the head of the pull request, and `make` runs it
"""


@pytest.fixture
def workflows(here: Path) -> Path:
    folder = here / WORKFLOWS
    folder.mkdir(parents=True)
    (here / ".git").mkdir()
    (folder / "caller.yml").write_text(CALLER, "utf-8")
    (folder / "callee.yml").write_text(CALLEE, "utf-8")
    return folder


def test_a_job_with_its_caller(steplock: Steplock, workflows: Path) -> None:
    run = steplock("explain", "--job", f"{WORKFLOWS / 'callee.yml'}:test")
    assert (run.code, run.out) == (0, TOLD)


def test_from_another_folder(
    steplock: Steplock, workflows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workflows)
    assert steplock("explain", "--job", "callee.yml:test").out == TOLD


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(("--job", "callee.yml"), "name a workflow and a job", id="no job named"),
        pytest.param(("--job", "nowhere.yml:test"), "no such file", id="no file"),
        pytest.param(("--job", "callee.yml:tset"), "there are: test", id="no such job"),
        pytest.param((), "explain what?", id="nothing named"),
    ],
)
def test_complaints(
    steplock: Steplock,
    workflows: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(workflows)
    run = steplock("explain", *arguments)
    assert run.code == 2
    assert says in run.err
