"""A workflow or a job without a name.

## Why is this bad?
Runs, checks and logs then show a file's path or a key, and a workflow that an attacker has slipped in does not stand
out among others that nobody named. What has a name of its own is recognised when it is missing, new or changed.

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
name: CI
on: push
permissions: {}
jobs:
  test:
    name: Test
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

No fix is offered: required checks and `workflow_run` triggers find jobs and workflows by these names.

## References
- [`name`](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#name)
- [`jobs.<job_id>.name`](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idname)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Job, Workflow
from steplock.rule import Finding, Persona, Severity, rule


@rule(severity=Severity.LOW, persona=Persona.PEDANTIC)
def check(view: Workflow | Job) -> Iterator[Finding]:
    if view.node.item("name") is not None:
        return
    if isinstance(view, Job):
        if not view.is_call:
            message = f"runs show this job by its key, `{view.id}`; give it a `name`"
            yield Finding(view.key.span, message, severity=Severity.INFORMATIONAL, scope=view.span)
    elif view.node.items:
        message = "runs show this workflow by the path of its file; give it a `name`"
        yield Finding(view.node.items[0][0].span, message)
