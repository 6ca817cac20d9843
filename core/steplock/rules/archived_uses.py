"""An action, a workflow or a hook from a repository that its owner has archived.

## Why is this bad?
Nobody repairs it any more: a hole that an attacker finds in it, or in what it is built from, stays open for good. Nor does
anybody watch the account, whose name may be free to take one day.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-ruby@e932e7af67fc4a8fc77bd86b744acd4e42fe3543 # v1.1.3
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: ruby/setup-ruby@f26937343756480a8cb3ae1f623b9c8d89ed6984 # v1.196.0
```

## References
- [Archiving repositories](https://docs.github.com/en/repositories/archiving-a-github-repository/archiving-repositories)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import HookRepo, Uses
from steplock.rule import Finding, Severity, rule
from steplock.tables import archived

# What took their place, as is generally known; not every repository names it.
_INSTEAD = {
    "actions/create-release": "`gh release create` does the same",
    "actions/setup-ruby": "`ruby/setup-ruby` follows it",
    "actions/upload-release-asset": "`gh release upload` does the same",
    "actions-rs/cargo": "`cargo` itself does the same",
    "actions-rs/toolchain": "`rustup toolchain install` does the same",
}


@rule(severity=Severity.MEDIUM)
def check(view: Uses | HookRepo) -> Iterator[Finding]:
    if not view.slug or not archived.is_archived(view.slug):
        return
    instead = _INSTEAD.get(view.slug, "look for another")
    message = f"nobody repairs `{view.slug}` any more, its repository is archived; {instead}"
    if isinstance(view, Uses):
        yield Finding(view.span, message, scope=view.scope)
    elif view.url is not None:
        yield Finding(view.url.span, message, scope=view.span)
