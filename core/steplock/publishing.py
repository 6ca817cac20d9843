"""Floor 3. When a workflow publishes: by its trigger, or by what one of its steps does."""

from __future__ import annotations

from steplock.expression import UNKNOWN, Lookup, Unknown, Value, embedded, truth
from steplock.model import Job, Step, Workflow
from steplock.named import NamedTuple
from steplock.tables import publishers
from steplock.tables.conditions import Situation
from steplock.text import Span
from steplock.trust import situation

_KINDS = frozenset({"package", "image", "release", "pages", "deploy"})
_BUILDERS = frozenset({"docker/build-push-action", "depot/build-push-action"})


class World(NamedTuple):
    """A run that publishes, as `github.event_name`, `github.ref` and `github.ref_type` tell it."""

    event: str
    ref: str
    ref_type: str


_TAG = World("push", "refs/tags/v1", "tag")
_BRANCH = World("push", "refs/heads/release", "branch")
_RELEASE = World("release", "refs/tags/v1", "tag")


class Publisher(NamedTuple):
    what: str
    """The action or the command."""
    span: Span


def worlds(workflow: Workflow) -> tuple[World, ...]:
    """The runs of a workflow that publish by their trigger: for tags, releases, and branches named after them."""
    found = []
    for trigger in workflow.triggers:
        if trigger.name == "release":
            found.append(_RELEASE)
        if trigger.name == "push" and trigger.config is not None:
            if trigger.config.item("tags") or trigger.config.item("tags-ignore"):
                found.append(_TAG)
            if any("release" in branch.lower() for branch in trigger.listed("branches") or ()):
                found.append(_BRANCH)
    return tuple(found)


def publisher(job: Job) -> Publisher | None:
    """What a job publishes with, or builds to publish."""
    for step in job.steps:
        uses = step.uses
        if uses is not None and uses.is_remote:
            known = publishers.of(uses.action)
            if known and known.kind in _KINDS and _may_publish(uses.action, step):
                return Publisher(uses.slug, uses.span)
        if step.run is None or not publishers.mentioned(step.run.value) or step.script is None:
            continue
        for command in step.script.commands:
            argv = (command.name, *(word.value for word in command.argv))
            found = publishers.command(argv) if command.name else None
            if found and found.kind in _KINDS:
                span = step.document.locate(step.run, command.span)
                return Publisher(" ".join(found.words), span)
    return None


def _may_publish(action: str, step: Step) -> bool:
    if publishers.publishes(action, situation(step)) is not False:
        return True
    # An image that is built here may be pushed by another step.
    push = step.input("push")
    return action in _BUILDERS and (push is None or push.boolean is not False)


def at_release(step: Step, worlds: tuple[World, ...]) -> Situation | None:
    """A step as tables ask about it, its inputs worked out for some runs; None where it runs in none of them."""
    lookups = [_lookup(world) for world in worlds]
    conditions = [one.condition for one in (step, step.job) if one and one.condition]
    roots = [c.parsed.root for c in conditions if c.parsed.root is not None]
    lookups = [at for at in lookups if all(truth(root, at) is not False for root in roots)]
    if worlds and not lookups:
        return None
    known = situation(step)
    values = {name: _worked_out(value, lookups) for name, value in known.inputs.items()}
    return known._replace(inputs=values, hosted=True)


def _worked_out(value: str, lookups: list[Lookup]) -> str:
    """`true` or `false` where an expression is that in every run that publishes."""
    found = list(embedded(value)) if "${{" in value and lookups else []
    if len(found) != 1 or found[0][0].span != (0, len(value)) or found[0][1].root is None:
        return value
    answers = {truth(found[0][1].root, lookup) for lookup in lookups}
    return "true" if answers == {True} else "false" if answers == {False} else value


def _lookup(world: World) -> Lookup:
    known = {"event_name": world.event, "ref": world.ref, "ref_type": world.ref_type}

    def lookup(path: tuple[str, ...]) -> Value | Unknown:
        return known.get(path[1], UNKNOWN) if path[0] == "github" and len(path) == 2 else UNKNOWN

    return lookup
