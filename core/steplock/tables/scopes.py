"""The permissions that the token of a job can have, and what each allows.

core/update/scopes.py writes the table.
"""

from __future__ import annotations

from functools import lru_cache

from steplock.named import NamedTuple
from steplock.tables import load, look_up
from steplock.tables.rows import typed


class Scope(NamedTuple):
    """One key of `permissions:`."""

    name: str
    read: str = ""
    """What `read` allows, in a sentence; empty if there is no such level."""
    write: str = ""
    """What `write` allows besides, likewise."""
    obsolete: bool = False
    """It is still accepted, but grants nothing any more."""

    @property
    def levels(self) -> tuple[str, ...]:
        """The values it can have, from the least on."""
        granted = (level for level, text in (("read", self.read), ("write", self.write)) if text)
        return ("none", *granted)


@lru_cache(maxsize=1024)
def of(name: str) -> Scope | None:
    """The scope, None if there is no such. Names are in lower case, as GitHub wants them."""
    row = look_up("scopes", name, "scopes")
    return typed(Scope, row, name=name) if row else None


def names() -> tuple[str, ...]:
    """All scopes, sorted."""
    return tuple(load("scopes")["scopes"])


def instead(name: str) -> str:
    """What somebody who wrote `name` may have meant: a scope, or a sentence; empty if that cannot be told."""
    meant: str = look_up("scopes", name.lower(), "mistaken") or ""
    if not meant and of(name.lower().replace("_", "-")):
        return name.lower().replace("_", "-")
    return meant
