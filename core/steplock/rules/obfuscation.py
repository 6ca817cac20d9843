"""An action's path or an expression is written so that readers and tools miss what it says.

## Why is this bad?
`actions/cache/save/../save` runs what `actions/cache/save` runs, and `format('{0}', 'curl')` gives what `curl` gives, but a
search, a policy or a reviewer looks for the plain form. Whoever slips a change past a review writes it so.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/cache/./restore@0057852bfaa89a56745cba8c7296529d2fc39830
      - run: ./deploy ${{ format('{0}-{1}', 'eu', 'west') }}
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/cache/restore@0057852bfaa89a56745cba8c7296529d2fc39830
      - run: ./deploy eu-west
```

Inputs given as one expression (`with: ${{ fromJSON(inputs.options) }}`) are reported as informational: what the action is told
stays hidden. An index that is worked out (`env[github.job]`) is reported to pedants.

## References
- [zizmor: obfuscation](https://docs.zizmor.sh/audits/#obfuscation)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.edits import replace_text
from steplock.expression import Index, Literal, Node, Property, literal, to_text, walk
from steplock.expression.constants import constant_parts, spelled_out
from steplock.lazy import pattern
from steplock.model import Expression, Uses
from steplock.rule import Finding, Fix, Persona, Safety, Severity, rule
from steplock.text import Edit, Span

# A plain scalar that YAML 1.1 and 1.2 both read as text.
_TEXT = pattern(r"(?!(?i:true|false|null|yes|no|on|off|y|n)$)[A-Za-z/][\w./-]*", re.ASCII)
_SHOWN = 60


@rule(severity=Severity.LOW)
def check(target: Uses | Expression) -> Iterator[Finding]:
    if isinstance(target, Uses):
        yield from _path(target)
        yield from _whole_inputs(target)
        return
    root = target.parsed.root
    plain = isinstance(root, Property) and "(" not in target.text and "[" not in target.text
    if root is None or plain or "description" in target.key[-1:]:
        return
    yield from _constants(target, root)
    yield from _computed(target, root)


def _path(uses: Uses) -> Iterator[Finding]:
    if not uses.is_remote or uses.name.count("/") < 2:
        return
    if uses.path == uses.subpath != "":
        return
    fix = None
    if uses.path is not None:
        owner, repository = uses.name.split("/")[:2]
        name = "/".join(filter(None, (owner, repository, uses.path)))
        at = uses.scalar.value.find(uses.name)
        edit = replace_text(uses.document, uses.scalar, Span(at, at + len(uses.name)), name)
        fix = Fix.of(f"Write `{name}`", edit, safety=Safety.SAFE)
    message = (
        f"the path `{uses.subpath}` hides what runs from whoever searches for it; write it plainly"
    )
    yield Finding(uses.span, message, (fix,), scope=uses.scope)


def _whole_inputs(uses: Uses) -> Iterator[Finding]:
    value = uses.parent.node.scalar("with")
    if uses.is_remote and value is not None and "${{" in value.value:
        message = f"all inputs of `{uses.name}` come from one expression, so that nobody sees what it is told"
        yield Finding(value.span, message, severity=Severity.INFORMATIONAL, scope=uses.scope)


def _constants(expression: Expression, root: Node) -> Iterator[Finding]:
    if expression.fence is None and isinstance(root, Literal):
        return  # `if: false`
    whole = spelled_out(root)
    if whole is not None:
        span = expression.span if expression.fence else expression.locate(root.span)
        message = f"this expression is always {_shown(whole)}; write that instead"
        yield Finding(span, message, (_write_out(expression, whole),), scope=expression.scope)
        return
    parts = list(constant_parts(root))
    if not parts:
        return
    edits = [
        replace_text(expression.document, expression.scalar, part.span, literal(part.value))
        for part in parts
    ]
    fix = Fix.of("Write the value in its place", *edits, safety=Safety.SAFE)
    message = f"`{_source(expression, parts[0])}` is always {_shown(parts[0])}; write that instead"
    yield Finding(expression.locate(parts[0].span), message, (fix,), scope=expression.scope)


def _write_out(expression: Expression, value: Literal) -> Fix | None:
    text = to_text(value.value)
    if "\n" in text or "${{" in text:
        return None
    scalar = expression.scalar
    if expression.key == ("if",):
        whole = expression.fence is None or expression.fence.span == (0, len(scalar.value))
        if not isinstance(value.value, bool) or not whole:
            return None
    span = expression.fence.span if expression.fence else value.span
    edit: Edit | None
    if scalar.style == "" and span == (0, len(scalar.value)) and isinstance(value.value, str):
        quoted = text.replace("'", "''")
        edit = Edit(scalar.span, text if _TEXT.fullmatch(text) else f"'{quoted}'")
    else:
        edit = replace_text(expression.document, scalar, span, text)
    return Fix.of(f"Write {_shown(value)}", edit, safety=Safety.SAFE)


def _computed(expression: Expression, root: Node) -> Iterator[Finding]:
    for node in walk(root):
        match node:
            case Index(key=key) if not isinstance(key, Literal) and spelled_out(key) is None:
                message = (
                    f"which key `{_source(expression, node)}` reads is worked out only when it runs"
                )
                yield Finding(
                    expression.locate(node.span), message,
                    persona=Persona.PEDANTIC, scope=expression.scope,
                )  # fmt: skip


def _source(expression: Expression, node: Node) -> str:
    return _short(expression.scalar.value[node.span.start : node.span.end])


def _shown(value: Literal) -> str:
    return f"`{_short(to_text(value.value))}`" if to_text(value.value) else "empty"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
