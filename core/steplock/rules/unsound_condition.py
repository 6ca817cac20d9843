"""An `if:` that reads like a condition and is always true.

## Why is this bad?
`if:` with anything beside its `${{ }}`, and be it the line end that `|` leaves behind, is a text, and a text that is not empty is
true. The step or job that the condition was to keep from strangers' pull requests runs for them as well. So does one with
`|| 'text'`, since that is true by itself.

## Example
```yaml
on: push
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-latest
    if: |
      ${{ github.ref == 'refs/heads/main' &&
          github.actor == 'octocat' }}
    steps:
      - run: ./deploy
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-latest
    if: |-
      ${{ github.ref == 'refs/heads/main' &&
          github.actor == 'octocat' }}
    steps:
      - run: ./deploy
```

## Fix safety
Unsafe: what ran always runs only where the condition holds.

## References
- [A condition that is always true](https://github.com/actions/runner/issues/1173)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import replace_text
from steplock.expression import And, Binary, Literal, Node, Or, Reading, parse
from steplock.expression.tree import ungrouped
from steplock.lazy import pattern
from steplock.model import Condition
from steplock.rule import Finding, Fix, Safety, Severity, rule
from steplock.text import Edit, Span

_WORD = pattern(r"[^\s()!=<>&|,]")
_HEADER = pattern(r"[|>][-+1-9]*")


@rule(severity=Severity.HIGH)
def check(condition: Condition) -> Iterator[Finding]:
    if condition.parsed.reading is not Reading.TEXT:
        if "||" in condition.scalar.value and condition.parsed.root is not None:
            yield from _literal_operands(condition, condition.parsed.root)
        return
    if not all(fence.closed for fence in condition.parsed.fences):
        return
    value = condition.scalar.value
    only = condition.parsed.fences[0].span
    if value.strip() == value[slice(*only)]:
        message = "the white space beside `${{ }}` makes this a text, which is always true"
        edit = _trim(condition)
    else:
        message = "what stands beside `${{ }}` makes this a text, which is always true; put the whole condition in one `${{ }}`"
        edit = _join(condition)
    fix = Fix.of("Make it one expression", edit, safety=Safety.UNSAFE)
    yield Finding(condition.span, message, (fix,), scope=condition.parent.span)


def _trim(condition: Condition) -> tuple[Edit, ...] | None:
    """Leave nothing but the fence."""
    scalar, document = condition.scalar, condition.document
    if scalar.style not in ("|", ">"):
        fence = document.locate(scalar, condition.parsed.fences[0].span)
        text = document.text[slice(*fence)]
        return None if "\n" in text else (Edit(scalar.span, f"{scalar.style}{text}{scalar.style}"),)
    if scalar.value.startswith((" ", "\n", "\t")):
        return None
    return _without_line_end(condition)


def _without_line_end(condition: Condition) -> tuple[Edit, ...] | None:
    """`|-` for `|`, and no blanks at the end."""
    document, value = condition.document, condition.scalar.value
    header = _HEADER.match(document.text, condition.scalar.span.start)
    written = len(value.rstrip())
    if header is None or "\n" in value[written:].rstrip("\n"):
        return None
    end = document.locate(condition.scalar, Span(written - 1, written)).end
    rest = Span(end, document.lines.span(document.lines.line(end)).end)
    edits = () if rest.start == rest.end else (Edit(rest, ""),)
    if not value.endswith("\n"):
        return edits
    plain = header.group().translate({ord("-"): None, ord("+"): None})
    return (Edit(Span(*header.span()), f"{plain}-"), *edits)


def _join(condition: Condition) -> tuple[Edit, ...] | None:
    """Take the fences away and put one round the whole; None where that is no expression."""
    scalar = condition.scalar
    edits = _without_line_end(condition) if scalar.style == "|" else ()
    text = _unfenced(condition)
    if scalar.style == ">" or edits is None or text is None or parse(text).problem:
        return None
    if "\n" in condition.document.source(scalar) and scalar.style != "|":
        return None
    span = Span(0, len(scalar.value.rstrip() if scalar.style == "|" else scalar.value))
    edit = replace_text(condition.document, scalar, span, f"${{{{ {text} }}}}")
    return (*edits, edit) if edit else None


def _unfenced(condition: Condition) -> str | None:
    value = condition.scalar.value
    pieces: list[str] = []
    end = 0
    for fence, parsed in zip(condition.parsed.fences, condition.parsed.expressions, strict=True):
        if parsed.root is None:
            return None
        before, end = value[end : fence.span.start], fence.span.end
        inner = value[slice(*fence.inner)].strip()
        if before[-1:] in ("'", '"') and value[end : end + 1] == before[-1]:
            before, end = before[:-1], end + 1  # '${{ x }}' == 'y'
        touching = before[-1:] + value[end : end + 1]
        if before.count("'") % 2 or (pieces and not before) or _WORD.search(touching):
            return None
        pieces += (before, f"({inner})" if isinstance(parsed.root, (And, Or, Binary)) else inner)
    return ("".join(pieces) + value[end:]).strip()


def _literal_operands(condition: Condition, node: Node) -> Iterator[Finding]:
    """The texts that stand as a condition of their own: `ref == 'a' || 'b'`."""
    match ungrouped(node):
        case And(operands=operands):
            for operand in operands:
                yield from _literal_operands(condition, operand)
        case Or(operands=operands):
            for operand in operands:
                match ungrouped(operand):
                    case Literal(value=str(value)) as literal if value:
                        yield _literal(condition, literal, operands[0])
                    case _:
                        yield from _literal_operands(condition, operand)


def _literal(condition: Condition, literal: Literal, first: Node) -> Finding:
    text = condition.scalar.value
    fix = None
    match ungrouped(first):
        case Binary(left=left, operator="==", right=Literal()):
            new = f"{text[slice(*left.span)]} == {text[slice(*literal.span)]}"
            edit = replace_text(condition.document, condition.scalar, literal.span, new)
            fix = Fix.of(f"Write `{new}`", edit, safety=Safety.UNSAFE)
    message = (
        f"`{text[slice(*literal.span)]}` is compared with nothing, and as a text is always true"
    )
    span = condition.document.locate(condition.scalar, literal.span)
    return Finding(span, message, (fix,), scope=condition.parent.span)
