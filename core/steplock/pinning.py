"""Floor 4. From a tag to a commit: the edits that pin a `uses:`, with the version in a comment."""

from __future__ import annotations

import re
from typing import NamedTuple

from steplock.edits import replace_text, set_comment
from steplock.model import Uses
from steplock.online import Online
from steplock.tables import pins
from steplock.text import Edit, Span
from steplock.version import exact, parse

_VERSION_COMMENT = re.compile(
    r"#\s*(?:(?:tag|version|ver)\s*[:=]\s*|pin@|ratchet:[^@\s]+@)?v?\d[\w.+-]*\s*(?P<rest>.*)", re.S
)


class Target(NamedTuple):
    """A commit to pin to, and the version it is known by."""

    commit: str
    version: str
    since: str
    """The day the table was read; empty for what was asked for just now."""


def known(uses: Uses) -> Target | None:
    """What the reference of a `uses:` stands for, as the table of pins has it."""
    pin = pins.exact(uses.slug, uses.ref)
    if pin is None and (version := parse(uses.ref.rpartition("/")[2])):
        # A branch such as `release/v1`: the newest version of its line.
        pin = pins.newest(uses.slug, version.major)
    return Target(pin.commit, pin.tag, pins.date(uses.slug) or "") if pin else None


def current(uses: Uses, online: Online) -> Target | None:
    """What the reference of a `uses:` stands for now; None where nobody could tell."""
    commit = online.commit(uses.slug, uses.ref)
    if commit is None:
        return None
    return Target(commit, exact(uses.ref, online.tags(uses.slug, commit) or ()), "")


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
