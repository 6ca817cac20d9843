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
    steps:
      - uses: actions/checkout@v4
      - run: make test
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions:
      contents: read  # to clone the repository
    steps:
      - uses: actions/checkout@v4
      - run: make test
```

## Fix safety
Safe where every step of the job is seen into: what each action, command and call needs is known, and the block grants just
that, with the reason behind each scope. `permissions: {}` above jobs that each have a block changes nothing and is safe
too. Taking away a scope that no step is seen to need is unsafe, as everything is where a step that may use the token cannot be seen into (the title names it), and in workflows that others
call: they may grant less.

## References
- [Controlling permissions for GITHUB_TOKEN](https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/control-workflow-permissions)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import remove_key
from steplock.model import Job, Permissions, Workflow
from steplock.repository import Repository
from steplock.rule import Confidence, Context, Finding, Fix, Persona, Safety, Severity, rule
from steplock.syntax import Mapping

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
def check(view: Workflow | Job, context: Context) -> Iterator[Finding]:
    if isinstance(view, Workflow):
        yield from _workflow(view, context.repository)
    elif view.permissions is not None:
        fix = _narrowed(view, context.repository) if view.permissions.all else None
        persona = _job_persona(view)
        for finding in _wholesale(view.permissions, "the job", persona, persona):
            yield finding._replace(fixes=(fix,))
        yield from _unneeded(view, view.permissions, context.repository)
    elif view.workflow.permissions is None:
        yield Finding(
            view.key.span,
            _unsaid(view, context.repository),
            (_narrowed(view, context.repository),),
            confidence=Confidence.MEDIUM,
            persona=_job_persona(view),
        )


def _unneeded(job: Job, permissions: Permissions, repository: Repository) -> Iterator[Finding]:
    # Any program may ask for an identity, and no token that it is given tells of it.
    writes = [one for one in permissions.scopes if one.level == "write" and one.name != "id-token"]
    if not writes or not (job.steps or job.uses):
        return
    from steplock.permissions import needs_exactly  # here, since few jobs write

    inference = needs_exactly(job, repository)
    for scope in writes if inference is not None else ():
        assert inference is not None
        if inference.level(scope.name) != "write" and not (
            scope.name == "contents" and _pushes(job)
        ):
            node = permissions.node
            edit = remove_key(job.document, node, scope.name) if isinstance(node, Mapping) else None
            title = f"Remove `{scope.name}: write`"
            yield Finding(
                scope.key.span,
                f"no step of job `{job.id}` needs `{scope.name}: write`",
                (Fix.of(title, edit, safety=Safety.UNSAFE) or _narrowed(job, repository),),
                severity=Severity.LOW,
                confidence=Confidence.MEDIUM,
                persona=_job_persona(job),
            )


def _pushes(job: Job) -> bool:
    """Whether a script means to push, though `persist-credentials: false` may keep the token from it."""
    scripts = (step.script for step in job.steps)
    return any(
        command.runs("git", "push") for script in scripts if script for command in script.commands
    )


def _narrowed(view: Workflow | Job, repository: Repository) -> Fix | None:
    from steplock.narrowing import narrow  # here, since many workflows say what their token may do

    return narrow(view, repository)


def _unsaid(job: Job, repository: Repository) -> str:
    from steplock.narrowing import needs

    setting = f"nothing says what the token of job `{job.id}` may do, so that the repository's setting decides"
    return f"{setting}; {needs(job, repository)}"


def _job_persona(job: Job) -> Persona:
    return Persona.PEDANTIC if job.workflow.is_only_called and not job.is_call else Persona.REGULAR


def _workflow(workflow: Workflow, repository: Repository) -> Iterator[Finding]:
    persona = _workflow_persona(workflow)
    if workflow.permissions is None:
        if workflow.node.items:
            yield Finding(
                workflow.node.items[0][0].span,
                "nothing says what the token may do in this workflow, so that the repository's setting decides",
                (_narrowed(workflow, repository),),
                confidence=Confidence.MEDIUM,
                persona=persona,
            )
        return
    limit = Persona.PEDANTIC if workflow.is_only_called else Persona.REGULAR
    yield from _wholesale(workflow.permissions, "every job", persona, limit)
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


def _wholesale(
    permissions: Permissions, who: str, persona: Persona, limit: Persona
) -> Iterator[Finding]:
    if permissions.all == "write-all":
        message = f"{who} may change everything in the repository with this token; name the scopes it needs"
        # Where it stands makes no difference to this one, but for a workflow that gets no more than its callers give.
        yield Finding(permissions.span, message, severity=Severity.HIGH, persona=limit)
    elif permissions.all == "read-all":
        message = (
            f"{who} may read everything in the repository with this token; name the scopes it needs"
        )
        yield Finding(permissions.span, message, persona=persona)
