"""A run that people start for a pull request takes what it holds by then, not what they looked at.

## Why is this bad?
Somebody with write access reads a pull request and starts the workflow with its number. Its author pushes something else before
the checkout, and that runs with the secrets and the token of the run.

## Example
```yaml
on:
  workflow_dispatch:
    inputs:
      number:
        type: string
        required: true
permissions:
  contents: write
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
        with:
          ref: refs/pull/${{ inputs.number }}/head
      - run: make test
```

Use instead:
```yaml
on:
  workflow_dispatch:
    inputs:
      sha:
        type: string
        required: true
permissions:
  contents: write
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
        with:
          ref: ${{ inputs.sha }}
      - run: make test
```

## References
- [Actions TOCTOU](https://github.com/AdnaneKhan/ActionsTOCTOU)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression import UNKNOWN, Unknown, Value, truth
from steplock.foreign.execution import executions
from steplock.foreign.sources import brought_in
from steplock.model import Step
from steplock.rule import Confidence, Context, Finding, Severity, rule
from steplock.trust import powers

_EVENTS = ("workflow_dispatch", "repository_dispatch")


@rule(severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, events=_EVENTS)
def check(step: Step, context: Context) -> Iterator[Finding]:
    job = step.job
    event = next((e for e in _EVENTS if job and e in job.workflow.events), None)
    if job is None or event is None or not _may_run(step, event):
        return
    for foreign in brought_in(step, context.repository):
        if not foreign.dispatched or not foreign.mutable or foreign.kind == "artifact":
            continue
        held = powers(job, context.repository)
        ran = next(iter(executions(step, foreign.path, context.repository)), None)
        if ran is None or not ran.is_seen or not held.any:
            continue
        yield Finding(
            foreign.span,
            f"whoever starts this looked at one commit, but the author can push another before the checkout: "
            f"`{ran.what}` then runs it with {held.phrases()[0]}; ask for the commit instead",
            related=(context.related(f"`{ran.what}` runs it", ran.step.file.path, ran.span),),
            scope=step.span,
        )


def _may_run(step: Step, event: str) -> bool:
    conditions = [one.condition for one in (step, step.job) if one and one.condition]

    def lookup(path: tuple[str, ...]) -> Value | Unknown:
        return event if path == ("github", "event_name") else UNKNOWN

    roots = [c.parsed.root for c in conditions if c.parsed.root is not None]
    return all(truth(root, lookup) is not False for root in roots)
