"""`contains` looks for a part of a text where one of a list is meant.

## Why is this bad?
`contains('refs/heads/main refs/heads/develop', github.ref)` is true for every piece of that text, so that somebody who
may push a branch called `mai`, or leaves the value empty, passes the check.

## Example
```yaml
on: push
permissions: {}
jobs:
  deploy:
    if: contains('refs/heads/main refs/heads/develop', github.ref)
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  deploy:
    if: contains(fromJSON('["refs/heads/main", "refs/heads/develop"]'), github.ref)
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy
```

Where nobody outside chooses the value, the finding is informational.

## Fix safety
Unsafe: the text is taken apart at white space, commas, semicolons and bars, and what matched a piece by chance no longer does.

## References
- [contains](https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#contains)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import replace_text
from steplock.expression import Call, Literal, Node, flows, walk
from steplock.expression.constants import spelled_out
from steplock.lazy import pattern
from steplock.model import Expression
from steplock.rule import Finding, Fix, Safety, Severity, rule

_CHOSEN = frozenset(
    ("actor", "base_ref", "event", "head_ref", "ref", "ref_name", "sha", "triggering_actor")
)
_SEPARATORS = pattern(r"[\s,;|]+")


@rule(severity=Severity.HIGH, words=("contains",))
def check(expression: Expression) -> Iterator[Finding]:
    if "contains" not in expression.text.lower() or expression.parsed.root is None:
        return
    for node in walk(expression.parsed.root):
        match node:
            case Call(name=name, args=(whole, part)) if name.lower() == "contains":
                text = spelled_out(whole)
                if text is not None and isinstance(text.value, str):
                    yield from _judge(expression, node, text, part)


def _judge(expression: Expression, call: Call, text: Literal, part: Node) -> Iterator[Finding]:
    sought = next(flows(part), None)
    if sought is None:
        return
    path = sought.path
    chosen = path[0] in ("env", "inputs") or (
        path[0] == "github" and path[1:2] and path[1] in _CHOSEN
    )
    value = expression.scalar.value
    name = value[slice(*sought.node.span)]
    message = f"this is true for every part of the text, and for an empty `{name}`; look in a list instead"
    yield Finding(
        expression.locate(call.span),
        message,
        (_list(expression, text),),
        severity=Severity.HIGH if chosen else Severity.INFORMATIONAL,
        scope=expression.scope,
    )


def _list(expression: Expression, text: Literal) -> Fix | None:
    assert isinstance(text.value, str)
    words = [word for word in _SEPARATORS.split(text.value) if word]
    if not words or any(character in text.value for character in "'\"\\"):
        return None
    items = ", ".join(f'"{word}"' for word in words)
    new = f"fromJSON('[{items}]')"
    edit = replace_text(expression.document, expression.scalar, text.span, new)
    return Fix.of(f"Look in `[{items}]`", edit, safety=Safety.UNSAFE)
