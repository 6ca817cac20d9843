"""A machine of one's own runs what strangers send.

## Why is this bad?
The run of a pull request executes the pull request's own workflow, scripts and tests. On a machine that is not thrown away
afterwards the stranger leaves a program behind, which sees the secrets of every later job and reaches the network the machine stands in.
The worm Shai-Hulud registered victims' machines as runners and drove them through discussions, whose text a script ran.

Whether outside contributors have to be approved first is set in the repository, and not seen here.

## Example
```yaml
on: pull_request
permissions: {}
jobs:
  test:
    runs-on: self-hosted
    steps:
      - uses: actions/checkout@v6
      - run: make test
```

Use instead:
```yaml
on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - run: make test
```

## References
- [Hardening for self-hosted runners](https://docs.github.com/en/actions/reference/security/secure-use#hardening-for-self-hosted-runners)
- [Shai-Hulud 2.0](https://www.wiz.io/blog/shai-hulud-2-0-ongoing-supply-chain-attack)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from steplock.foreign.touches import touches
from steplock.model import Job, Label
from steplock.rule import Confidence, Context, Finding, Severity, rule
from steplock.tables import runners
from steplock.trust import SANDBOXED, STRANGERS_ACTIONS, Exposure, Gate, exposures
from steplock.trust.worlds import outcomes_in


@rule(
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    events=(*STRANGERS_ACTIONS, "workflow_call"),
)
def check(job: Job, context: Context) -> Iterator[Finding]:
    if not any(map(_is_own, job.runner.possible())):
        return
    for exposure in exposures(job, context.repository):
        if exposure.gate not in (Gate.NONE, Gate.ENVIRONMENT):
            continue
        choices = partial(outcomes_in, event=exposure.event)
        label = next(filter(_is_own, job.runner.possible(choices)), None)
        if label is None:
            continue
        says = _reaches(job, exposure, context)
        if says is not None:
            yield Finding(
                label.scalar.span,
                says,
                confidence=Confidence.MEDIUM if exposure.gate is Gate.NONE else Confidence.LOW,
                related=context.way(exposure.way),
                scope=job.span,
            )
            return


def _reaches(job: Job, exposure: Exposure, context: Context) -> str | None:
    if exposure.event in SANDBOXED:
        return (
            "a stranger's pull request runs its own code on this machine, which stays, and sees what later jobs do; "
            "take a fresh one for pull requests"
        )
    for touch in touches(job, exposure.event, context.repository):
        if touch.kind == "text":
            text = touch.what.strip("`")
            return (
                f"anybody runs commands on this machine, which stays, through `{text}` in a script"
            )
        if touch.kind == "code" and not touch.refused:
            return f"a stranger's code runs on this machine, which stays, when `{touch.runs}` is called"
    return None


def _is_own(label: Label) -> bool:
    """Whether it names a machine of one's own."""
    known = runners.of(label.text)
    if known is not None:
        return known.host == "self-hosted"
    return label.is_whole and "self-hosted" in label.text.lower()
