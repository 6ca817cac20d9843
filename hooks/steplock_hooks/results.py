"""What a run found, for the formats to show."""

from __future__ import annotations

import os

from steplock.named import NamedTuple
from steplock.report import Report
from steplock.rule import Severity


class Checked(NamedTuple):
    """One file that was checked.

    Paths inside `report` are from the repository's root, with `/`; people see `shown` instead.
    """

    report: Report
    shown: str
    """The file's name as people gave it: relative to where they are, where it can be."""
    root: str
    """The absolute path of the repository that it is in."""
    said: str | None = None
    """What the format makes of it, where the process that checked it did that."""

    def name(self, path: str | None = None) -> str:
        """How to show another file of the same repository (None: this one)."""
        if path is None or path == self.report.path:
            return self.shown
        if self.shown.endswith(self.report.path):
            return self.shown.removesuffix(self.report.path) + path
        return os.path.relpath(os.path.join(self.root, path)).replace(os.sep, "/")


class Results(NamedTuple):
    """A run of `check`, by path."""

    checked: tuple[Checked, ...]
    failed: bool
    """Whether something was found at or above the gate, so that the exit code is 1."""
    fail_on: Severity | None
    """The gate: the lowest severity that blocks, of the strictest configuration in the run; None where nothing does."""

    @property
    def files(self) -> int:
        return len(self.checked)

    @property
    def suppressed(self) -> int:
        return sum(len(one.report.suppressed) for one in self.checked)

    @property
    def found(self) -> int:
        return sum(len(one.report.diagnostics) for one in self.checked)


class Style(NamedTuple):
    """How to write for the place where the output goes."""

    color: bool
    links: bool
    """Whether the terminal makes OSC 8 hyperlinks clickable."""
    width: int
    """Columns."""
