"""`secrets: inherit` hands every secret to the called workflow.

## Why is this bad?
The called workflow can read all secrets of the caller's repository and organisation, also those that it has no
use for. Whoever gets to run code in it, by a compromised action or an injected script, takes them all. A workflow of
the same repository is reported as low: the secrets of an environment reach it in no other way.

## Example
```yaml
on: push
permissions: {}
jobs:
  call:
    uses: octo-org/shared/.github/workflows/build.yml@08eba0b27e820071cde6df949e0beb9ba4906955
    secrets: inherit
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  call:
    uses: octo-org/shared/.github/workflows/build.yml@08eba0b27e820071cde6df949e0beb9ba4906955
    secrets:
      token: ${{ secrets.BUILD_TOKEN }}
```

## Fix safety
The call of a workflow of the same repository is given the secrets that this one declares, where it names no others.
Unsafe, since a secret of that name in an environment may have been meant.

## References
- [Passing secrets to nested workflows](https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#passing-inputs-and-secrets-to-a-reusable-workflow)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import put_block, remove_key
from steplock.expression import contexts
from steplock.model import Job, Workflow, expressions
from steplock.repository import Repository
from steplock.rule import Context, Finding, Fix, Safety, Severity, rule
from steplock.syntax import Scalar
from steplock.text import Span


@rule(severity=Severity.MEDIUM, words=("inherit",))
def check(job: Job, context: Context) -> Iterator[Finding]:
    if job.uses is None:
        return
    match job.secrets:
        case Scalar(value="inherit") as value:
            message = (
                f"every secret is handed to `{job.uses.value}`; pass the ones it needs by name"
            )
            # A workflow of one's own can be reviewed, and reaches the secrets of an environment in no other way.
            severity = Severity.LOW if job.uses.is_local else Severity.MEDIUM
            # From `uses:` on: the call is what gets them.
            start = min(job.uses.span.start, value.span.start)
            yield Finding(
                Span(start, max(job.uses.span.end, value.span.end)),
                message,
                (_fix(job, value, context.repository),),
                severity=severity,
                scope=job.span,
            )


def _fix(job: Job, value: Scalar, repository: Repository) -> Fix | None:
    """Pass what the called workflow declares; a call may pass nothing else."""
    callee = repository.callee(job.uses) if job.uses else None
    pair = job.node.item("secrets")
    if not isinstance(callee, Workflow) or pair is None:
        return None
    declared = _declared(callee)
    if not _named(callee) <= {name.lower() for name in declared}:
        return None
    if not declared:
        gone = remove_key(job.document, job.node, "secrets")
        return Fix.of("Pass none: it names none", gone, safety=Safety.UNSAFE)
    body = "\n".join(f"{name}: ${{{{ secrets.{name} }}}}" for name in declared)
    edits = put_block(job.document, *pair, body)
    names = ", ".join(f"`{name}`" for name in declared)
    return Fix.of(f"Pass {names} only", edits, safety=Safety.UNSAFE)


def _declared(callee: Workflow) -> tuple[str, ...]:
    for trigger in callee.triggers:
        secrets = trigger.config and trigger.config.mapping("secrets")
        if trigger.name == "workflow_call" and secrets:
            return tuple(key.value for key, _ in secrets.items)
    return ()


def _named(callee: Workflow) -> set[str]:
    """The secrets that a workflow names, in lower case; `*` where it may take any."""
    names = {
        path[1] if len(path) > 1 else "*"
        for expression in expressions(callee)
        if expression.parsed.root is not None
        for path, _ in contexts(expression.parsed.root)
        if path[0] == "secrets"
    }
    if any(isinstance(j.secrets, Scalar) and j.secrets.value == "inherit" for j in callee.jobs):
        names.add("*")
    return names - {"github_token"}
