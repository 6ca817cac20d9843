"""A reference that is a branch and a tag of the action's repository at once. Asked online.

## Why is this bad?
Tools disagree on which of the two `owner/action@name` means, and the runner takes one of them. Whoever may push a branch,
but not move a protected tag, names the branch like the tag and runs his own code where people believe in the tag.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: online-org/action@release
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: online-org/action@1220000000000000000000000000000000000000 # v1.2.2
```

Only with `--online`, since nothing but the repository itself can tell.

## References
- [Git: ambiguous references](https://git-scm.com/docs/gitrevisions#_specifying_revisions)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import HookRepo, Uses
from steplock.rule import Context, Finding, Severity, rule
from steplock.text import Span


@rule(severity=Severity.MEDIUM, online=True)
def check(view: Uses | HookRepo, context: Context) -> Iterator[Finding]:
    if context.online is None or not view.slug:
        return
    ref, span, scope = _reference(view)
    refs = context.online.refs(view.slug) if ref and span else None
    if refs is None or span is None or ref not in refs.tags or ref not in refs.heads:
        return
    tag, head = refs.tags[ref][:10], refs.heads[ref][:10]
    apart = "" if tag == head else f" ({head}) and a tag ({tag})"
    both = f"a branch{apart or ' and a tag'} of `{view.slug}`"
    yield Finding(span, f"`{ref}` is {both}; pin the commit that you mean", scope=scope)


def _reference(view: Uses | HookRepo) -> tuple[str, Span | None, Span]:
    if isinstance(view, HookRepo):
        return (view.rev.value, view.rev.span, view.span) if view.rev else ("", None, view.span)
    return ("" if view.is_commit else view.ref), view.span, view.scope
