"""Files that a stranger's run uploaded are unpacked where a job with powers runs them.

## Why is this bad?
A pull request's run uploads what its author likes. A workflow for `workflow_run` that unpacks it over its own checkout, or runs a program
out of it, runs the author's code with its secrets and its token.

## Example
```yaml
on:
  workflow_run:
    workflows: [Test]
permissions:
  contents: write
jobs:
  report:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: actions/download-artifact@v5
        with:
          run-id: ${{ github.event.workflow_run.id }}
          github-token: ${{ github.token }}
      - run: npm run report
```

Use instead:
```yaml
on:
  workflow_run:
    workflows: [Test]
permissions:
  contents: write
jobs:
  report:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: actions/download-artifact@v5
        with:
          run-id: ${{ github.event.workflow_run.id }}
          github-token: ${{ github.token }}
          path: ${{ runner.temp }}/artifact
      - run: npm run report
```

What is then read out of the folder is still the author's text: check it before it goes into a command, an output or a variable.

## References
- [Using the data of an untrusted run](https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/)
- [Artifact poisoning](https://codeql.github.com/codeql-query-help/actions/actions-artifact-poisoning-critical/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.foreign.execution import Execution, executions
from steplock.foreign.sources import Foreign, brought_in
from steplock.model import Step
from steplock.rule import Confidence, Context, Finding, Severity, rule
from steplock.trust import Exposure, Gate, Powers, powers


@rule(severity=Severity.HIGH, words=("download", "artifact"))
def check(step: Step, context: Context) -> Iterator[Finding]:
    for foreign in brought_in(step, context.repository):
        if foreign.kind != "artifact" or foreign.path is None:
            continue
        ran = next(iter(executions(step, foreign.path, context.repository)), None)
        if ran is None or not ran.is_seen:
            continue
        open_ways = [e for e in foreign.exposures if e.gate in (Gate.NONE, Gate.ENVIRONMENT)]
        if foreign.exposures and not open_ways:
            continue
        job = open_ways[0].job if open_ways else step.job
        if job is not None and (held := powers(job, context.repository)).any:
            yield _finding(foreign, ran, held, open_ways[0] if open_ways else None, context)


def _finding(
    foreign: Foreign, ran: Execution, held: Powers, exposure: Exposure | None, context: Context
) -> Finding:
    where = f"into `{foreign.path}`" if foreign.path else "over the work tree"
    sure = foreign.certain and exposure is not None and exposure.certain
    places = exposure.way if exposure else ()
    return Finding(
        foreign.span,
        f"{foreign.what} is unpacked {where}, and `{ran.what}` runs what its author put there with "
        f"{held.phrases()[0]}; unpack it to `${{{{ runner.temp }}}}`",
        severity=Severity.HIGH if foreign.certain else Severity.MEDIUM,
        confidence=Confidence.MEDIUM if sure else Confidence.LOW,
        related=(
            *context.way(places),
            context.related(f"`{ran.what}` runs it", ran.step.file.path, ran.span),
        ),
        scope=foreign.step.span,
    )
