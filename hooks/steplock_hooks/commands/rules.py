"""`steplock rules`: all rules."""

from __future__ import annotations

import argparse
import json
import sys

from steplock.registry import all_rules
from steplock.rule import Rule, page
from steplock_hooks.formats.terminal import BOLD, DIM, SHADES, link, paint
from steplock_hooks.results import Style
from steplock_hooks.style import style


def run(arguments: argparse.Namespace) -> int:
    """List the rules, by id."""
    rules = all_rules()
    if arguments.format == "json":
        print(json.dumps([_facts(rule) for rule in rules], indent=1))
        return 0
    look = style(sys.stdout, arguments.color)
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        print(_line(rule, width, look))
    return 0


def _line(rule: Rule, width: int, look: Style) -> str:
    name = paint(link(rule.id, page(rule.id), look), BOLD, look)
    severity = rule.severity.name.lower()
    kind = paint(severity, SHADES[rule.severity], look) + " " * (13 - len(severity))
    notes = [] if rule.persona == 1 else [rule.persona.name.lower()]
    notes += [] if rule.enabled else ["off unless configured"]
    note = paint(f" ({', '.join(notes)})", DIM, look) if notes else ""
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
