"""`--online`: what only the repositories of actions can tell, asked at a real git server."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from commandline import Run, Steplock, put
from gitserver import Fault, Handler, Repository, Server, git, hang, says, serving
from steplock_hooks import online
from steplock_hooks.remote import Remote

WORKFLOW = ".github/workflows/ci.yml"
ACTION = "runs: {using: composite, steps: [{run: make, shell: bash}]}"


class Served(NamedTuple):
    server: Server
    old: str
    release: str
    fork: str
    """A commit that only a fork has; the server gives it out all the same."""


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """`acme/setup` with a branch and a tag of one name, a moved tag, and a fork that shares its objects."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (tmp_path / "served").mkdir()
    with serving(tmp_path / "served") as server:
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        monkeypatch.delenv("http_proxy", raising=False)
        setup = Repository(server.root, "acme/setup")
        old = setup.commit({"action.yml": ACTION})
        release = setup.commit({"action.yml": ACTION}, old)
        main = setup.commit(
            {"action.yml": "runs: {using: docker, image: docker://alpine:3}"}, release
        )
        fork = setup.commit({"action.yml": "runs: {using: node24, main: evil.js}"}, old)
        setup.branch("main", main)
        setup.annotate("v1.0.0", old)
        setup.tag("v1", release)
        setup.tag("v1.1.0", release)
        setup.tag("next", old)
        setup.branch("next", main)
        middle = Repository(server.root, "acme/middle")
        calls = f"runs: {{using: composite, steps: [{{uses: 'acme/setup@{main}'}}]}}"
        middle.branch("main", middle.commit({"sub/action.yaml": calls}))
        yield Served(server, old, release, fork)


def check(steplock: Steplock, here: Path, uses: str, *arguments: str) -> Run:
    put(here / WORKFLOW, f"on: push\njobs: {{a: {{steps: [\n  {{uses: {uses}}}]}}}}\n")
    return steplock("check", "--online", "--format", "json", "--persona", "pedantic", *arguments)


def rules(run: Run) -> set[str]:
    asked = {"ref-confusion", "impostor-commit", "stale-action-refs", "transitive-unpinned"}
    return {rule for _, rule, _ in run.found} & (asked | {"ref-version-mismatch"})


def test_an_impostor(steplock: Steplock, here: Path, served: Served) -> None:
    assert rules(check(steplock, here, f"acme/setup@{served.fork}")) == {
        "impostor-commit",
        "stale-action-refs",
    }
    assert rules(check(steplock, here, f"acme/setup@{served.old}")) == set()


def test_a_branch_and_a_tag(steplock: Steplock, here: Path, served: Served) -> None:
    assert "ref-confusion" in rules(check(steplock, here, "acme/setup@next"))
    assert rules(check(steplock, here, "acme/setup@v1")) == set()


def test_the_comment_and_the_tags_as_they_are(
    steplock: Steplock, here: Path, served: Served
) -> None:
    wrong = f"acme/setup@{served.release}}}]}}}} # v1.0.0\n#"
    assert rules(check(steplock, here, wrong)) == {"ref-version-mismatch"}
    right = f"acme/setup@{served.release}}}]}}}} # v1.1.0\n#"
    assert rules(check(steplock, here, right)) == set()


def test_the_graph_through_two_repositories(steplock: Steplock, here: Path, served: Served) -> None:
    nested = git("rev-parse", "main", where=served.server.root / "acme/middle.git")
    run = check(steplock, here, f"acme/middle/sub@{nested}", "--rule", "transitive-unpinned")
    [found] = run.json["findings"]
    assert "`alpine:3`" in found["message"]
    assert "`acme/middle/sub` and `acme/setup`" in found["message"]


def test_the_fix_takes_the_tag_as_it_is_now(steplock: Steplock, here: Path, served: Served) -> None:
    put(here / WORKFLOW, "on: push\njobs:\n  a:\n    steps:\n      - uses: acme/setup@v1\n")
    steplock("fix", "--online", "--unsafe", "--rule", "unpinned-uses")
    assert f"- uses: acme/setup@{served.release} # v1.1.0\n" in (here / WORKFLOW).read_text()


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("acme/private", says("401 Unauthorized", "", 'WWW-Authenticate: Basic realm="x"')),
        ("acme/gone", says("404 Not Found")),
        ("acme/slow", hang),
    ],
)
def test_what_cannot_be_asked_is_said_and_passed_over(
    steplock: Steplock, here: Path, served: Served, name: str, spoil: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fault(handler: Handler, body: bytes) -> bytes | None:
        return spoil(handler, body) if name in handler.path else None

    served.server.fault = fault
    patient = partial(Remote, timeout=2, fetch_timeout=2)
    monkeypatch.setattr(online, "Remote", patient)
    put(here / "action.yml", f"runs: {{using: composite, steps: [{{uses: {name}@v1}}]}}\n")
    run = check(steplock, here, f"acme/setup@{served.fork}")
    assert "impostor-commit" in rules(run)
    assert f"steplock: {name} was passed over: " in run.err
    assert run.err.count("passed over") == 1


def test_a_server_that_is_none(steplock: Steplock, here: Path) -> None:
    put(here / WORKFLOW, "on: push\njobs: {}\n")
    run = steplock("check", "--online", "--server", "ftp://example.com")
    assert run.code == 2
    assert "not the address of a git server" in run.err


def test_what_a_server_said_is_not_kept_as_a_result(
    steplock: Steplock, here: Path, served: Served
) -> None:
    uses = f"acme/setup@{served.fork}"
    assert rules(check(steplock, here, uses)) == {"impostor-commit", "stale-action-refs"}
    run = steplock("check", "--format", "json", "--persona", "pedantic")
    assert rules(run) == set()
