"""An action or a hook whose name is one slip of the pen away from a well-known one.

## Why is this bad?
Attackers register the names that people mistype, with a copy of the well-known action that also sends the secrets away. It
works as expected, so that nobody notices.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: action/checkout@v4
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
```

A slip is a character too many, too few or wrong, two swapped, one that looks alike, or words in another order. Another
repository of the same owner is none.

## Fix safety
Unsafe: the name may be meant. Of a commit only where the well-known repository is known to have it.

## References
- [GitHub Actions typosquatting](https://orca.security/resources/blog/typosquatting-in-github-actions/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import replace_text
from steplock.model import HookRepo, Uses
from steplock.rule import Confidence, Finding, Fix, Safety, Severity, rule
from steplock.syntax import Scalar
from steplock.tables import pins, popular
from steplock.text import Span


@rule(severity=Severity.HIGH, confidence=Confidence.LOW)
def check(view: Uses | HookRepo) -> Iterator[Finding]:
    if not view.slug:
        return
    is_action = isinstance(view, Uses)
    meant = popular.imitated(view.slug, "actions" if is_action else "hooks")
    if meant is None:
        return
    meant = pins.canonical(meant) or meant
    scalar = view.scalar if isinstance(view, Uses) else view.url
    assert scalar is not None
    yield Finding(
        view.span if isinstance(view, Uses) else scalar.span,
        f"`{view.slug}` may be an imitation of `{meant}`, by another owner",
        (_fix(view, scalar, meant),),
        scope=view.scope if isinstance(view, Uses) else view.span,
    )


def _fix(view: Uses | HookRepo, scalar: Scalar, meant: str) -> Fix | None:
    if isinstance(view, Uses) and view.is_commit and not pins.tags(meant, view.ref):
        return None
    at = scalar.value.lower().find(view.slug)
    if at < 0:
        return None
    edit = replace_text(view.document, scalar, Span(at, at + len(view.slug)), meant)
    return Fix.of(f"Use `{meant}`", edit, safety=Safety.UNSAFE)
