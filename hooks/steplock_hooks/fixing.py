"""Fix files in memory: each until nothing changes, and what takes several files in all of them or in none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

from steplock.annotations import Any
from steplock.engine import fix as fix_text
from steplock.engine import lint
from steplock.ignoring import ignore_all
from steplock.named import NamedTuple
from steplock.report import Diagnostic, Report
from steplock.repository import Repository
from steplock.rule import Fix, Safety
from steplock.text import OverlappingEdits, apply_edits
from steplock_hooks.checking import Checker
from steplock_hooks.subject import Subject
from steplock_hooks.targets import STDIN
from steplock_hooks.tree import Tree


class Fixed(NamedTuple):
    """What became of one file."""

    subject: Subject
    report: Report
    """What is still found, in the text as it is now."""
    applied: tuple[Diagnostic, ...]
    broken: tuple[str, ...]
    """Rules whose fix did not hold; it was taken back."""
    ignored: tuple[Diagnostic, ...] = ()
    """What a comment silences now."""


class Change(NamedTuple):
    """A file that is to be written: its absolute path, and its text."""

    file: str
    before: str
    after: str


def _fix_of(diagnostic: Diagnostic, safety: Safety) -> Fix | None:
    """The first fix that is safe enough."""
    return next((fix for fix in diagnostic.fixes if fix.safety >= safety), None)


class Fixer:
    """Fixes files one after the other; each sees what became of those before it."""

    def __init__(self, checker: Checker, safety: Safety) -> None:
        self._checker = checker
        self._safety = safety
        self._texts: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._changes: dict[str, Change] = {}

    @property
    def changes(self) -> tuple[Change, ...]:
        """All that changed so far; some may be files that nobody asked to fix."""
        return tuple(one for one in self._changes.values() if one.before != one.after)

    def fix(self, subject: Subject) -> Fixed:
        """Fix one file."""
        target = subject.target
        text = self._texts[target.root].get(target.path, subject.text)
        repository = self._repository(target.root)
        done = fix_text(text, target.path, self._safety, **self._how(subject, repository))
        self._put(target.root, target.path, target.file, text, done.report.text)
        report, applied, broken = done.report, list(done.applied), list(done.broken)
        while target.file != STDIN and (wide := next(self._wide(report, broken), None)):
            if after := self._fix_all(subject, report, *wide):
                report = after
                applied.append(wide[0])
            else:
                broken.append(wide[0].rule)
        return Fixed(subject, report, tuple(applied), tuple(broken))

    def ignore(self, fixed: Fixed, diagnostics: Collection[Diagnostic], reason: str) -> Fixed:
        """Write comments that silence findings of a file; none at all where they would leave it broken."""
        subject, report, target = fixed.subject, fixed.report, fixed.subject.target
        text, _ = ignore_all(report.text, diagnostics, reason)
        after = lint(text, target.path, **self._how(subject, self._repository(target.root)))
        if _count(after, "syntax-error") > _count(report, "syntax-error"):
            return fixed
        self._put(target.root, target.path, target.file, report.text, text)
        gone = Counter(d.rule for d in report.diagnostics) - Counter(
            d.rule for d in after.diagnostics
        )
        silenced = tuple(one for one in diagnostics if _take(gone, one.rule))
        return fixed._replace(report=after, ignored=silenced)

    def _wide(self, report: Report, broken: Collection[str]) -> Iterator[tuple[Diagnostic, Fix]]:
        """The findings whose fix edits other files too."""
        for diagnostic in report.diagnostics:
            fix = _fix_of(diagnostic, self._safety)
            if fix and fix.elsewhere and diagnostic.rule not in broken:
                yield diagnostic, fix

    def _fix_all(
        self, subject: Subject, report: Report, diagnostic: Diagnostic, fix: Fix
    ) -> Report | None:
        """Apply a fix of several files; None, and nothing is changed, where it does not hold in all."""
        root, path = subject.target.root, subject.target.path
        edits = {path: [*fix.edits]}
        for path_, edit in fix.elsewhere:
            edits.setdefault(path_, []).append(edit)
        tree = self._tree(root)
        before = {one: report.text if one == path else tree.read(one) for one in edits}
        texts = {one: text for one, text in before.items() if text is not None}
        if len(texts) < len(before):
            return None
        try:
            after = {one: apply_edits(text, edits[one]) for one, text in texts.items()}
        except OverlappingEdits:
            return None
        new = Tree(root, {**self._texts[root], **after})
        how = self._how(subject, Repository(new.read, new.folder))
        reports = {one: lint(text, one, **how) for one, text in after.items()}
        broken = any(
            _count(reports[one], "syntax-error") > _count(lint(texts[one], one), "syntax-error")
            for one in after
        )
        if broken or _count(reports[path], diagnostic.rule) >= _count(report, diagnostic.rule):
            return None
        for one, text in after.items():
            file = subject.target.file if one == path else tree.where(one)
            assert file is not None, "it was read from there"
            self._put(root, one, file, texts[one], text)
        return reports[path]

    def _how(self, subject: Subject, repository: Repository) -> dict[str, Any]:
        return {**self._checker.how(subject), "repository": repository}

    def _tree(self, root: str) -> Tree:
        return Tree(root, self._texts[root])

    def _repository(self, root: str) -> Repository:
        tree = self._tree(root)
        return Repository(tree.read, tree.folder)

    def _put(self, root: str, path: str, file: str, before: str, after: str) -> None:
        self._texts[root][path] = after
        first = self._changes.get(file, Change(file, before, after))
        self._changes[file] = first._replace(after=after)


def _take(counted: Counter[str], rule: str) -> bool:
    """Whether one of a rule is counted; it then counts no more."""
    there = counted[rule] > 0
    counted[rule] -= there
    return there


def _count(report: Report, rule: str) -> int:
    return sum(diagnostic.rule == rule for diagnostic in report.diagnostics)
