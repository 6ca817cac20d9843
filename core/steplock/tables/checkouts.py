"""What brings foreign code, or files of a foreign run, into a job.

core/update/checkouts.py writes the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from steplock.annotations import Literal
from steplock.named import NamedTuple
from steplock.tables import load, look_up
from steplock.tables.conditions import ANY, EXPRESSION, Situation, written
from steplock.tables.rows import typed


class Reference(NamedTuple):
    """A context that names code of an outsider: a branch, a commit, a pull request, a repository."""

    brings: str
    control: Literal["free", "constrained"] = "constrained"
    """Whether its text is the attacker's too (`head_ref`), or only what it points to."""
    mutable: bool = False
    """Whether what it points to can change after somebody approved it."""
    source: str = ""


class Checkout(NamedTuple):
    """An action that puts a tree of files into the job."""

    action: str
    kind: Literal["checkout", "context", "itself"]
    """`checkout`: what `ref` and `repository` name. `context`: an image built from the address in `context`.
    `itself`: the code of the pull request, whatever its inputs."""
    note: str = ""
    source: str = ""


class Fetch(NamedTuple):
    """Commands of a script that bring in foreign code or files."""

    pattern: str
    brings: str
    mutable: bool = False
    note: str = ""
    source: str = ""


class Downloader(NamedTuple):
    """An action that downloads what other runs uploaded."""

    action: str
    run: str = ""
    """The input that names the run."""
    fixed: tuple[str, ...] = ()
    """Inputs which, fixed in the workflow, restrict it to runs of the project's own."""
    foreign: bool = False
    """Without either it takes the newest run there is, whosever that was."""
    note: str = ""
    source: str = ""
    sure: bool = False
    """Whether its inputs were read; of some actions only the name is known."""


@lru_cache(maxsize=1024)
def reference(path: str) -> Reference | None:
    """What a context points to: `github.event.pull_request.head.sha`, `*` for an index; ignores case."""
    row = look_up("checkouts", path.lower(), "references")
    return typed(Reference, row) if row else None


@lru_cache(maxsize=1024)
def of(action: str) -> Checkout | None:
    """The action as one that checks code out."""
    row = look_up("checkouts", action.lower(), "actions")
    return typed(Checkout, row, action=action.lower()) if row else None


def fetches(script: str) -> tuple[Fetch, ...]:
    """What a script seems to check out of a pull request, a fork or a patch; without regard to the values."""
    return _found("commands", script)


@lru_cache(maxsize=1024)
def resolver(action: str) -> Mapping[str, str]:
    """The outputs of an action that name the code of a pull request, each `free` or `constrained`; else empty."""
    row = look_up("checkouts", action.lower(), "resolvers")
    outputs: Mapping[str, str] = row["outputs"] if row else {}
    return outputs


def resolves(script: str) -> bool:
    """Whether a script asks for the head of a pull request."""
    return bool(_found("resolving", script))


@lru_cache(maxsize=1024)
def downloader(action: str) -> Downloader | None:
    """The action as one that downloads artifacts."""
    row = look_up("checkouts", action.lower(), "downloaders")
    return typed(Downloader, row, action=action.lower()) if row else None


def downloads_foreign(action: str, step: Situation = ANY) -> bool | None:
    """Whether a step with this action takes artifacts of a run that an outsider may have caused.

    False where it takes those of this run, or of runs that only the project causes; None where the named run
    may be either, and for scripts. What it is in a job for `workflow_run` is for the caller to judge.
    """
    found = downloader(action)
    if found is None:
        return False
    if any(EXPRESSION not in (written(step.inputs, name) or EXPRESSION) for name in found.fixed):
        return False
    if found.run and written(step.inputs, found.run):
        return None
    return True if found.foreign else None if not found.run else False


def downloads(script: str) -> tuple[Fetch, ...]:
    """The commands of a script that seem to download artifacts of other runs."""
    return _found("downloading", script)


def verifies(script: str) -> bool:
    """Whether a script checks where an artifact was built."""
    return bool(_found("verifying", script))


def safe_path(path: str) -> bool:
    """Whether files unpacked to `path` cannot overwrite those of the checkout: it is a folder for temporary files.

    What is read from them is still the attacker's.
    """
    return any(
        _compiled(pattern).search(path.strip()) for pattern in load("checkouts")["safe_paths"]
    )


def _found(section: str, script: str) -> tuple[Fetch, ...]:
    rows = load("checkouts")[section]
    return tuple(typed(Fetch, row) for row in rows if _compiled(row["pattern"]).search(script))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
