"""`a && b || c` gives `c` always, since its `b` counts as false.

## Why is this bad?
The idiom for "if a then b else c" falls through to `c` where `b` is empty, `0`, `false` or `null`. A switch that was to turn
something off, such as a publishing flag or a credential for pull requests, then never does.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: ./release $FLAGS
        env:
          FLAGS: ${{ github.ref != 'refs/heads/main' && '' || '--publish' }}
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: ./release $FLAGS
        env:
          FLAGS: ${{ case(github.ref != 'refs/heads/main', '', '--publish') }}
```

## Fix safety
Unsafe: the value becomes the one that was meant, and no longer the one that was always there. `case` takes conditions that are
true or false, so that others get `!!` in front.

## References
- [case](https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#case)
- [Operators](https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#operators)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import replace_text
from steplock.expression import And, Binary, Call, Literal, Node, Not, Or, walk
from steplock.expression.constants import spelled_out
from steplock.expression.tree import ungrouped
from steplock.expression.values import truthiness
from steplock.model import Expression
from steplock.rule import Finding, Fix, Safety, Severity, rule
from steplock.text import Span

_TRUE_OR_FALSE = frozenset(
    ("always", "cancelled", "contains", "endswith", "failure", "startswith", "success")
)


@rule(severity=Severity.LOW, words=("&&",))
def check(expression: Expression) -> Iterator[Finding]:
    if "||" not in expression.text or "&&" not in expression.text:
        return
    root = expression.parsed.root
    for node in walk(root) if root is not None and spelled_out(root) is None else ():
        if isinstance(node, Or):
            for at, operand in enumerate(node.operands[:-1]):
                match ungrouped(operand):
                    case And(operands=parts) if _is_false(parts[-1]):
                        yield _finding(expression, node, at, parts)


def _is_false(node: Node) -> bool:
    value = spelled_out(node)
    return value is not None and truthiness(value.value) is False


def _finding(expression: Expression, node: Or, at: int, parts: tuple[Node, ...]) -> Finding:
    text = expression.scalar.value
    condition = text[parts[0].span.start : parts[-2].span.end]
    value = text[slice(*parts[-1].span)]
    rest = text[node.operands[at + 1].span.start : node.span.end]
    if not all(map(_is_boolean, parts[:-1])):
        condition = f"!!({condition})" if len(parts) > 2 else f"!!{condition}"
    new = f"case({condition}, {value}, {rest})"
    whole = Span(node.operands[at].span.start, node.span.end)
    edit = replace_text(expression.document, expression.scalar, whole, new)
    message = (
        f"this never comes to `{value}`, which counts as false, but always to what follows `||`"
    )
    return Finding(
        expression.locate(parts[-1].span),
        message,
        (Fix.of("Write it with `case`", edit, safety=Safety.UNSAFE),),
        scope=expression.scope,
    )


def _is_boolean(node: Node) -> bool:
    """Whether it comes to true or false, and to nothing else."""
    match ungrouped(node):
        case Binary() | Not() | Literal(value=bool()):
            return True
        case Call(name=name):
            return name.lower() in _TRUE_OR_FALSE
        case And(operands=operands) | Or(operands=operands):
            return all(map(_is_boolean, operands))
    return False
