"""What runs an action, and what it calls in turn, by release: from the manifests of well-known actions.

core/update/actions.py writes the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from steplock import version as versions
from steplock.annotations import Any
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.tables import look_up

_HEAD = "HEAD"
_NODE = pattern(r"node(\d+)")
_PINNED = pattern(r"@(?:[0-9a-f]{40}|sha256:[0-9a-f]{64})\Z")


class Manifest(NamedTuple):
    """An action at one release."""

    at: str
    """The tag of the release that was read, `HEAD` for the default branch."""
    using: str
    """`node24`, `composite`, `docker` ..."""
    uses: tuple[str, ...] = ()
    """What a composite action calls, as written."""
    images: tuple[str, ...] = ()
    """Of a docker action its `image`; with a Dockerfile, the images that builds on too."""
    exact: bool = False
    """Whether this is the release that was asked for, not the nearest of its line."""

    @property
    def moving(self) -> tuple[str, ...]:
        """What it takes that can change under a pin of the action: tags of actions, tags of images.

        A local action is of the same commit, and a Dockerfile too, but not what that builds on.
        """
        images = [image for image in self.images if image != "scratch" and not _is_file(image)]
        found = (*self.uses, *images)
        return tuple(f for f in found if not f.startswith("./") and not _PINNED.search(f))


def known(action: str) -> bool:
    """Whether the manifests of `owner/repo[/path]` were read."""
    return look_up("actions", action.lower()) is not None


def date(action: str) -> str:
    """The day up to which the action is known; empty if it is not."""
    row = look_up("actions", action.lower())
    return str(row["date"]) if row else ""


@lru_cache(maxsize=1024)
def of(action: str, tag: str = _HEAD) -> Manifest | None:
    """The manifest of an action at a tag; `exact` tells whether that very release was read.

    Read were the newest release of each of the last major versions, and the head. Another tag of one of those
    lines gets the newest of it; None for lines that were not read, and for branches.
    """
    row = look_up("actions", action.lower())
    if row is None:
        return None
    asked = versions.parse(tag)
    if tag in row["at"]:
        return _manifest(tag, row["at"][tag], True)
    if asked is None:
        return None
    for at, parts in row["at"].items():
        found = versions.parse(at)
        if found is not None and versions.same_major(found, asked):
            return _manifest(at, parts, versions.covers(asked, found))
    return None


def runtime(action: str, tag: str) -> str | None:
    """The version of Node that a release of the action asks for, at most: `node20`.

    Releases only move on: one that is older than a release on node20 does not ask for a newer one. None where
    that does not tell, and for actions that do not run on Node.
    """
    manifest = of(action, tag)
    if manifest is None:
        manifest = _next_newer(action, tag)
    if manifest is None or not _NODE.fullmatch(manifest.using):
        return None
    if manifest.exact or _number(manifest.using) <= 20:
        return manifest.using
    return None


def first_on(action: str, node: int) -> str | None:
    """The oldest line of releases known to run on this version of Node or a newer one, `v5` for `(..., 24)`.

    That a fix can move to it, not that nothing else changed.
    """
    row = look_up("actions", action.lower())
    found = None
    for tag, parts in sorted(
        (row or {"at": {}})["at"].items(), key=lambda item: _order(item[0]), reverse=True
    ):
        version = versions.parse(tag)
        if version is None:
            continue
        if not _NODE.fullmatch(parts[0]) or _number(parts[0]) < node:
            return found
        found = f"v{version.major}" if tag.startswith("v") else str(version.major)
    return found


def _next_newer(action: str, tag: str) -> Manifest | None:
    """The manifest of the oldest release that was read, if the asked one is older still."""
    row, asked = look_up("actions", action.lower()), versions.parse(tag)
    if row is None or asked is None:
        return None
    read = [version for version in map(versions.parse, row["at"]) if version is not None]
    oldest = min(read, default=None)
    if oldest is None or asked.prefix != oldest.prefix or asked.major >= oldest.major:
        return None
    return _manifest(oldest.tag, row["at"][oldest.tag], False)


@cache
def _order(tag: str) -> tuple[object, ...]:
    version = versions.parse(tag)
    return (True, version.order) if version else (False,)


def _manifest(at: str, parts: Sequence[Any], exact: bool) -> Manifest:
    using, uses, images = (*parts, (), ())[:3]
    return Manifest(at, using, tuple(uses), tuple(images), exact)


def _number(using: str) -> int:
    match = _NODE.fullmatch(using)
    return int(match[1]) if match else 0


def _is_file(image: str) -> bool:
    return not image.startswith("docker://") and "dockerfile" in image.lower()
