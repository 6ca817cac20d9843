"""Code of a pull request is run after somebody approved it, but it can change in between.

## Why is this bad?
A label, a comment or the approval of an environment says that somebody looked at the pull request. If then a branch or a number is
checked out, the author has the time until the checkout to push something else; and a label stays on when he does, so
that the next push runs without anybody looking.

## Example
```yaml
on:
  issue_comment:
    types: [created]
permissions:
  contents: write
jobs:
  test:
    if: github.event.issue.pull_request && github.event.comment.author_association == 'OWNER'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
        with:
          ref: refs/pull/${{ github.event.issue.number }}/head
      - run: make test
```

Use instead:
```yaml
on:
  pull_request_target:
    types: [labeled]
permissions:
  contents: write
jobs:
  test:
    if: github.event.label.name == 'safe to test'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
        with:
          ref: ${{ github.event.pull_request.head.sha }}
          allow-unsafe-pr-checkout: true
      - run: make test
```

The commit of the event is the one that was looked at, and only the type `labeled` starts a run. With comments, have the comment name the
commit, or compare its time with that of the last push.

## References
- [Actions TOCTOU](https://github.com/AdnaneKhan/ActionsTOCTOU)
- [Untrusted checkout TOCTOU](https://codeql.github.com/codeql-query-help/actions/actions-untrusted-checkout-toctou-critical/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.foreign.ways import Way, ways
from steplock.model import Step
from steplock.rule import Confidence, Context, Finding, Severity, rule
from steplock.trust import COMMENTS, Gate, checks_before

_SAYS = {
    Gate.LABEL: "a label lets this run",
    Gate.PERSON: "somebody with rights lets this run",
    Gate.ENVIRONMENT: "an environment may have this approved",
}


_EVENTS = (*COMMENTS, "pull_request_target", "workflow_call", "workflow_run")


@rule(severity=Severity.HIGH, confidence=Confidence.MEDIUM, events=_EVENTS)
def check(step: Step, context: Context) -> Iterator[Finding]:
    events = step.workflow.events if step.workflow else frozenset()
    if events and events.isdisjoint(_EVENTS):
        return
    seen = set()
    for way in ways(step, context.repository, "checkout", "command"):
        why = _moves(way)
        if why is not None and way.foreign.span not in seen:
            seen.add(way.foreign.span)
            yield _finding(way, why, context)


def _moves(way: Way) -> str | None:
    """How something else than what was approved gets to run; None where it does not."""
    exposure, foreign = way.exposure, way.foreign
    if exposure.gate is Gate.NONE or not exposure.brings_code or not way.powers.any:
        return None
    if way.execution is None or not way.execution.is_seen or foreign.is_refused(exposure.event):
        return None
    if exposure.gate is Gate.PERSON and exposure.event not in COMMENTS:
        return None  # the one who is asked for and the one who causes the run are the same
    if any(check.gate.closes for check in checks_before(foreign.step)):
        return None
    if exposure.gate is Gate.LABEL and exposure.again:
        return "the label stays on when the author pushes again, and his next code runs unseen"
    if foreign.mutable:
        return "the author can push something else before it is checked out"
    return None


def _finding(way: Way, why: str, context: Context) -> Finding:
    foreign, exposure = way.foreign, way.exposure
    assert way.execution is not None
    doubtful = exposure.gate is Gate.ENVIRONMENT or not foreign.certain
    return Finding(
        foreign.span,
        f"{_SAYS[exposure.gate]}, but {why}: `{way.execution.what}` then runs it with {way.prize}",
        severity=Severity.MEDIUM if doubtful else Severity.HIGH,
        confidence=Confidence.LOW if doubtful else Confidence.MEDIUM,
        related=context.way(way.places),
        scope=foreign.step.span,
    )
