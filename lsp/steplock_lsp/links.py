"""`uses:` values as links to the code that they run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from steplock.model import Action, Workflow
from steplock.text import Span
from steplock_lsp.check import Checked
from steplock_lsp.outline import all_uses
from steplock_lsp.pinned import page


class Link(NamedTuple):
    span: Span
    address: str | None
    """A web address; None where it is a file of the repository."""
    path: str | None
    """That file, from the repository's root."""
    tooltip: str


def links(checked: Checked) -> Iterator[Link]:
    for file in checked.files:
        if not isinstance(file, Workflow | Action):
            continue
        for uses in all_uses(file):
            if address := page(uses):
                yield Link(uses.span, address, None, "The code that runs")
            elif callee := checked.repository.callee(uses):
                yield Link(uses.span, None, callee.path, f"Open {callee.path}")
