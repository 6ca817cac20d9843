"""Dependency review that lets vulnerable dependencies pass.

## Why is this bad?
The check turns green, and a pull request that brings in a dependency with a known hole, the attacker's own choice perhaps,
is merged because of it.

## Example
```yaml
on: pull_request
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/dependency-review-action@v4
        with:
          fail-on-severity: moderate
          warn-only: true
```

Use instead:
```yaml
on: pull_request
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/dependency-review-action@v4
        with:
          fail-on-severity: moderate
          warn-only: false
```

`vulnerability-check: false`, `fail-on-severity: critical` and `continue-on-error: true` on the step weaken it too; `high`, which
lets moderate ones pass, is reported to pedants only.

## Fix safety
Unsafe: pull requests that passed are then refused.

## References
- [Configuration of the dependency review action](https://github.com/actions/dependency-review-action#configuration-options)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import replace_value
from steplock.model import Step
from steplock.rule import Finding, Fix, Persona, Safety, Severity, rule
from steplock.syntax import Scalar
from steplock.text import Span

# Input, value, the value to have instead, what is wrong, and who wants to know.
_WEAK = (
    ("warn-only", "true", "false", "only warns, so that nothing is ever refused", Persona.REGULAR),
    ("vulnerability-check", "false", "true", "looks at licences only", Persona.REGULAR),
    ("fail-on-severity", "critical", "low", "lets all but critical ones pass", Persona.REGULAR),
    ("fail-on-severity", "high", "low", "lets moderate ones pass", Persona.PEDANTIC),
)


@rule(severity=Severity.MEDIUM, words=("dependency-review",))
def check(step: Step) -> Iterator[Finding]:
    if step.uses is None or step.uses.action != "actions/dependency-review-action":
        return
    for name, weak, strong, why, persona in _WEAK:
        pair = step.input_item(name)
        if pair and isinstance(pair[1], Scalar) and pair[1].value.strip().lower() == weak:
            yield _finding(step, pair[0], pair[1], strong, why, persona)
    match step.node.item("continue-on-error"):
        case (key, Scalar() as value) if value.boolean is True:
            why = "may fail without any effect, so that nothing is ever refused"
            yield _finding(step, key, value, "false", why, Persona.REGULAR)


def _finding(
    step: Step, key: Scalar, value: Scalar, strong: str, why: str, persona: Persona
) -> Finding:
    edit = replace_value(step.document, key, value, strong)
    return Finding(
        Span(key.span.start, value.span.end),
        f"the review of dependencies {why}: `{key.value}: {value.value.strip()}`",
        (Fix.of(f"Set `{key.value}: {strong}`", edit, safety=Safety.UNSAFE),),
        severity=Severity.LOW if persona is Persona.PEDANTIC else None,
        persona=persona,
        scope=step.span,
    )
