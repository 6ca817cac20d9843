"""Links, modes, pipes and processes, as POSIX has them."""

import os
import time
from pathlib import Path

import pytest

from commandline import SAFE, UNSAFE, Steplock, put
from steplock_hooks.checking import Checker

WORKFLOW = ".github/workflows/ci.yml"
JSON = ("check", "--format", "json")


def test_links_do_not_lead_out(here: Path, steplock: Steplock, tmp_path: Path) -> None:
    put(tmp_path / "outside/secret.yml", UNSAFE)
    put(here / ".github/workflows/real.yml", SAFE)
    os.symlink(tmp_path / "outside/secret.yml", here / ".github/workflows/out.yml")
    os.symlink("real.yml", here / ".github/workflows/in.yml")
    os.symlink("nowhere.yml", here / ".github/workflows/dangling.yml")
    os.symlink(".", here / "loop")
    os.symlink(tmp_path / "outside", here / "folder")
    run = steplock(*JSON)
    assert run.json["files"] == 4
    assert run.found == [
        (".github/workflows/dangling.yml", "syntax-error", 1),
        (".github/workflows/out.yml", "syntax-error", 1),
    ]


def test_a_pipe_is_no_file(here: Path, steplock: Steplock) -> None:
    (here / ".github/workflows").mkdir(parents=True)
    os.mkfifo(here / WORKFLOW)
    (here / "action.yml").mkdir()
    for run in (steplock(*JSON), steplock(*JSON, WORKFLOW)):
        [finding] = run.json["findings"]
        assert finding["path"] == WORKFLOW
        assert finding["message"] == "this file was not checked: it is no regular file"


def test_a_link_that_is_named_is_read_and_stays_a_link(
    here: Path, steplock: Steplock, tmp_path: Path
) -> None:
    real = put(tmp_path / "shared.yml", UNSAFE)
    os.symlink(real, here / "ci.yml")
    assert steplock("fix", "ci.yml").code == 1
    assert (here / "ci.yml").is_symlink()
    assert real.read_text("utf-8") == SAFE


def test_a_name_that_is_no_text(here: Path, steplock: Steplock) -> None:
    path = os.fsencode(here) + b"/.github/workflows/caf\xe9\n.yml"
    os.makedirs(os.path.dirname(path))
    with open(path, "wb") as file:
        file.write(UNSAFE.encode())
    for format in ("text", "json", "sarif", "github"):
        assert steplock("check", "--format", format).code == 1
        assert steplock("check", "--format", format).code == 1
    assert steplock("fix").code == 1
    with open(path, "rb") as file:
        assert file.read() == SAFE.encode()


def test_a_process_that_dies_is_no_silence(
    here: Path, steplock: Steplock, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = os.getpid()
    report = Checker.report

    def die_elsewhere(self: Checker, one: object) -> object:
        if os.getpid() != parent:
            os._exit(1)
        time.sleep(0.05)
        return report(self, one)  # type: ignore[arg-type]

    monkeypatch.setattr(Checker, "report", die_elsewhere)
    for number in range(8):
        put(here / f".github/workflows/w{number}.yml", SAFE + "# padding\n" * 3000)
    run = steplock("check", "--no-cache", "--jobs", "2")
    assert run.code == 2
    assert run.err == (
        "steplock: a process that checked files was ended; run again with --jobs 1\n"
    )
