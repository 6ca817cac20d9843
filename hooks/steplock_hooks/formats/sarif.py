"""SARIF 2.1.0, for code scanning and the viewers of other tools.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, and what GitHub makes of it:
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support

Source text is not copied into the log, since what is found may be a secret. Suppressed findings
are written, with their `suppressions`, only when they are asked for: GitHub opens alerts for them
all the same (https://github.com/github/codeql-action/issues/1230).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from steplock import HOMEPAGE, __version__
from steplock.annotations import Any
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.registry import all_rules
from steplock.report import Diagnostic
from steplock.rule import Fix, Related, Rule, Severity, page
from steplock.text import Edit, Span
from steplock_hooks.formats.fingerprints import fingerprints
from steplock_hooks.formats.sources import Sources, diagnostics
from steplock_hooks.results import Checked, Results, Style

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FLOWS = frozenset({"template-injection"})
"""Rules whose related places are the way of an attacker's text, from its source to the finding."""

_LEVELS = {
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFORMATIONAL: "note",
}
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
# GitHub shows 7.0 to 8.9 as high, 4.0 to 6.9 as medium, 0.1 to 3.9 as low.
_SCORES = {Severity.HIGH: "8.0", Severity.MEDIUM: "5.0", Severity.LOW: "2.0"}
_WHY = pattern(r"^## Why is this bad\?\n(.+?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)
# What looks like a Markdown link is one in SARIF's plain text, too (section 3.11.6).
_LINK = pattern(r"\[([^\[\]]*)\](?=\()")


def render(results: Results, style: Style, *, quiet: bool = False, suppressed: bool = False) -> str:
    roots = dict.fromkeys(one.root for one in results.checked)
    bases = {root: f"%SRCROOT{n if n > 1 else ''}%" for n, root in enumerate(roots, 1)}
    sources = Sources(results.checked)
    run = {
        "tool": {
            "driver": {
                "name": "steplock",
                "semanticVersion": __version__,
                "informationUri": HOMEPAGE,
                "rules": [_rule(rule) for rule in all_rules()],
            }
        },
        "invocations": [{"executionSuccessful": True}],
        # Up to the slash it is the category by which GitHub tells several uploads apart.
        "automationDetails": {"id": "steplock/"},
        "originalUriBaseIds": {
            base: {"uri": f"{Path(root).as_uri().rstrip('/')}/"} for root, base in bases.items()
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            result
            for one in results.checked
            for result in _File(one, bases[one.root], sources).results(suppressed)
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    level = _LEVELS[rule.severity]
    properties: dict[str, Any] = {
        "tags": ["security", "github-actions"],
        "precision": rule.confidence.name.lower(),
        "problem.severity": _PROBLEMS[level],
    }
    if rule.severity in _SCORES:
        properties["security-severity"] = _SCORES[rule.severity]
    why = _WHY.search(rule.doc)
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(why[1].split()) if why else rule.summary},
        "help": {"text": rule.doc, "markdown": rule.doc},
        "helpUri": page(rule.id),
        "defaultConfiguration": {"enabled": rule.enabled, "level": level},
        "properties": properties,
    }


class _File(NamedTuple):
    """One checked file, and what its findings need to say where they are."""

    checked: Checked
    base: str
    sources: Sources

    def results(self, suppressed: bool) -> Iterator[dict[str, Any]]:
        report = self.checked.report
        found = diagnostics(report, suppressed)
        if found:
            lines = self.sources.lines(self.checked.root, report.path)
            marks = fingerprints(report, lines)
            yield from (self._result(diagnostic, marks[diagnostic]) for diagnostic in found)

    def _result(self, diagnostic: Diagnostic, marks: dict[str, str]) -> dict[str, Any]:
        place = {"physicalLocation": self._place(diagnostic.path, diagnostic.span)}
        result: dict[str, Any] = {
            "ruleId": diagnostic.rule,
            "level": _LEVELS[diagnostic.severity],
            "message": _message(diagnostic.message),
            "locations": [place],
            "partialFingerprints": marks,
            "properties": {
                "severity": diagnostic.severity.name.lower(),
                "confidence": diagnostic.confidence.name.lower(),
                "persona": diagnostic.persona.name.lower(),
            },
        }
        if diagnostic.related:
            others = [self._related(related) for related in diagnostic.related]
            result["relatedLocations"] = [{"id": n, **one} for n, one in enumerate(others, 1)]
            if diagnostic.rule in FLOWS:
                sink = {**place, "message": _message(diagnostic.message)}
                steps = [{"location": one} for one in (*others, sink)]
                result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
        if diagnostic.fixes:
            result["fixes"] = [self._fix(fix) for fix in diagnostic.fixes]
        if diagnostic.suppressed:
            kind = "inSource" if diagnostic.suppressed == "comment" else "external"
            result["suppressions"] = [{"kind": kind, "status": "accepted"}]
        return result

    def _related(self, related: Related) -> dict[str, Any]:
        path = related.path or self.checked.report.path
        return {
            "physicalLocation": self._place(path, related.span),
            "message": _message(related.message),
        }

    def _fix(self, fix: Fix) -> dict[str, Any]:
        edits: dict[str, list[Edit]] = {self.checked.report.path: list(fix.edits)}
        for other in fix.elsewhere:
            edits.setdefault(other.path, []).append(other.edit)
        return {
            "description": {"text": fix.title},
            "artifactChanges": [
                {
                    "artifactLocation": self._artifact(path),
                    "replacements": list(self._replacements(path, changes)),
                }
                for path, changes in edits.items()
                if changes
            ],
            "properties": {"safety": fix.safety.name.lower()},
        }

    def _replacements(self, path: str, edits: Iterable[Edit]) -> Iterator[dict[str, Any]]:
        for edit in edits:
            replacement = {"deletedRegion": self._region(path, edit.span)}
            if edit.new:
                replacement["insertedContent"] = {"text": edit.new}
            yield replacement

    def _place(self, path: str, span: Span) -> dict[str, Any]:
        return {"artifactLocation": self._artifact(path), "region": self._region(path, span)}

    def _artifact(self, path: str) -> dict[str, str]:
        return {"uri": quote(os.fsencode(path)), "uriBaseId": self.base}

    def _region(self, path: str, span: Span) -> dict[str, Any]:
        lines = self.sources.lines(self.checked.root, path)
        start, end = lines.position(span.start), lines.position(span.end)
        return {
            "startLine": start.line + 1,
            "startColumn": start.column + 1,
            "endLine": end.line + 1,
            "endColumn": end.column + 1,
        }


def _message(text: str) -> dict[str, str]:
    return {"text": _LINK.sub(r"\\[\1\\]", text)}
