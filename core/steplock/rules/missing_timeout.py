"""A job that may hang for six hours, since nothing says how long it takes.

## Why is this bad?
A job that waits for ever keeps its runner, its token and its secrets for 360 minutes: time for code that an attacker got
into it, and minutes that somebody pays for. On one's own runners a single pull request can keep all others out.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - run: make test
```

A job whose steps all have a limit of their own is bounded by these. A call of a reusable workflow takes no limit.

## Fix safety
Unsafe: a job that takes longer than thirty minutes is cut off.

## References
- [`jobs.<job_id>.timeout-minutes`](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import add_key
from steplock.model import Job
from steplock.rule import Finding, Fix, Persona, Safety, Severity, rule

_KEY = "timeout-minutes"


@rule(severity=Severity.LOW, persona=Persona.PEDANTIC)
def check(job: Job) -> Iterator[Finding]:
    if job.is_call or job.node.get(_KEY) is not None:
        return
    if job.steps and all(step.node.get(_KEY) is not None for step in job.steps):
        return
    edit = add_key(job.document, job.node, (_KEY,), "30", before=("steps",))
    yield Finding(
        job.key.span,
        f"`{job.id}` may hang for six hours; set `{_KEY}` to somewhat more than it takes",
        (Fix.of(f"Set `{_KEY}: 30`", edit, safety=Safety.UNSAFE),),
        scope=job.span,
    )
