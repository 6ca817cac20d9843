"""Dependabot runs code of the packages while it resolves them.

## Why is this bad?
`insecure-external-code-execution: allow` lets manifests and packages run code in the updater's job. A package that an
attacker published reads the credentials of the private registries there, and changes what the update contains.

## Example
```yaml .github/dependabot.yml
version: 2
updates:
  - package-ecosystem: bundler
    directory: /
    insecure-external-code-execution: allow
    schedule:
      interval: weekly
```

Use instead:
```yaml .github/dependabot.yml
version: 2
updates:
  - package-ecosystem: bundler
    directory: /
    insecure-external-code-execution: deny
    schedule:
      interval: weekly
```

## Fix safety
Unsafe: dependencies whose manifests compute their versions are no longer updated.

## References
- [`insecure-external-code-execution`](https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference#insecure-external-code-execution--)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import set_key
from steplock.model import Update
from steplock.rule import Finding, Fix, Safety, Severity, rule
from steplock.text import Span

_KEY = "insecure-external-code-execution"


@rule(severity=Severity.HIGH)
def check(update: Update) -> Iterator[Finding]:
    pair = update.node.item(_KEY)
    value = update.node.scalar(_KEY)
    if pair is None or value is None or value.value != "allow":
        return
    edit = set_key(update.document, update.node, (_KEY,), "deny")
    yield Finding(
        Span(pair[0].span.start, value.span.end),
        "packages run their code in the updater, beside the credentials of its registries; set `deny`",
        (Fix.of(f"Set `{_KEY}: deny`", edit, safety=Safety.UNSAFE),),
        scope=update.span,
    )
