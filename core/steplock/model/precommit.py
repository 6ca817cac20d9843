"""`.pre-commit-config.yaml` and `.pre-commit-hooks.yaml`."""

from __future__ import annotations

import re

from steplock.lazy import cached_property, pattern
from steplock.syntax import Document, Mapping, Scalar, Sequence
from steplock.text import Span

_GITHUB = pattern(
    r"(?:https?://|git://|ssh://git@|git@)(?:www\.)?github\.com[:/]([^/\s]+/[^/\s]+?)(?:\.git)?/?",
    re.IGNORECASE,
)


class HookConfig:
    """The hooks that a repository runs."""

    def __init__(self, path: str, document: Document, node: Mapping) -> None:
        self.path = path
        self.document = document
        self.node = node

    @property
    def file(self) -> HookConfig:
        return self

    @property
    def span(self) -> Span:
        return self.node.span

    @cached_property
    def repos(self) -> tuple[HookRepo, ...]:
        node = self.node.get("repos")
        items = node.items if isinstance(node, Sequence) else ()
        return tuple(HookRepo(self, item) for item in items if isinstance(item, Mapping))


class HookRepo:
    """One entry of `repos:`; `local` and `meta` among them."""

    def __init__(self, parent: HookConfig, node: Mapping) -> None:
        self.parent = parent
        self.node = node

    @property
    def document(self) -> Document:
        return self.parent.document

    @property
    def file(self) -> HookConfig:
        return self.parent

    @property
    def span(self) -> Span:
        return self.node.span

    @cached_property
    def url(self) -> Scalar | None:
        return self.node.scalar("repo")

    @cached_property
    def rev(self) -> Scalar | None:
        return self.node.scalar("rev")

    @cached_property
    def slug(self) -> str:
        """`owner/repo` in lower case where it lies on GitHub, else empty."""
        match = _GITHUB.fullmatch(self.url.value.strip()) if self.url else None
        return match[1].lower() if match else ""


class HookManifest:
    """The hooks that a repository offers to others."""

    def __init__(self, path: str, document: Document, node: Sequence) -> None:
        self.path = path
        self.document = document
        self.node = node

    @property
    def file(self) -> HookManifest:
        return self

    @property
    def span(self) -> Span:
        return self.node.span
