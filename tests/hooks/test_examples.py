"""The example that `make demo` shows: unsafe as it is, in order once it is repaired."""

import shutil
from pathlib import Path

from commandline import Steplock

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_unsafe_example(here: Path, steplock: Steplock) -> None:
    shutil.copytree(EXAMPLES / "unsafe", here, dirs_exist_ok=True)
    run = steplock("check", "--format", "json")
    assert run.code == 1
    assert run.json["files"] == 3
    assert len({rule for _, rule, _ in run.found}) >= 6
    assert "+          persist-credentials: false\n" in steplock("fix", "--diff").out
    # What is safe is not all: the demo goes on to what takes a person.
    assert steplock("fix").code == 1
    assert steplock("check").code == 1


def test_the_repaired_example(here: Path, steplock: Steplock) -> None:
    shutil.copytree(EXAMPLES / "repaired", here, dirs_exist_ok=True)
    run = steplock("check", "--format", "json")
    assert (run.code, run.found) == (0, [])
    names = {path.relative_to(EXAMPLES / "unsafe") for path in (EXAMPLES / "unsafe").rglob("*.yml")}
    assert names == {path.relative_to(here) for path in here.rglob("*.yml")}
