"""Words that the editor shows between the words of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from steplock.model import Action, Workflow
from steplock.text import Span
from steplock_lsp.check import Checked
from steplock_lsp.outline import all_uses
from steplock_lsp.pinned import version_of


class Hint(NamedTuple):
    offset: int
    label: str
    tooltip: str


def hints(checked: Checked, visible: Span) -> Iterator[Hint]:
    """Hints within a range: the version of each commit that no comment names."""
    for file in checked.files:
        if not isinstance(file, Workflow | Action):
            continue
        for uses in all_uses(file):
            if uses.version is None and visible.touches(uses.span) and (tag := version_of(uses)):
                tooltip = f"This commit is {tag} of {uses.name}"
                yield Hint(uses.span.end, tag, tooltip)
