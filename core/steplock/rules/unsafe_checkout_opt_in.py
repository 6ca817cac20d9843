"""`actions/checkout` is told to check out a stranger's pull request where it refuses to.

## Why is this bad?
In `pull_request_target` and `workflow_run` the job has the repository's secrets and a token that may write.
Since July 2026 the action refuses to put a fork's code there; `allow-unsafe-pr-checkout: true` takes that back, and the
first build script, hook or configuration file that runs is the attacker's.

## Example
```yaml
on: pull_request_target
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
        with:
          ref: ${{ github.event.pull_request.head.sha }}
          allow-unsafe-pr-checkout: true
```

Use instead:
```yaml
on: pull_request_target
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
        with:
          ref: ${{ github.event.pull_request.head.sha }}
```

Under other triggers the input does nothing, until somebody adds one of these: reported as low.

## Fix safety
Unsafe: the checkout fails from then on, which is its purpose.

## References
- [actions/checkout](https://github.com/actions/checkout#usage)
- [Preventing pwn requests](https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import remove_key
from steplock.model import Step
from steplock.rule import Confidence, Finding, Fix, Safety, Severity, rule
from steplock.text import Span

_INPUT = "allow-unsafe-pr-checkout"
_GUARDED = frozenset({"pull_request_target", "workflow_run"})


@rule(severity=Severity.HIGH, words=(_INPUT,))
def check(step: Step) -> Iterator[Finding]:
    if step.uses is None or step.uses.action != "actions/checkout":
        return
    pair, value = step.input_item(_INPUT), step.input(_INPUT)
    if pair is None or value is None or value.value.strip().lower() in ("", "false"):
        return
    is_dynamic = "${{" in value.value
    if not is_dynamic and value.value.strip().lower() != "true":
        return
    message = "lets the checkout put a stranger's code beside the repository's secrets and token"
    severity = Severity.HIGH
    if not _is_guarded(step):
        message = f"`{_INPUT}` does nothing here until a privileged trigger is added, and then drops the guard"
        severity = Severity.LOW
    yield Finding(
        Span(pair[0].span.start, value.span.end),
        message,
        (_fix(step),),
        severity=severity,
        confidence=Confidence.LOW if is_dynamic else None,
        scope=step.span,
    )


def _is_guarded(step: Step) -> bool:
    """Whether it may run where the guard looks; who calls an action or a workflow is not known."""
    workflow = step.workflow
    if workflow is None or "workflow_call" in workflow.events:
        return True
    return not _GUARDED.isdisjoint(workflow.events)


def _fix(step: Step) -> Fix | None:
    pair = step.input_item(_INPUT)
    if step.inputs is None or pair is None:
        return None
    edit = remove_key(step.document, step.inputs, pair[0].value) or remove_key(
        step.document, step.node, "with"
    )
    return Fix.of(f"Remove `{_INPUT}`", edit, safety=Safety.UNSAFE)
