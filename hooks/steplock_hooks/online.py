"""What rules may know of the repositories of actions, asked over git and remembered for the run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from types import SimpleNamespace

from steplock.annotations import TypeVar
from steplock.model import File, HookRepo, Uses, views
from steplock.named import NamedTuple
from steplock.online import Online, Refs
from steplock.tables import pins
from steplock_hooks import remote
from steplock_hooks.complaint import Complaint
from steplock_hooks.progress import progress
from steplock_hooks.remote import NotFound, Remote, Unreachable

_GITHUB = "https://github.com"

Answer = TypeVar("Answer")


class Reference(NamedTuple):
    """Something that a file takes from a repository."""

    repo: str
    """`owner/name` in lower case."""
    path: str
    """What it takes of it, where that is an action or a workflow; `-` for pre-commit hooks."""
    ref: str

    @property
    def is_commit(self) -> bool:
        return len(self.ref) == 40 and not set(self.ref.lower()) - set("0123456789abcdef")


def git_server(arguments: SimpleNamespace) -> Remote:
    """Where to ask: what the command line says, else what the runner says of itself, else GitHub.

    Raises:
        Complaint: where that is no address.
    """
    address = arguments.server or os.environ.get("GITHUB_SERVER_URL") or _GITHUB
    server = Remote(address)
    if address.startswith("http://"):
        # Whoever names such a server knows the way to it.
        server = server._replace(protocols=(*server.protocols, "http"))
    try:
        remote.url(server, "owner/name")
    except ValueError as error:
        raise Complaint(str(error)) from error
    return server


def references(files: Iterable[File]) -> Iterator[Reference]:
    """All that files take from repositories, as often as they do."""
    for file in files:
        for view in views(file):
            if isinstance(view, Uses) and view.slug.count("/") == 1 and view.ref:
                yield Reference(view.slug, view.subpath, view.ref)
            elif isinstance(view, HookRepo) and view.slug and view.rev:
                yield Reference(view.slug, "-", view.rev.value)


class Asking:
    """Asks each thing once; what cannot be had is None, and said at the end.

    A repository is `owner/name` on the server, or an address (`https://example.com/owner/name`).
    """

    def __init__(self, server: Remote) -> None:
        self.server = server
        self.failed: dict[str, str] = {}
        """Why, by repository."""
        self._refs: dict[str, Refs | None] = {}
        self._contained: dict[tuple[str, str], bool | None] = {}
        self._manifests: dict[tuple[str, str, str], str | None] = {}

    def online(self) -> Online:
        """The answers, as rules take them."""
        return Online(self.refs, self.contains, self.manifest)

    def refs(self, repo: str) -> Refs | None:
        repo = self._key(repo)
        if repo not in self._refs:
            answer = self._told(repo, self._at(repo, remote.refs))
            self._refs[repo] = None if answer is None else Refs(*answer)
        return self._refs[repo]

    def date(self, repo: str, commit: str) -> datetime | None:
        """When a commit was made; not kept, and not told of where it cannot be had."""
        answer = self._at(
            self._key(repo), lambda server, name: remote.commit_date(server, name, commit)
        )
        return None if isinstance(answer, NotFound | Unreachable) else answer

    def contains(self, repo: str, commit: str) -> bool | None:
        key = (repo.lower(), commit.lower())
        if key not in self._contained:
            self._contained[key] = self._told(repo, remote.contains(self.server, *key))
        return self._contained[key]

    def manifest(self, repo: str, commit: str, path: str) -> str | None:
        key = (repo.lower(), commit.lower(), path)
        if key not in self._manifests:
            answer = remote.manifest(self.server, *key)
            missing = isinstance(answer, NotFound)
            self._manifests[key] = None if missing else self._told(repo, answer)
        return self._manifests[key]

    def ahead(self, wanted: Iterable[Reference], rules: Collection[str] | None = None) -> None:
        """Ask for all that these rules will ask for, many at once; None for all rules."""
        once = set(wanted)
        self._all(self.refs, {one.repo for one in once}, "repositories")
        commits = {one for one in once if one.is_commit and self._refs.get(one.repo)}
        if rules is None or "impostor-commit" in rules:
            unknown = {(c.repo, c.ref) for c in commits if not pins.tags(c.repo, c.ref)}
            self._all(lambda pair: self.contains(*pair), unknown, "commits")
        if rules is None or "transitive-unpinned" in rules:
            nested = {one for one in commits if one.path != "-"}
            self._all(self._look_into, nested, "actions")

    def say(self) -> None:
        """Tell on standard error what could not be asked."""
        for repo, why in sorted(self.failed.items()):
            print(f"steplock: {repo} was passed over: {why}", file=sys.stderr)

    def _look_into(self, one: Reference) -> None:
        if one.path.endswith((".yml", ".yaml")):
            self.manifest(one.repo, one.ref, one.path)
            return
        folder = f"{one.path}/" if one.path else ""
        if self.manifest(one.repo, one.ref, f"{folder}action.yml") is None:
            self.manifest(one.repo, one.ref, f"{folder}action.yaml")

    def _all(self, ask: Callable[[Answer], object], wanted: set[Answer], what: str) -> None:
        with progress(len(wanted), f"asked for {{}} of {{}} {what}") as tell:
            for done, _ in enumerate(remote.every(ask, wanted), 1):
                tell(done)

    def _key(self, repo: str) -> str:
        """One name for each repository."""
        repo = repo.removeprefix(f"{self.server.server.rstrip('/')}/")
        return repo if "://" in repo else repo.lower()

    def _at(self, repo: str, ask: Callable[[Remote, str], Answer]) -> Answer | Unreachable:
        """Ask where the repository lies."""
        if "://" not in repo:
            return ask(self.server, repo)
        base, _, name = repo.rpartition("/")
        base, _, owner = base.rpartition("/")
        if not base.startswith("https://"):
            return Unreachable("only over https is it sure who answers")
        try:
            return ask(Remote(base), f"{owner}/{name}")
        except ValueError as error:
            return Unreachable(str(error))

    def _told(self, repo: str, answer: Answer | NotFound | Unreachable) -> Answer | None:
        if isinstance(answer, NotFound | Unreachable):
            self.failed[self._key(repo)] = str(answer)
            return None
        return answer
