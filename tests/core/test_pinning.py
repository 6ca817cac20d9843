"""What a `uses:` may be pinned to."""

import pytest

from steplock.model import Uses, Workflow
from steplock.online import Online, Refs
from steplock.pinning import Level, known, newer
from steplock.repository import parse


def commit(tag: str) -> str:
    """A commit that names its tag, so that a failure can be read."""
    return tag.encode().hex().ljust(40, "0")


TAGS = ["v4.1.0", "v4.2.0", "v4.2.2", "v5.0.0", "v5.1.0-rc.1", "sub-v9.0.0"]
MOVED = {"v4": commit("v4.2.2"), "v4.2": commit("v4.2.2"), "v5": commit("v5.0.0")}
FULL = Refs(
    {**{tag: commit(tag) for tag in TAGS}, **MOVED, "both": commit("v4.1.0")},
    {"main": commit("main"), "both": commit("main")},
    {commit("object"): commit("v4.2.0")},
)
LINES = Refs({"v1": commit("v1"), "v2": commit("v2")}, {}, {})


def first_use(value: str) -> Uses:
    text = f"on: push\njobs:\n  test:\n    steps:\n      - uses: {value}\n"
    [workflow] = parse(".github/workflows/test.yml", text)
    assert isinstance(workflow, Workflow)
    uses = workflow.jobs[0].steps[0].uses
    assert isinstance(uses, Uses)
    return uses


def found(value: str, level: Level | None, refs: Refs | None = FULL) -> list[str]:
    online = Online(lambda repo: refs, lambda repo, commit: None, lambda *_: None)
    targets = newer(first_use(value), online, level)
    assert all(one.commit == commit(one.version) for one in targets)
    return [one.version for one in targets]


@pytest.mark.parametrize(
    ("ref", "level", "versions"),
    [
        ("v4.2.0", None, ["v4.2.0"]),
        ("v4", None, ["v4.2.2", "v4.2.0", "v4.1.0"]),
        ("v4.2", None, ["v4.2.2", "v4.2.0"]),
        ("main", None, ["main"]),
        ("both", None, []),
        ("v7", None, []),
        ("v4.1.0", "patch", ["v4.1.0"]),
        ("v4.2.0", "patch", ["v4.2.2", "v4.2.0"]),
        ("v4.1.0", "minor", ["v4.2.2", "v4.2.0", "v4.1.0"]),
        ("v4.1.0", "major", ["v5.0.0", "v4.2.2", "v4.2.0", "v4.1.0"]),
        ("main", "major", ["main"]),
        (commit("v4.1.0"), None, []),
        (commit("v4.1.0"), "minor", ["v4.2.2", "v4.2.0"]),
        (commit("v5.0.0"), "major", []),
        (commit("v5.1.0-rc.1"), "major", []),
        (f"{commit('object')} # v4.2.0", "patch", ["v4.2.2"]),
        (f"{commit('unknown')} # v4.1.0", "minor", ["v4.2.2", "v4.2.0"]),
        (commit("unknown"), "major", []),
    ],
)
def test_levels(ref: str, level: Level | None, versions: list[str]) -> None:
    assert found(f"acme/setup@{ref}", level) == versions


def test_where_there_are_only_lines() -> None:
    assert found("acme/setup@v1", "major", LINES) == ["v2", "v1"]
    assert found("acme/setup@v1", None, LINES) == ["v1"]


def test_where_nobody_can_tell() -> None:
    assert found("acme/setup@v4", "major", None) == []


@pytest.mark.parametrize(
    ("value", "version"),
    [
        ("actions/checkout@v4.2.2", "v4.2.2"),
        ("pypa/gh-action-pypi-publish@release/v1", "v1.8.14"),
        # A tag that the table has not seen is unknown; an older release is not what was asked for.
        ("actions/checkout@v4.999.0", None),
        ("actions/checkout@v999", None),
        ("actions/checkout@main", None),
        ("no-such-org/action@v1", None),
    ],
)
def test_what_the_table_knows(value: str, version: str | None) -> None:
    target = known(first_use(value))
    assert (target.version if target else None) == version
