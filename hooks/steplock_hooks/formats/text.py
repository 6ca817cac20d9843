"""For people: what is wrong, where, and how to repair it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from steplock.named import NamedTuple
from steplock.report import Diagnostic
from steplock.rule import Fix, Related, Safety, page
from steplock.text import Lines
from steplock_hooks.formats.excerpt import Excerpt, excerpt
from steplock_hooks.formats.sources import Sources, diagnostics
from steplock_hooks.formats.summary import summary
from steplock_hooks.formats.terminal import BLUE, BOLD, CYAN, DIM, SHADES, Pen, visible
from steplock_hooks.results import Checked, Results, Style

_LEAST_ROOM = 40
_GUTTER = 10
"""Columns for line numbers and what stands around them."""


def render(results: Results, style: Style, *, quiet: bool = False, suppressed: bool = False) -> str:
    sources = Sources(results.checked)
    paragraphs = [
        "\n".join(_File(one, sources, Pen(style)).finding(diagnostic))
        for one in results.checked
        if not quiet
        for diagnostic in diagnostics(one.report, suppressed)
    ]
    return "\n\n".join((*paragraphs, summary(results, style))) + "\n"


class _File(NamedTuple):
    """A checked file, whose findings may speak of other files of its repository."""

    checked: Checked
    sources: Sources
    pen: Pen

    def finding(self, diagnostic: Diagnostic) -> Iterator[str]:
        """The lines that tell of a finding."""
        pen = self.pen
        lines = self._lines(diagnostic.path)
        yield self._header(diagnostic, lines)
        if not lines.text:
            return  # empty, or not to be read: there is nothing to point at
        room = max(pen.style.width - _GUTTER, _LEAST_ROOM)
        shown = excerpt(lines, diagnostic.span, room)
        others = [excerpt(self._lines(one.path), one.span, room) for one in diagnostic.related]
        gutter = max(len(str(one.rows[-1].number)) for one in (shown, *others))
        yield pen.paint(f"{'':{gutter}} |", DIM)
        yield from self._excerpt(shown, gutter, "^", SHADES[diagnostic.severity])
        sign = pen.paint(f"{'':{gutter}} =", DIM)
        for related, other in zip(diagnostic.related, others, strict=True):
            yield f"{sign} {pen.paint('note', BOLD)}: {self._note(related)}"
            yield from self._excerpt(other, gutter, "-", BLUE)
        for help in _helps(diagnostic.fixes):
            yield f"{sign} {pen.paint('help', CYAN)}: {pen.prose(help)}"

    def _lines(self, path: str | None) -> Lines:
        return self.sources.lines(self.checked.root, path or self.checked.report.path)

    def _header(self, diagnostic: Diagnostic, lines: Lines) -> str:
        pen = self.pen
        path = pen.paint(visible(self.checked.name(diagnostic.path)), BOLD)
        if pen.style.links:
            path = pen.link(path, _address(self.checked.root, diagnostic.path))
        line, column = lines.position(diagnostic.span.start)
        place = pen.paint(f":{line + 1}:{column + 1}", DIM)
        rule = pen.link(diagnostic.rule, page(diagnostic.rule))
        severity = diagnostic.severity
        kind = pen.paint(f"{severity.name.lower()}[{rule}]", SHADES[severity])
        by = f" (suppressed by {diagnostic.suppressed})" if diagnostic.suppressed else ""
        return f"{path}{place}  {kind} {pen.prose(diagnostic.message)}{pen.paint(by, DIM)}"

    def _note(self, related: Related) -> str:
        message = self.pen.prose(related.message)
        if related.path in (None, self.checked.report.path):
            return message
        line, column = self._lines(related.path).position(related.span.start)
        return f"{message} ({visible(self.checked.name(related.path))}:{line + 1}:{column + 1})"

    def _excerpt(self, shown: Excerpt, gutter: int, mark: str, shade: str) -> Iterator[str]:
        """Numbered lines: one with marks below it, or several with a bracket beside them."""
        pen = self.pen
        bar = pen.paint(f"{'':{gutter}} |", DIM)
        last = len(shown.rows) - 1
        for index, row in enumerate(shown.rows):
            number = pen.paint(f"{row.number:>{gutter}} |", DIM)
            if not shown.is_block:
                yield f"{number} {row.text}".rstrip()
                yield f"{bar} {'':{row.start}}{pen.paint(mark * row.length, shade)}"
                continue
            side = "/" if index == 0 else "|" if index < last or shown.more else "\\"
            yield f"{number} {pen.paint(side, shade)} {row.text}".rstrip()
        if shown.more:
            side, rest = pen.paint("\\", shade), pen.paint(f"... {shown.more} more lines", DIM)
            yield f"{bar} {side} {rest}"


def _address(root: str, path: str) -> str:
    from pathlib import Path

    return Path(os.path.abspath(os.path.join(root, path))).as_uri()


def _helps(fixes: tuple[Fix, ...]) -> Iterator[str]:
    """The fixes, each with the command that applies it: of several, the first that is safe enough."""
    safe = next((fix for fix in fixes if fix.safety >= Safety.SAFE), None)
    unsafe = next((fix for fix in fixes if fix.safety >= Safety.UNSAFE), None)
    for fix in fixes:
        if fix is safe:
            yield f"{fix.title}; 'steplock fix' does it"
        elif fix is unsafe:
            yield f"{fix.title}; 'steplock fix --unsafe' does it"
        else:
            yield fix.title
