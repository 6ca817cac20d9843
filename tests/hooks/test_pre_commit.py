"""The hooks of this checkout, under pre-commit and under prek: refused, repaired, committed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commandline import SAFE, UNSAFE, put

ROOT = Path(__file__).parents[2]
WORKFLOW = ".github/workflows/ci.yml"
CONFIG = """\
repos:
  - repo: {repo}
    rev: {rev}
    hooks:
      - id: steplock-fix
      - id: steplock
"""


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip


def done(folder: Path, *command: str) -> str:
    result = run(folder, *command)
    assert result.returncode == 0, result.stdout
    return result.stdout


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's git, and nothing kept by it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "PREK_HOME": str(tmp_path / "prek"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def published(tmp_path: Path) -> tuple[Path, str]:
    """This checkout as it is now, committed or not, as a repository with a revision."""
    copy = tmp_path / "steplock"
    listed = done(ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    done(copy, "git", "init", "-q")
    done(copy, "git", "add", "--all")
    done(copy, "git", "commit", "-q", "-m", "A version")
    return copy, done(copy, "git", "rev-parse", "HEAD").strip()


@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_refused_repaired_committed(
    tmp_path: Path, published: tuple[Path, str], runner: str
) -> None:
    program = shutil.which(runner, path=Path(sys.executable).parent) or shutil.which(runner)
    assert program, f"{runner} is not installed"
    user = tmp_path / "user"
    repo, rev = published
    put(user / ".pre-commit-config.yaml", CONFIG.format(repo=repo.as_uri(), rev=rev))
    put(user / WORKFLOW, UNSAFE)
    put(user / "notes.yml", "not: read")
    done(user, "git", "init", "-q")
    done(user, program, "install")
    done(user, "git", "add", "--all")
    commit = ("git", "commit", "-q", "-m", "Add a workflow")

    refused = run(user, *commit, SKIP="steplock-fix")
    assert refused.returncode != 0
    assert f"{WORKFLOW}:9:9" in refused.stdout
    assert "medium[artipacked]" in refused.stdout
    assert "1 finding (1 medium) in 1 file" in refused.stdout

    repaired = run(user, *commit)
    assert repaired.returncode != 0
    assert f"{WORKFLOW}: fixed artipacked (1)" in repaired.stdout
    assert (user / WORKFLOW).read_text("utf-8") == SAFE

    done(user, "git", "add", WORKFLOW)
    done(user, *commit)
    assert done(user, "git", "show", f"HEAD:{WORKFLOW}") == SAFE
