"""`steplock fix`: repair what is unsafe."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from steplock.report import Diagnostic
from steplock.rule import Safety, Severity
from steplock.text import Lines
from steplock_hooks import asked, disk, targets
from steplock_hooks.checking import Checker, Request, check
from steplock_hooks.complaint import Complaint
from steplock_hooks.diff import diff
from steplock_hooks.fixing import Change, Fixed, Fixer, fix_of
from steplock_hooks.formats.terminal import BOLD, SHADES, Pen, visible
from steplock_hooks.notes import say
from steplock_hooks.results import Style
from steplock_hooks.style import style
from steplock_hooks.subject import Outcome
from steplock_hooks.targets import STDIN


def run(arguments: argparse.Namespace) -> int:
    """Fix and tell. 1 where a file changed, or would, or something at the gate is left."""
    request = asked.request(arguments)
    safety = Safety.UNSAFE if arguments.unsafe else Safety.SAFE
    found = targets.find(arguments.paths, arguments.stdin_filename)
    outcomes = check(found.targets, request)
    say(found, outcomes)
    fixed, changes = _fix(outcomes, request, safety)
    dry = arguments.diff or arguments.check
    if arguments.diff:
        _show(changes, outcomes, style(sys.stdout, arguments.color))
    elif not dry:
        _write(changes)
    after = [_after(one, fixed) for one in outcomes]
    failed, _ = asked.gate(arguments.fail_on, after)
    if STDIN in {one.target.file for one in outcomes} and not dry:
        text = next(one.report.text for one in after if one.target.file == STDIN)
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
        stream = sys.stderr
    else:
        stream = sys.stderr if arguments.diff else sys.stdout
    pen = Pen(style(stream, arguments.color))
    for line in _told(fixed, after, dry, arguments, pen):
        print(line, file=stream)
    return int(failed or bool(changes))


def _fix(
    outcomes: Sequence[Outcome], request: Request, safety: Safety
) -> tuple[dict[str, Fixed], tuple[Change, ...]]:
    """What became of each file in which something can be fixed, by its absolute path."""
    fixer = Fixer(Checker(request), safety)
    fixed = {
        one.target.file: fixer.fix(one.subject)
        for one in outcomes
        if any(fix_of(diagnostic, safety) for diagnostic in one.report.diagnostics)
    }
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
    shown = {one.target.file: one.target.shown for one in outcomes}
    for change in changes:
        lines = diff(shown.get(change.file, change.file), change.before, change.after, look)
        sys.stdout.writelines(lines)


def _told(
    fixed: dict[str, Fixed],
    after: Sequence[Outcome],
    dry: bool,
    arguments: argparse.Namespace,
    pen: Pen,
) -> Iterator[str]:
    """What was fixed, what could not be, and what is left at the gate."""
    verb = "would fix" if dry else "fixed"
    count = 0
    for one in after:
        name = pen.paint(visible(one.target.shown), BOLD)
        repair = fixed.get(one.target.file)
        if repair and repair.applied:
            count += len(repair.applied)
            if not arguments.quiet:
                yield f"{name}: {verb} {_by_rule(repair.applied)}"
        for rule in repair.broken if repair else ():
            yield f"{name}: the fix of {rule} did not hold and was taken back; please report that"
        failed, gate = asked.gate(arguments.fail_on, [one])
        if failed and gate is not None and not dry:
            yield from (f"{name}{_line(d, one, pen)}" for d in _at(gate, one))
    findings = "finding" if count == 1 else "findings"
    files = sum(bool(one.applied) for one in fixed.values())
    where = f" in {files} file{'' if files == 1 else 's'}" if files else ""
    left = sum(len(_at(asked.gate(arguments.fail_on, [one])[1], one)) for one in after)
    rest = f"; {left} left" if left else ""
    yield f"{verb[0].upper()}{verb[1:]} {count} {findings}{where}{rest}."


def _at(gate: Severity | None, outcome: Outcome) -> list[Diagnostic]:
    """What is at or above the gate."""
    found = outcome.report.diagnostics
    return [] if gate is None else [one for one in found if one.severity >= gate]


def _line(diagnostic: Diagnostic, outcome: Outcome, pen: Pen) -> str:
    line, column = Lines(outcome.report.text).position(diagnostic.span.start)
    kind = f"{diagnostic.severity.name.lower()}[{diagnostic.rule}]"
    shade = SHADES[diagnostic.severity]
    return f":{line + 1}:{column + 1}: {pen.paint(kind, shade)} {pen.prose(diagnostic.message)}"


def _by_rule(applied: Sequence[Diagnostic]) -> str:
    rules = Counter(one.rule for one in applied)
    return ", ".join(f"{rule} ({count})" for rule, count in sorted(rules.items()))
