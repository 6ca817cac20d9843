"""Anybody can set an AI agent going that has the repository's powers.

## Why is this bad?
An agent does what the text says that it reads. Whoever may set it going writes that text: in an issue, a comment, the
description of a pull request. With `allowed_non_write_users: "*"` anybody opens an issue that says "run this command first",
and the agent runs it with the job's token and the key of the model at hand.

Actions for agents refuse people without write access by themselves, as `anthropics/claude-code-action` and
`openai/codex-action` do, until they are told otherwise. `anthropics/claude-code-base-action`, `google-github-actions/run-gemini-cli` and
agents that are run as commands ask nobody: there the workflow has to.

High: the agent may run any command, or some that send data away, and something of worth is within its reach. Medium: the
job's token may change the repository. Low: all it can do is edit issues or answer.

## Example
```yaml
on:
  issues:
    types: [opened]
permissions:
  contents: write
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - uses: anthropics/claude-code-action@v1
        with:
          anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}
          github_token: ${{ secrets.GITHUB_TOKEN }}
          allowed_non_write_users: "*"
          prompt: Fix the issue
```

Use instead:
```yaml
on:
  issues:
    types: [opened]
permissions:
  contents: write
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - uses: anthropics/claude-code-action@v1
        with:
          anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}
          github_token: ${{ secrets.GITHUB_TOKEN }}
          prompt: Fix the issue
```

Where everybody's issues have to be read, let the agent only read: a token without write scopes, no shell, and a second job
that checks the answer and acts on it.

## References
- [Security of claude-code-action](https://github.com/anthropics/claude-code-action/blob/main/docs/security.md)
- [Security of codex-action](https://github.com/openai/codex-action/blob/main/docs/security.md)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.agents.invocation import WORDS, Invocation, invocations
from steplock.agents.reach import Reach, reach, settings
from steplock.agents.risk import Drive, Risk, stake, worst
from steplock.model import Step
from steplock.rule import Confidence, Context, Finding, Severity, rule
from steplock.text import Span
from steplock.trust import Gate

_CAN = {
    Reach.TOOLS: "its tools",
    Reach.SENDING: "commands that can send data away",
    Reach.COMMANDS: "any command",
}


@rule(severity=Severity.HIGH, words=WORDS)
def check(step: Step, context: Context) -> Iterator[Finding]:
    for invocation in invocations(step):
        found = worst(invocation, context.repository)
        if found is not None and found[1].is_free and found[0] > Risk.INFORMATIONAL:
            yield _finding(invocation, *found, context)


def _finding(invocation: Invocation, risk: Risk, drive: Drive, context: Context) -> Finding:
    exposure = drive.exposure
    span, input, bots = _opened(invocation)
    if bots:
        # An app has to be installed first, or a bot be made to write what a stranger says.
        risk = min(risk, Risk.MEDIUM)
    who = "any bot, whoever drives it" if bots else f"anybody who causes `{exposure.event}`"
    held = stake(invocation, exposure.job, context.repository)
    prize = f"and {held.what} at hand" if held.what else "and a token that can only read"
    opens = f"`{input}` lets {who} drive" if input else f"{who} drives"
    asks = "" if input else ", which asks nobody who he is,"
    approved = (
        ", once the environment lets the job run" if exposure.gate is Gate.ENVIRONMENT else ""
    )
    certain = exposure.certain and exposure.gate is Gate.NONE and invocation.agent.sure
    return Finding(
        span,
        f"{opens} `{invocation.name}`{asks} with {_CAN[reach(invocation)]} {prize}{approved}",
        severity=Severity[risk.name],
        confidence=Confidence.HIGH if certain else Confidence.MEDIUM,
        related=context.way(exposure.way),
        scope=invocation.step.span,
    )


def _opened(invocation: Invocation) -> tuple[Span, str, bool]:
    """The input that opens the agent's own gate, and whether only to bots; the agent itself where it has no gate."""
    for danger in settings(invocation):
        item = invocation.step.input_item(danger.input) if invocation.agent.gate else None
        if danger.kind == "open" and not danger.some and item is not None:
            bots = danger.input == "allowed_bots"
            return item[1].span, danger.input, bots
    return invocation.span, "", False
