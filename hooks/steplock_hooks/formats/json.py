"""JSON for other tools: version 1 of the contract, a finding a line.

`path` is the file's name as people gave it. Suppressed findings are left out, and counted in
`suppressed`, unless they are asked for; then `suppressed` of a finding says by what (`comment` or
`configuration`), where it is otherwise null. A column, an offset and `end` count characters; lines
and columns start at 1, offsets at 0, and `end` is the first character that is no longer meant.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from steplock import __version__
from steplock.annotations import Any
from steplock.named import NamedTuple
from steplock.report import Diagnostic
from steplock.rule import Fix, Related, page
from steplock.text import Edit, Lines, Span
from steplock_hooks.formats.sources import Sources, diagnostics
from steplock_hooks.results import Checked, Results, Style


def render(results: Results, style: Style, *, quiet: bool = False, suppressed: bool = False) -> str:
    sources = Sources(results.checked)
    said = (
        _said(one, sources, suppressed) if one.said is None else one.said for one in results.checked
    )
    found = list(filter(None, said))
    head = json.dumps({"version": 1, "steplock": __version__})
    tail = json.dumps(
        {"files": results.files, "suppressed": results.suppressed, "failed": results.failed}
    )
    body = "\n" + ",\n".join(found) + "\n" if found else ""
    return f'{head[:-1]}, "findings": [{body}], {tail[1:]}\n'


def parts(suppressed: bool) -> Callable[[Checked], str]:
    """What `render` says of one file after the other; a run over many has it done on all cores."""
    sources = Sources(())

    def part(checked: Checked) -> str:
        sources.add(checked)
        return _said(checked, sources, suppressed)

    return part


def _said(checked: Checked, sources: Sources, suppressed: bool) -> str:
    file = _File(checked, sources)
    found = diagnostics(checked.report, suppressed)
    # Each finding is a line of its own, which no `indent` can do.
    return ",\n".join(json.dumps(file.finding(diagnostic)) for diagnostic in found)


class _File(NamedTuple):
    """A checked file, whose findings may speak of other files of its repository."""

    checked: Checked
    sources: Sources

    def finding(self, diagnostic: Diagnostic) -> dict[str, Any]:
        return {
            "rule": diagnostic.rule,
            "severity": diagnostic.severity.name.lower(),
            "confidence": diagnostic.confidence.name.lower(),
            "persona": diagnostic.persona.name.lower(),
            "message": diagnostic.message,
            "url": page(diagnostic.rule),
            **self._place(diagnostic.path, diagnostic.span),
            "related": [self._related(one) for one in diagnostic.related],
            "fixes": [self._fix(fix) for fix in diagnostic.fixes],
            "suppressed": diagnostic.suppressed,
        }

    def _related(self, related: Related) -> dict[str, Any]:
        return {"message": related.message, **self._place(related.path, related.span)}

    def _fix(self, fix: Fix) -> dict[str, Any]:
        edits = [self._edit(None, edit) for edit in fix.edits]
        edits += (self._edit(path, edit) for path, edit in fix.elsewhere)
        return {"title": fix.title, "safety": fix.safety.name.lower(), "edits": edits}

    def _edit(self, path: str | None, edit: Edit) -> dict[str, Any]:
        return {**self._place(path, edit.span), "text": edit.new}

    def _place(self, path: str | None, span: Span) -> dict[str, Any]:
        lines = self.sources.lines(self.checked.root, path or self.checked.report.path)
        return {
            "path": self.checked.name(path),
            "start": _position(span.start, lines),
            "end": _position(span.end, lines),
        }


def _position(offset: int, lines: Lines) -> dict[str, int]:
    line = lines.line(offset)
    return {"line": line + 1, "column": offset - lines.starts[line] + 1, "offset": offset}
