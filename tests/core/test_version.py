import re
from itertools import pairwise

import pytest

from steplock import version
from steplock.version import Version


def read(tag: str) -> Version:
    parsed = version.parse(tag)
    assert parsed is not None, tag
    return parsed


@pytest.mark.parametrize(
    ("tag", "numbers", "prefix", "stable", "full"),
    [
        ("v4", (4,), "", True, False),
        ("v4.2", (4, 2), "", True, False),
        ("4.2.2", (4, 2, 2), "", True, True),
        ("V28", (28,), "", True, False),
        ("v.0.2.0", (0, 2, 0), "", True, True),
        ("v1.1.2.1", (1, 1, 2, 1), "", True, True),
        ("v1.2.3-rc.1", (1, 2, 3), "", False, True),
        ("v3-node20", (3,), "", False, False),
        ("v4.0.0.rc1", (4, 0, 0), "", False, True),
        ("18.5b0", (18, 5), "", False, False),
        ("v1.11.1.post1", (1, 11, 1), "", True, True),
        ("v19.0.1+4", (19, 0, 1), "", True, True),
        ("release-v1", (1,), "release-", True, False),
        ("rel/2.0.0", (2, 0, 0), "rel/", True, True),
        ("predicate@1.1.5", (1, 1, 5), "predicate@", True, True),
        ("@acme/core-v0.1.0-beta.1", (0, 1, 0), "@acme/core-", False, True),
        ("2026.08.17", (2026, 8, 17), "", True, True),
    ],
)
def test_a_tag_is_read(
    tag: str, numbers: tuple[int, ...], prefix: str, stable: bool, full: bool
) -> None:
    parsed = read(tag)
    assert (parsed.numbers, parsed.prefix, parsed.stable, parsed.full) == (
        numbers,
        prefix,
        stable,
        full,
    )
    assert parsed.tag == tag


@pytest.mark.parametrize(
    "tag",
    [
        "",
        "v",
        "v.",
        "main",
        "latest",
        "v2.x",
        "archive/5.x",
        "vv4",
        "1..2",
        "v1.",
        "v1.2.3.4.5",
        "commit-03d7f4b9",
        "11bd71901bbe5b1630ceea73d27597364c9af683",
        "v٣",
        "²",
        "9" * 5000,
        "1-" * 5000,
    ],
)
def test_what_is_no_version(tag: str) -> None:
    assert version.parse(tag) is None


def test_versions_are_ordered() -> None:
    ascending = [
        "v0.9.9",
        "v1.0.0-alpha",
        "v1.0.0-alpha.1",
        "v1.0.0-alpha.beta",
        "v1.0.0-beta.2",
        "v1.0.0-beta.11",
        "v1.0.0-rc9",
        "v1.0.0-rc10",
        "v1",
        "v1.0",
        "v1.0.0",
        "v1.0.0+2",
        "v1.0.0+10",
        "v1.0.0.post1",
        "v1.0.1",
        "v1.9.0",
        "v1.10.0",
        "10.0.0",
    ]
    assert all(read(old) < read(new) for old, new in pairwise(ascending))


@pytest.mark.parametrize("tag", ["v4", "v4.2", "4.2.2", "v1.2.3.4", "007.08.9"])
def test_the_short_way_of_reading_agrees_with_the_pattern(
    tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = read(tag)
    match = version._PATTERN.fullmatch(tag)
    assert match is not None
    assert match["numbers"] == re.sub("^v", "", tag)
    assert (match["prefix"], match["pre"], match["after"]) == ("", None, None)
    assert short.numbers == tuple(map(int, match["numbers"].split(".")))


@pytest.mark.parametrize(
    ("floating", "tag", "covers"),
    [
        ("v4", "v4.2.2", True),
        ("v4", "4.2.2", True),
        ("v4", "v4", True),
        ("v4.2", "v4.2.2", True),
        ("v4.2", "v4.20.0", False),
        ("v4", "v40.0.0", False),
        ("v4", "v4.2.2-rc.1", False),
        ("v4-beta", "v4.0.0-beta", True),
        ("v19", "v19.0.1+4", True),
        ("v4.2.2", "v4", False),
        ("v1", "action-v1.0.0", False),
    ],
)
def test_what_a_floating_tag_covers(floating: str, tag: str, covers: bool) -> None:
    assert version.covers(read(floating), read(tag)) is covers


def test_the_same_major_version() -> None:
    assert version.same_major(read("v4"), read("4.2.2"))
    assert not version.same_major(read("v4"), read("v5.0.0"))
    assert not version.same_major(read("v4"), read("core-v4.0.0"))


TAGS = [
    "v1",
    "v1.0.0",
    "v2-beta",
    "v2.0.0-rc.1",
    "v1.9.0",
    "v1.10.0",
    "v1.10.1",
    "core-v7.0.0",
    "latest",
    "v0.1.0",
]


@pytest.mark.parametrize(
    ("line", "prefix", "expected"),
    [
        ((), "", "v1.10.1"),
        ((1,), "", "v1.10.1"),
        ((1, 9), "", "v1.9.0"),
        ((0,), "", "v0.1.0"),
        ((), "core-", "core-v7.0.0"),
        ((2,), "", None),
        ((), "other-", None),
    ],
)
def test_the_newest_stable_version(
    line: tuple[int, ...], prefix: str, expected: str | None
) -> None:
    found = version.newest(TAGS, line, prefix)
    assert (found and found.tag) == expected


def test_the_most_precise_tag_comes_first() -> None:
    tags = ["latest", "v4", "core-v9.9.9", "v4.2", "v4.3.0-rc.1", "v4.2.2", "v4.2.1"]
    assert version.precise_first(tags) == (
        "v4.2.2",
        "v4.2.1",
        "v4.2",
        "v4",
        "core-v9.9.9",
        "v4.3.0-rc.1",
        "latest",
    )
