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

from steplock.edits import replace_text
from steplock.expression import Binary, Call, Literal, Node, path, walk
from steplock.model import Condition, Job, Step
from steplock.named import NamedTuple
from steplock.rule import Confidence, Context, Finding, Fix, Related, Safety, Severity, rule
from steplock.syntax import Mapping, Scalar
from steplock.tables import agents, publishers
from steplock.text import Span
from steplock.trust import COMMENTS, Gate, situation, step_exposures

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
# What of `gh` changes more than a label or a comment.
_GH = (
    ("workflow", "run"), ("pr", "merge"), ("release", "create"), ("release", "upload"), ("release", "delete"),
    ("repo", "sync"), ("run", "rerun"), ("secret", "set"), ("variable", "set"),
)  # fmt: skip


class _Command(NamedTuple):
    condition: Condition
    said: str
    holder: str


class _Act(NamedTuple):
    step: Step
    span: Span
    what: str


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


def _acts(job: Job, command: _Command, context: Context) -> Iterator[_Act]:
    """The steps behind a command that do more than answer, in runs that anybody can cause."""
    owner = command.condition.parent
    for step in job.steps:
        if isinstance(owner, Step) and step.index < owner.index:
            continue
        found = _act(step)
        if found is None:
            continue
        ways = step_exposures(step, context.repository)
        if any(w.has_powers and w.gate is Gate.NONE and w.event in _EVENTS for w in ways):
            yield found


def _act(step: Step) -> _Act | None:
    uses = step.uses
    if uses is not None:
        if agents.of(uses.action) is not None or uses.owner in ("actions", "github"):
            return None
        publishes = publishers.publishes(uses.action, situation(step))
        return _Act(step, uses.span, uses.name) if publishes or _secret(step) else None
    if step.run is None or step.script is None:
        return None
    run = step.run
    for command in step.script.commands:
        argv = (command.name, *(word.value for word in command.argv))
        acts = any(command.runs("gh", *words) for words in _GH) or command.runs("git", "push")
        if command.name and (acts or publishers.command(argv)):
            return _Act(step, step.document.locate(run, command.span), " ".join(argv[:3]))
    first = next((command for command in step.script.commands if command.path), None)
    if first is None or not _secret(step):
        return None
    return _Act(step, step.document.locate(run, first.span), first.path)


def _secret(step: Step) -> bool:
    """Whether a step gets a secret, the job's own token not counted."""
    texts = [step.run.value if step.run else ""]
    for node in (step.env, step.inputs):
        if isinstance(node, Mapping):
            texts += [value.value for _, value in node.items if isinstance(value, Scalar)]
    return any("secrets." in text.replace("secrets.GITHUB_TOKEN", "") for text in texts)


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
