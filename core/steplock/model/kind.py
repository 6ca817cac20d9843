"""Which kind of file a text is: by its path, or for a path that says nothing by its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.annotations import TypeAlias
from steplock.model.action import Action
from steplock.model.dependabot import Dependabot
from steplock.model.lockfile import ActionsLock
from steplock.model.precommit import HookConfig, HookManifest
from steplock.model.workflow import Workflow
from steplock.syntax import Document, Mapping, Node, Sequence

File: TypeAlias = Workflow | Action | Dependabot | HookConfig | HookManifest | ActionsLock

# The order counts: the first pattern that fits a path tells its kind.
PATTERNS: tuple[tuple[str, type[File]], ...] = (
    (r"(?:^|/)\.github/workflows/actions\.lock$", ActionsLock),
    (r"(?:^|/)\.(?:github|forgejo|gitea)/workflows/[^/]+\.ya?ml$", Workflow),
    (r"(?:^|/)\.github/dependabot\.ya?ml$", Dependabot),
    (r"(?:^|/)\.pre-commit-config\.yaml$", HookConfig),
    (r"(?:^|/)\.pre-commit-hooks\.yaml$", HookManifest),
    (r"(?:^|/)action\.ya?ml$", Action),
)


def kind(path: str) -> type[File] | None:
    """The kind that a path tells (`/` or `\\` between its parts); None where it tells none."""
    path = path.replace("\\", "/")
    return next((kind for pattern, kind in PATTERNS if re.search(pattern, path)), None)


def files(path: str, document: Document) -> Iterator[File]:
    """What a text holds: one file for each YAML document in it that is of a known kind."""
    by_path = kind(path)
    for root in document.roots:
        if file := _file(by_path or _by_shape(root), path, document, root):
            yield file


def _file(kind: type[File] | None, path: str, document: Document, root: Node) -> File | None:
    if kind is HookManifest:
        return HookManifest(path, document, root) if isinstance(root, Sequence) else None
    if kind is None or kind is HookManifest or not isinstance(root, Mapping):
        return None
    return kind(path, document, root)  # type: ignore[arg-type]


def _by_shape(root: Node) -> type[File] | None:
    if not isinstance(root, Mapping):
        return None
    keys = {key.value for key, _ in root.items}
    if "jobs" in keys:
        return Workflow
    if "runs" in keys:
        return Action
    if {"version", "updates"} <= keys:
        return Dependabot
    if "repos" in keys:
        return HookConfig
    if {"version", "workflows", "dependencies"} <= keys:
        return ActionsLock
    return None
