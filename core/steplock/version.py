"""Floor 0. The versions that tags of actions stand for, and which of them is newer.

Tags are read generously (`v4`, `v4.2`, `4.2.2`, `v1.2.3-rc.1`, `release-v1`, `18.5b0`)
and ordered as semver 2.0 orders them, but that semver's `+build` comes after the version
it stands by, as PEP 440's `.post1` does. What reads otherwise is no version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from steplock.annotations import TypeAlias
from steplock.lazy import pattern
from steplock.named import NamedTuple

# A number sorts before a word (semver 2.0, item 11): each part says first what it is.
_Part: TypeAlias = tuple[bool, int, str]

_LONGEST = 128

_PATTERN = pattern(
    r"(?P<prefix>(?:.*?[-_/@])??)[vV]?\.?(?P<numbers>\d{1,9}(?:\.\d{1,9}){0,3})"
    r"(?P<pre>[-_]\w[\w.-]*|\.(?!x$)[a-z]\w*|(?:a|b|c|rc)\d+)?(?P<after>\+[\w.-]+)?",
    re.ASCII,
)


class Version(NamedTuple):
    """What a tag stands for; those of one `prefix` compare with `<` and `max`.

    `order` is nothing but the sort key: numbers, whether stable, pre-release, what was
    added after the release, and how precise it is (`v4.0.0` is taken for newer than `v4`).
    """

    order: tuple[tuple[int, ...], bool, tuple[_Part, ...], tuple[_Part, ...], int]
    numbers: tuple[int, ...]
    """`(4,)` for `v4`, `(4, 2, 2)` for `v4.2.2`: as many as the tag gives, one to four."""
    prefix: str
    """What stands before it, `release-` in `release-v1`: often another part's tags."""
    tag: str
    """The tag as it is spelled."""

    @property
    def major(self) -> int:
        return self.numbers[0]

    @property
    def stable(self) -> bool:
        """Whether it is no pre-release and no variant (`v1.2.3-rc.1`, `v3-node20`)."""
        return self.order[1]

    @property
    def full(self) -> bool:
        """Whether it names one release (`v4.2.2`), not a line of them (`v4`, `v4.2`)."""
        return len(self.numbers) >= 3


@lru_cache(maxsize=4096)
def parse(tag: str) -> Version | None:
    """The version that `tag` stands for; None for none (`latest`, `v2.x`, a commit)."""
    # Nineteen tags of twenty are this plain, and spare a cold hook building the pattern.
    plain = tag[1:] if tag[:1] == "v" else tag
    digits = plain.split(".")
    if len(digits) <= 4 and plain.isascii() and all(map(_is_number, digits)):
        return _version(tag, tuple(map(int, digits)))
    match = _PATTERN.fullmatch(tag) if len(tag) <= _LONGEST else None
    if match is None:
        return None
    prefix, plain, pre, after = match.group("prefix", "numbers", "pre", "after")
    if pre is not None and pre.startswith(".post"):
        pre, after = None, pre
    return _version(tag, tuple(map(int, plain.split("."))), prefix, pre, after)


def same_major(old: Version, new: Version) -> bool:
    """Whether both belong to one line of releases, `v4` and `v4.2.2`."""
    return old.prefix == new.prefix and old.major == new.major


def covers(floating: Version, version: Version) -> bool:
    """Whether the tag `floating` may stand for `version`: `v4` for `v4.2.2` and itself."""
    return (
        floating.prefix == version.prefix
        and floating.numbers == version.numbers[: len(floating.numbers)]
        and floating.order[1:3] == version.order[1:3]
    )


def newest(tags: Iterable[str], line: tuple[int, ...] = (), prefix: str = "") -> Version | None:
    """The newest stable version among `tags`, of those in `line`: `(4,)` or `(4, 2)`."""
    versions = (
        version
        for version in map(parse, tags)
        if version is not None
        and version.stable
        and version.prefix == prefix
        and version.numbers[: len(line)] == line
    )
    return max(versions, default=None)


def exact(ref: str, tags: Iterable[str]) -> str:
    """The full version that `ref` stands for among the tags of its commit, `v4.4.0` for `v4`; else `ref` itself.

    tags: the most precise first.
    """
    asked = parse(ref)
    for found in map(parse, tags):
        if found is None:
            continue
        release = found.full and found.stable and not found.prefix
        if covers(asked, found) if asked else release:
            return found.tag
    return ref


def precise_first(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags of one commit, the one that says most first: `v4.2.2`, `v4.2`, `v4`, `main`."""

    def rank(tag: str) -> tuple[object, ...]:
        version = parse(tag)
        if version is None:
            return False, tag
        plain = version.stable and not version.prefix
        return True, plain, len(version.numbers), version.order, tag

    return tuple(sorted(tags, key=rank, reverse=True))


def _version(
    tag: str,
    numbers: tuple[int, ...],
    prefix: str = "",
    pre: str | None = None,
    after: str | None = None,
) -> Version:
    padded = (*numbers, 0, 0, 0)[:4]
    return Version(
        (padded, pre is None, _parts(pre), _parts(after), len(numbers)),
        numbers,
        prefix,
        tag,
    )


def _is_number(text: str) -> bool:
    return text.isdigit() and len(text) <= 9


def _parts(text: str | None) -> tuple[_Part, ...]:
    if text is None:
        return ()
    return tuple(
        (False, int(part), "") if part.isdigit() else (True, 0, part.lower())
        for part in re.findall(r"[0-9]{1,18}|[A-Za-z]+", text)
    )
