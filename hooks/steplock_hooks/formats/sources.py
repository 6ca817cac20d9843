"""The texts that findings point into."""

from __future__ import annotations

from collections.abc import Iterable

from steplock.report import Diagnostic, Report
from steplock.text import Lines
from steplock_hooks.results import Checked


class Sources:
    """The lines of the files that were checked, and of others that their findings speak of."""

    def __init__(self, checked: Iterable[Checked]) -> None:
        self._texts: dict[tuple[str, str], str] = {}
        self._lines: dict[tuple[str, str], Lines] = {}
        for one in checked:
            self.add(one)

    def add(self, one: Checked) -> None:
        """One more file that was checked."""
        self._texts[one.root, one.report.path] = one.report.text

    def lines(self, root: str, path: str) -> Lines:
        """The lines of a file by its path from `root`; none where it cannot be read."""
        key = root, path
        if key not in self._lines:
            text = self._texts.get(key)
            if text is None:
                from steplock_hooks.tree import Tree

                text = Tree(root).read(path) or ""
            self._lines[key] = Lines(text)
        return self._lines[key]


def diagnostics(report: Report, suppressed: bool) -> tuple[Diagnostic, ...]:
    """What to show of a report, by place."""
    if not (suppressed and report.suppressed):
        return report.diagnostics
    return tuple(sorted((*report.diagnostics, *report.suppressed), key=lambda d: (d.span, d.rule)))
