"""An action or a reusable workflow by a tag or a branch, which can move.

## Why is this bad?
Whoever takes over the action's repository moves the tag to code of his own, and the next run of every workflow that
names the tag executes it, with its token and its secrets. That is how `tj-actions/changed-files` (2025) and
`aquasecurity/trivy-action` (2026) emptied thousands of repositories. A full commit cannot be moved.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4.2.2
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
```

An action that GitHub's own lock file (`.github/workflows/actions.lock`) holds for this workflow counts as pinned.

## Options
- `policies`: by pattern (`*`, `owner/*`, `owner/repo`, `owner/repo/*`, `owner/repo/path`), what is asked for: `hash-pin` (a
  full commit), `ref-pin` (any reference) or `any`. The most exact pattern counts; where none fits, `hash-pin`.

## Fix safety
Unsafe: the commit is the one that the tag stood for when the table of pins was read (the title says when), or stands for now
where the network was allowed. Whether to trust it is a person's decision.

## References
- [Pin actions to a full-length commit](https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions)
- [tj-actions/changed-files, CVE-2025-30066](https://github.com/advisories/GHSA-mrrh-fwg8-r2c3)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from steplock.annotations import Literal
from steplock.model import Uses
from steplock.named import NamedTuple
from steplock.patterns import most_exact
from steplock.pinning import current, known, pin_edits
from steplock.rule import Context, Finding, Fix, Safety, Severity, rule


class Options(NamedTuple):
    policies: Mapping[str, Literal["hash-pin", "ref-pin", "any"]] = {}


@rule(severity=Severity.HIGH)
def check(uses: Uses, context: Context, options: Options) -> Iterator[Finding]:
    if not uses.is_remote or uses.is_commit or not uses.slug:
        return
    pattern = most_exact(uses, options.policies)
    policy = options.policies[pattern] if pattern else "hash-pin"
    if policy == "any" or (policy == "ref-pin" and uses.ref) or _locked(uses, context):
        return
    if not uses.ref:
        message = (
            f"`{uses.name}` names no reference, so that it follows whatever its repository does"
        )
    else:
        message = f"`{uses.ref}` can be moved to other code at any time; pin `{uses.name}` to a full commit"
    yield Finding(uses.span, message, (_pin(uses, context),), scope=uses.scope)


def _pin(uses: Uses, context: Context) -> Fix | None:
    target = (current(uses, context.online) if context.online else None) or known(uses)
    if target is None:
        return None
    day = f", as of {target.since}" if target.since else ""
    title = f"Pin to {target.version} ({target.commit[:10]}{day})"
    return Fix.of(title, pin_edits(uses, target), safety=Safety.UNSAFE)


def _locked(uses: Uses, context: Context) -> bool:
    lock = context.repository.lock
    listed = lock.workflows.get(context.path) if lock else None
    key = f"{uses.slug}@{uses.ref}"
    return listed is not None and any(_same(entry.value, key) for entry in listed[1])


def _same(entry: str, key: str) -> bool:
    name, _, ref = entry.rpartition("@")
    return f"{name.lower()}@{ref}" == key
