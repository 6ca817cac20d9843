"""Branches and tags of a repository, through `git ls-remote`."""

from steplock import version
from steplock.lazy import pattern
from steplock_hooks.remote import git, server, store
from steplock_hooks.remote.answers import (
    Ambiguous,
    Failure,
    NotFound,
    Refs,
    Resolved,
    Unreachable,
)
from steplock_hooks.remote.server import Remote

_LINE = pattern(r"([0-9a-f]{40,64})\trefs/(heads|tags)/([^\x00-\x20\x7f]+?)(\^\{\})?")


def refs(remote: Remote, repo: str) -> Refs | Failure:
    """All branches and tags of `owner/name`; the answer is kept for `remote.max_age`."""
    address = server.url(remote, repo)
    if address is None:
        return NotFound(f"{repo!r}")
    path = server.place(remote, "refs", repo + ".json")
    answer = store.read(path, remote.max_age)
    if answer is None:
        answer = _ask(remote, repo, address)
        if answer is not git.STOPPED:
            store.write(path, answer)
    return answer


def commit(remote: Remote, repo: str, ref: str) -> Resolved | Ambiguous | Failure:
    """The commit that `ref` of `owner/name@ref` stands for.

    A whole commit id stands for itself, and one of an annotated tag for the tag's commit;
    whether the repository has that commit is `contains`' question.
    """
    found = refs(remote, repo)
    if not isinstance(found, Refs):
        return found
    if server.is_commit(ref):
        ref = ref.lower()
        return Resolved(ref, "commit", found.annotated.get(ref, ref))
    name = ref.removeprefix("refs/")
    if name.startswith("heads/") and (branch := found.heads.get(name[6:])):
        return Resolved(ref, "branch", branch)
    if name.startswith("tags/") and (tag := found.tags.get(name[5:])):
        return Resolved(ref, "tag", tag)
    tag, branch = found.tags.get(ref), found.heads.get(ref)
    if tag and branch and tag != branch:
        return Ambiguous(ref, tag, branch)
    if tag:
        return Resolved(ref, "tag", tag)
    if branch:
        return Resolved(ref, "branch", branch)
    return NotFound(f"{repo}@{ref}")


def tags_of(remote: Remote, repo: str, commit: str) -> tuple[str, ...] | Failure:
    """The tags that stand for exactly this commit, the most precise version first."""
    found = refs(remote, repo)
    if not isinstance(found, Refs):
        return found
    commit = found.annotated.get(commit.lower(), commit.lower())
    return version.precise_first(tag for tag, at in found.tags.items() if at == commit)


def _ask(remote: Remote, repo: str, address: str) -> Refs | Failure:
    output = git.run(
        ["ls-remote", "--quiet", "--heads", "--tags", "--", address],
        timeout=remote.timeout,
        protocols=remote.protocols,
    )
    if isinstance(output, Unreachable):
        return output
    if output.status:
        return server.failure(output, repo)
    answer = _read(output.out.decode("utf-8", "surrogateescape"))
    if not answer.heads and not answer.tags:
        # Git takes the sign-in page of a network for a repository without references.
        return Unreachable(f"no branch or tag of {repo} was listed")
    return answer


def _read(listing: str) -> Refs:
    answer = Refs(tags={}, heads={}, annotated={})
    for found in filter(None, map(_LINE.fullmatch, listing.split("\n"))):
        oid, kind, name, peeled = found.groups()
        names = answer.heads if kind == "heads" else answer.tags
        if peeled and name in names:
            answer.annotated[names[name]] = oid
        names[name] = oid
    return answer
