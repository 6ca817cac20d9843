"""The value of a `uses:` key, and container images."""

from __future__ import annotations

from steplock.annotations import TYPE_CHECKING
from steplock.lazy import cached_property, pattern
from steplock.model.view import Value
from steplock.named import NamedTuple
from steplock.syntax import Comment, Scalar
from steplock.text import Span

if TYPE_CHECKING:
    from steplock.model.action import Action
    from steplock.model.job import Job, Step

_COMMIT = pattern(r"[0-9a-fA-F]{40}")
# `# v4.2.2`, `# tag: v4`, `# frozen: v4`, `# ratchet:actions/checkout@v4`, `# pin@v4`
_VERSION_COMMENT = pattern(
    r"#\s*(?:(?:tag|version|ver|frozen)\s*[:=]\s*|pin@|ratchet:[^@\s]+@)?(?P<version>[^\s#]+)"
)


def is_commit(ref: str) -> bool:
    """Whether a reference is a full commit, 40 hexadecimal digits."""
    return _COMMIT.fullmatch(ref) is not None


def named_version(comment: Comment | None) -> str | None:
    """The version that the comment behind a pinned commit names."""
    match = _VERSION_COMMENT.match(comment.text) if comment else None
    return match["version"] if match else None


class Uses(Value):
    """What a step or a reusable call runs: a repository's action, a local path or an image.

    `owner/repo[/subpath]@ref`, `./path` and `$/path`, or `docker://image`.
    """

    parent: Step | Job

    def __init__(self, parent: Step | Job, scalar: Scalar) -> None:
        super().__init__(parent, scalar)
        self.value = scalar.value.strip()
        self.is_docker = self.value.startswith("docker://")
        self.is_local = self.value.startswith(("./", "../", "$/", ".\\"))
        self.is_remote = not (self.is_docker or self.is_local)
        name, _, ref = self.value.rpartition("@") if "@" in self.value else (self.value, "", "")
        self.name = name if self.is_remote else self.value
        """`owner/repo[/subpath]` as written, without the reference."""
        self.ref = ref if self.is_remote else ""

    @property
    def span(self) -> Span:
        if self.scalar.style not in ("|", ">"):
            return self.scalar.span
        at = self.scalar.value.find(self.value)
        return self.document.locate(self.scalar, Span(at, at + len(self.value)))

    @property
    def scope(self) -> Span:
        """The step or job it stands in: where a suppression comment counts."""
        return self.parent.span

    @cached_property
    def slug(self) -> str:
        """`owner/repo` in lower case, empty for local paths and images; names ignore case."""
        if not self.is_remote:
            return ""
        return "/".join(self.name.split("/")[:2]).lower()

    @property
    def source(self) -> str:
        """What the network is asked for: `owner/repo`, on the server of the workflows."""
        return self.slug

    @property
    def owner(self) -> str:
        return self.slug.partition("/")[0]

    @cached_property
    def subpath(self) -> str:
        """What follows `owner/repo/`, as written."""
        return self.name.split("/", 2)[2] if self.is_remote and self.name.count("/") > 1 else ""

    @cached_property
    def path(self) -> str | None:
        """Where `subpath` leads in its repository, without `.`, `..` and empty parts; None where out of it."""
        found: list[str] = []
        for part in self.subpath.split("/"):
            if part == ".." and not found:
                return None
            if part == "..":
                found.pop()
            elif part not in ("", "."):
                found.append(part)
        return "/".join(found)

    @cached_property
    def action(self) -> str:
        """`owner/repo[/path]` in lower case: the key of our tables."""
        if self.path is None:
            return self.name.lower()
        return "/".join(filter(None, (self.slug, self.path.lower())))

    @cached_property
    def is_commit(self) -> bool:
        """Whether the reference is a full commit, 40 hexadecimal digits."""
        return is_commit(self.ref)

    @cached_property
    def comment(self) -> Comment | None:
        """The comment at the end of its line."""
        document = self.document
        return document.comment_on(document.lines.line(max(self.span.end - 1, 0)))

    @cached_property
    def version(self) -> str | None:
        """The version it says it is: the reference, or for a commit what the comment says."""
        if not self.is_commit:
            return self.ref or None
        return named_version(self.comment)

    def ref_span(self) -> Span:
        """Where the reference stands in the file."""
        at = self.scalar.value.rfind("@") + 1
        return self.document.locate(self.scalar, Span(at, len(self.scalar.value.rstrip())))


class ImageName(NamedTuple):
    """`[registry/]name[:tag][@digest]`, taken apart."""

    registry: str
    name: str
    tag: str
    digest: str

    @property
    def repository(self) -> str:
        """`[registry/]name`."""
        return f"{self.registry}/{self.name}" if self.registry else self.name


def parse_image(reference: str) -> ImageName:
    """Take an image reference apart; a registry is told by a dot, a colon or `localhost`."""
    rest, _, digest = reference.strip().removeprefix("docker://").partition("@")
    head, slash, tail = rest.partition("/")
    registry = head if slash and (head == "localhost" or "." in head or ":" in head) else ""
    name = tail if registry else rest
    name, _, tag = name.partition(":")
    return ImageName(registry, name, tag, digest)


class Image(Value):
    """A container image that a job, a service, a step or a docker action runs."""

    def __init__(self, parent: Job | Step | Action, scalar: Scalar, role: str) -> None:
        super().__init__(parent, scalar)
        self.role = role
        """`container`, `service`, `step` or `action`."""

    @cached_property
    def name(self) -> ImageName:
        return parse_image(self.scalar.value)
