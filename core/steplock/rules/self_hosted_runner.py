"""A job on a machine of one's own, which may keep what an earlier job left there.

## Why is this bad?
A self-hosted runner is often not fresh: code that an attacker got into one job (a pull request is enough in a public
repository) stays behind, reads the secrets of the next, and reaches whatever the machine's network reaches.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: [self-hosted, linux]
    steps:
      - run: make test
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

Runners that live for one job and are thrown away do not have this problem, which a workflow does not show: only auditors
see these findings.

## Options
- `deny-runners`: further labels that stand for machines of one's own.
- `allow-groups`: groups of runners that are fit to be used; every other group is reported.

## References
- [Hardening for self-hosted runners](https://docs.github.com/en/actions/reference/security/secure-use#hardening-for-self-hosted-runners)
- [From pull request to persistence on a runner](https://johnstawinski.com/2024/01/11/playing-with-fire-how-we-executed-a-critical-supply-chain-attack-on-pytorch/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Job, Label
from steplock.named import NamedTuple
from steplock.rule import Confidence, Finding, Persona, Related, Severity, rule
from steplock.tables import runners
from steplock.text import Span


class Options(NamedTuple):
    deny_runners: tuple[str, ...] = ()
    allow_groups: tuple[str, ...] = ()


@rule(severity=Severity.MEDIUM, persona=Persona.AUDITOR)
def check(job: Job, options: Options) -> Iterator[Finding]:
    pair = job.node.item("runs-on")
    if pair is None:
        return
    span = Span(pair[0].span.start, pair[1].span.end)
    group = job.runner.group
    if group is not None and group.value not in options.allow_groups:
        message = f"the machines of the group `{group.value}` may keep what earlier jobs left; allow it if they are fresh"
        yield Finding(span, message, scope=job.span)
    denied = {"self-hosted", *(label.strip().lower() for label in options.deny_runners)}
    labels = tuple(job.runner.possible())
    best = next((one for one in labels if one.text.lower() in denied), None)
    if best is not None:
        message = f"`{best.text}` is a machine of one's own, which may keep what earlier jobs left"
        yield Finding(span, message, related=_related(job, best), scope=job.span)
    elif made_up := _made_up(labels):
        message = f"`{made_up.text}` is no machine of GitHub that is known, and may keep what earlier jobs left"
        yield Finding(
            span,
            message,
            confidence=Confidence.LOW,
            related=_related(job, made_up),
            scope=job.span,
        )


def _related(job: Job, label: Label) -> tuple[Related, ...]:
    if label.scalar in job.runner.labels:
        return ()
    return (Related("this value of the matrix", label.scalar.span),)


def _made_up(labels: tuple[Label, ...]) -> Label | None:
    """A label that is neither GitHub's nor a vendor's; vendors' own options stand beside theirs."""
    if any(runners.of(one.text) for one in labels):
        labels = tuple(one for one in labels if "self-hosted" in one.text.lower())
    for one in labels:
        if "self-hosted" in one.text.lower():
            return one
        if one.is_whole and runners.of(one.text) is None and not runners.system(one.text):
            return one
    return None
