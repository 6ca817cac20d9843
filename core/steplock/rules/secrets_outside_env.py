"""A secret of the repository or the organization, rather than of an environment.

## Why is this bad?
Every workflow on every branch can read such a secret: whoever may push a branch, or take over an action in any job, sends it
out. An environment hands its secrets only to jobs that name it, on the branches and after the approvals that it asks for.

## Example
```yaml
on: push
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy
        env:
          TOKEN: ${{ secrets.DEPLOY_TOKEN }}
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: ./deploy
        env:
          TOKEN: ${{ secrets.DEPLOY_TOKEN }}
```

A call of a reusable workflow cannot name an environment; the jobs of a workflow of this repository that read what it passes
can. Workflows that are called themselves are left alone: their caller passes what they read. The job's own token belongs to
no environment.

## Options
- `allow`: names of secrets that may stay where they are; case does not matter.

## References
- [Deployment environments](https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression import contexts
from steplock.model import Expression, Job, Workflow, expressions
from steplock.named import NamedTuple
from steplock.rule import Context, Finding, Persona, Severity, rule


class Options(NamedTuple):
    allow: tuple[str, ...] = ()


@rule(severity=Severity.MEDIUM, persona=Persona.AUDITOR)
def check(expression: Expression, context: Context, options: Options) -> Iterator[Finding]:
    file = expression.file
    if "secrets" not in expression.text.lower() or not isinstance(file, Workflow):
        return
    job = expression.job
    if "workflow_call" in file.events or not _is_outside(file, job):
        return
    root = expression.parsed.root
    for path, node in contexts(root) if root is not None else ():
        name = path[1] if len(path) > 1 else "*"
        if path[0] != "secrets" or name in _allowed(options):
            continue
        if job is not None and job.is_call and _callee_has_environment(job, expression, context):
            continue
        text = expression.scalar.value[slice(*node.span)]
        message = (
            f"`{text}` belongs to no environment, so that any workflow on any branch can read it"
        )
        yield Finding(expression.locate(node.span), message, scope=expression.scope)


def _allowed(options: Options) -> frozenset[str]:
    return frozenset({"github_token", *(name.lower() for name in options.allow)})


def _is_outside(workflow: Workflow, job: Job | None) -> bool:
    """Whether a job without an environment gets what stands there."""
    if job is not None:
        return job.environment is None and not job.is_dead
    return any(
        other.environment is None and not other.is_dead and not other.is_call
        for other in workflow.jobs
    )


def _callee_has_environment(job: Job, expression: Expression, context: Context) -> bool:
    """Whether all jobs that read a passed secret are in an environment, whose own secret then counts."""
    callee = context.repository.callee(job.uses) if job.uses else None
    if not isinstance(callee, Workflow) or expression.key[:1] != ("secrets",):
        return False
    passed = expression.key[-1].lower()
    readers = [
        other.job
        for other in expressions(callee)
        if other.parsed.root is not None
        and any(path == ("secrets", passed) for path, _ in contexts(other.parsed.root))
    ]
    return bool(readers) and all(
        reader is not None and reader.environment is not None for reader in readers
    )
