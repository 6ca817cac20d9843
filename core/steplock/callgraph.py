"""Floor 3. What a pinned action or reusable workflow runs in turn, down to the leaves, and what of it can move.

Known from the manifests of well-known actions; with a door to the network, from the repositories themselves.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from steplock.lazy import pattern
from steplock.model import Action, Uses, Workflow
from steplock.named import NamedTuple
from steplock.online import Online
from steplock.repository import parse
from steplock.tables import actions, pins

_PINNED = pattern(r"@(?:[0-9a-f]{40}|sha256:[0-9a-f]{64})\Z", re.IGNORECASE)
# Wider or deeper graphs are built to keep us busy.
_MAX_NODES = 200
_MAX_DEPTH = 10


class Moving(NamedTuple):
    """Something that a pin does not hold."""

    way: tuple[str, ...]
    """What calls it, `owner/repo[/path]` each, outermost first."""
    what: str
    """An action or a workflow by a tag, or an image without a digest, as written."""
    exact: bool
    """Whether each manifest on the way is that of the very commit."""


def moving(uses: Uses, online: Online | None = None) -> Iterator[Moving]:
    """All that moves below a `uses:` pinned to a commit, what is nearest first."""
    waiting: deque[tuple[tuple[str, ...], str, bool]] = deque([((uses.name,), uses.ref, True)])
    seen: set[tuple[str, str]] = set()
    while waiting and len(seen) < _MAX_NODES:
        way, commit, exact = waiting.popleft()
        node = (way[-1].lower(), commit.lower())
        if node in seen or len(way) > _MAX_DEPTH:
            continue
        seen.add(node)
        calls, same = _calls(way[-1], commit, online)
        for call in calls:
            name, _, ref = call.rpartition("@")
            if not _PINNED.search(call):
                yield Moving(way, call.removeprefix("docker://"), exact and same)
            elif not call.startswith("docker://"):
                waiting.append(((*way, name), ref, exact and same))


def _calls(name: str, commit: str, online: Online | None) -> tuple[tuple[str, ...], bool]:
    """What an action or workflow runs, and whether that was read at this commit."""
    found = _asked(name, commit, online) if online else None
    if found is not None:
        return found, True
    slug = "/".join(name.split("/")[:2])
    tag = next(iter(pins.tags(slug, commit)), None) if actions.known(name) else None
    manifest = actions.of(name, tag) if tag else None
    if manifest is None:
        return (), False
    images = tuple(one for one in manifest.images if one.startswith("docker://"))
    return tuple(one for one in manifest.uses if "@" in one) + images, manifest.exact


def _asked(name: str, commit: str, online: Online) -> tuple[str, ...] | None:
    owner, repo, *below = name.split("/")
    path = "/".join(below)
    names = [path] if path.endswith((".yml", ".yaml")) else ["action.yml", "action.yaml"]
    for file in names:
        where = file if file == path else "/".join([*below, file])
        text = online.manifest(f"{owner}/{repo}".lower(), commit.lower(), where)
        if text is not None:
            return tuple(_read(where, text, f"{owner}/{repo}", commit))
    return None


def _read(path: str, text: str, repo: str, commit: str) -> Iterator[str]:
    """What a manifest runs; what lies in the same commit, as if it were called by that commit."""
    for file in parse(path, text):
        if isinstance(file, Workflow):
            uses = [job.uses for job in file.jobs if job.uses]
            uses += [step.uses for job in file.jobs for step in job.steps if step.uses]
            images = [image for job in file.jobs for image in job.images]
        elif isinstance(file, Action):
            uses = [step.uses for step in file.steps if step.uses]
            images = list(file.images)
        else:
            continue
        for one in uses:
            if one.is_remote or one.is_docker:
                yield one.value
            elif one.value.startswith("$/") or one.value.startswith("./.github/workflows/"):
                yield f"{repo}/{one.value[2:]}@{commit}"
        for image in images:
            if "${{" not in image.scalar.value:
                yield f"docker://{image.scalar.value.removeprefix('docker://')}"
