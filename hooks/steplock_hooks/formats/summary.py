"""The line that a run ends with."""

from __future__ import annotations

from collections import Counter

from steplock.report import Diagnostic
from steplock.rule import Safety, Severity
from steplock_hooks.formats.terminal import BOLD, GREEN, SHADES, Pen
from steplock_hooks.results import Results, Style


def summary(results: Results, style: Style) -> str:
    """`3 findings (1 high, 2 medium) in 2 files; 1 suppressed; 2 fixable with 'steplock fix'`."""
    found = [d for one in results.checked for d in one.report.diagnostics]
    pen = Pen(style)
    hidden = f"; {results.suppressed} suppressed" if results.suppressed else ""
    if not results.files:
        return "No files to check."
    if not found:
        return pen.paint(f"No findings in {_count(results.files, 'file')}{hidden}.", GREEN)
    severities = Counter(d.severity for d in found)
    files = sum(bool(one.report.diagnostics) for one in results.checked)
    counts = ", ".join(
        pen.paint(f"{severities[severity]} {severity.name.lower()}", SHADES[severity])
        for severity in sorted(severities, reverse=True)
    )
    total = pen.paint(_count(len(found), "finding"), BOLD)
    parts = [f"{total} ({counts}) in {_count(files, 'file')}{hidden}"]
    if not results.failed:
        parts.append(f"none blocks (fail-on: {_gate(results.fail_on)})")
    parts += _fixable(found)
    return "; ".join(parts)


def _fixable(found: list[Diagnostic]) -> list[str]:
    safe = sum(any(fix.safety >= Safety.SAFE for fix in d.fixes) for d in found)
    more = sum(any(fix.safety >= Safety.UNSAFE for fix in d.fixes) for d in found) - safe
    if safe and more:
        return [f"{safe} fixable with 'steplock fix', {more} more with --unsafe"]
    if safe:
        return [f"{safe} fixable with 'steplock fix'"]
    return [f"{more} fixable with 'steplock fix --unsafe'"] if more else []


def _gate(fail_on: Severity | None) -> str:
    return "never" if fail_on is None else fail_on.name.lower()


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
