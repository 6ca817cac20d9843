"""What stays the same of a finding when the lines above it change."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from steplock.report import Diagnostic, Report
from steplock.text import Lines
from steplock_hooks.formats.line_hash import line_hashes
from steplock_hooks.formats.sources import diagnostics


def fingerprints(report: Report, lines: Lines) -> dict[Diagnostic, dict[str, str]]:
    """SARIF's `partialFingerprints` for all findings of a file.

    `steplock/v1` hashes rule, path, the line without its spaces, and how many findings of the rule
    on equal lines come before; suppressed ones count, so that to suppress one changes no other.
    """
    every = diagnostics(report, suppressed=True)
    hashes = line_hashes(report.text, {lines.line(d.span.start) for d in every})
    seen: Counter[tuple[str, str]] = Counter()
    found = {}
    for diagnostic in every:
        number = lines.line(diagnostic.span.start)
        line = lines.span(number)
        same = diagnostic.rule, " ".join(report.text[line.start : line.end].split())
        parts = diagnostic.rule, report.path, same[1], str(seen[same])
        seen[same] += 1
        digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        found[diagnostic] = {
            "primaryLocationLineHash": hashes[number],
            "steplock/v1": digest[:32],
        }
    return found
