"""Check files: take what an earlier run found, find the rest on all cores."""

from __future__ import annotations

import marshal
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from steplock.annotations import TYPE_CHECKING, Any, TypeAlias
from steplock.named import NamedTuple
from steplock.report import Report
from steplock.rule import Persona
from steplock_hooks import configuration, packing, pool, subject
from steplock_hooks.complaint import Complaint
from steplock_hooks.configuration import Source, Sources
from steplock_hooks.progress import progress
from steplock_hooks.results import Checked
from steplock_hooks.subject import Outcome, Subject
from steplock_hooks.targets import Target
from steplock_hooks.tree import Tree

if TYPE_CHECKING:
    from steplock.repository import Repository
    from steplock.settings import Settings
    from steplock_hooks.kept import Kept
    from steplock_hooks.online import Asking
    from steplock_hooks.remote import Remote

_Done: TypeAlias = "tuple[Report | bytes, str | None]"
"""A report, packed where it is kept, and what is made of it at once."""

# With less YAML than this (in characters), to start a process takes longer than what it would save.
_WORTH_A_PROCESS = 60_000


class Request(NamedTuple):
    """What the command line asks of a check."""

    rules: frozenset[str] | None = None
    """Only these; None for those that the configuration chooses."""
    persona: Persona | None = None
    config: str | None = None
    """The configuration for all files; None for the one found beside each."""
    no_config: bool = False
    cache: str | None = None
    """The folder of results; None to keep none."""
    jobs: int = 1
    server: Remote | None = None
    """The git server that rules may ask; None for none."""
    say: Callable[[Checked], str] | None = None
    """What is made of each report as soon as it is there, on the core that checked the file."""


def check(targets: Iterable[Target], request: Request) -> list[Outcome]:
    """Check files, in their order; those that the configuration excludes are left out.

    Raises:
        Complaint: where a configuration is wrong.
    """
    kept = _kept(request)
    sources = Sources(request.config, request.no_config)
    found: list[Outcome | Subject] = []
    for target in targets:
        source = sources.source(target)
        policy = kept.policy(source) if kept else configuration.policy(source)
        if not policy.excludes(target.path):
            one = subject.read(target, source, policy)
            found.append((kept and isinstance(one, Subject) and kept.find(one)) or one)
    fresh = iter(_find([one for one in found if isinstance(one, Subject)], request, kept))
    return [next(fresh) if isinstance(one, Subject) else one for one in found]


class Checker:
    """Runs the engine over files; holds the repositories that they are in."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self._trees: dict[str, Tree] = {}
        self._repositories: dict[str, Repository] = {}
        self._asking: Asking | None = None

    def asking(self) -> Asking | None:
        """Who asks other repositories; None where that is not allowed."""
        if self._asking is None and self.request.server is not None:
            from steplock_hooks.online import Asking

            self._asking = Asking(self.request.server)
        return self._asking

    def ask_ahead(self, subjects: Sequence[Subject]) -> None:
        """Ask for what the rules will ask for, many at once, and say what cannot be had."""
        if asking := self.asking():
            from steplock.repository import parse
            from steplock_hooks.online import references

            files = (file for one in subjects for file in parse(one.target.path, one.text))
            asking.ahead(references(files), self.request.rules)
            asking.say()

    def settings(self, source: Source) -> Settings:
        settings = configuration.settings(source)
        persona = self.request.persona
        return settings if persona is None else settings._replace(persona=persona)

    def repository(self, root: str) -> Repository:
        """The files below a root, each read and parsed once."""
        from steplock.repository import Repository

        if root not in self._repositories:
            tree = self._trees[root] = Tree(root)
            self._repositories[root] = Repository(tree.read, tree.folder)
        return self._repositories[root]

    def packed(self, one: Subject, report: Report) -> bytes:
        """What is found in one file, with all that it rests on."""
        root = one.target.root
        asked = tuple(sorted(self.repository(root).asked))
        return packing.pack(report, asked, self._trees[root].state(asked))

    def how(self, one: Subject) -> dict[str, Any]:
        """What the engine is told about a file beside its text and path."""
        return {
            "settings": self.settings(one.source),
            "repository": self.repository(one.target.root),
            "rules": self.request.rules,
            "today": today(),
            **({"online": asking.online()} if (asking := self.asking()) else {}),
        }

    def said(self, one: Subject, report: Report) -> str | None:
        """What is made of a report at once."""
        if self.request.say is None:
            return None
        return self.request.say(Checked(report, one.target.shown, one.target.root))

    def report(self, one: Subject) -> Report:
        """What is found in one file; a failure of ours is a finding too."""
        from steplock.engine import lint

        try:
            return lint(one.text, one.target.path, **self.how(one))
        except Exception as error:  # noqa: BLE001 - one file must not hide what is wrong in the others
            reason = f"makes steplock fail ({type(error).__name__}: {error}); please report that"
            return subject.unchecked(one.target, reason, "internal-error")


def _find(subjects: Sequence[Subject], request: Request, kept: Kept | None) -> list[Outcome]:
    if not subjects:
        return []
    checker = Checker(request)
    size = sum(len(one.text) for one in subjects)
    jobs = min(request.jobs, 1 + size // _WORTH_A_PROCESS)
    _load(checker, subjects, jobs > 1)
    checker.ask_ahead(subjects)

    stretches = _stretches(subjects, size // jobs)
    order = [index for stretch in stretches for index in stretch]
    ends = list(accumulate(map(len, stretches)))
    shares = [range(end - len(stretch), end) for stretch, end in zip(stretches, ends, strict=True)]

    def work(turn: int) -> _Done:
        one = subjects[order[turn]]
        report = checker.report(one)
        packed = checker.packed(one, report) if kept else None
        return packed or report, checker.said(one, report)

    with progress(len(subjects)) as tell:
        spread = pool.spread(work, shares, jobs, _in_bytes, tell)
    if len(spread) < len(subjects):
        raise Complaint("a process that checked files was ended; run again with --jobs 1")
    contents = {index: spread[turn] for turn, index in enumerate(order)}
    outcomes = []
    for index, one in enumerate(subjects):
        done = contents[index]
        content, said = marshal.loads(done) if isinstance(done, bytes) else done
        if isinstance(content, bytes):
            if kept:
                kept.keep(one, content)
            _, packed = packing.load(content)
            content = packed.report(one.target.path, one.text)
        outcomes.append(Outcome(one.target, one.source, one.policy, content, said))
    if kept:
        kept.prune()
    return outcomes


def _in_bytes(done: _Done) -> bytes:
    content, said = done
    return marshal.dumps((content if isinstance(content, bytes) else packing.pack(content), said))


def _stretches(subjects: Sequence[Subject], most: int) -> list[list[int]]:
    """Which files one process checks in turn, the long stretches first, so that no core waits for the last.

    Those of one repository: what its files say of each other is then worked out once. Where they are longer than `most`
    (in characters), each alone.
    """
    by_root: dict[str, list[int]] = {}
    for index, one in enumerate(subjects):
        by_root.setdefault(one.target.root, []).append(index)

    def length(stretch: list[int]) -> int:
        return sum(len(subjects[index].text) for index in stretch)

    found: list[list[int]] = []
    for stretch in by_root.values():
        found += [stretch] if length(stretch) <= most else [[index] for index in stretch]
    return sorted(found, key=length, reverse=True)


def _load(checker: Checker, subjects: Sequence[Subject], several: bool) -> None:
    """Import and read what all need before the processes part."""
    from steplock import engine, registry

    assert engine is not None
    sources = {one.source for one in subjects}
    for settings in map(checker.settings, sources):
        for entry in registry.entries() if several else ():
            if settings.wants(entry, checker.request.rules):
                registry.load(entry.id)


def _kept(request: Request) -> Kept | None:
    # What a server said is no result that may be kept.
    if request.cache is None or request.server is not None:
        return None
    from steplock_hooks.kept import Kept

    rules = None if request.rules is None else sorted(request.rules)
    persona = None if request.persona is None else int(request.persona)
    return Kept(request.cache, (rules, persona, today()))


def today() -> str:
    """The ISO date, for rules that know when things change."""
    return time.strftime("%Y-%m-%d")
