"""A job that publishes takes files out of a cache that other runs filled.

## Why is this bad?
Whoever gets code into a run that writes the cache plants changed tools or dependencies there; the next release is built from
them, and everybody who installs it runs the attacker's code. The release of Ultralytics of December 2024 was poisoned so.

Low: since 2026-06-26 runs of strangers cannot write the cache that releases read, so that the attacker has to get into a run of
somebody with write access. Medium: the action keeps its cache elsewhere. High: a workflow gives runs of strangers the right to
write back, with `cache-mode: write`. A job publishes where it runs for tags, releases or branches named so, or by a step of it.

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
- [The poisoned cache of Ultralytics](https://github.com/ultralytics/ultralytics/issues/18027)
- [Caches are read-only for untrusted triggers](https://github.blog/changelog/2026-06-26-read-only-actions-cache-for-untrusted-triggers/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import remove_key, set_key
from steplock.model import Job, Step
from steplock.named import NamedTuple
from steplock.publishing import Publisher, World, at_release, publisher, worlds
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
from steplock.tables import cachers
from steplock.tables.conditions import Situation
from steplock.trust import situation

_STRANGERS = ("pull_request_target", "workflow_run", "issue_comment")
_WRITES = ("write", "write-only")
_SPARED = ("none", "write-only")


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
    runs = worlds(job.workflow)
    cached = [one for step in job.steps if (one := _cached(step, runs))]
    found = publisher(job) if cached and not runs else None
    if runs or found:
        for one in cached:
            yield _finding(one, found, context.repository)


def _opened(job: Job, mode: Scalar) -> Iterator[Finding]:
    """The right to write the cache, given to runs of strangers."""
    name = next((name for name in _STRANGERS if name in job.workflow.events), None)
    if name is None:
        return
    owner = job if job.node.scalar("cache-mode") else job.workflow
    edit = set_key(job.document, owner.node, ("cache-mode",), "read")
    yield Finding(
        mode.span,
        f"runs that strangers cause with `{name}` may write the cache again, from which releases are built",
        (Fix.of("Set `cache-mode: read`", edit, safety=Safety.UNSAFE),),
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        scope=job.span,
    )


def _cached(step: Step, runs: tuple[World, ...]) -> _Cached | None:
    """A step that takes files out of a cache when something is published; None where it does not."""
    uses = step.uses
    if uses is None or not uses.is_remote or (cacher := cachers.of(uses.action)) is None:
        return None
    known = at_release(step, runs)
    if known is None:
        return None
    if cachers.restores(uses.action, known) is not False:
        return _Cached(step, cacher, known)
    turns = [switch.history[-1][0] for switch in cacher.switches if switch.history]
    if turns and uses.is_commit and uses.version is None:
        older = known._replace(version=turns[0])
        if cachers.restores(uses.action, older):
            return _Cached(step, cacher, older, release=False)
    plain = situation(step)._replace(hosted=True)
    # Who names tags in the expression had releases in mind.
    aware = any("tag" in value for value in plain.inputs.values() if "${{" in value)
    if not aware and cachers.restores(uses.action, plain) is None:
        return _Cached(step, cacher, plain, told=False)
    return None


def _finding(cached: _Cached, made_with: Publisher | None, repository: Repository) -> Finding:
    step = cached.step
    assert step.uses is not None
    name = step.uses.slug
    when = f"before `{made_with.what}` runs" if made_with else "in runs that publish"
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
        related=(Related("published here", made_with.span),) if made_with else (),
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
        modes = [
            node.scalar("cache-mode") for node in (workflow.node, *(j.node for j in workflow.jobs))
        ]
        if any(mode and mode.value in _WRITES for mode in modes):
            return path
    return None


def _fix(step: Step, known: Situation) -> Fix | None:
    off = cachers.off(step.uses.action, known) if step.uses else None
    if off is None:
        return None
    given, value = step.input_item(off[0]), off[1]
    name = given[0].value if given else off[0]
    if value:
        edit = set_key(step.document, step.node, ("with", name), value)
        return Fix.of(f"Set `{name}: {value}`", edit, safety=Safety.UNSAFE)
    gone = remove_key(step.document, step.inputs, name) if given and step.inputs else None
    return Fix.of(f"Take `{name}` out", gone, safety=Safety.UNSAFE)
