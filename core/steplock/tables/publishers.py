"""Which steps publish: packages, images, releases, pages, deployments, pushes.

core/update/publishers.py writes the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from steplock.annotations import Any
from steplock.named import NamedTuple
from steplock.tables import commands, load
from steplock.tables.conditions import ANY, Situation, holds
from steplock.tables.rows import typed

_EMPTY: Mapping[str, Any] = {}


class Publisher(NamedTuple):
    """An action or a command that makes something public, and what it does so with."""

    kind: str
    """`package`, `image`, `release`, `pages`, `deploy`, `push`, `login`, `metadata`, `attestation`, `dispatch`."""
    target: str
    """Where to, for people: `PyPI`, `container registry`, `GitHub release`."""
    action: str = ""
    words: tuple[str, ...] = ()
    """The command, `("npm", "publish")`."""
    flags: tuple[str, ...] = ()
    """Flags without which the command publishes nothing."""
    dry: tuple[str, ...] = ()
    """Flags with which it publishes nothing."""
    tasks: bool = False
    """The words after the program are tasks, any of which may be the one."""
    when: Mapping[str, Any] = _EMPTY
    """When the action publishes; see `steplock.tables.conditions`."""
    defaults: Mapping[str, str] = _EMPTY
    credential: str = ""
    """What it signs in with unless told otherwise, for people."""
    credentials: tuple[str, ...] = ()
    """Inputs of the action that take a long-lived secret."""
    variables: tuple[str, ...] = ()
    """Variables of the environment that hold one."""
    oidc: bool = False
    """Whether the target takes short-lived tokens of the job itself instead (trusted publishing)."""
    short_lived: str = ""
    """How, for people."""
    whole: bool = False
    """Whether the row stands for everything in the repository."""
    note: str = ""
    source: str = ""
    sure: bool = False
    """Whether it was read where `source` says; otherwise it is general knowledge."""


@lru_cache(maxsize=1024)
def of(action: str) -> Publisher | None:
    """The action `owner/repo[/path]` as a publisher; None if it is not known as one."""
    actions = load("publishers")["actions"]
    action = action.lower()
    row = actions.get(action)
    if row is None:
        row = actions.get("/".join(action.split("/")[:2]))
        if row is None or not row.get("whole"):
            return None
    return typed(Publisher, row)


def publishes(action: str, step: Situation = ANY) -> bool | None:
    """Whether a step with this action publishes; None if that depends on what the file does not show.

    Signing in to a registry alone is no publishing.
    """
    publisher = of(action)
    if publisher is None:
        return False
    return holds(publisher.when, step._replace(defaults=publisher.defaults))


def mentioned(script: str) -> bool:
    """Whether a script may hold a command that publishes: a cheap look, before it is read."""
    script = script.lower()
    return any(word in script for word in _last_words())


@cache
def _last_words() -> frozenset[str]:
    rows = (row for rows in load("publishers")["commands"].values() for row in rows)
    return frozenset(row["words"][-1].rstrip("*").lower() for row in rows)


def command(argv: Sequence[str]) -> Publisher | None:
    """What a command line publishes, None for nothing: the words of a command, its name the first.

    Runners are looked through (`npx`, `uv run`, `bundle exec`); a dry run publishes nothing.
    """
    table = load("publishers")["commands"]
    for words in commands.readings(argv):
        for row in table.get(words[0], ()):
            if not commands.runs(words, row["words"], anywhere=row.get("tasks", False)):
                continue
            if any(commands.has(words, flag) for flag in row.get("dry", ())):
                return None
            if all(commands.has(words, flag) for flag in row.get("flags", ())):
                return typed(Publisher, row)
    return None
