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

## References
- [Passing secrets to nested workflows](https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#passing-inputs-and-secrets-to-a-reusable-workflow)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Job
from steplock.rule import Finding, Severity, rule
from steplock.syntax import Scalar
from steplock.text import Span


@rule(severity=Severity.MEDIUM)
def check(job: Job) -> Iterator[Finding]:
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
                severity=severity,
                scope=job.span,
            )
