"""`steplock pin`, against real git servers."""

import os
import stat
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from commandline import Steplock, put
from gitserver import FIRST_DAY, Fault, Handler, Repository, Server, hang, says, serving
from steplock_hooks import online
from steplock_hooks.remote import Remote

WORKFLOW = ".github/workflows/ci.yml"
DAY = 24 * 3600


class Served(NamedTuple):
    server: Server
    setup: Repository
    commits: dict[str, str]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """`acme/setup` with releases, annotated and plain tags, and lines that move."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("http_proxy", raising=False)
    (tmp_path / "served").mkdir()
    with serving(tmp_path / "served") as server:
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        setup = Repository(server.root, "acme/setup")
        commits: dict[str, str] = {}
        parents: tuple[str, ...] = ()
        setup.seconds -= 5000 * DAY
        for tag in ("v1.0.0", "v1.1.0", "v1.1.1", "v2.0.0"):
            setup.seconds += 1000 * DAY
            commits[tag] = setup.commit({"action.yml": tag}, *parents)
            parents = (commits[tag],)
            setup.annotate(tag, commits[tag])
        setup.tag("v1", commits["v1.1.1"])
        setup.branch("main", commits["v2.0.0"])
        setup.tag("next", commits["v1.0.0"])
        setup.branch("next", commits["v2.0.0"])
        yield Served(server, setup, commits)


def workflow(*uses: str) -> str:
    return "on: push\njobs:\n  a:\n    steps:\n" + "".join(f"      - uses: {u}\n" for u in uses)


def test_tags_lines_and_branches(steplock: Steplock, here: Path, served: Served) -> None:
    c = served.commits
    text = workflow(
        "acme/setup@v1 # keep", "'acme/setup/sub@v1.0.0'", "acme/setup@main", "./local",
        "docker://alpine:3", f"acme/setup@{c['v1.0.0']} # v1.0.0",
    )  # fmt: skip
    put(here / WORKFLOW, text)
    run = steplock("pin")
    assert run.code == 1
    assert (here / WORKFLOW).read_text() == workflow(
        f"acme/setup@{c['v1.1.1']} # v1.1.1 # keep",
        f"'acme/setup/sub@{c['v1.0.0']}' # v1.0.0",
        f"acme/setup@{c['v2.0.0']} # v2.0.0",
        "./local",
        "docker://alpine:3",
        f"acme/setup@{c['v1.0.0']} # v1.0.0",
    )
    assert f"{WORKFLOW}:5: acme/setup v1 -> v1.1.1 ({c['v1.1.1'][:10]})\n" in run.out
    assert run.out.endswith("Pinned 3 uses of actions in 1 file.\n")
    again = steplock("pin")
    assert (again.code, again.out) == (0, "Nothing to pin.\n")


def test_a_reusable_workflow_and_a_composite_action(
    steplock: Steplock, here: Path, served: Served
) -> None:
    called = "acme/setup/.github/workflows/build.yml@v1"
    put(here / WORKFLOW, f"on: push\njobs:\n  a:\n    uses: {called}\n")
    put(here / "action.yml", "runs:\n  using: composite\n  steps:\n    - uses: acme/setup@v1\n")
    assert steplock("pin").code == 1
    pinned = f"@{served.commits['v1.1.1']} # v1.1.1\n"
    assert (here / WORKFLOW).read_text().endswith(f"build.yml{pinned}")
    assert (here / "action.yml").read_text().endswith(f"acme/setup{pinned}")


@pytest.mark.parametrize(
    ("level", "version"), [("patch", "v1.1.1"), ("minor", "v1.1.1"), ("major", "v2.0.0")]
)
def test_updates(steplock: Steplock, here: Path, served: Served, level: str, version: str) -> None:
    put(
        here / WORKFLOW,
        workflow(f"acme/setup@{served.commits['v1.1.0']} # v1.1.0", "acme/setup@v1"),
    )
    steplock("pin", "--update", level)
    pinned = f"acme/setup@{served.commits[version]} # {version}"
    assert (here / WORKFLOW).read_text() == workflow(pinned, pinned)


def test_an_update_never_goes_back(steplock: Steplock, here: Path, served: Served) -> None:
    text = workflow(f"acme/setup@{served.commits['v2.0.0']} # v2.0.0")
    put(here / WORKFLOW, text)
    assert steplock("pin", "--update").code == 0
    assert (here / WORKFLOW).read_text() == text


def test_the_age_of_releases(steplock: Steplock, here: Path, served: Served) -> None:
    # Younger than this is v1.1.1, and not v1.1.0.
    days = int(time.time() - (FIRST_DAY - 2000 * DAY)) // DAY + 1
    put(here / WORKFLOW, workflow("acme/setup@v1", f"acme/setup@{served.commits['v1.0.0']}"))
    steplock("pin", "--update", "minor", "--min-age", days)
    pinned = f"acme/setup@{served.commits['v1.1.0']} # v1.1.0"
    assert (here / WORKFLOW).read_text() == workflow(pinned, pinned)
    put(here / WORKFLOW, workflow("acme/setup@v2.0.0"))
    run = steplock("pin", "--min-age", days)
    assert run.code == 0
    assert f"acme/setup@v2.0.0: nothing is {days} days old" in run.err


@pytest.mark.parametrize("how", ["--diff", "--check"])
def test_writing_nothing(steplock: Steplock, here: Path, served: Served, how: str) -> None:
    text = workflow("acme/setup@v1.0.0")
    put(here / WORKFLOW, text)
    run = steplock("pin", how)
    assert run.code == 1
    assert (here / WORKFLOW).read_text() == text
    assert served.commits["v1.0.0"][:10] in run.out
    if how == "--diff":
        assert f"--- a/{WORKFLOW}\n" in run.out
        assert run.err == "Would pin 1 use of actions in 1 file.\n"


def test_bytes_and_modes_stay(steplock: Steplock, here: Path, served: Served) -> None:
    text = "\ufeff" + workflow("acme/setup@v1.0.0").replace("\n", "\r\n") + "# Grüße"
    path = put(here / WORKFLOW, text)
    path.chmod(0o640)
    steplock("pin")
    pinned = f"acme/setup@{served.commits['v1.0.0']} # v1.0.0"
    assert path.read_bytes() == text.replace("acme/setup@v1.0.0", pinned).encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(path.parent) == [path.name]


def test_what_nobody_can_choose(steplock: Steplock, here: Path, served: Served) -> None:
    text = workflow("acme/setup@next", "acme/setup@v9")
    put(here / WORKFLOW, text)
    run = steplock("pin")
    assert (run.code, run.out) == (0, "Nothing to pin; 2 not pinned.\n")
    assert "acme/setup@next: is a branch and a tag" in run.err
    assert "acme/setup@v9: there is no such tag" in run.err


@pytest.mark.parametrize(
    "spoil",
    [
        says("401 Unauthorized", "", 'WWW-Authenticate: Basic realm="x"'),
        says("404 Not Found"),
        hang,
    ],
    ids=["private", "gone", "slow"],
)
def test_what_cannot_be_reached_is_named_and_passed_over(
    steplock: Steplock, here: Path, served: Served, spoil: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(handler: Handler, body: bytes) -> bytes | None:
        return spoil(handler, body) if "acme/away" in handler.path else None

    served.server.fault = fault
    monkeypatch.setattr(online, "Remote", partial(Remote, timeout=2))
    put(here / WORKFLOW, workflow("acme/away@v1", "acme/setup@v1.0.0"))
    run = steplock("pin")
    assert "steplock: acme/away was passed over: " in run.err
    assert run.out.endswith("Pinned 1 use of actions in 1 file; 1 not pinned.\n")


def test_without_a_network(steplock: Steplock, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://127.0.0.1:1")
    put(here / WORKFLOW, workflow("actions/checkout@v4.2.2"))
    run = steplock("pin")
    assert run.code == 2
    assert "no repository could be asked" in run.err
    run = steplock("pin", "--offline")
    assert run.code == 1
    assert "-> v4.2.2 (11bd71901b), as of " in run.out
    pinned = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2"
    assert (here / WORKFLOW).read_text() == workflow(pinned)


def test_standard_input(steplock: Steplock, here: Path, served: Served) -> None:
    text = workflow("acme/setup@v1.0.0 # é").replace("\n", "\r\n")
    run = steplock("pin", "-", stdin=text.encode())
    assert run.code == 1
    assert run.out == text.replace("v1.0.0 #", f"{served.commits['v1.0.0']} # v1.0.0 #")
    assert run.err.endswith("\nPinned 1 use of actions in 1 file.\n")
    again = steplock("pin", "-", "--quiet", stdin=run.out.encode())
    assert (again.code, again.out, again.err) == (0, run.out, "Nothing to pin.\n")
    assert not list(here.iterdir())


def test_standard_input_is_what_it_is_called(
    steplock: Steplock, here: Path, served: Served
) -> None:
    text = "runs: {using: composite, steps: [{uses: acme/setup@v1.0.0}]}\n"
    run = steplock("pin", "-", "--stdin-filename", here / "action.yml", stdin=text.encode())
    assert served.commits["v1.0.0"] in run.out


def test_standard_input_that_is_no_text(steplock: Steplock, here: Path) -> None:
    run = steplock("pin", "-", stdin=b"\xff")
    assert (run.code, run.out) == (2, "")
    assert "is not UTF-8" in run.err


@pytest.mark.parametrize(
    ("level", "version"), [("patch", "v4.2.2"), ("minor", "v4."), ("major", "v")]
)
def test_updates_from_the_table(steplock: Steplock, here: Path, level: str, version: str) -> None:
    put(here / WORKFLOW, workflow("actions/checkout@v4.2.1", "acme/unknown@v1"))
    run = steplock("pin", "--offline", "--update", level)
    assert f"actions/checkout v4.2.1 -> {version}" in run.out
    assert ", as of " in run.out
    assert run.out.endswith("Pinned 1 use of actions in 1 file; 1 not pinned.\n")
    assert steplock("pin", "--offline", "--update", level).code == 0


def test_nobody_can_tell_an_age_offline(steplock: Steplock, here: Path) -> None:
    assert steplock("pin", "--offline", "--min-age", 7).code == 2


def test_a_repository_is_asked_once(steplock: Steplock, here: Path, served: Served) -> None:
    put(here / WORKFLOW, workflow(*["acme/setup@v1"] * 20))
    put(here / ".github/workflows/b.yml", workflow("ACME/Setup@v1.0.0"))
    steplock("pin")
    first = len(served.server.requests)
    put(here / WORKFLOW, workflow("acme/setup@v1"))
    steplock("pin")
    assert len(served.server.requests) == first
    assert sum("info/refs" in one for one in served.server.requests) == 1
