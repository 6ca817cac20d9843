"""A comment gives a command, and nobody asks who wrote it.

## Why is this bad?
Anybody can write a comment under an issue of a public repository. If `/deploy` or `/release` in it is enough, a stranger deploys or
publishes, whenever he likes, with whatever he puts behind the word.

Commands that label or assign are meant for everybody, and are not reported.

## Example
```yaml
on: issue_comment
permissions:
  contents: read
jobs:
  deploy:
    if: startsWith(github.event.comment.body, '/deploy')
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - run: ./deploy.sh
        env:
          KEY: ${{ secrets.DEPLOY_KEY }}
```

Use instead:
```yaml
on: issue_comment
permissions:
  contents: read
jobs:
  deploy:
    if: (startsWith(github.event.comment.body, '/deploy')) && contains(fromJSON('["OWNER", "MEMBER", "COLLABORATOR"]'), github.event.comment.author_association)
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - run: ./deploy.sh
        env:
          KEY: ${{ secrets.DEPLOY_KEY }}
```

A member of the organisation need not have write access here: to be strict, look the permission up in a step.

## Fix safety
Unsafe: people who gave commands before may no longer do so.

## References
- [issue_comment](https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#issue_comment)
- [author_association](https://docs.github.com/en/graphql/reference/enums#commentauthorassociation)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.deeds import Deed, deed
from steplock.edits import replace_text
from steplock.expression import Binary, Call, Literal, Node, path, walk
from steplock.model import Condition, Job, Step
from steplock.named import NamedTuple
from steplock.rule import Confidence, Context, Finding, Fix, Related, Safety, Severity, rule
from steplock.text import Span
from steplock.trust import COMMENTS, Gate, powers, step_exposures

_BODIES: dict[tuple[str, ...], str] = {
    ("github", "event", "comment", "body"): "comment",
    ("github", "event", "review", "body"): "review",
    ("github", "event", "issue", "title"): "issue",
    ("github", "event", "issue", "body"): "issue",
    ("github", "event", "discussion", "title"): "discussion",
    ("github", "event", "discussion", "body"): "discussion",
}
_LOOKS = ("startswith", "contains", "endswith")
_EVENTS = COMMENTS | {"issues", "discussion", "workflow_call"}


class _Command(NamedTuple):
    condition: Condition
    said: str
    holder: str


@rule(severity=Severity.HIGH, confidence=Confidence.MEDIUM, events=_EVENTS)
def check(job: Job, context: Context) -> Iterator[Finding]:
    if job.workflow.events.isdisjoint(_EVENTS):
        return
    for command in _commands(job):
        act = next(_acts(job, command, context), None)
        if act is None:
            continue
        yield Finding(
            command.condition.span,
            f"anybody who writes `{command.said}` gets `{act.what}` run: ask who wrote it, with "
            f"`github.event.{command.holder}.author_association`",
            (_fix(command),),
            related=(Related(f"`{act.what}` acts on it", act.span),),
            scope=command.condition.parent.span,
        )
        return


def _commands(job: Job) -> Iterator[_Command]:
    """The conditions of a job and its steps that look for a word in what somebody wrote."""
    conditions = [job.condition, *(step.condition for step in job.steps)]
    for condition in conditions:
        if condition is None:
            continue
        root = condition.parsed.root
        for node in walk(root) if root is not None else ():
            if found := _asked(node):
                yield _Command(condition, *found)
                break


def _asked(node: Node) -> tuple[str, str] | None:
    """A word that is looked for, and in what."""
    match node:
        case Call(name=name, args=(text, Literal(value=str(said)))) if name.lower() in _LOOKS:
            holder = _BODIES.get(path(text) or ())
            return (said.strip(), holder) if holder and said.strip() else None
        case Binary(left=left, operator="==", right=right):
            for one, other in ((left, right), (right, left)):
                holder = _BODIES.get(path(one) or ())
                if holder and isinstance(other, Literal) and isinstance(other.value, str):
                    return other.value.strip(), holder
    return None


def _acts(job: Job, command: _Command, context: Context) -> Iterator[Deed]:
    """The steps behind a command that do more than answer, in runs that anybody can cause."""
    owner = command.condition.parent
    held = powers(job, context.repository)
    for step in job.steps:
        if isinstance(owner, Step) and step.index < owner.index:
            continue
        found = deed(step, held)
        if found is None:
            continue
        ways = step_exposures(step, context.repository)
        if any(w.has_powers and w.gate is Gate.NONE and w.event in _EVENTS for w in ways):
            yield found


def _fix(command: _Command) -> Fix | None:
    condition = command.condition
    scalar = condition.scalar
    if (
        scalar.style
        or "${{" in scalar.value
        or "\n" in scalar.value
        or condition.parsed.root is None
    ):
        return None
    who = f"github.event.{command.holder}.author_association"
    asks = f'({scalar.value}) && contains(fromJSON(\'["OWNER", "MEMBER", "COLLABORATOR"]\'), {who})'
    edit = replace_text(condition.document, scalar, Span(0, len(scalar.value)), asks)
    return Fix.of("Let only members and collaborators", edit, safety=Safety.UNSAFE)
