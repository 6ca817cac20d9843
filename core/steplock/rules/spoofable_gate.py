"""A pull request is merged or approved because of something that its author can choose himself.

## Why is this bad?
Whoever merges by himself gets his code into the default branch, and from there into every release. A stranger names his branch
`dependabot/npm/x`, writes the title that is asked for, or has Dependabot act on his pull request, so that `github.actor` is the bot.

## Example
```yaml
on: pull_request_target
permissions:
  contents: write
  pull-requests: write
jobs:
  merge:
    if: startsWith(github.head_ref, 'dependabot/')
    runs-on: ubuntu-latest
    steps:
      - run: gh pr merge --auto --squash ${{ github.event.number }}
```

Use instead:
```yaml
on: pull_request_target
permissions:
  contents: write
  pull-requests: write
jobs:
  merge:
    if: github.event.pull_request.user.login == 'dependabot[bot]'
    runs-on: ubuntu-latest
    steps:
      - run: gh pr merge --auto --squash ${{ github.event.number }}
```

## References
- [Weaponizing Dependabot](https://boostsecurity.io/blog/weaponizing-dependabot-pwn-request-at-its-finest)
- [Automating Dependabot](https://docs.github.com/en/code-security/dependabot/working-with-dependabot/automating-dependabot-with-github-actions)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression import And, Binary, Call, Group, Literal, Node, Or, constant, path
from steplock.model import Condition, Step
from steplock.named import NamedTuple
from steplock.rule import Confidence, Context, Finding, Related, Severity, rule
from steplock.text import Span
from steplock.trust import Gate, step_exposures
from steplock.trust.needs import needed

# Actions that merge or approve the pull request of the event; their READMEs, read 2026-11-21. Those that look at the
# author themselves (fastify/github-action-merge-dependabot, ahmadnassri/action-dependabot-auto-merge) are left out.
_ACTIONS = {
    "alexwilson/enable-github-automerge-action": "merges",
    "hmarr/auto-approve-action": "approves",
    "juliangruber/approve-pull-request-action": "approves",
    "juliangruber/merge-pull-request-action": "merges",
    "pascalgn/automerge-action": "merges",
    "peter-evans/enable-pull-request-automerge": "merges",
}
_PULL = ("github", "event", "pull_request")
_RUN = ("github", "event", "workflow_run")
_BRANCH = "anybody can name his branch so"
_TEXT = "anybody can write that"
_COMMIT = "whoever commits chooses it"
_SPOOFS: dict[tuple[str, ...], str] = {
    ("github", "head_ref"): _BRANCH,
    (*_PULL, "head", "ref"): _BRANCH,
    (*_PULL, "head", "label"): _BRANCH,
    (*_RUN, "head_branch"): _BRANCH,
    (*_PULL, "title"): _TEXT,
    (*_PULL, "body"): _TEXT,
    (*_RUN, "display_title"): _TEXT,
    (*_RUN, "head_commit", "message"): _COMMIT,
    (*_RUN, "head_commit", "author", "name"): _COMMIT,
    (*_RUN, "head_commit", "author", "email"): _COMMIT,
}
_BOT = "a stranger can have the bot act on his pull request"
_BOTS = (
    ("github", "actor"),
    ("github", "triggering_actor"),
    ("github", "event", "sender", "login"),
)
_ONCE = "one merged typo makes anybody that"


class _Spoof(NamedTuple):
    condition: Condition
    node: Node
    why: str


@rule(severity=Severity.HIGH, confidence=Confidence.MEDIUM, words=("merge", "approve", "review"))
def check(step: Step, context: Context) -> Iterator[Finding]:
    found = _merges(step)
    if found is None or step.job is None:
        return
    span, does = found
    ways = [
        exposure
        for exposure in step_exposures(step, context.repository)
        if exposure.brings_code and exposure.gate is Gate.NONE
    ]
    spoofs = list(_spoofs(step)) if ways else []
    if not spoofs:
        return
    first = spoofs[0]
    condition = first.condition
    said = condition.scalar.value[slice(*first.node.span)]
    yield Finding(
        span,
        f"this {does} a pull request because of `{said}` alone, and {first.why}; "
        f"ask for `github.event.pull_request.user.login`",
        related=(
            Related("the condition", condition.document.locate(condition.scalar, first.node.span)),
        ),
        scope=step.span,
    )


def _merges(step: Step) -> tuple[Span, str] | None:
    """Where a step merges or approves a pull request."""
    if step.uses is not None:
        does = _ACTIONS.get(step.uses.action)
        return (step.uses.span, does) if does else None
    if step.run is None or "gh" not in step.run.value or step.script is None:
        return None
    for command in step.script.commands:
        approves = command.runs("gh", "pr", "review") and command.has_flag("--approve", "-a")
        if approves or command.runs("gh", "pr", "merge"):
            span = step.document.locate(step.run, command.span)
            return span, "approves" if approves else "merges"
    return None


def _spoofs(step: Step) -> Iterator[_Spoof]:
    conditions = [step.condition] if step.condition else []
    if step.job is not None:
        conditions += [one.condition for one in needed(step.job) if one.condition]
    for condition in conditions:
        root = condition.parsed.root
        for node, why in _asked(root) if root is not None else ():
            yield _Spoof(condition, node, why)


def _asked(node: Node) -> Iterator[tuple[Node, str]]:
    """The parts of a condition that ask for what a stranger chooses."""
    match node:
        case Group(body=body):
            yield from _asked(body)
        case And(operands=operands) | Or(operands=operands):
            for operand in operands:
                yield from _asked(operand)
        case Binary(left=left, operator="==", right=right):
            for one, other in ((left, right), (right, left)):
                if isinstance(other, Literal) and (why := _why(one, other.value)):
                    yield node, why
        case Call(name=name, args=(first, second)) if name.lower() in _LOOKS:
            for one, other in ((first, second), (second, first)):
                if why := _why(one, constant(other)):
                    yield node, why
                    return


_LOOKS = ("startswith", "contains", "endswith")


def _why(asked: Node, value: object) -> str | None:
    where = path(asked)
    if where is None or not isinstance(value, str | list | tuple):
        return None
    if where in _BOTS:
        return _BOT if "[bot]" in str(value) else None
    if where[-1:] == ("author_association",):
        return _ONCE if "CONTRIBUTOR" in str(value) else None
    return _SPOOFS.get(where)
