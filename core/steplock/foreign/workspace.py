"""Folders of the workspace: where a step puts its files, and where a command works."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath

from steplock.model import Job, Step
from steplock.shell import Command
from steplock.syntax import Mapping, Scalar

_ROOTS = (
    "${{ github.workspace }}",
    "${{github.workspace}}",
    "${GITHUB_WORKSPACE}",
    "$GITHUB_WORKSPACE",
    "${{ env.GITHUB_WORKSPACE }}",
)
_OUTSIDE = ("/", "~", "$HOME", "${HOME}", "$RUNNER_TEMP", "${RUNNER_TEMP}", "${{ runner.temp")


def folder(path: Scalar | None) -> str | None:
    """The folder of the workspace that a `path:` names, empty for its root; None where it cannot be told."""
    return "" if path is None else inside(path.value, "")


def inside(path: str, base: str) -> str | None:
    """A path from the root of the workspace, taken from a folder of it; None outside of it, and where it is not known."""
    path = path.strip().replace("\\", "/")
    for root in _ROOTS:
        if path == root or path.startswith(root + "/"):
            path, base = path[len(root) :].lstrip("/"), ""
            break
    if path.startswith(_OUTSIDE) or "$" in path or "`" in path:
        return None
    found = normpath(f"{base}/{path}" if base else path or ".")
    return None if found.startswith("..") else "" if found == "." else found


def under(path: str, top: str) -> bool:
    """Whether a path of the workspace is a folder or lies below it; all do below its root."""
    return not top or path == top or path.startswith(top + "/")


def working_directory(step: Step) -> str | None:
    """Where a script starts; None where that cannot be told."""
    own = step.node.scalar("working-directory")
    scalar = own or _default(step.job)
    return inside(scalar.value, "") if scalar else ""


def _default(job: Job | None) -> Scalar | None:
    if job is None:
        return None
    for node in (job.node, job.workflow.node):
        defaults = node.mapping("defaults")
        run = defaults.get("run") if defaults else None
        if isinstance(run, Mapping) and (found := run.scalar("working-directory")):
            return found
    return None


def places(step: Step) -> Iterator[tuple[Command, str | None]]:
    """The commands of a script, each with the folder it works in."""
    if step.script is None:
        return
    at = working_directory(step)
    for command in step.script.commands:
        if command.name in ("cd", "pushd", "set-location") and command.arguments:
            at = inside(command.arguments[0].value, at or "")
            continue
        yield command, at
