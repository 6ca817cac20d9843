"""A trigger that runs the workflow for strangers, with the repository's own powers.

## Why is this bad?
`pull_request_target`, `workflow_run` and `issue_comment` can be fired by people without any rights in the repository,
and the run has secrets and a token that may write. One checkout of the stranger's code, or one title put into a
script, and the stranger runs code with those powers.

How bad it is depends on the jobs, and the message says why:

- high: a stranger's code is run, or his text becomes part of a script or goes to an AI agent
- medium: the jobs have powers, and what an action or another repository's workflow does with what it gets is not known
- low: the jobs have powers, but touch neither code nor text of strangers; or only files of a stranger's run
- informational: nobody without rights gets to a job, or the jobs hold nothing of worth

A workflow that does nothing but run GitHub's own labeler is not reported.

## Example
```yaml
on: pull_request_target
permissions:
  contents: write
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4.2.2
        with:
          ref: ${{ github.event.pull_request.head.sha }}
      - run: make test
```

Use instead:
```yaml
on: pull_request
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4.2.2
      - run: make test
```

## Fix safety
`pull_request_target` becomes `pull_request` where no job has anything that the other trigger would take from it, and
nothing else names it. Unsafe, since a checkout then gets the code of the pull request, and a first contributor's
runs may wait for approval.

## References
- [Preventing pwn requests](https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/)
- [Events that trigger workflows](https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.foreign.touches import Touch, touches
from steplock.model import Trigger, Workflow
from steplock.named import NamedTuple
from steplock.rule import Confidence, Context, Finding, Fix, Safety, Severity, rule
from steplock.text import Edit, Span
from steplock.trust import Exposure, Gate, exposures, powers

_WHO = {
    "pull_request_target": "anybody who opens a pull request",
    "workflow_run": "anybody who causes the run before it",
    "issue_comment": "anybody who writes a comment",
}


class _Verdict(NamedTuple):
    severity: Severity
    why: str
    exposure: Exposure | None = None
    touch: Touch | None = None


@rule(severity=Severity.HIGH, confidence=Confidence.MEDIUM, events=_WHO)
def check(workflow: Workflow, context: Context) -> Iterator[Finding]:
    for trigger in workflow.triggers:
        who = _WHO.get(trigger.name)
        if who is None or (trigger.name == "pull_request_target" and _only_labels(workflow)):
            continue
        verdict = _judge(workflow, trigger, context)
        found = context.way(verdict.exposure.way[1:] if verdict.exposure else ())
        if verdict.touch is not None:
            touch = verdict.touch
            said = f"`{touch.runs}` runs it" if touch.runs else "here"
            found += (context.related(said, touch.path, touch.span),)
        yield Finding(
            trigger.span,
            f"{who} {verdict.why}",
            (_weaker(workflow, trigger, context),),
            severity=verdict.severity,
            related=found,
            scope=workflow.on[0].span if workflow.on else None,
        )


def _weaker(workflow: Workflow, trigger: Trigger, context: Context) -> Fix | None:
    """Run for `pull_request`, which gives a fork's run no secrets and a token that can only read."""
    document = workflow.document
    alone = document.text.count(trigger.name) == 1 and "pull_request" not in workflow.events
    if trigger.name != "pull_request_target" or not alone:
        return None
    live = [job for job in workflow.jobs if not job.is_dead]
    if not live or any(job.is_call or powers(job, context.repository).any for job in live):
        return None
    at = document.text.find(trigger.name, trigger.span.start, trigger.span.end)
    if at < 0:
        return None
    edit = Edit(Span(at, at + len(trigger.name)), "pull_request")
    return Fix.of("Run for `pull_request`", edit, safety=Safety.UNSAFE)


def _judge(workflow: Workflow, trigger: Trigger, context: Context) -> _Verdict:
    repository = context.repository
    worst = _Verdict(
        Severity.INFORMATIONAL, "starts this, but no job runs for people without rights"
    )
    for job in workflow.jobs:
        if job.is_dead:
            continue
        held = powers(job, repository)
        for exposure in exposures(job, repository):
            if exposure.way[0].span != trigger.span or exposure.event != trigger.name:
                continue
            if not held.any:
                verdict = _Verdict(
                    Severity.INFORMATIONAL, "runs this, but with no secrets and a token that can only read", exposure
                )  # fmt: skip
            else:
                verdict = _touched(exposure, held.phrases()[0], context)
            better = verdict.severity > worst.severity
            if better or (worst.exposure is None and verdict.severity == worst.severity):
                worst = verdict
    return worst


def _touched(exposure: Exposure, prize: str, context: Context) -> _Verdict:
    runs = f"runs `{exposure.job.id}` with {prize}"
    if exposure.gate in (Gate.LABEL, Gate.PERSON):
        why = f"{runs}, once somebody with rights has put a label on or answered"
        return _Verdict(Severity.LOW, why, exposure)
    worst = _Verdict(
        Severity.LOW,
        f"{runs}, where none of his code runs and none of his text becomes code",
        exposure,
    )
    for touch in touches(exposure.job, exposure.event, context.repository):
        severity, why = _grade(touch)
        if exposure.gate is Gate.ENVIRONMENT:
            severity = min(severity, Severity.MEDIUM)  # somebody may have to approve of it
        if severity > worst.severity or worst.touch is None:
            worst = _Verdict(severity, f"{runs}, {why}", exposure, touch)
    return worst


def _grade(touch: Touch) -> tuple[Severity, str]:
    match touch.kind:
        case "code" if touch.refused:
            return Severity.LOW, "and only the guard of `actions/checkout` refuses a fork's code"
        case "code":
            return Severity.HIGH, f"where `{touch.runs}` runs code of his"
        case "text":
            return Severity.HIGH, f"where `{touch.what.strip('`')}` becomes part of a script"
        case "agent":
            return Severity.HIGH, f"where the agent `{touch.what}` reads what he wrote"
        case "files":
            return (
                Severity.LOW,
                f"where {touch.what} lies in the workspace, though nothing is seen to run it",
            )
    return (
        Severity.MEDIUM,
        f"and what `{touch.what}` does with his pull request or text is not known",
    )


def _only_labels(workflow: Workflow) -> bool:
    """Whether all it does is run GitHub's own labeler, which reads file names only."""
    live = [job for job in workflow.jobs if not job.is_dead]
    if len(live) != 1 or len(live[0].steps) != 1:
        return False
    uses = live[0].steps[0].uses
    return uses is not None and uses.action == "actions/labeler"
