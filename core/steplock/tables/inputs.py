"""The inputs and outputs of well-known actions, at the head of their repositories: to complete and explain.

core/update/actions.py writes the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from steplock.named import NamedTuple
from steplock.tables import look_up


class Input(NamedTuple):
    """One input of an action."""

    name: str
    default: str | None = None
    required: bool = False


@lru_cache(maxsize=1024)
def of(action: str) -> Mapping[str, Input]:
    """The inputs of `owner/repo[/path]` by name, sorted; empty if it is not known."""
    row = look_up("inputs", action.lower()) or {}
    required = set(row.get("required", ()))
    return {
        name: Input(name, None if default is None else str(default), name in required)
        for name, default in row.get("inputs", {}).items()
    }


def defaults(action: str) -> Mapping[str, str]:
    """What the inputs are that a step does not give."""
    return {name: i.default for name, i in of(action).items() if i.default is not None}


def outputs(action: str) -> tuple[str, ...]:
    """The outputs that the manifest of the action names, sorted."""
    return tuple((look_up("inputs", action.lower()) or {}).get("outputs", ()))
