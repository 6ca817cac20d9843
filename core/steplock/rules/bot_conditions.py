"""A condition asks who acted last, which is not who made the change.

## Why is this bad?
`github.actor` is whoever caused this run. A stranger lets Dependabot rebase a pull request of his own (a comment is enough), the
run's actor is then `dependabot[bot]`, and the steps that were for the bot alone work on the stranger's code.

## Example
```yaml
on: pull_request_target
permissions: {}
jobs:
  merge:
    if: github.actor == 'dependabot[bot]'
    runs-on: ubuntu-latest
    steps:
      - run: ./merge
```

Use instead:
```yaml
on: pull_request_target
permissions: {}
jobs:
  merge:
    if: github.event.pull_request.user.login == 'dependabot[bot]'
    runs-on: ubuntu-latest
    steps:
      - run: ./merge
```

Workflows that strangers cannot start (`push`, `schedule`, `workflow_dispatch`) are left alone. Where a pull request's run has
neither secrets nor a token that writes (`pull_request`), and where who acts is who wrote (comments, issues), the severity is low.

## Fix safety
Unsafe: who made the change and who acted last may differ, as when somebody pushes to the bot's branch.

## References
- [Weaponizing Dependabot](https://boostsecurity.io/blog/weaponizing-dependabot-pwn-request-at-its-finest)
- [Dependabot and github.actor](https://www.synacktiv.com/publications/github-actions-exploitation-dependabot)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import replace_text
from steplock.expression import (
    And,
    Binary,
    Call,
    Group,
    Literal,
    Node,
    Not,
    Or,
    constant,
    path,
    to_text,
)
from steplock.expression.tree import ungrouped
from steplock.model import Condition, Workflow
from steplock.named import NamedTuple
from steplock.rule import Confidence, Finding, Fix, Safety, Severity, rule
from steplock.tables import contexts
from steplock.trust.events import SANDBOXED, WRITTEN

# Dependabot (user and app), Dependabot Preview and Renovate; their `/users/...` pages, read 2026-11-21.
_IDS = frozenset({"29110", "49699333", "27856297", "29139614"})
_AUTHORS = {
    "discussion": "discussion.user",
    "discussion_comment": "comment.user",
    "issue_comment": "comment.user",
    "issues": "issue.user",
    "pull_request": "pull_request.user",
    "pull_request_review": "review.user",
    "pull_request_review_comment": "comment.user",
    "pull_request_target": "pull_request.user",
}


class _Check(NamedTuple):
    """A context that is asked for a bot, and whether the answer alone decides."""

    context: Node
    field: str
    decides: bool


@rule(severity=Severity.HIGH, words=("actor",))
def check(condition: Condition) -> Iterator[Finding]:
    if "actor" not in condition.scalar.value.lower():
        return
    root = next((p.root for p in condition.parsed.expressions), None)
    checks = list(_checks(root, True)) if root is not None else []
    events = _events(condition)
    if not checks or not any(map(contexts.outsiders, events)):
        return
    asked = condition.scalar.value[slice(*checks[0].context.span)]
    by_strangers = {event for event in events if contexts.outsiders(event)}
    yield Finding(
        condition.document.locate(condition.scalar, checks[0].context.span),
        f"`{asked}` is who acted last: a stranger can make the bot act on his own change; ask who made it",
        (_fix(condition, checks, events),),
        severity=Severity.LOW if by_strangers <= SANDBOXED | WRITTEN else None,
        confidence=Confidence.HIGH if any(c.decides for c in checks) else Confidence.MEDIUM,
        scope=condition.parent.span,
    )


def _events(condition: Condition) -> frozenset[str]:
    file = condition.file
    return file.events if isinstance(file, Workflow) else frozenset({"workflow_call"})


def _checks(node: Node, decides: bool) -> Iterator[_Check]:
    match node:
        case Group(body=body):
            yield from _checks(body, decides)
        case Or(operands=operands):
            for operand in operands:
                yield from _checks(operand, decides)
        case And(operands=operands):
            for operand in operands:
                yield from _checks(operand, False)
        case Not(operand=operand):
            yield from _checks(operand, False)
        case Binary(left=left, operator="==", right=right):
            for context, other in ((left, right), (right, left)):
                match ungrouped(other):
                    case Literal(value=value) if (field := _field(context)) and _is_bot(value):
                        yield _Check(ungrouped(context), field, decides)
                        break
            else:
                yield from _checks(left, False)
                yield from _checks(right, False)
        case Call(name=name, args=(first, second)) if name.lower() in ("contains", "endswith"):
            for context, other in ((first, second), (second, first)):
                if (field := _field(context)) and _is_bot(constant(other)):
                    yield _Check(ungrouped(context), field, False)
        case Call(args=args):
            for argument in args:
                yield from _checks(argument, False)


def _field(node: Node) -> str:
    """`login` or `id` where a node is who acted; else empty."""
    match path(ungrouped(node)):
        case ("github", "actor" | "triggering_actor"):
            return "login"
        case ("github", "actor_id"):
            return "id"
    return ""


def _is_bot(value: object) -> bool:
    match value:
        case list():
            return any(map(_is_bot, value))
        case str():
            return value.endswith("[bot]") or value in _IDS
        case float() | int():
            return to_text(value) in _IDS
    return False


def _fix(condition: Condition, checks: list[_Check], events: frozenset[str]) -> Fix | None:
    authors = {_AUTHORS.get(event) for event in events}
    author = authors.pop()
    if authors or author is None:
        return None
    edits = [
        replace_text(
            condition.document, condition.scalar, check.context.span,
            f"github.event.{author}.{check.field}",
        )
        for check in checks
    ]  # fmt: skip
    title = f"Ask for `github.event.{author}.{checks[0].field}`"
    return Fix.of(title, *edits, safety=Safety.UNSAFE)
