"""`steplock fix`: repair what is unsafe."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace

from steplock.annotations import TYPE_CHECKING
from steplock.report import Diagnostic
from steplock.rule import Safety
from steplock.text import Lines
from steplock_hooks import asked, disk, targets
from steplock_hooks.checking import Checker, Request, check
from steplock_hooks.complaint import Complaint
from steplock_hooks.formats.terminal import BOLD, SHADES, Pen, visible
from steplock_hooks.notes import say
from steplock_hooks.results import Style
from steplock_hooks.style import style
from steplock_hooks.subject import Outcome
from steplock_hooks.targets import STDIN

if TYPE_CHECKING:
    from steplock_hooks.fixing import Change, Fixed


_IGNORED = {"fixed": "silenced", "would fix": "would silence"}


def run(arguments: SimpleNamespace) -> int:
    """Fix and tell. 1 where a file changed, or would, or something at the gate is left."""
    request = asked.request(arguments)
    safety = Safety.UNSAFE if arguments.unsafe else Safety.SAFE
    found = targets.find(arguments.paths, arguments.stdin_filename)
    outcomes = check(found.targets, request)
    say(found, outcomes)
    if arguments.add_ignores is not None and not arguments.add_ignores.strip():
        raise Complaint("--add-ignores: say why, for whoever reads the comment")
    fixed, changes = _fix(outcomes, request, safety, arguments)
    dry = arguments.diff or arguments.check
    if arguments.diff:
        _show(changes, outcomes, style(sys.stdout, arguments.color))
    elif not dry:
        _write(changes)
    after = [_after(one, fixed) for one in outcomes]
    left = {
        one.target.file: asked.blocking(asked.gate(arguments.fail_on, one), one) for one in after
    }
    if STDIN in {one.target.file for one in outcomes} and not dry:
        text = next(one.report.text for one in after if one.target.file == STDIN)
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
        stream = sys.stderr
    else:
        stream = sys.stderr if arguments.diff else sys.stdout
    pen = Pen(style(stream, arguments.color))
    verb = "would fix" if dry else "fixed"
    for one in () if arguments.quiet else after:
        for line in _told(
            one, fixed.get(one.target.file), [] if dry else left[one.target.file], verb, pen
        ):
            print(line, file=stream)
    remaining = sum(map(len, left.values()))
    print(_summary(fixed.values(), remaining, verb), file=stream)
    return int(bool(remaining or changes))


def _fix(
    outcomes: Sequence[Outcome], request: Request, safety: Safety, arguments: SimpleNamespace
) -> tuple[dict[str, Fixed], tuple[Change, ...]]:
    """What became of each file in which something can be fixed, or is to be silenced, by its absolute path."""
    reason = arguments.add_ignores
    fixable = [
        one for one in outcomes if one.is_fixable(safety) or (reason and one.report.diagnostics)
    ]
    if not fixable:
        return {}, ()
    from steplock_hooks.fixing import Fixer  # here, since most runs find nothing to fix

    fixer = Fixer(Checker(request), safety)
    fixed = {one.target.file: fixer.fix(one.subject) for one in fixable}
    for outcome in fixable if reason else ():
        one = fixed[outcome.target.file]
        after = outcome._replace(report=one.report)
        if left := asked.blocking(asked.gate(arguments.fail_on, outcome), after):
            fixed[outcome.target.file] = fixer.ignore(one, left, reason)
    return fixed, fixer.changes


def _after(outcome: Outcome, fixed: dict[str, Fixed]) -> Outcome:
    one = fixed.get(outcome.target.file)
    return outcome._replace(report=one.report) if one else outcome


def _write(changes: Sequence[Change]) -> None:
    contents = {
        one.file: (one.before.encode(), one.after.encode()) for one in changes if one.file != STDIN
    }
    try:
        disk.write(contents)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Complaint(f"nothing was fixed: {error.filename}: {reason}") from error


def _show(changes: Sequence[Change], outcomes: Sequence[Outcome], look: Style) -> None:
    from steplock_hooks.diff import diff

    shown = {one.target.file: one.target.shown for one in outcomes}
    for change in changes:
        name = shown.get(change.file) or os.path.relpath(change.file).replace(os.sep, "/")
        lines = diff(name, change.before, change.after, look)
        sys.stdout.writelines(lines)


def _told(
    outcome: Outcome, repair: Fixed | None, left: Sequence[Diagnostic], verb: str, pen: Pen
) -> Iterator[str]:
    """What was fixed in a file, what could not be, and what is left that blocks."""
    name = pen.paint(visible(outcome.target.shown), BOLD)
    if repair and repair.applied:
        yield f"{name}: {verb} {_counts(repair.applied)}"
    if repair and repair.ignored:
        yield f"{name}: {_IGNORED[verb]} {_counts(repair.ignored)}"
    for rule in repair.broken if repair else ():
        yield f"{name}: the fix of {rule} did not hold and was taken back; please report that"
    yield from (f"{name}{_line(one, outcome, pen)}" for one in left)


def _counts(found: Iterable[Diagnostic]) -> str:
    rules = Counter(one.rule for one in found)
    return ", ".join(f"{rule} ({count})" for rule, count in sorted(rules.items()))


def _summary(fixed: Iterable[Fixed], left: int, verb: str) -> str:
    fixed = list(fixed)
    done = []
    for what, counts in (
        (verb, [len(one.applied) for one in fixed if one.applied]),
        (_IGNORED[verb], [len(one.ignored) for one in fixed if one.ignored]),
    ):
        if counts:
            where = _count(len(counts), "file")
            done.append(f"{what} {_count(sum(counts), 'finding')} in {where}")
    said = ", ".join(done) or "nothing to fix"
    rest = f"; {_count(left, 'finding')} left" if left else ""
    return f"{said[0].upper()}{said[1:]}{rest}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _line(diagnostic: Diagnostic, outcome: Outcome, pen: Pen) -> str:
    line, column = Lines(outcome.report.text).position(diagnostic.span.start)
    kind = f"{diagnostic.severity.name.lower()}[{diagnostic.rule}]"
    shade = SHADES[diagnostic.severity]
    return f":{line + 1}:{column + 1}: {pen.paint(kind, shade)} {pen.prose(diagnostic.message)}"
