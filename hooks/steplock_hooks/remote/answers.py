"""The values that a remote repository answers with."""

from steplock.annotations import TypeAlias
from steplock.named import NamedTuple


class Refs(NamedTuple):
    """The branches and tags of a repository by their short names; commits in hex."""

    tags: dict[str, str]
    """The commit that each tag stands for, annotated tags peeled."""
    heads: dict[str, str]
    """The newest commit of each branch."""
    annotated: dict[str, str]
    """The commit behind each annotated tag's own object, which a pin may name too."""


class Resolved(NamedTuple):
    """The commit that a reference stands for; `kind` is `tag`, `branch` or `commit`."""

    ref: str
    kind: str
    commit: str


class Ambiguous(NamedTuple):
    """A branch and a tag of one name that stand for two commits.

    Tools disagree on which of the two GitHub runs (suzuki-shunsuke/pinact#1477 says the
    tag), so a person has to choose.
    """

    ref: str
    tag: str
    branch: str

    def __str__(self) -> str:
        return f"{self.ref} is a tag ({self.tag[:12]}) and a branch ({self.branch[:12]})"


class NotFound(NamedTuple):
    """The server answered, and has no such repository, reference, commit or file."""

    what: str

    def __str__(self) -> str:
        return f"{self.what} was not found"


class Unreachable(NamedTuple):
    """There is no answer: no network, no access, or a server that fails or is too slow."""

    reason: str

    def __str__(self) -> str:
        return self.reason


Failure: TypeAlias = NotFound | Unreachable
