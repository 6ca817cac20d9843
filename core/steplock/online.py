"""Floor 0. What the repositories of actions hold now, as functions that a door may lend to the rules.

The core opens no connection: without a door that was told to go online there is none of this. An answer
of None says that nobody could tell, for a repository that is private, gone or out of reach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from steplock import version
from steplock.named import NamedTuple


class Refs(NamedTuple):
    """The branches and tags of a repository, by their short names; commits in 40 hex digits."""

    tags: Mapping[str, str]
    """The commit that each tag stands for, annotated tags peeled."""
    heads: Mapping[str, str]
    """The newest commit of each branch."""
    annotated: Mapping[str, str]
    """The commit behind the object of an annotated tag, which a pin may name too."""


class Online(NamedTuple):
    """Repositories are `owner/name`, in any case of letters."""

    refs: Callable[[str], Refs | None]
    contains: Callable[[str, str], bool | None]
    """Whether any branch or tag of a repository reaches a commit."""
    manifest: Callable[[str, str, str], str | None]
    """The text of a file in a repository at a commit."""

    def commit(self, repo: str, ref: str) -> str | None:
        """What `repo@ref` runs; None also where a branch and a tag of one name disagree."""
        refs = self.refs(repo)
        if refs is None:
            return None
        tag, head = refs.tags.get(ref), refs.heads.get(ref)
        return None if tag and head and tag != head else tag or head

    def tags(self, repo: str, commit: str) -> tuple[str, ...] | None:
        """The tags that stand for exactly this commit, the most precise first."""
        refs = self.refs(repo)
        if refs is None:
            return None
        commit = refs.annotated.get(commit.lower(), commit.lower())
        return version.precise_first(tag for tag, at in refs.tags.items() if at == commit)
