"""Floor 7. All rules, found by their files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from steplock import rules
from steplock.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by id."""
    found = (_load(f"{rules.__name__}.{name}") for name in sorted(_modules(rules.__path__)))
    return tuple(sorted(found, key=lambda rule: rule.id))


@cache
def by_id() -> dict[str, Rule]:
    return {rule.id: rule for rule in all_rules()}


def _modules(paths: Sequence[str]) -> set[str]:
    # pkgutil would do, at the price of importing inspect.
    return {
        name.removesuffix(".py")
        for path in paths
        for name in os.listdir(path)
        if name.endswith(".py") and not name.startswith("_")
    }


def _load(name: str) -> Rule:
    check = import_module(name).check
    if not isinstance(check, Rule):
        raise TypeError(f"{name}: `check` is not a rule; decorate it with @rule")
    return check
