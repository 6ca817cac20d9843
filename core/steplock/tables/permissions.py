"""Which permissions of the job's token an action uses, and when.

core/update/permissions.py writes the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from steplock.annotations import Any, Literal
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.tables import look_up
from steplock.tables.conditions import ANY, Situation, holds, written
from steplock.tables.rows import typed

_EMPTY: Mapping[str, Any] = {}
_JOB_TOKEN = pattern(r"github\.token|secrets\.GITHUB_TOKEN\b", re.IGNORECASE)
# What a token of another kind in the input does not replace: OIDC has none, and registries are signed in to apart.
_KEPT = {"id-token", "packages"}


class Need(NamedTuple):
    """One permission, for one purpose."""

    scope: str
    level: Literal["read", "write"]
    reason: str = ""
    """What it is for, to stand behind `to`: `push the pages branch`."""
    when: Mapping[str, Any] = _EMPTY
    """See `steplock.tables.conditions`."""
    optional: bool = False
    """Without it the action only warns or leaves something out: neither to be added, nor too much."""
    instead: tuple[str, ...] = ()
    """A scope and level that do as well: it depends on whether the target is an issue or a pull request."""
    public: Literal["", "likely", "yes"] = ""
    """Whether a public repository can do without."""
    degrades: str = ""
    """What happens without it, for people."""
    confidence: Literal["documented", "source", "inferred"] = "documented"
    source: str = ""


class Record(NamedTuple):
    """What is known of one action."""

    needs: tuple[Need, ...] = ()
    token: str = ""
    """The input that takes the token."""
    token_default: bool = False
    """Whether it is the job's token by default."""
    token_env: str = ""
    """The variable that takes the token, which the workflow has to set."""
    defaults: Mapping[str, str] = _EMPTY
    dynamic: Literal["", "agent", "octokit", "rest"] = ""
    """What it needs stands in `dynamic_input`: a prompt, a script with `github.rest`, a route."""
    dynamic_input: str = ""
    beyond: str = ""
    """What the job's token can never do here, for people."""
    note: str = ""
    source: str = ""
    date: str = ""


class Needs(NamedTuple):
    """What a step needs."""

    sure: tuple[Need, ...] = ()
    maybe: tuple[Need, ...] = ()
    """Those for which the file does not show whether they apply."""
    dynamic: str = ""
    """As in `Record`: there is more than the table can tell."""


@lru_cache(maxsize=1024)
def of(action: str) -> Record | None:
    """What is known of `owner/repo[/path]`, reusable workflows included; None for an unknown action."""
    row = look_up("permissions", action.lower())
    if row is None:
        return None
    needs = [typed(Need, {"source": row["source"], **need}) for need in row.get("needs", ())]
    return typed(Record, {**row, "needs": needs})


def needs(action: str, step: Situation = ANY) -> Needs | None:
    """The permissions that a step with this action uses; None if the action is not known."""
    record = of(action)
    if record is None:
        return None
    known = step._replace(defaults=record.defaults)
    found: dict[bool | None, list[Need]] = {True: [], None: [], False: []}
    has_token = _has_job_token(record, step)
    for need in record.needs:
        if has_token or need.scope in _KEPT:
            found[holds(need.when, known)].append(need)
    return Needs(tuple(found[True]), tuple(found[None]), record.dynamic if has_token else "")


def is_job_token(value: str) -> bool:
    """Whether a value is the job's own token, `${{ github.token }}`."""
    return _JOB_TOKEN.search(value) is not None


def _has_job_token(record: Record, step: Situation) -> bool:
    given = written(step.inputs, record.token) if record.token else None
    if given:
        return is_job_token(given)
    if record.token_env and not record.token_default:
        return is_job_token(step.env.get(record.token_env, ""))
    return True
