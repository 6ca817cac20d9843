"""A workflow whose runs pile up, since nothing limits how many go on at once.

## Why is this bad?
Somebody who pushes to a pull request again and again fills the runners with outdated runs, which costs money and keeps
urgent ones waiting; and two deployments at once can leave the older of them in place.

## Example
```yaml
name: CI
on: pull_request
permissions: {}
jobs:
  test:
    name: Test
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

Use instead:
```yaml
name: CI
on: pull_request
permissions: {}
concurrency:
  group: ${{ github.workflow }}-${{ github.ref }}
  cancel-in-progress: ${{ github.event_name == 'pull_request' }}
jobs:
  test:
    name: Test
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

A `concurrency:` mapping on the workflow or the job says what is meant, whatever it says of `cancel-in-progress`. Reusable
workflows are left to their callers: a group of their own may wait for the caller's, for ever.

## Fix safety
Unsafe: runs of pull requests are then cut off by the next push, and of several waiting runs only the newest stays.

## References
- [Control the concurrency of workflows and jobs](https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import add_key
from steplock.model import Job, Workflow
from steplock.rule import Finding, Fix, Persona, Related, Safety, Severity, rule
from steplock.syntax import Scalar

_PULL_REQUESTS = "${{ github.event_name == 'pull_request' }}"
_GROUP = "group: ${{ github.workflow }}-${{ github.ref }}"


@rule(severity=Severity.LOW, persona=Persona.PEDANTIC)
def check(workflow: Workflow) -> Iterator[Finding]:
    if workflow.is_only_called or workflow.on is None:
        return
    pair = workflow.node.item("concurrency")
    if pair is not None:
        if _is_bare(workflow):
            message = "outdated runs go on to their end; say with `cancel-in-progress` whether they should"
            yield Finding(pair[0].span, message)
        return
    jobs = [job for job in workflow.jobs if not job.is_dead and not job.is_call]
    bare = [job for job in jobs if _is_bare(job)]
    unlimited = [job for job in jobs if job.node.get("concurrency") is None]
    at = workflow.on[0].span
    if bare:
        message = f"outdated runs of {_names(bare)} go on to their end; say with `cancel-in-progress` whether they should"
        yield Finding(at, message, related=_places(bare))
    if unlimited:
        message = (
            f"nothing limits how many runs of {_names(unlimited)} go on at once; set `concurrency`"
        )
        yield Finding(at, message, (_fix(workflow, jobs),), related=_places(unlimited))


def _is_bare(view: Workflow | Job) -> bool:
    """Whether only a group is given."""
    return isinstance(view.node.get("concurrency"), Scalar)


def _names(jobs: list[Job]) -> str:
    names = ", ".join(f"`{job.id}`" for job in jobs[:3])
    return f"{names} and {len(jobs) - 3} more jobs" if len(jobs) > 3 else names


def _places(jobs: list[Job]) -> tuple[Related, ...]:
    return tuple(Related("this job", job.key.span) for job in jobs)


def _fix(workflow: Workflow, jobs: list[Job]) -> Fix | None:
    # A called workflow would wait for the group of its caller, which has the same name.
    if "workflow_call" in workflow.events or any(job.node.get("concurrency") for job in jobs):
        return None
    value = f"{_GROUP}\ncancel-in-progress: {_PULL_REQUESTS}"
    edit = add_key(
        workflow.document, workflow.node, ("concurrency",), value, ("env", "defaults", "jobs")
    )
    return Fix.of("Limit to one run a branch or pull request", edit, safety=Safety.UNSAFE)
