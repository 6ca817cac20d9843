"""A registry password written into the workflow.

## Why is this bad?
Everybody who can read the repository, its forks or its history can read the password, and it stays valid until
somebody changes it at the registry.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    container:
      image: registry.example/test@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
      credentials:
        username: ci
        password: hunter2
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
    container:
      image: registry.example/test@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
      credentials:
        username: ci
        password: ${{ secrets.REGISTRY_PASSWORD }}
    steps:
      - run: make test
```

Change the password at the registry as well: the old one is in the history.

## References
- [Container credentials](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontainercredentials)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock import expression
from steplock.expression import UNKNOWN
from steplock.model import Job
from steplock.rule import Finding, Severity, rule
from steplock.syntax import Mapping, Node
from steplock.text import Span


@rule(severity=Severity.HIGH, words=("password",))
def check(job: Job) -> Iterator[Finding]:
    yield from _credentials(job.node.get("container"))
    services = job.node.mapping("services")
    for _, service in services.items if services else ():
        yield from _credentials(service)


def _credentials(container: Node | None) -> Iterator[Finding]:
    if not isinstance(container, Mapping):
        return
    match container.item("credentials"):
        case (key, Mapping() as credentials):
            password = credentials.scalar("password")
            if password is not None and _is_written_out(password.value):
                message = "the registry password stands in the file; keep it in a secret"
                yield Finding(
                    Span(key.span.start, password.span.end), message, scope=credentials.span
                )


def _is_written_out(value: str) -> bool:
    """Whether a value stands in the file, in an expression that only hides it too."""
    if "${{" not in value:
        return True
    roots = [parsed.root for _, parsed in expression.embedded(value)]
    return all(root is not None and expression.constant(root) is not UNKNOWN for root in roots)
