"""What a script prints to the log, where the runner reads each line that begins with `::` as a command."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.annotations import TYPE_CHECKING
from steplock.model import Step
from steplock.shell import Command, Script
from steplock.taint import programs, scripts
from steplock.taint.value import Taints

if TYPE_CHECKING:
    from steplock.taint.analysis import Analysis


def logged(analysis: Analysis, step: Step) -> Iterator[tuple[Command, Taints]]:
    """The commands of a script of sh whose output nothing catches, and where their text comes from."""
    script = step.script
    if script is None or script.dialect != "posix" or "::stop-commands::" in scripts.source(step):
        return
    for command in script.commands:
        if programs.passes_on(command) and _is_logged(script, command):
            found = scripts.printed(analysis, step, command)
            if found:
                yield command, found


def _is_logged(script: Script, command: Command) -> bool:
    if any(around in ("substitution", "script") for around in command.inside):
        return False
    # The error output is read in the same way.
    if any(redirect.output for redirect in (*command.redirects, *command.inherited)):
        return False
    return not any(
        command in stage for pipeline in script.pipelines for stage in pipeline.stages[:-1]
    )
