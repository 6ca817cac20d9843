"""A pinned action that calls a pinned action, and so on, down to one that is not pinned.

## Why is this bad?
Each pin holds one action's own files. An attacker who takes over the one at the end of the chain moves its tag, and his code
runs in the job with its token and its secrets, though all that you see is pinned.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: online-org/nested@dee9000000000000000000000000000000000000 # v3.0.0
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

Offline, as far as the manifests of well-known actions show it; with `--online`, in the repositories themselves, reusable workflows
among them. What an action of the manifests calls directly is `unpinnable-action`'s.

## References
- [Unpinnable actions](https://www.paloaltonetworks.com/blog/cloud-security/unpinnable-actions-github-security/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.callgraph import Moving, moving
from steplock.model import Uses
from steplock.rule import Confidence, Context, Finding, Persona, Severity, rule
from steplock.tables import actions, pins


@rule(severity=Severity.LOW)
def check(uses: Uses, context: Context) -> Iterator[Finding]:
    if not uses.is_commit or (context.online is None and not actions.known(uses.action)):
        return
    lock = context.repository.lock
    if lock is not None and context.path in lock.workflows:
        return
    first = 2 if _told_elsewhere(uses) else 1
    found = [one for one in moving(uses, context.online) if len(one.way) >= first]
    if not found:
        return
    foreign = [one for one in found if not _is_platforms(one)]
    one, more = (foreign or found)[0], len(found) - 1
    others = f" (and {more} more)" if more else ""
    yield Finding(
        uses.span,
        f"the pin does not hold `{one.what}`{others}, which runs through {_way(one)}",
        confidence=Confidence.HIGH if one.exact else Confidence.MEDIUM,
        persona=None if foreign else Persona.AUDITOR,
        scope=uses.scope,
    )


def _told_elsewhere(uses: Uses) -> bool:
    """Whether unpinnable-action knows what it calls itself."""
    tag = next(iter(pins.tags(uses.slug, uses.ref)), None) or uses.version
    return tag is not None and actions.of(uses.action, tag) is not None


def _is_platforms(one: Moving) -> bool:
    """GitHub can change what its own actions do in any case."""
    return one.what.lower().startswith(("actions/", "github/"))


def _way(one: Moving) -> str:
    return " and ".join(f"`{name}`" for name in one.way)
