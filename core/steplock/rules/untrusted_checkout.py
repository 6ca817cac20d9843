"""The code of a stranger's pull request is checked out, and run, with the repository's powers.

## Why is this bad?
Under `pull_request_target`, `workflow_run` and comments a run has secrets and a token that may write, whoever caused it. A
stranger changes `package.json`, a Makefile or a test in his pull request, and `npm install`, `make` or `pytest` runs his
code, which reads the secrets out of the runner's memory and sends them away.

High: something is seen to run the code. Low: only actions are there of which it is not known what they do with it, the job
holds nothing of worth, or the guard of `actions/checkout` (since version 7, and in the moving tags `v2` to `v6` since
2026-07-16) refuses the code of forks, so that the job fails for them. The guard knows `pull_request_target` and
`workflow_run` only, and nothing of git commands.

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
      - run: npm install
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
      - run: npm install
```

Where the result has to be written somewhere, upload it as an artifact, and write it in a workflow for `workflow_run` that runs
nothing out of it.

## References
- [Preventing pwn requests](https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/)
- [Tools that run code of the work tree](https://boostsecurityio.github.io/lotp/)
- [The guard of actions/checkout](https://github.com/actions/checkout/releases)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.foreign.ways import Way, ways
from steplock.model import Step
from steplock.rule import Confidence, Context, Finding, Persona, Severity, rule
from steplock.trust import SANDBOXED, STRANGERS_ACTIONS, Gate

_EVENTS = (STRANGERS_ACTIONS.keys() - SANDBOXED) | {"workflow_call"}


@rule(severity=Severity.HIGH, events=_EVENTS)
def check(step: Step, context: Context) -> Iterator[Finding]:
    if step.workflow is not None and step.workflow.events.isdisjoint(_EVENTS):
        return
    worst: dict[object, tuple[Severity, Way]] = {}
    for way in ways(step, context.repository, "checkout", "command"):
        severity = _grade(way)
        known = worst.get(way.foreign.span)
        if severity is not None and (known is None or severity > known[0]):
            worst[way.foreign.span] = severity, way
    for severity, way in worst.values():
        yield _finding(way, severity, context)


def _grade(way: Way) -> Severity | None:
    """None where there is nothing to say: nobody comes, or what comes was approved."""
    exposure, foreign = way.exposure, way.foreign
    if not exposure.brings_code or exposure.gate in (Gate.LABEL, Gate.PERSON):
        return None
    if exposure.gate is Gate.ENVIRONMENT and foreign.mutable:
        return None  # untrusted-checkout-toctou
    if way.execution is None:
        return None
    if foreign.is_refused(exposure.event) or not way.powers.any or not way.execution.is_seen:
        return Severity.LOW
    return Severity.HIGH if exposure.gate is Gate.NONE else Severity.MEDIUM


def _finding(way: Way, severity: Severity, context: Context) -> Finding:
    foreign, exposure = way.foreign, way.exposure
    assert way.execution is not None
    how = "checked out here" if foreign.kind == "checkout" else "fetched here"
    what = f"{foreign.what} is {how}"
    runs = f"`{way.execution.what}` runs its code"
    if foreign.is_refused(exposure.event):
        says = f"{what}, and only checkout's own guard keeps {runs} with {way.prize}"
        says = says.replace(
            f"keeps {runs} with", f"keeps `{way.execution.what}` from running a fork's with"
        )
    elif not way.execution.is_seen:
        says = f"{what} with {way.prize} at hand, and `{way.execution.what}` may run its code"
    elif not way.powers.any:
        says = f"{what} for anybody, and {runs}, though the job holds nothing but {way.prize}"
    else:
        says = f"{what} for anybody, and {runs} with {way.prize}"
    gated = exposure.gate is not Gate.NONE
    if gated:
        says = f"{says.replace(' for anybody', '')}, unless the environment has it approved"
    sure = foreign.certain and exposure.certain and foreign.guarded is not None and not gated
    return Finding(
        foreign.span,
        says,
        severity=severity,
        confidence=Confidence.HIGH if sure else Confidence.LOW if gated else Confidence.MEDIUM,
        persona=Persona.REGULAR if way.powers.any else Persona.PEDANTIC,
        related=context.way(way.places),
        scope=foreign.step.span,
    )
