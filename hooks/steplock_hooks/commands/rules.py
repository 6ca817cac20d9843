"""`steplock rules`: all rules."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

from steplock.registry import all_rules
from steplock.rule import Rule, page
from steplock_hooks.formats.terminal import BOLD, DIM, SHADES, Pen
from steplock_hooks.style import style


def run(arguments: SimpleNamespace) -> int:
    """List the rules, by id."""
    rules = all_rules()
    if arguments.format == "json":
        print(json.dumps([_facts(rule) for rule in rules], indent=1))
        return 0
    pen = Pen(style(sys.stdout, arguments.color))
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        print(_line(rule, width, pen))
    return 0


def _line(rule: Rule, width: int, pen: Pen) -> str:
    name = pen.paint(pen.link(rule.id, page(rule.id)), BOLD)
    severity = rule.severity.name.lower()
    kind = pen.paint(severity, SHADES[rule.severity]) + " " * (13 - len(severity))
    notes = [] if rule.persona == 1 else [rule.persona.name.lower()]
    notes += [] if rule.enabled else ["off unless configured"]
    note = pen.paint(f" ({', '.join(notes)})", DIM) if notes else ""
    return f"{name}{' ' * (width - len(rule.id))}  {kind} {rule.summary}{note}"


def _facts(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "severity": rule.severity.name.lower(),
        "confidence": rule.confidence.name.lower(),
        "persona": rule.persona.name.lower(),
        "enabled": rule.enabled,
        "summary": rule.summary,
        "url": page(rule.id),
    }
