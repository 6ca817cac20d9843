"""A job gets every secret of the repository, though it needs some.

## Why is this bad?
GitHub hands a job the secrets that its expressions name. `toJSON(secrets)` and `secrets[matrix.x]` name them all, so that
each step, and whoever gets code into one of them, reads the deployment keys along with the one that was meant.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy
        env:
          SECRETS: ${{ toJSON(secrets) }}
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy
        env:
          DEPLOY_TOKEN: ${{ secrets.DEPLOY_TOKEN }}
```

Where a value of the matrix chooses the secret, give each job its own environment, and the secret the same name in all.

## References
- [Using secrets](https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression import contexts
from steplock.model import Expression
from steplock.rule import Finding, Severity, rule


@rule(severity=Severity.MEDIUM, words=("secrets",))
def check(expression: Expression) -> Iterator[Finding]:
    if "secrets" not in expression.text.lower() or "description" in expression.key[-1:]:
        return
    root = expression.parsed.root
    for path, node in contexts(root) if root is not None else ():
        if path == ("secrets",):
            message = (
                "`secrets` without a name hands the job every secret; name the ones that it needs"
            )
        elif path[:2] == ("secrets", "*"):
            text = expression.scalar.value[node.span.start : node.span.end]
            message = f"`{text}` hands the job every secret, whichever it reads; name the ones that it needs"
        else:
            continue
        yield Finding(expression.locate(node.span), message, scope=expression.scope)
