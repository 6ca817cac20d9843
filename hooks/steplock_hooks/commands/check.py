"""`steplock check`: show what is unsafe."""

from __future__ import annotations

import sys
from types import SimpleNamespace

from steplock_hooks import asked, formats, targets
from steplock_hooks.checking import check
from steplock_hooks.complaint import Complaint
from steplock_hooks.notes import say
from steplock_hooks.results import Checked, Results
from steplock_hooks.style import PLAIN, style


def run(arguments: SimpleNamespace) -> int:
    """Check and show. 1 where something is at the gate."""
    found = targets.find(arguments.paths, arguments.stdin_filename)
    part = formats.parts(arguments.format, arguments.show_suppressed)
    outcomes = check(found.targets, asked.request(arguments)._replace(say=part))
    say(found, outcomes)
    gates = [asked.gate(arguments.fail_on, one) for one in outcomes]
    failed = any(map(asked.blocking, gates, outcomes))
    strictest = min((gate for gate in gates if gate is not None), default=None)
    checked = (Checked(one.report, one.target.shown, one.target.root, one.said) for one in outcomes)
    results = Results(tuple(checked), failed, strictest)
    render = formats.load(arguments.format)
    look = PLAIN if arguments.output else style(sys.stdout, arguments.color)
    text = render(results, look, quiet=arguments.quiet, suppressed=arguments.show_suppressed)
    _put(text, arguments.output)
    return int(failed)


def _put(text: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        with open(output, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise Complaint(f"--output {output}: {(error.strerror or str(error)).lower()}") from error
