"""Floor 8. Text in, diagnostics out; diagnostics in, fixed text out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from steplock import registry, syntax
from steplock.annotations import TYPE_CHECKING, Any
from steplock.model import Action, File, Job, View, Workflow, files, views
from steplock.named import NamedTuple
from steplock.registry import Concern
from steplock.report import Diagnostic, Report
from steplock.repository import Repository
from steplock.rule import (
    Confidence,
    Context,
    Finding,
    Fix,
    Persona,
    Rule,
    Safety,
    Severity,
)
from steplock.settings import DEFAULTS, Active, Settings
from steplock.suppress import Suppression, Verdict, suppressions
from steplock.syntax import Document, Problem
from steplock.text import Edit, Span, apply_edits

if TYPE_CHECKING:
    from steplock.online import Online
    from steplock.reuse import Found, Memory

MAX_ROUNDS = 20


class Fixed(NamedTuple):
    """A text after fixing."""

    text: str
    applied: tuple[Diagnostic, ...]
    """What was fixed, in order."""
    broken: tuple[str, ...]
    """Rules whose fix did not hold; their edits were taken back."""
    report: Report
    """What is still found."""


def lint(
    text: str,
    path: str = ".github/workflows/workflow.yml",
    *,
    settings: Settings = DEFAULTS,
    repository: Repository | None = None,
    rules: Collection[str] | None = None,
    today: str = "",
    online: Online | None = None,
    memory: Memory | None = None,
) -> Report:
    """Check one text.

    Args:
        path: where it lies, from the repository's root; it tells what kind of file it is.
        settings: the configuration that holds for it.
        repository: the files around it, for what one file alone does not show.
        rules: ids to run instead of those that the settings choose.
        today: ISO date, for rules that know when things change.
        online: what the repositories of actions hold now, where the network may be used.
        memory: what the check of the last version found, for one who checks at each keystroke.
    """
    repository = repository or Repository()
    held = repository.held(path, text)
    document = held[0].document if held else syntax.parse(text)
    if not held:
        held = tuple(files(path, document))
        repository.add(path, held)
    comments = suppressions(document)
    parts = [view for file in held for view in views(file)]
    concern = _concern(document, parts, comments, online is not None)
    active = settings.active(concern, rules)
    context = Context(path, repository, today, online)
    found = _check(document, held, parts, _Bound(active, context), memory)
    if document.problems:
        found = [(_where_readable(document, one), scope) for one, scope in found]
    shown, hidden = _sift(path, document, comments, found, active, settings)
    return Report(path, text, _sorted(shown), _sorted(hidden))


def _sorted(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place; what an alias repeats in several jobs once, to be fixed in all of them."""
    once: dict[tuple[Span, str, str], Diagnostic] = {}
    for one in found:
        key = (one.span, one.rule, one.message)
        once[key] = _as_one(once[key], one) if key in once else one
    return tuple(once[key] for key in sorted(once))


def _as_one(one: Diagnostic, other: Diagnostic) -> Diagnostic:
    if one.fixes == other.fixes:
        return one
    fixes = (
        Fix(
            fix.title,
            tuple(dict.fromkeys(fix.edits + also.edits)),
            min(fix.safety, also.safety),
            tuple(dict.fromkeys(fix.elsewhere + also.elsewhere)),
        )
        for fix in one.fixes
        for also in other.fixes
        if fix.title == also.title and not _clash(fix.edits, also.edits)
    )
    return one._replace(fixes=tuple(fixes))


def _where_readable(document: Document, diagnostic: Diagnostic) -> Diagnostic:
    """Without the fixes that stand where the text is broken."""
    from steplock.edits.places import is_torn  # here, since nearly all files can be read

    fixes = (f for f in diagnostic.fixes if not any(is_torn(document, e.span) for e in f.edits))
    return diagnostic._replace(fixes=tuple(fixes))


def _concern(
    document: Document, parts: Iterable[View], comments: tuple[Suppression, ...], online: bool
) -> Concern:
    views = {type(part).__name__ for part in parts}
    if document.problems:
        views.add(Problem.__name__)
    if comments:
        views.add(Verdict.__name__)
    named = {id for comment in comments for id, _ in comment.ids}
    return Concern(views, _events(parts), document, named, online)


def _events(parts: Iterable[View]) -> frozenset[str] | None:
    """What starts the workflows among the parts; None where other files are, which any event may reach."""
    found: set[str] = set()
    for part in parts:
        if isinstance(part, Workflow):
            found |= part.events
        elif isinstance(part, Action):
            return None
    return frozenset(found)


class _Bound:
    """The rules to run, by the type of what they look at."""

    def __init__(self, active: tuple[Active, ...], context: Context) -> None:
        self.path = context.path
        self._failed: set[str] = set()
        self._runs: dict[
            type, list[tuple[Active, Callable[..., Iterable[Finding]], tuple[Any, ...]]]
        ] = {}
        for one in active:
            arguments = one.rule.arguments(context, one.options)
            for target in one.rule.targets:
                self._runs.setdefault(target, []).append((one, one.rule.check, arguments))

    @property
    def failed(self) -> bool:
        return bool(self._failed)

    def run(self, view: Any, found: list[Found]) -> None:
        """Add what the rules find in a view."""
        for one, check, arguments in self._runs.get(type(view), ()):
            try:
                for finding in check(view, *arguments):
                    found.append((_diagnostic(one, finding, self.path), finding.scope))
            except Exception as error:  # noqa: BLE001 - one rule's fault must not hide what others find
                if one.rule.id not in self._failed:
                    self._failed.add(one.rule.id)
                    found.append((_failure(one.rule, view, self.path, error), None))


def _check(
    document: Document,
    held: tuple[File, ...],
    parts: Iterable[View],
    bound: _Bound,
    memory: Memory | None,
) -> list[Found]:
    found: list[Found] = []
    for problem in document.problems:
        bound.run(problem, found)
    if memory is not None and len(held) == 1 and isinstance(held[0], Workflow):
        return found + _check_again(held[0], parts, bound, memory)
    for part in parts:
        bound.run(part, found)
    return found


def _check_again(
    workflow: Workflow, parts: Iterable[View], bound: _Bound, memory: Memory
) -> list[Found]:
    """Only what the memory does not know."""
    from steplock.reuse import job_of  # here, since a hook remembers nothing

    known = memory.recall(workflow)
    found: dict[Job | None, list[Found]] = {job: list(kept) for job, kept in known.items()}
    for part in parts:
        job = job_of(part)
        if job not in known:
            bound.run(part, found.setdefault(job, []))
    if bound.failed:
        memory.forget()
    else:
        memory.keep(workflow, found)
    return [one for of_job in found.values() for one in of_job]


def _diagnostic(one: Active, finding: Finding, path: str) -> Diagnostic:
    rule = one.rule
    return Diagnostic(
        rule.id,
        one.severity or finding.severity or rule.severity,
        finding.confidence or rule.confidence,
        finding.persona or rule.persona,
        path,
        finding.span,
        finding.message,
        tuple(fix for fix in finding.fixes if fix is not None),
        finding.related,
    )


def _failure(rule: Rule, view: Any, path: str, error: Exception) -> Diagnostic:
    at = getattr(view, "span", Span(0, 0))
    message = (
        f"the rule `{rule.id}` failed here and was passed over: {type(error).__name__}: {error}"
    )
    return Diagnostic(
        "internal-error", Severity.INFORMATIONAL, Confidence.HIGH, Persona.REGULAR, path,
        Span(at.start, at.start), message,
    )  # fmt: skip


def _sift(
    path: str,
    document: Document,
    comments: tuple[Suppression, ...],
    found: Iterable[Found],
    active: tuple[Active, ...],
    settings: Settings,
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Set aside what a comment or the configuration silences, and judge the comments in turn."""
    used: dict[Suppression, set[str]] = {comment: set() for comment in comments}
    shown: list[Diagnostic] = []
    hidden: list[Diagnostic] = []
    by_rule = {one.rule.id: one for one in active}
    for diagnostic, scope in found:
        reason = None
        for comment in comments:
            if _silences(comment, diagnostic, scope, document):
                used[comment].add(diagnostic.rule)
                reason = "comment"
        one = by_rule.get(diagnostic.rule)
        if reason is None and one and one.ignores(diagnostic.path, document.lines, diagnostic.span):
            reason = "configuration"
        if diagnostic.persona > (one.persona if one else settings.persona):
            continue
        if reason is None:
            shown.append(diagnostic)
        else:
            hidden.append(diagnostic._replace(suppressed=reason))
    for one in active:
        if Verdict in one.rule.targets:
            for comment in comments:
                for finding in one.rule.check(_verdict(comment, used[comment], by_rule)):
                    shown.append(_diagnostic(one, finding, path))
    return shown, hidden


def _silences(
    comment: Suppression, diagnostic: Diagnostic, scope: Span | None, document: Document
) -> bool:
    if all(id != diagnostic.rule for id, _ in comment.ids):
        return False
    if comment.is_file:
        return True
    lines = document.lines
    spans = [document.whole_scalar(diagnostic.span), *([scope] if scope else [])]
    for span in spans:
        first, last = lines.line(span.start), lines.line(max(span.end - 1, span.start))
        if first <= comment.line <= last or comment.target == first:
            return True
    return False


def _verdict(comment: Suppression, used: set[str], by_rule: dict[str, Active]) -> Verdict:
    known = registry.ids()
    unknown = tuple((id, _nearest(id, known)) for id, _ in comment.ids if id not in known)
    inactive = frozenset(id for id, _ in comment.ids if id in known and id not in by_rule)
    return Verdict(comment, frozenset(used), inactive, unknown)


def _nearest(id: str, known: Collection[str]) -> str | None:
    import difflib  # here, since nearly all comments are right

    return next(iter(difflib.get_close_matches(id, known, 1)), None)


def apply_fixes(
    text: str, diagnostics: Iterable[Diagnostic], safety: Safety = Safety.SAFE
) -> tuple[str, tuple[Diagnostic, ...]]:
    """Apply what `choose_fixes` takes; returns the new text and what was applied."""
    edits, applied = choose_fixes(diagnostics, safety)
    return apply_edits(text, edits), applied


def choose_fixes(
    diagnostics: Iterable[Diagnostic], safety: Safety = Safety.SAFE
) -> tuple[tuple[Edit, ...], tuple[Diagnostic, ...]]:
    """The edits of the first fix of each diagnostic that is at least `safety`, and whose they are.

    One that overlaps another waits for the next round; one that changes other files too is left to a
    door that can.
    """
    taken: list[Edit] = []
    applied: list[Diagnostic] = []
    for diagnostic in diagnostics:
        fix = next((f for f in diagnostic.fixes if f.safety >= safety), None)
        if fix is None or fix.elsewhere or _clash(fix.edits, taken):
            continue
        taken += (edit for edit in fix.edits if edit not in taken)
        applied.append(diagnostic)
    return tuple(taken), tuple(applied)


def _clash(edits: Iterable[Edit], taken: Collection[Edit]) -> bool:
    return any(a.span.touches(b.span) and a != b for a in edits for b in taken)


def fix(
    text: str,
    path: str = ".github/workflows/workflow.yml",
    safety: Safety = Safety.SAFE,
    **how: Any,
) -> Fixed:
    """Check and fix one text until nothing changes; `how` is what `lint` takes.

    A fix after which the text does not parse, or its finding stands as before, is taken back, and
    its rule is named in `broken`.
    """
    applied: list[Diagnostic] = []
    broken: list[str] = []
    report = lint(text, path, **how)
    for _ in range(MAX_ROUNDS):
        hopeful = [d for d in report.diagnostics if d.rule not in broken]
        changed, done = apply_fixes(report.text, hopeful, safety)
        if changed == report.text:
            break
        after = lint(changed, path, **how)
        wrong = _broken(report, after, done)
        if wrong:
            broken += wrong
            continue
        applied += done
        report = after
    return Fixed(report.text, tuple(applied), tuple(broken), report)


def _broken(before: Report, after: Report, done: tuple[Diagnostic, ...]) -> list[str]:
    """The rules whose fixes did not hold: all of them where the text is broken, and those not settled."""
    if _count(after, "syntax-error") > _count(before, "syntax-error"):
        return sorted({d.rule for d in done})
    rules = {d.rule for d in done}
    return sorted(r for r in rules if _count(after, r) >= _count(before, r))


def _count(report: Report, rule: str) -> int:
    return sum(d.rule == rule for d in report.diagnostics)
