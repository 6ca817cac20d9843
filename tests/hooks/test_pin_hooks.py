"""`steplock pin` on `.pre-commit-config.yaml`, against real git servers."""

import re
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from commandline import Steplock, put
from gitserver import FIRST_DAY, Repository, Server, serving

CONFIG = ".pre-commit-config.yaml"
DAY = 24 * 3600


class Served(NamedTuple):
    server: Server
    commits: dict[str, str]

    def config(self, rev: str, rest: str = "") -> str:
        return f"repos:\n  - repo: {self.server.url}/acme/hooks\n    rev: {rev}\n    hooks: [{{id: a}}]\n{rest}"

    def commits_in(self, text: str) -> str:
        """A text with commits in the place of `<tag>`."""
        return re.sub("<(.*?)>", lambda match: self.commits[match[1]], text)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """`acme/hooks` with releases, of a thousand days each."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("http_proxy", raising=False)
    (tmp_path / "served").mkdir()
    with serving(tmp_path / "served") as server:
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        hooks = Repository(server.root, "acme/hooks")
        hooks.seconds -= 4000 * DAY
        commits: dict[str, str] = {}
        for tag in ("v1.0.0", "v1.1.0", "v2.0.0"):
            hooks.seconds += 1000 * DAY
            commits[tag] = hooks.commit({".pre-commit-hooks.yaml": tag})
            hooks.annotate(tag, commits[tag])
        hooks.branch("main", commits["v2.0.0"])
        yield Served(server, commits)


@pytest.mark.parametrize(
    ("rev", "pinned"),
    [
        ("v1.0.0", "<v1.0.0>  # frozen: v1.0.0"),
        ("'v1.0.0'", "'<v1.0.0>'  # frozen: v1.0.0"),
        ("v1.0.0 # why", "<v1.0.0> # frozen: v1.0.0 # why"),
        ("main", "<v2.0.0>  # frozen: v2.0.0"),
    ],
)
def test_a_rev_is_frozen(
    steplock: Steplock, here: Path, served: Served, rev: str, pinned: str
) -> None:
    local = "  - repo: local\n    hooks: []\n  - {repo: meta, hooks: []}\n  - repo: ../mine\n    rev: v1\n"
    put(here / CONFIG, served.config(rev, local))
    run = steplock("pin")
    assert (run.code, run.err) == (1, "")
    assert run.out.endswith("Pinned 1 pre-commit repository in 1 file.\n")
    after = served.config(served.commits_in(pinned), local)
    assert (here / CONFIG).read_text() == after
    assert steplock("pin").out == "Nothing to pin.\n"


def test_pre_commit_reads_what_is_written(steplock: Steplock, here: Path, served: Served) -> None:
    rev_line: re.Pattern[str] = import_module("pre_commit.commands.autoupdate").REV_LINE_RE

    put(here / CONFIG, served.config("v1.0.0"))
    steplock("pin")
    [line] = [one for one in (here / CONFIG).read_text().splitlines(keepends=True) if "rev:" in one]
    match = rev_line.match(line)
    assert match
    assert (match[4], match[5]) == (served.commits["v1.0.0"], "  # frozen: v1.0.0")


@pytest.mark.parametrize(("level", "version"), [("minor", "v1.1.0"), ("major", "v2.0.0")])
@pytest.mark.parametrize("rev", ["v1.0.0", "<v1.0.0>  # frozen: v1.0.0"])
def test_updates(
    steplock: Steplock, here: Path, served: Served, rev: str, level: str, version: str
) -> None:
    put(here / CONFIG, served.config(served.commits_in(rev)))
    run = steplock("pin", "--update", level)
    assert f"{CONFIG}:3: " in run.out
    assert f"/acme/hooks v1.0.0 -> {version} (" in run.out
    after = served.config(f"{served.commits[version]}  # frozen: {version}")
    assert (here / CONFIG).read_text() == after


def test_the_age_of_releases(steplock: Steplock, here: Path, served: Served) -> None:
    days = int(time.time() - (FIRST_DAY - 2000 * DAY)) // DAY - 1
    put(here / CONFIG, served.config("v1.0.0"))
    steplock("pin", "--update", "--min-age", days)
    after = served.config(f"{served.commits['v1.1.0']}  # frozen: v1.1.0")
    assert (here / CONFIG).read_text() == after


def test_only_to_say(steplock: Steplock, here: Path, served: Served) -> None:
    put(here / CONFIG, served.config("v1.0.0"))
    run = steplock("pin", "--check")
    assert (run.code, (here / CONFIG).read_text()) == (1, served.config("v1.0.0"))
    assert run.out.endswith("Would pin 1 pre-commit repository in 1 file.\n")


def test_a_repository_elsewhere_is_asked_where_it_lies(
    steplock: Steplock, here: Path, served: Served, tmp_path: Path
) -> None:
    mirror = (
        f'[url "{served.server.root.as_uri()}/"]\n\tinsteadOf = https://git.example.com/group/\n'
    )
    (tmp_path / "gitconfig").write_text(mirror)
    repos = ("https://git.example.com/group/acme/hooks", "git@git.example.com:group/acme/hooks.git")
    for repo in repos:
        put(here / CONFIG, f"repos:\n  - {{repo: '{repo}', rev: v1.0.0}}\n")
        run = steplock("pin")
        assert run.code == 1, run.err
        pinned = f"rev: {served.commits['v1.0.0']}}}  # frozen: v1.0.0\n"
        assert (here / CONFIG).read_text().endswith(pinned)


@pytest.mark.parametrize(
    ("repo", "why"),
    [
        ("http://git.example.com/acme/hooks", "only over https"),
        ("https://127.0.0.1:1/acme/hooks", ""),
        ("https://127.0.0.1:1/hooks", ""),
        ("https://-x/acme/hooks", "not the address of a git server"),
    ],
)
def test_what_cannot_be_asked_is_passed_over(
    steplock: Steplock, here: Path, served: Served, repo: str, why: str
) -> None:
    more = f"  - repo: {repo}\n    rev: v1\n"
    put(here / CONFIG, served.config("v1.0.0", more))
    run = steplock("pin")
    assert f"steplock: {repo} was passed over: {why}" in run.err
    assert run.out.endswith("Pinned 1 pre-commit repository in 1 file; 1 not pinned.\n")
    assert (here / CONFIG).read_text().endswith(more)


def test_offline_the_table_tells_what_is_an_action_too(steplock: Steplock, here: Path) -> None:
    text = "repos:\n  - repo: https://github.com/{}\n    rev: {}\n"
    put(here / CONFIG, text.format("crate-ci/typos", "v1.30.0"))
    put(here / "sub" / CONFIG, text.format("acme/hooks", "v1.0.0"))
    run = steplock("pin", "--offline")
    assert run.out.endswith("Pinned 1 pre-commit repository in 1 file; 1 not pinned.\n")
    assert (here / CONFIG).read_text().endswith("  # frozen: v1.30.0\n")
    assert (here / "sub" / CONFIG).read_text() == text.format("acme/hooks", "v1.0.0")
