"""The benchmark measures what runs, and says so when it cannot."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def speed(*args: str, peer: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.speed", "-n1", "--peer", peer, *args],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )


def python(code: str) -> str:
    """A stand-in for the peer: the real one has no wheel for Python 3.10."""
    return shlex.join([Path(sys.executable).as_posix(), "-c", code])


@pytest.mark.parametrize("flags", [[], ["--warm"]], ids=["cold", "warm"])
def test_it_prints_medians_and_a_ratio(flags: list[str]) -> None:
    result = speed(*flags, ".github/workflows/test.yml", peer=python("pass"))
    assert (result.returncode, result.stderr) == (0, "")
    steplock, zizmor, ratio = result.stdout.splitlines()
    assert steplock.startswith("steplock  median ")
    assert zizmor.startswith("zizmor    median ")
    assert ratio.startswith("steplock / zizmor  ") and "over 1 pairs" in ratio


@pytest.mark.parametrize(
    ("path", "peer", "message"),
    [
        pytest.param(
            ".github",
            "no-such-program",
            "no-such-program is not installed: pip install zizmor",
            id="no peer",
        ),
        pytest.param(
            "no-such-folder",
            python("pass"),
            "no such file or folder: no-such-folder",
            id="no path",
        ),
        pytest.param(
            ".github",
            python("raise SystemExit('no inputs')"),
            "zizmor failed with exit code 1: no inputs",
            id="a failure",
        ),
    ],
)
def test_what_cannot_be_measured_is_one_line(path: str, peer: str, message: str) -> None:
    result = speed(path, peer=peer)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr and result.stderr.count("\n") == 1


def test_fixes_are_counted_rule_by_rule() -> None:
    said = [{"ident": "artipacked", "fixes": [{"disposition": "unsafe"}]}, {"ident": "else"}]
    peer = python(f"print({json.dumps(said)!r})")
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.fixes", "--peer", peer, ".github/workflows/test.yml"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stderr) == (0, "")
    rows = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()[1:]}
    assert rows["artipacked"][3:] == ["1", "0", "1"]
    assert rows["else"] == ["0", "0", "0", "1", "0", "0"]
    assert rows["all"][3:] == ["2", "0", "1"]
    assert rows["share"][-2:] == ["0.0%", "50.0%"]
