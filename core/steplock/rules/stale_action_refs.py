"""A pinned commit that no tag of the action's repository carries. Asked online.

## Why is this bad?
A commit between two releases was never announced, nor does an advisory or an update tool speak of it: a hole an attacker
knows of stays open there unnoticed, and what was merged without a release had less of a review.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: online-org/action@01d0000000000000000000000000000000000000
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: online-org/action@1230000000000000000000000000000000000000 # v1.2.3
```

Only with `--online`: the table of pins may be older than a tag, so that it alone cannot accuse.

## References
- [Pin actions to a full-length commit](https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Uses
from steplock.rule import Context, Finding, Persona, Severity, rule
from steplock.tables import pins


@rule(severity=Severity.LOW, persona=Persona.PEDANTIC, online=True)
def check(uses: Uses, context: Context) -> Iterator[Finding]:
    online = context.online
    if online is None or not uses.is_commit or pins.tags(uses.slug, uses.ref):
        return
    if online.tags(uses.slug, uses.ref) == ():
        message = f"no tag of `{uses.slug}` stands for this commit; pin one of its releases"
        yield Finding(uses.span, message, scope=uses.scope)
