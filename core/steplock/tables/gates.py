"""What keeps strangers out of a job, and what only looks as if it did.

Where the attacker himself causes the event (pull_request_target, workflow_run, issues, discussion, fork, watch) a check
of the actor, his association or his permission stops the run, whatever code it would have taken. On a comment the one
who asks is trusted but the code is somebody else's: it may change between the comment and the checkout, so that only a
fixed commit is safe behind such a gate (`Gate.holds` False). Labels and environments approve what was there at the
time. A comparison of repositories holds for good, but comments do not tell the repository of the pull request.

core/update/gates.py writes the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from steplock.annotations import Any, Literal
from steplock.named import NamedTuple
from steplock.tables import load, look_up
from steplock.tables.conditions import ANY, Situation
from steplock.tables.conditions import holds as condition_holds
from steplock.tables.rows import typed

_EMPTY: Mapping[str, Any] = {}
Kind = Literal["actor", "association", "environment", "label", "permission", "repository", "team"]


class Gate(NamedTuple):
    """One way to let only some through."""

    kind: Kind
    holds: bool = False
    """Whether it still protects when the reference that is checked out can move."""
    weak: bool = False
    """It is a look-alike: it must not count."""
    hidden: bool = False
    """Whether it protects is set elsewhere, as the reviewers of an environment are."""
    spoofable: bool = False
    """It tests what the attacker writes himself."""
    events: tuple[str, ...] = ()
    """The events on which it protects, if not on all."""
    by: str = ""
    """How it shows: `failure` of the step, or an `output` that a later condition has to read."""
    output: str = ""
    closes: str = ""
    """`TOCTOU`: it also closes the race between approval and checkout."""
    test: str = ""
    """The expression, for people."""
    values: tuple[str, ...] = ()
    """The values of the context that mean trust, or for a weak gate seem to."""
    when: Mapping[str, Any] = _EMPTY
    defaults: Mapping[str, str] = _EMPTY
    action: str = ""
    pattern: str = ""
    note: str = ""
    source: str = ""


@lru_cache(maxsize=1024)
def of_context(path: str) -> tuple[Gate, ...]:
    """The gates that a comparison with a context can be, `github.event.pull_request.user.login`; ignores case.

    An `author_association` that the table does not have is the general case.
    """
    path = path.lower()
    contexts = load("gates")["contexts"]
    rows = list(contexts.get(path, ()))
    if path.endswith("author_association"):
        rows += contexts["author_association"] if path != "author_association" else ()
    return tuple(typed(Gate, row) for row in rows)


@lru_cache(maxsize=1024)
def of_action(action: str) -> tuple[Gate, ...]:
    """The gates that an action can be, whatever its inputs."""
    action = action.lower()
    rows = look_up("gates", action, "actions")
    if rows is None:
        rows = [row for row in load("gates")["names"] if re.search(row["pattern"], action)]
    return tuple(typed(Gate, row, action=action) for row in rows)


def of_step(action: str, step: Situation = ANY) -> tuple[Gate, ...]:
    """The gates that a step with this action is, or for all the file shows may be.

    actions/checkout counts for its guard, which only some releases have: `releases.has_guard`.
    """
    return tuple(
        gate
        for gate in of_action(action)
        if condition_holds(gate.when, step._replace(defaults=gate.defaults)) is not False
    )


def in_script(text: str, action: str = "") -> tuple[Gate, ...]:
    """The checks that a script seems to make: of a `run:`, or with `action` of its `script:` input.

    They are gates only if the script fails on the answer, or sets an output that a later condition reads.
    """
    return tuple(
        typed(Gate, row)
        for row in load("gates")["scripts"]
        if row.get("action", "").lower() == action.lower()
        and _compiled(row["pattern"]).search(text)
    )


def of_filter(name: str) -> Gate | None:
    """What a key of the workflow is worth: `on.workflow_run.branches`, `environment` ..."""
    row = look_up("gates", name, "filters")
    return typed(Gate, row) if row else None


def trusted_associations() -> tuple[str, ...]:
    """The values of `author_association` that mean trust; MEMBER is of the organisation, not a writer here."""
    return of_context("github.event.comment.author_association")[0].values


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
