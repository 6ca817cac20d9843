"""What a script that asks GitHub for a pull request writes of the answer."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.foreign.blocks import variable
from steplock.foreign.kinds import Kind, asked, named
from steplock.model import Step
from steplock.shell import Expansion
from steplock.taint.entries import Entry


def kinds_written(entry: Entry, name: str, step: Step) -> Iterator[Kind]:
    """The parts of a pull request that an entry holds: by the query, or by the name where that does not tell."""
    texts = [text for expansion in entry.expansions for text in _worked_out(expansion, step, 0)]
    if not texts and not entry.commands:
        return
    told = [kinds for text in texts if (kinds := asked(text)) is not None]
    kind = named(name)
    if told and all(len(kinds) < 2 for kinds in told):
        yield from (kind for kinds in told for kind in kinds)
    elif kind is not None:
        yield kind


def _worked_out(expansion: Expansion, step: Step, depth: int) -> Iterator[str]:
    """The commands whose answers an expansion holds."""
    run, script = step.run, step.script
    if run is None or script is None or depth > 3:
        return
    if expansion.kind == "substitution":
        yield run.value[slice(*expansion.span)]
    elif expansion.kind == "variable":
        assigned = [one for one in script.assignments if one.name == expansion.name]
        for one in assigned:
            for inner in one.value.expansions:
                yield from _worked_out(inner, step, depth + 1)
        if not assigned and variable(expansion.name.lower(), step) is None:
            yield ""  # `read` may have set it
