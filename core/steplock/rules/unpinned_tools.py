"""A pinned action that installs the newest release of a tool.

## Why is this bad?
The action's commit says nothing of the tool that it downloads. Whoever gets a release of the tool out, as happened to Trivy in
2026, runs code in the next job of everybody who asked for `latest`, pinned action or not.

## Example
```yaml
on: push
permissions: {}
jobs:
  scan:
    runs-on: ubuntu-latest
    steps:
      - uses: aquasecurity/setup-trivy@3fb12ec12f41e471780db15c232d5dd185dcb514 # v0.2.6
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  scan:
    runs-on: ubuntu-latest
    steps:
      - uses: aquasecurity/setup-trivy@3fb12ec12f41e471780db15c232d5dd185dcb514 # v0.2.6
        with:
          version: v0.69.3
```

What the caller of a workflow of this repository passes on to such an action counts too. Other actions are the matter of
`mutable-download`.

## References
- [Trivy ecosystem supply chain compromise](https://github.com/aquasecurity/trivy/security/advisories/GHSA-69fq-xp46-6x23)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression import fences, parse, path
from steplock.model import Job, Step, Workflow
from steplock.rule import Confidence, Context, Finding, Severity, rule
from steplock.syntax import Mapping, Scalar

# The input that chooses the version, and what it says where it says nothing; from their manifests, 2026-11-21.
_TOOLS = {
    "1password/load-secrets-action": ("version", "latest"),
    "aquasecurity/setup-trivy": ("version", "latest"),
    "extractions/setup-crate": ("version", "*"),
    "extractions/setup-just": ("just-version", "*"),
}
_NEWEST = frozenset({"", "*", "latest"})


@rule(severity=Severity.MEDIUM)
def check(target: Step | Job, context: Context) -> Iterator[Finding]:
    if isinstance(target, Job):
        yield from _call(target, context)
        return
    if target.uses is None or target.uses.action not in _TOOLS:
        return
    name, default = _TOOLS[target.uses.action]
    value = target.input(name)
    if value is None:
        if isinstance(target.node.get("with"), Scalar):
            return
        message = (
            f"without `{name}` it installs `{default}`, whatever that is on the day; name a version"
        )
        yield Finding(target.uses.span, message, scope=target.span)
    elif value.value.strip() in _NEWEST:
        message = f"`{value.value.strip()}` is whatever was released last; name a version"
        yield Finding(value.span, message, scope=target.span)
    elif "${{" in value.value:
        yield from _dynamic(target, value)


def _dynamic(step: Step, value: Scalar) -> Iterator[Finding]:
    source = _source(value)
    newest, confidence = None, Confidence.LOW
    if step.job is not None and source[:1] == ("matrix",) and len(source) > 1 and step.job.matrix:
        values = step.job.matrix.values(source[1:])
        newest = next((v.value for v in values.scalars if v.value.strip() in _NEWEST), None)
        if newest is None and values.scalars and not values.is_dynamic:
            return
    elif source[:1] == ("inputs",) and step.workflow is not None:
        newest = _default(step.workflow, source[1])
    if newest is None:
        message = "whether this names a version cannot be seen"
    else:
        message = f"this can be `{newest}`, which is whatever was released last; name a version"
        confidence = Confidence.HIGH
    yield Finding(value.span, message, confidence=confidence, scope=step.span)


def _source(value: Scalar) -> tuple[str, ...]:
    """The context that a value is, and nothing else; empty where it is more or other."""
    text = value.value.strip()
    fence = next(fences(text))
    root = parse(text[slice(*fence.inner)]).root if fence.span == (0, len(text)) else None
    found = path(root) if root is not None else None
    return found if found and len(found) > 1 else ()


def _default(workflow: Workflow, name: str) -> str | None:
    """The default of an input, where it is the newest."""
    for trigger in workflow.triggers:
        inputs = trigger.config.mapping("inputs") if trigger.config else None
        for key, node in inputs.items if inputs else ():
            if key.value.lower() == name and isinstance(node, Mapping):
                default = node.scalar("default")
                if default is not None and default.value.strip() in _NEWEST - {""}:
                    return default.value.strip()
    return None


def _call(job: Job, context: Context) -> Iterator[Finding]:
    """What a call passes to a workflow of this repository, for such an action."""
    if job.uses is None or not job.uses.is_local or job.inputs is None:
        return
    given = {key.value.lower(): value for key, value in job.inputs.items}
    newest = {
        k: v for k, v in given.items() if isinstance(v, Scalar) and v.value.strip() in _NEWEST
    }
    callee = context.repository.callee(job.uses) if newest else None
    for step in (s for j in callee.jobs for s in j.steps) if isinstance(callee, Workflow) else ():
        if step.uses is None or step.uses.action not in _TOOLS:
            continue
        value = step.input(_TOOLS[step.uses.action][0])
        source = _source(value) if value is not None and "${{" in value.value else ()
        if source[:1] == ("inputs",) and (passed := newest.get(source[1])):
            message = (
                f"`{step.uses.slug}` in the called workflow installs this, which is whatever was "
                "released last; name a version"
            )
            yield Finding(passed.span, message, scope=job.span)
