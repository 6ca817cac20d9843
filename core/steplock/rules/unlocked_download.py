"""A download that `steplock.lock` does not hold.

## Why is this bad?
The repository decided to know by hash what its workflows download. What an attacker's pull request adds, or moves to another
version or server, is in no reviewed list, and runs with what the job has.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: curl -fsSL -o tool.tar.gz https://example.com/v1.2.4/tool.tar.gz
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: curl -fsSL -o tool.tar.gz https://example.com/v1.2.3/tool.tar.gz
```

with what `steplock lock --fetch` wrote:

```yaml steplock.lock
version: 1
files:
  "https://example.com/v1.2.3/tool.tar.gz":
    sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    used-by: [".github/workflows/test.yml"]
```

Silent where there is no `steplock.lock` at the top of the repository. Asked about are what scripts fetch into a file or into a
program that runs or unpacks it, and what a well-known action installs in an exact version (one that is not exact is
`mutable-download`'s). Auditors are also told where only a run knows the address.

## References
- [How GitHub describes the risk](https://docs.github.com/en/actions/reference/security/secure-use)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from steplock.locking import PATH, Lock, of_step, read
from steplock.model import Step
from steplock.rule import Context, Finding, Persona, Severity, rule


@rule(severity=Severity.MEDIUM)
def check(step: Step, context: Context) -> Iterator[Finding]:
    lock: Lock | None = None
    for download in of_step(step):
        if lock is None:
            text = context.repository.read(PATH)
            if text is None:
                return
            lock = _read(text)
        if download.variable:
            message = (
                f"only a run knows what `{download.variable}` is here, so that no lock can hold it"
            )
            yield Finding(
                download.span,
                message,
                severity=Severity.LOW,
                persona=Persona.AUDITOR,
                scope=step.span,
            )
        elif not lock.holds(download):
            message = (
                f"{PATH} does not hold `{download.name}`; look at it, then run `steplock lock`"
            )
            yield Finding(download.span, message, scope=step.span)


@lru_cache(maxsize=8)
def _read(text: str) -> Lock:
    return read(text)
