"""The job's token may do more than the job needs.

## Why is this bad?
Where nothing is said, the repository's setting decides, and in older organisations that is *write everything*. Any
code that gets to run in the job (a compromised action or dependency, an injected script) can then push, publish
releases and approve pull requests.

## Example
```yaml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - run: make test
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: make lint
```

Use instead:
```yaml
on: push
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - run: make test
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: make lint
```

## Fix safety
Where every job has its own block, `permissions: {}` above them changes nothing: safe. Where a job has none,
`contents: read` is offered as unsafe, since the job may need more.

## References
- [Controlling permissions for GITHUB_TOKEN](https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/control-workflow-permissions)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import add_key
from steplock.model import Job, Permissions, Workflow
from steplock.rule import Confidence, Finding, Fix, Persona, Safety, Severity, rule

_GRAVITY = {
    **dict.fromkeys(
        (
            "actions", "attestations", "contents", "deployments", "id-token", "issues", "packages",
            "pages", "pull-requests",
        ),
        Severity.HIGH,
    ),
    **dict.fromkeys(("models", "statuses"), Severity.LOW),
}  # fmt: skip


@rule(severity=Severity.MEDIUM)
def check(view: Workflow | Job) -> Iterator[Finding]:
    if isinstance(view, Workflow):
        yield from _workflow(view)
    elif view.permissions is not None:
        yield from _wholesale(view.permissions, "the job", _job_persona(view))
    elif view.workflow.permissions is None:
        yield Finding(
            view.key.span,
            f"nothing says what the token of job `{view.id}` may do, so that the repository's setting decides",
            (_narrow(view.workflow),),
            confidence=Confidence.MEDIUM,
            persona=_job_persona(view),
        )


def _job_persona(job: Job) -> Persona:
    return Persona.PEDANTIC if job.workflow.is_only_called and not job.is_call else Persona.REGULAR


def _workflow(workflow: Workflow) -> Iterator[Finding]:
    persona = _workflow_persona(workflow)
    if workflow.permissions is None:
        if workflow.node.items:
            yield Finding(
                workflow.node.items[0][0].span,
                "nothing says what the token may do in this workflow, so that the repository's setting decides",
                (_narrow(workflow),),
                confidence=Confidence.MEDIUM,
                persona=persona,
            )
        return
    yield from _wholesale(workflow.permissions, "every job", persona)
    for scope in workflow.permissions.scopes:
        if scope.level == "write":
            yield Finding(
                scope.key.span,
                f"every job of this workflow gets `{scope.name}: write`; grant it to the jobs that need it",
                severity=_GRAVITY.get(scope.name, Severity.MEDIUM),
                persona=persona,
            )


def _workflow_persona(workflow: Workflow) -> Persona:
    jobs = workflow.jobs
    alone = len(jobs) == 1 or workflow.is_only_called
    return Persona.PEDANTIC if alone or all(job.permissions for job in jobs) else Persona.REGULAR


def _wholesale(permissions: Permissions, who: str, persona: Persona) -> Iterator[Finding]:
    if permissions.all == "write-all":
        message = f"{who} may change everything in the repository with this token; name the scopes it needs"
        yield Finding(permissions.span, message, severity=Severity.HIGH, persona=persona)
    elif permissions.all == "read-all":
        message = (
            f"{who} may read everything in the repository with this token; name the scopes it needs"
        )
        yield Finding(permissions.span, message, persona=persona)


def _narrow(workflow: Workflow) -> Fix | None:
    """A block for the workflow: nothing where each job has its own, else what a checkout needs."""
    has_own = bool(workflow.jobs) and all(job.permissions for job in workflow.jobs)
    path, value = (("permissions",), "{}") if has_own else (("permissions", "contents"), "read")
    before = ("concurrency", "env", "defaults", "jobs")
    edit = add_key(workflow.document, workflow.node, path, value, before)
    title = (
        "Grant nothing at the top: `permissions: {}`" if has_own else "Grant `contents: read` only"
    )
    return Fix.of(title, edit, safety=Safety.SAFE if has_own else Safety.UNSAFE)
