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

from steplock import expression
from steplock.expression.outcomes import outcomes
from steplock.model import Job
from steplock.named import NamedTuple
from steplock.rule import Confidence, Finding, Persona, Related, Severity, rule
from steplock.syntax import Scalar
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
    candidates = [c for label in job.runner.labels for c in _candidates(job, label)]
    best = next((c for c in candidates if c.label.lower() in denied), None)
    if best is not None:
        message = f"`{best.label}` is a machine of one's own, which may keep what earlier jobs left"
        yield Finding(span, message, related=best.related, scope=job.span)
    elif made_up := _made_up(candidates):
        message = f"`{made_up.label}` is no machine of GitHub that is known, and may keep what earlier jobs left"
        yield Finding(
            span, message, confidence=Confidence.LOW, related=made_up.related, scope=job.span
        )


class _Candidate(NamedTuple):
    """A label that the job may ask for."""

    label: str
    related: tuple[Related, ...] = ()
    is_certain: bool = True
    """Whether it is one whole label; else a text that the label is made of."""


def _made_up(candidates: list[_Candidate]) -> _Candidate | None:
    """A label that is neither GitHub's nor a vendor's; vendors' own options stand beside theirs."""
    if any(runners.of(c.label) for c in candidates):
        candidates = [c for c in candidates if "self-hosted" in c.label.lower()]
    for one in candidates:
        if "self-hosted" in one.label.lower():
            return one
        if one.is_certain and runners.of(one.label) is None and not runners.system(one.label):
            return one
    return None


def _candidates(job: Job, label: Scalar) -> Iterator[_Candidate]:
    fences = list(expression.fences(label.value))
    if not fences:
        yield _Candidate(label.value.strip())
        return
    if len(fences) > 1 or fences[0].span != (0, len(label.value.strip())):
        yield _Candidate(label.value, is_certain=False)
        return
    root = expression.parse(label.value[slice(*fences[0].inner)]).root
    for leaf in outcomes(root) if root is not None else ():
        yield from _leaf(job, leaf, label.value[slice(*fences[0].inner)])


def _leaf(job: Job, leaf: expression.Node, text: str) -> Iterator[_Candidate]:
    value = expression.constant(leaf)
    if isinstance(value, str | list | tuple):
        texts = [value] if isinstance(value, str) else value
        yield from (_Candidate(t.strip()) for t in texts if isinstance(t, str))
        return
    path = expression.path(leaf)
    if path is None or path[0] != "matrix" or len(path) < 2 or job.matrix is None:
        yield _Candidate(text[slice(*leaf.span)], is_certain=False)
        return
    for scalar in job.matrix.values(path[1:]).scalars:
        related = (Related("this value of the matrix", scalar.span),)
        is_certain = "${{" not in scalar.value and "*" not in path
        yield _Candidate(scalar.value.strip(), related, is_certain)
