"""Floor 4. From a tag to a commit: the edits that pin a `uses:`, with the version in a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

from steplock.edits import replace_text, set_comment
from steplock.lazy import pattern
from steplock.model import Uses
from steplock.named import NamedTuple
from steplock.online import Online
from steplock.tables import pins
from steplock.text import Edit, Span
from steplock.version import Version, covers, exact, parse

_VERSION_COMMENT = pattern(
    r"#\s*(?:(?:tag|version|ver)\s*[:=]\s*|pin@|ratchet:[^@\s]+@)?v?\d[\w.+-]*\s*(?P<rest>.*)",
    re.DOTALL,
)


Level: TypeAlias = Literal["major", "minor", "patch"]


class Target(NamedTuple):
    """A commit to pin to, and the version it is known by."""

    commit: str
    version: str
    since: str
    """The day the table was read; empty for what was asked for just now."""


def known(uses: Uses) -> Target | None:
    """What the reference of a `uses:` stands for, as the table of pins has it."""
    pin = pins.exact(uses.slug, uses.ref)
    if pin is None and (asked := parse(uses.ref.rpartition("/")[2])):
        # A branch such as `release/v1`: the newest of its line. Another release than the one asked for is no answer.
        newest = pins.newest(uses.slug, asked.major)
        found = parse(newest.tag) if newest else None
        pin = newest if found and covers(asked, found) else None
    return Target(pin.commit, pin.tag, pins.date(uses.slug) or "") if pin else None


def current(uses: Uses, online: Online) -> Target | None:
    """What the reference of a `uses:` stands for now; None where nobody could tell."""
    commit = online.commit(uses.slug, uses.ref)
    if commit is None:
        return None
    return Target(commit, exact(uses.ref, online.tags(uses.slug, commit) or ()), "")


def newer(uses: Uses, online: Online, level: Level | None) -> tuple[Target, ...]:
    """What a `uses:` may be pinned to, the best first; empty where there is nothing, or nobody could tell.

    level: how far to move: `patch` to releases with the same two first numbers, `minor` to those with the same first,
        `major` to all. None pins what the reference stands for, or an older release of its line; what is a commit
        already stays.
    """
    refs = online.refs(uses.slug)
    if refs is None:
        return ()
    now = _version(uses, online)
    found = _releases(refs.tags, now, level) if now else []
    if level is not None:
        found = [one for one in found if now is None or not _same_or_older(one, now, uses)]
    targets = [Target(refs.tags[one.tag], one.tag, "") for one in found]
    if uses.is_commit:
        held = refs.annotated.get(uses.ref.lower(), uses.ref.lower())
        return tuple(one for one in targets if one.commit != held) if level else ()
    first = current(uses, online)
    if first is None:
        # A branch and a tag of one name, or nothing at all: a person has to say which.
        return ()
    # The first may be among them, under the name of its line.
    others = tuple(one for one in targets if one.commit != first.commit)
    if level is None:
        return (first, *others)
    return (*targets, first) if len(others) == len(targets) else tuple(targets)


def _version(uses: Uses, online: Online) -> Version | None:
    """The version that a `uses:` is at."""
    tags = online.tags(uses.slug, uses.ref) if uses.is_commit else None
    return parse(tags[0] if tags else uses.version or "")


def _releases(tags: Iterable[str], now: Version, level: Level | None) -> list[Version]:
    """The stable releases that are near enough, the newest first; whole versions where there are any."""
    depth = {None: len(now.numbers), "patch": 2, "minor": 1, "major": 0}[level]
    line = now.numbers[:depth]
    near = [
        one
        for one in map(parse, tags)
        if one is not None
        and one.stable
        and one.prefix == now.prefix
        and one.numbers[: len(line)] == line
    ]
    whole = [one for one in near if one.full]
    return sorted(whole or near, reverse=True)


def _same_or_older(one: Version, now: Version, uses: Uses) -> bool:
    """Whether moving there is no step ahead; any release of the line that a tag such as `v4` names is."""
    if not uses.is_commit and not now.full and covers(now, one):
        return False
    return one <= now


def pin_edits(uses: Uses, target: Target) -> tuple[Edit, ...] | None:
    """Put a commit in the place of the reference, and its version behind it.

    None where the line has no room for a comment of its own.
    """
    if not uses.is_remote or uses.scalar.style in ("|", ">") or not uses.ref:
        return None
    document = uses.document
    line = document.lines.line(uses.span.end)
    if document.text[slice(*document.lines.span(line))].count("uses") > 1:
        return None
    value = uses.scalar.value
    at = value.rfind("@") + 1
    reference = replace_text(document, uses.scalar, Span(at, at + len(uses.ref)), target.commit)
    comment = set_comment(document, line, _comment(uses, target.version), gap=" ")
    return (reference, comment) if reference and comment else None


def _comment(uses: Uses, version: str) -> str:
    """The version, and what the line's comment said besides one."""
    if uses.comment is None:
        return f"# {version}"
    match = _VERSION_COMMENT.match(uses.comment.text)
    rest = match["rest"] if match else uses.comment.text
    return f"# {version} {rest}".rstrip()
