"""A file that YAML cannot read, or reads otherwise than it looks.

## Why is this bad?
GitHub refuses the whole workflow, or of a key given twice takes one and drops the other. What a checker
cannot read it cannot judge either: the broken part is reported here, and the rest is checked all the same.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    runs-on: windows-latest
    steps:
      - run: make test
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: windows-latest
    steps:
      - run: make test
```

## References
- [YAML syntax](https://yaml.org/spec/1.2.2/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.rule import Finding, Severity, rule
from steplock.syntax import Problem


@rule(severity=Severity.HIGH)
def check(problem: Problem) -> Iterator[Finding]:
    yield Finding(problem.span, f"this is not valid YAML here: {problem.message}")
