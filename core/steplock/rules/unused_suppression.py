"""A comment that is meant to silence a finding, and silences none.

## Why is this bad?
The problem was repaired, or moved, or the rule's name is misspelt. Left in place the comment hides the next
mistake on its line, and whoever reviews the file believes that somebody has looked.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test  # steplock: ignore[template-injection] the title is ours
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

## Fix safety
Safe: only comments go. A reason that stands alone in a comment goes with it.

Comments for zizmor are judged by their form only, since that tool may need what this one does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.rule import Finding, Severity, rule
from steplock.suppress import Verdict


@rule(severity=Severity.LOW)
def check(verdict: Verdict) -> Iterator[Finding]:
    suppression = verdict.suppression
    if not suppression.ids:
        example = f"# {suppression.tool}: ignore[rule] reason"
        yield Finding(suppression.span, f"this silences nothing: name the rules, as in `{example}`")
        return
    if suppression.tool != "steplock":
        return
    nearest = dict(verdict.unknown)
    for id, span in suppression.ids:
        if id in nearest:
            hint = f"; did you mean `{nearest[id]}`?" if nearest[id] else ""
            yield Finding(span, f"`{id}` is no rule, so this silences nothing{hint}")
        elif id not in verdict.used and id not in verdict.inactive:
            yield Finding(span, f"nothing here is reported by `{id}`, so this silences nothing")
