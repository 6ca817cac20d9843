"""`steplock explain`: the manual page of a rule; who can run a job, and with what."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import SimpleNamespace

from steplock.lazy import pattern
from steplock.registry import by_id
from steplock.rule import Rule, page
from steplock_hooks.asked import unknown_rule
from steplock_hooks.complaint import Complaint
from steplock_hooks.formats.terminal import BOLD, CYAN, DIM, SHADES, Pen
from steplock_hooks.style import style

_CODE = pattern(r"`([^`\n]+)`")
_FENCE = pattern(r"`{3,}")


def run(arguments: SimpleNamespace) -> int:
    """Print the pages. Raises Complaint for a rule or a job that there is not."""
    if not arguments.rules and not arguments.job:
        raise Complaint("explain what? Name a rule, or a job with --job FILE:JOB")
    for id in arguments.rules:
        if id not in by_id():
            raise unknown_rule(id, by_id())
    pen = Pen(style(sys.stdout, arguments.color))
    pages = ["\n".join(_page(by_id()[id], pen)) for id in arguments.rules]
    if arguments.job:
        from steplock_hooks import jobs

        pages += [jobs.explain(named) for named in arguments.job]
    print("\n\n".join(pages))
    return 0


def _page(rule: Rule, pen: Pen) -> Iterator[str]:
    severity = rule.severity.name.lower()
    facts = [f"confidence {rule.confidence.name.lower()}", f"persona {rule.persona.name.lower()}"]
    facts += [] if rule.enabled else ["off unless configured"]
    kind = pen.paint(severity, SHADES[rule.severity])
    yield f"{pen.paint(pen.link(rule.id, page(rule.id)), BOLD)}  {kind}, {', '.join(facts)}"
    yield ""
    in_code = False
    for line in rule.doc.splitlines():
        if _FENCE.match(line):
            in_code = not in_code
        elif in_code:
            yield f"    {line}" if line else ""
        elif line.startswith("#"):
            yield pen.paint(line.lstrip("# "), BOLD)
        else:
            yield (
                _CODE.sub(lambda code: pen.paint(code[1], CYAN), line) if pen.style.color else line
            )
    yield ""
    yield pen.paint(f"Silence it where it is meant: # steplock: ignore[{rule.id}] why", DIM)
