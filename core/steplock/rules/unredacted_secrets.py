"""A part of a secret is read out of it, and so shows up in logs.

## Why is this bad?
The runner blots out secrets in logs by looking for their whole text. A field read from a secret that holds JSON is another text,
which it does not know: the first tool that prints it publishes it to everybody who can read the log.

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
          PASSWORD: ${{ fromJSON(secrets.ACCOUNT).password }}
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
          PASSWORD: ${{ secrets.ACCOUNT_PASSWORD }}
```

## References
- [Never use structured data as a secret](https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression import Call, Node, flows, walk
from steplock.model import Expression, Step
from steplock.rule import Finding, Severity, rule


@rule(severity=Severity.MEDIUM, words=("fromjson",))
def check(expression: Expression) -> Iterator[Finding]:
    text = expression.text.lower()
    if "fromjson" not in text or "secrets" not in text or "description" in expression.key[-1:]:
        return
    for node in walk(expression.parsed.root) if expression.parsed.root is not None else ():
        match node:
            case Call(name=name, args=(argument,)) if name.lower() == "fromjson":
                if (secret := _secret(argument)) and not _is_masked(expression):
                    message = (
                        f"what is read out of `{secret}` is not blotted out in logs, where everybody may see "
                        "it; store each part as a secret of its own"
                    )
                    yield Finding(expression.locate(node.span), message, scope=expression.scope)


def _is_masked(expression: Expression) -> bool:
    """Whether it is a variable of a step whose script has it blotted out."""
    step = expression.parent
    if not isinstance(step, Step) or step.run is None or expression.key[:1] != ("env",):
        return False
    name = expression.key[-1]
    return any(f"::add-mask::{said}" in step.run.value for said in (f"${name}", f"${{{name}}}"))


def _secret(node: Node) -> str:
    """The secret whose text the node's value holds; empty for none."""
    for path, _ in flows(node):
        if path[0] == "secrets":
            return ".".join(("secrets", *(part.upper() for part in path[1:])))
    return ""
