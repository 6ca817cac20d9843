"""What a `uses:` may be pinned to."""

import pytest

from steplock.model import HookConfig, HookRepo, Uses, Workflow
from steplock.online import Online, Refs
from steplock.pinning import Level, known, known_updates, newer, pin_edits
from steplock.repository import parse
from steplock.tables import pins
from steplock.text import apply_edits


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


def test_what_an_advisory_warns_of_comes_last() -> None:
    # GHSA-5xq9-5g24-4g6f: from v4.0.0 until v6.0.0.
    tags = ("v3.0.0", "v3.1.0", "v4.2.2", "v5.3.2")
    refs = Refs({tag: commit(tag) for tag in tags}, {}, {})
    online = Online(lambda repo: refs, lambda repo, commit: None, lambda *_: None)
    targets = newer(first_use("SonarSource/sonarqube-scan-action@v3.0.0"), online, "major")
    assert [one.version for one in targets] == ["v3.1.0", "v5.3.2", "v4.2.2", "v3.0.0"]


def test_what_an_advisory_warns_of_is_no_update() -> None:
    # GHSA-g85v-wf27-67xc and others: all of v1.
    [update] = known_updates(first_use("step-security/harden-runner@v1.0.0"))
    assert update.major


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


FOUR, NEWEST = pins.newest("actions/checkout", 4), pins.newest("actions/checkout")
OLD = "11bd71901bbe5b1630ceea73d27597364c9af683"  # v4.2.2


@pytest.mark.parametrize(
    ("ref", "updates"),
    [
        ("v4.2.2", [(FOUR, False), (NEWEST, True)]),
        (OLD, [(FOUR, False), (NEWEST, True)]),
        # The newest of its major is what it stands for, and pinning it no update.
        ("v4", [(NEWEST, True)]),
        ("{FOUR.commit}", [(NEWEST, True)]),
        ("{NEWEST.commit} # v4", []),
        ("{NEWEST.tag}", []),
        ("main", []),
        ("v999.0.0", []),
        ("0123456789012345678901234567890123456789", []),
        ("0123456789012345678901234567890123456789 # v4.1.0", [(FOUR, False), (NEWEST, True)]),
    ],
)
def test_updates_that_the_table_knows(ref: str, updates: list[tuple[pins.Pin, bool]]) -> None:
    uses = first_use(f"actions/checkout@{ref.format(FOUR=FOUR, NEWEST=NEWEST)}")
    found = known_updates(uses)
    assert [(one.target.version, one.target.commit, one.major) for one in found] == [
        (pin.tag, pin.commit, major) for pin, major in updates
    ]
    assert {one.target.since for one in found} <= {pins.date("actions/checkout")}
    assert known_updates(first_use(f"no-such-org/action@{ref}")) == ()


def hook(entry: str) -> HookRepo:
    [config] = parse(".pre-commit-config.yaml", f"repos:\n  - {entry}\n")
    assert isinstance(config, HookConfig)
    return config.repos[0]


@pytest.mark.parametrize(
    ("url", "source", "slug"),
    [
        ("https://github.com/Acme/Hooks", "https://github.com/acme/hooks", "acme/hooks"),
        ("https://github.com/acme/hooks.git/", "https://github.com/acme/hooks", "acme/hooks"),
        ("git@github.com:acme/hooks.git", "https://github.com/acme/hooks", "acme/hooks"),
        ("https://me:key@Git.Example.com:8443/a/B/c.git", "https://git.example.com:8443/a/B/c", ""),
        ("ssh://git@git.example.com:2222/a/b", "https://git.example.com/a/b", ""),
        ("git://git.example.com/a/b", "https://git.example.com/a/b", ""),
        ("http://git.example.com/a/b", "http://git.example.com/a/b", ""),
        ("me@git.example.com:a/b", "https://git.example.com/a/b", ""),
        ("local", "", ""),
        ("meta", "", ""),
        ("../hooks", "", ""),
        ("../a@b/hooks", "", ""),
        ("/srv/hooks", "", ""),
        ("'C:/hooks'", "", ""),
        ("file:///srv/hooks", "", ""),
        ("''", "", ""),
        ("[]", "", ""),
    ],
)
def test_where_a_repository_of_hooks_lies(url: str, source: str, slug: str) -> None:
    one = hook(f"{{repo: {url}, rev: v1}}")
    assert (one.source, one.slug) == (source, slug)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{repo: x, rev: v1, hooks: []}", "{repo: x, rev: <>, hooks: []}  # frozen: v1.2.3"),
        ('rev: "v1"\n    repo: x', 'rev: "<>"  # frozen: v1.2.3\n    repo: x'),
        ("rev: <> # frozen: v1.0.0 why", "rev: <> # frozen: v1.2.3 why"),
        ("rev: v1   # why", "rev: <>   # frozen: v1.2.3 # why"),
        ("rev: rev-1.0", "rev: <>  # frozen: v1.2.3"),
        ("{rev: v1}\n  - {rev: &a v2}", "{rev: <>}  # frozen: v1.2.3\n  - {rev: &a v2}"),
        ("{a: {rev: v1}, rev: v1}", None),
        ("rev: |\n      v1", None),
        ("rev: ''", None),
        ("rev: []", None),
        ("repo: x", None),
    ],
)
def test_a_rev_is_frozen(entry: str, expected: str | None) -> None:
    new = commit("v1.2.3")
    one = hook(entry.replace("<>", commit("old")))
    target = known(first_use("actions/checkout@v4.2.2"))
    assert target
    edits = pin_edits(one, target._replace(commit=new, version="v1.2.3"))
    text = one.document.text
    after = f"repos:\n  - {expected}\n".replace("<>", new) if expected else text
    assert apply_edits(text, edits or ()) == after


def test_a_name_that_has_the_key_in_it() -> None:
    uses = first_use("acme/uses-it@v1")
    target = known(first_use("actions/checkout@v4.2.2"))
    assert target
    assert pin_edits(uses, target)
