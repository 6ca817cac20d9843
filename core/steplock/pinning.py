"""Floor 4. From a tag to a commit: what to pin to, and the edits that do it, with the version in a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable

from steplock.annotations import Literal, TypeAlias
from steplock.edits import replace_text, set_comment
from steplock.lazy import pattern
from steplock.model import HookRepo, Uses
from steplock.named import NamedTuple
from steplock.online import Online, Refs
from steplock.tables import pins
from steplock.text import Edit, Span
from steplock.version import Version, covers, exact, parse

_VERSION_COMMENT = pattern(
    r"#\s*(?:(?:tag|version|ver|frozen)\s*[:=]\s*|pin@|ratchet:[^@\s]+@)?v?\d[\w.+-]*\s*(?P<rest>.*)",
    re.DOTALL,
)
_KEY = "\\b{}['\"]?[ \t]*:"

Level: TypeAlias = Literal["major", "minor", "patch"]
Pinnable: TypeAlias = Uses | HookRepo
"""What names a commit of a repository: a `uses:`, or the `rev:` of an entry for pre-commit."""
_LEVELS: tuple[Level, ...] = ("minor", "major")


class Target(NamedTuple):
    """A commit to pin to, and the version it is known by."""

    commit: str
    version: str
    since: str
    """The day the table was read; empty for what was asked for just now."""


class Update(NamedTuple):
    """A release that is newer than what stands in a file."""

    target: Target
    major: bool
    """Whether it is of another major version, so that more may have to change."""


def known(place: Pinnable) -> Target | None:
    """What a reference stands for, as the table of pins has it."""
    pin = pins.exact(place.slug, place.ref)
    if pin is None and (asked := parse(place.ref.rpartition("/")[2])):
        # A branch such as `release/v1`: the newest of its line. Another release than the one asked for is no answer.
        newest = pins.newest(place.slug, asked.major)
        found = parse(newest.tag) if newest else None
        pin = newest if found and covers(asked, found) else None
    return Target(pin.commit, pin.tag, pins.date(place.slug) or "") if pin else None


def known_newer(place: Pinnable, level: Level | None) -> tuple[Target, ...]:
    """`newer`, as the table of pins has it."""
    tags = pins.all_tags(place.slug)
    refs = Refs(tags, {}, {}) if tags else None
    table = Online(lambda _: refs, lambda *_: None, lambda *_: None)
    since = pins.date(place.slug) or ""
    return tuple(target._replace(since=since) for target in newer(place, table, level))


def known_updates(place: Pinnable) -> tuple[Update, ...]:
    """The newest release of the same major version, then the newest of all, where the table knows newer ones.

    What an advisory warns of is none.
    """
    now = place.ref.lower() if place.is_commit else pins.commit(place.slug, place.ref)
    minor, major = (next(iter(known_newer(place, level)), None) for level in _LEVELS)
    minor, major = (one if one and not _warned(place, one) else None for one in (minor, major))
    updates = []
    if minor and minor.commit != now:
        updates.append(Update(minor, False))
    if major and major.commit != now and major != minor:
        updates.append(Update(major, True))
    return tuple(updates)


def current(place: Pinnable, online: Online) -> Target | None:
    """What a reference stands for now; None where nobody could tell."""
    commit = online.commit(place.source, place.ref)
    if commit is None:
        return None
    return Target(commit, exact(place.ref, online.tags(place.source, commit) or ()), "")


def newer(place: Pinnable, online: Online, level: Level | None) -> tuple[Target, ...]:
    """What may be pinned to, the best first; empty where there is nothing, or nobody could tell.

    Updates that an advisory warns of come after the others.

    level: how far to move: `patch` to releases with the same two first numbers, `minor` to those with the same first,
        `major` to all. None pins what the reference stands for, or an older release of its line; what is a commit
        already stays.
    """
    refs = online.refs(place.source)
    if refs is None:
        return ()
    now = _version(place, online)
    found = _releases(refs.tags, now, level) if now else []
    if level is not None:
        found = [one for one in found if now is None or not _same_or_older(one, now, place)]
    targets = [Target(refs.tags[one.tag], one.tag, "") for one in found]
    if level is not None:
        targets.sort(key=lambda one: _warned(place, one))
    if place.is_commit:
        held = refs.annotated.get(place.ref.lower(), place.ref.lower())
        return tuple(one for one in targets if one.commit != held) if level else ()
    first = current(place, online)
    if first is None:
        # A branch and a tag of one name, or nothing at all: a person has to say which.
        return ()
    # The first may be among them, under the name of its line.
    others = tuple(one for one in targets if one.commit != first.commit)
    if level is None:
        return (first, *others)
    return (*targets, first) if len(others) == len(targets) else tuple(targets)


def _warned(place: Pinnable, target: Target) -> bool:
    """Whether an advisory is known that concerns a release."""
    from steplock.tables import advisories  # here, since a check that updates nothing needs none

    action = place.action if isinstance(place, Uses) else place.slug
    return bool(advisories.affecting(action, target.version, commit=target.commit))


def _version(place: Pinnable, online: Online) -> Version | None:
    """The version that something is at."""
    tags = online.tags(place.source, place.ref) if place.is_commit else None
    return parse(tags[0] if tags else place.version or "")


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


def _same_or_older(one: Version, now: Version, place: Pinnable) -> bool:
    """Whether moving there is no step ahead; any release of the line that a tag such as `v4` names is."""
    if not place.is_commit and not now.full and covers(now, one):
        return False
    return one <= now


def pin_edits(place: Pinnable, target: Target) -> tuple[Edit, ...] | None:
    """Put a commit in the place of the reference, and its version behind it.

    None where the line has no room for a comment of its own.
    """
    key, scalar = ("uses", place.scalar) if isinstance(place, Uses) else ("rev", place.rev)
    if scalar is None or not place.ref or scalar.style in ("|", ">"):
        return None
    document = place.document
    line = document.lines.line(scalar.span.end)
    if len(re.findall(_KEY.format(key), document.text[slice(*document.lines.span(line))])) > 1:
        return None
    at = scalar.value.rindex(place.ref)
    reference = replace_text(document, scalar, Span(at, at + len(place.ref)), target.commit)
    comment = set_comment(document, line, _comment(place, target.version), _gap(place))
    return (reference, comment) if reference and comment else None


def _gap(place: Pinnable) -> str:
    """What stands before a comment, where the file has no habit."""
    return " " if isinstance(place, Uses) else "  "


def _comment(place: Pinnable, version: str) -> str:
    """The version, and what the line's comment said besides one."""
    # As `pre-commit autoupdate --freeze` writes it, and takes it away again.
    said = f"# {version}" if isinstance(place, Uses) else f"# frozen: {version}"
    if place.comment is None:
        return said
    match = _VERSION_COMMENT.match(place.comment.text)
    rest = match["rest"] if match else place.comment.text
    return f"{said} {rest}".rstrip()
