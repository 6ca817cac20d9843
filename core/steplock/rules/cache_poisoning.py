"""A job that publishes takes files out of a cache that other runs filled.

## Why is this bad?
Whoever gets code into a run that writes the cache plants changed tools or dependencies there; the next release is built from
them, and everybody who installs it runs the attacker's code. The release of Ultralytics of December 2024 was poisoned so.

Low: since 2026-06-26 runs that strangers cause (`pull_request_target`, comments and the like) can no longer write the cache that
releases read, so that the attacker has to get into a run of somebody with write access, or of a schedule. Medium: the
action keeps its cache elsewhere, where that does not hold. High: a workflow gives the right to write back to runs of
strangers, with `cache-mode: write`; that line is reported too.

A job publishes where it runs for tags, releases or branches named so, or where one of its steps publishes something.

## Example
```yaml
on: release
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-go@v6
        with:
          go-version: stable
      - run: make release
```

Use instead:
```yaml
on: release
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-go@v6
        with:
          go-version: stable
          cache: false
      - run: make release
```

## Fix safety
Unsafe: the job takes longer without its cache.

## References
- [The poisoned cache of Ultralytics](https://blog.pypi.org/posts/2024-12-11-ultralytics-attack-analysis/)
- [Caches are read-only for untrusted triggers](https://github.blog/changelog/2026-06-26-read-only-actions-cache-for-untrusted-triggers/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from steplock.edits import remove_key, set_key
from steplock.expression import UNKNOWN, Lookup, Unknown, Value, embedded, truth
from steplock.model import Job, Step, Workflow
from steplock.repository import WORKFLOWS, Repository
from steplock.rule import (
    Confidence,
    Context,
    Finding,
    Fix,
    Persona,
    Related,
    Safety,
    Severity,
    rule,
)
from steplock.syntax import Scalar
from steplock.tables import cachers, publishers
from steplock.tables.conditions import Situation
from steplock.text import Span
from steplock.trust import situation

_STRANGERS = ("pull_request_target", "workflow_run", "issue_comment")
_WRITES = ("write", "write-only")
_SPARED = ("none", "write-only")
_KINDS = frozenset({"package", "image", "release", "pages", "deploy"})
_WORLDS = {
    "tag": ("push", "refs/tags/v1", "tag"),
    "branch": ("push", "refs/heads/release", "branch"),
    "release": ("release", "refs/tags/v1", "tag"),
}


_BUILDERS = frozenset({"docker/build-push-action", "depot/build-push-action"})


class _Cached(NamedTuple):
    step: Step
    cacher: cachers.Cacher
    situation: Situation
    release: bool = True
    """Whether it is known which release of the action it is."""
    told: bool = True
    """False where an expression decides, and says no in the runs that are known to publish."""


@rule(severity=Severity.LOW, confidence=Confidence.LOW)
def check(job: Job, context: Context) -> Iterator[Finding]:
    mode = job.node.scalar("cache-mode") or job.workflow.node.scalar("cache-mode")
    if mode is not None and mode.value in _WRITES:
        yield from _opened(job, mode)
    if mode is not None and mode.value in _SPARED:
        return
    worlds = _releases(job.workflow)
    cached = [one for step in job.steps if (one := _cached(step, worlds))]
    publisher = _publisher(job) if cached and not worlds else None
    if worlds or publisher:
        for one in cached:
            yield _finding(one, publisher, context.repository)


def _opened(job: Job, mode: Scalar) -> Iterator[Finding]:
    """The right to write the cache, given to runs of strangers."""
    names = [name for name in _STRANGERS if name in job.workflow.events]
    if not names:
        return
    owner = job if job.node.scalar("cache-mode") else job.workflow
    edit = set_key(job.document, owner.node, ("cache-mode",), "read")
    yield Finding(
        mode.span,
        f"runs that strangers cause with `{names[0]}` may write the cache again, from which releases are built",
        (Fix.of("Set `cache-mode: read`", edit, safety=Safety.UNSAFE),),
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        scope=job.span,
    )


def _releases(workflow: Workflow) -> tuple[str, ...]:
    """The kinds of runs of a workflow that by their trigger publish."""
    found = []
    for trigger in workflow.triggers:
        if trigger.name == "release":
            found.append("release")
        if trigger.name == "push" and trigger.config is not None:
            if trigger.config.item("tags") or trigger.config.item("tags-ignore"):
                found.append("tag")
            if any("release" in branch.lower() for branch in trigger.listed("branches") or ()):
                found.append("branch")
    return tuple(found)


def _publisher(job: Job) -> tuple[str, Span] | None:
    """What a job publishes with, or builds to publish, and where."""
    for step in job.steps:
        uses = step.uses
        if uses is not None and uses.is_remote:
            known = publishers.of(uses.action)
            if known and known.kind in _KINDS and _may_publish(uses.action, step):
                return uses.slug, uses.span
        for command in step.script.commands if step.script else ():
            argv = (command.name, *(word.value for word in command.argv))
            found = publishers.command(argv) if command.name else None
            if found and found.kind in _KINDS and step.run is not None:
                return " ".join(found.words), step.document.locate(step.run, command.span)
    return None


def _may_publish(action: str, step: Step) -> bool:
    if publishers.publishes(action, situation(step)) is not False:
        return True
    # An image that is built here may be pushed by another step.
    push = step.input("push")
    return action in _BUILDERS and (push is None or push.boolean is not False)


def _cached(step: Step, worlds: tuple[str, ...]) -> _Cached | None:
    """A step that takes files out of a cache when something is published; None where it does not."""
    uses = step.uses
    if uses is None or not uses.is_remote or (cacher := cachers.of(uses.action)) is None:
        return None
    plain = situation(step)._replace(hosted=True)
    known = _situation(step, worlds)
    if known is not None and cachers.restores(uses.action, known) is not False:
        return _Cached(step, cacher, known)
    if uses.is_commit and uses.version is None:
        turns = [switch.history[-1][0] for switch in cacher.switches if switch.history]
        if (
            turns
            and known is not None
            and cachers.restores(uses.action, known._replace(version=turns[0]))
        ):
            return _Cached(step, cacher, known._replace(version=turns[0]), release=False)
    # Who names tags in the expression had releases in mind.
    aware = any("tag" in value for value in plain.inputs.values() if "${{" in value)
    if known is not None and not aware and cachers.restores(uses.action, plain) is None:
        return _Cached(step, cacher, plain, told=False)
    return None


def _situation(step: Step, worlds: tuple[str, ...]) -> Situation | None:
    """A step as the table asks about it, with inputs worked out; None where it does not run when something is published."""
    lookups = [_lookup(*_WORLDS[world]) for world in worlds]
    conditions = [one.condition for one in (step, step.job) if one and one.condition]
    roots = [c.parsed.root for c in conditions if c.parsed.root is not None]
    lookups = [at for at in lookups if all(truth(root, at) is not False for root in roots)]
    if worlds and not lookups:
        return None
    known = situation(step)._replace(hosted=True)
    values = {name: _worked_out(value, lookups) for name, value in known.inputs.items()}
    return known._replace(inputs=values)


def _worked_out(value: str, lookups: list[Lookup]) -> str:
    """`true` or `false` where an expression is that in every run that publishes."""
    found = list(embedded(value)) if "${{" in value and lookups else []
    if len(found) != 1 or found[0][0].span != (0, len(value)) or found[0][1].root is None:
        return value
    answers = {truth(found[0][1].root, lookup) for lookup in lookups}
    return "true" if answers == {True} else "false" if answers == {False} else value


def _lookup(event: str, ref: str, kind: str) -> Lookup:
    known = {"event_name": event, "ref": ref, "ref_type": kind}

    def lookup(path: tuple[str, ...]) -> Value | Unknown:
        return known.get(path[1], UNKNOWN) if path[0] == "github" and len(path) == 2 else UNKNOWN

    return lookup


def _finding(
    cached: _Cached, publisher: tuple[str, Span] | None, repository: Repository
) -> Finding:
    step = cached.step
    assert step.uses is not None
    name = step.uses.slug
    when = f"before `{publisher[0]}` runs" if publisher else "in runs that publish"
    if publisher and publisher[1] == step.uses.span:
        when = "of what it builds"
    says = f"`{name}` restores a cache {when}: whoever fills it decides what is released"
    severity = Severity.LOW
    if not cached.release:
        says = (
            f"which release of `{name}` this is the line does not say; some restore a cache {when}"
        )
    elif not cached.told:
        says = f"`{name}` restores a cache where an expression says so, in a job that publishes"
    elif cached.cacher.store:
        says = f"`{name}` restores a cache of {cached.cacher.store} {when}, which GitHub keeps nobody from filling"
        severity = Severity.MEDIUM
    elif opener := _opener(repository):
        says = f"{says}, and `{opener}` lets strangers' runs write it"
        severity = Severity.HIGH
    return Finding(
        step.uses.span,
        says,
        (_fix(step, cached.situation),),
        severity=severity,
        persona=Persona.REGULAR if cached.told else Persona.AUDITOR,
        related=(Related("published here", publisher[1]),) if publisher else (),
        scope=step.span,
    )


def _opener(repository: Repository) -> str | None:
    """A workflow that gives runs of strangers the right to write the cache."""
    for name in sorted(repository.folder(WORKFLOWS)):
        path = f"{WORKFLOWS}/{name}"
        if "cache-mode" not in (repository.read(path) or ""):
            continue
        workflow = repository.workflow(path)
        if workflow is None or workflow.events.isdisjoint(_STRANGERS):
            continue
        for node in (workflow.node, *(job.node for job in workflow.jobs)):
            mode = node.scalar("cache-mode")
            if mode is not None and mode.value in _WRITES:
                return path
    return None


def _fix(step: Step, known: Situation) -> Fix | None:
    assert step.uses is not None
    off = cachers.off(step.uses.action, known)
    if off is None:
        return None
    name, value = off
    given = step.input_item(name)
    if value:
        edit = set_key(step.document, step.node, ("with", given[0].value if given else name), value)
        return Fix.of(f"Set `{name}: {value}`", edit, safety=Safety.UNSAFE)
    if given is None or step.inputs is None:
        return None
    return Fix.of(
        f"Take `{name}` out", remove_key(step.document, step.inputs, given[0].value), safety=Safety.UNSAFE
    )  # fmt: skip
