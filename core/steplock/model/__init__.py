"""Floor 2. What the files mean: workflows, actions, Dependabot, pre-commit, the lock of actions.

`views` gives all that a rule can ask for by the type of its parameter.
"""

from __future__ import annotations

from steplock.annotations import TypeAlias
from steplock.model.action import Action, Input
from steplock.model.condition import Condition
from steplock.model.dependabot import Dependabot, Update
from steplock.model.expressions import Expression, expressions
from steplock.model.job import Job, Step, strings
from steplock.model.kind import PATTERNS, File, files, kind
from steplock.model.lockfile import ActionsLock
from steplock.model.matrix import Matrix, Values
from steplock.model.permissions import Permissions, Scope
from steplock.model.precommit import HookConfig, HookManifest, HookRepo
from steplock.model.runner import Label, Runner
from steplock.model.uses import Image, ImageName, Uses, parse_image
from steplock.model.workflow import Trigger, Workflow

__all__ = [
    "PATTERNS",
    "Action",
    "ActionsLock",
    "Condition",
    "Dependabot",
    "Expression",
    "File",
    "HookConfig",
    "HookManifest",
    "HookRepo",
    "Image",
    "ImageName",
    "Input",
    "Job",
    "Label",
    "Matrix",
    "Permissions",
    "Runner",
    "Scope",
    "Step",
    "Trigger",
    "Update",
    "Uses",
    "Values",
    "View",
    "Workflow",
    "expressions",
    "files",
    "kind",
    "parse_image",
    "strings",
    "views",
]

View: TypeAlias = File | Job | Step | Uses | Condition | Image | Expression | Update | HookRepo


def views(file: File) -> list[View]:
    """A file and its parts, outermost first.

    Jobs and steps whose `if:` is always false never run, and are left out with all that is in them;
    expressions are the exception, since they are wrong wherever they stand.
    """
    found: list[View] = [file]
    match file:
        case Workflow():
            for job in file.jobs:
                if not job.is_dead:
                    _add(found, job)
                    for step in job.steps:
                        _add(found, step)
        case Action():
            found += file.images
            for step in file.steps:
                _add(found, step)
        case Dependabot():
            found += file.updates
        case HookConfig():
            found += file.repos
    if isinstance(file, Workflow | Action):
        found += expressions(file)
    return found


def _add(found: list[View], one: Job | Step) -> None:
    found.append(one)
    if one.condition:
        found.append(one.condition)
    if one.uses:
        found.append(one.uses)
    found += one.images
