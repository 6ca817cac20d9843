"""`.pre-commit-config.yaml` and `.pre-commit-hooks.yaml`."""

from __future__ import annotations

import re

from steplock.lazy import cached_property, pattern
from steplock.model.uses import is_commit, named_version
from steplock.model.view import WholeFile
from steplock.syntax import Comment, Document, Mapping, Scalar, Sequence
from steplock.text import Span

_GITHUB = pattern(
    r"(?:https?://|git://|ssh://git@|git@)(?:www\.)?github\.com[:/]([^/\s]+/[^/\s]+?)(?:\.git)?/?",
    re.IGNORECASE,
)
# `https://host/owner/name.git`, `ssh://git@host/owner/name`, `git@host:owner/name`
_ADDRESS = pattern(
    r"(?:(?P<scheme>https?|ssh|git)://)?(?P<user>[^@/\s]+@)?(?P<host>[^@/:\s]+(?::\d+)?)[:/]"
    r"(?P<path>[^\s?#:]+)",
    re.IGNORECASE,
)


class HookConfig(WholeFile):
    """The hooks that a repository runs."""

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

    @cached_property
    def source(self) -> str:
        """What the network is asked for: the repository's address over HTTP; empty for `local`, `meta` and paths."""
        if self.slug:
            return f"https://github.com/{self.slug}"
        match = _ADDRESS.fullmatch(self.url.value.strip()) if self.url else None
        if match is None or not (match["scheme"] or match["user"]):
            return ""
        scheme, host = (match["scheme"] or "ssh").lower(), match["host"].lower()
        if not scheme.startswith("http"):
            # The port is that of the other protocol.
            scheme, host = "https", host.partition(":")[0]
        return f"{scheme}://{host}/{match['path'].rstrip('/').removesuffix('.git')}"

    @property
    def name(self) -> str:
        """The repository for people: `owner/repo`, or where it lies."""
        return self.slug or self.source.partition("://")[2]

    @cached_property
    def ref(self) -> str:
        """The tag, branch or commit in `rev:`; empty where there is none."""
        return self.rev.value.strip() if self.rev else ""

    @cached_property
    def is_commit(self) -> bool:
        """Whether that is a full commit."""
        return is_commit(self.ref)

    @cached_property
    def comment(self) -> Comment | None:
        """The comment at the end of the line of `rev:`."""
        document = self.document
        return document.comment_on(document.lines.line(self.rev.span.end)) if self.rev else None

    @cached_property
    def version(self) -> str | None:
        """The version it says it is: the reference, or for a commit what the comment says."""
        return named_version(self.comment) if self.is_commit else self.ref or None


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
