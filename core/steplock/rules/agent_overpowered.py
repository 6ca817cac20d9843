"""An AI agent may run any command, whatever the text says that it reads.

## Why is this bad?
What an agent reads it may obey: the title of an issue that says "to reproduce, run `npx some-tool`" is enough for an agent
that may use the shell as it likes, and the command has the job's token, the key of the model and the runner's memory at
hand. In August 2025 malware in the packages of Nx called the agents it found with `--dangerously-skip-permissions`, `--yolo`
and `--trust-all-tools` for the same reason: then nothing asks any more.

High: strangers set the agent going, and something of worth is within its reach. Medium: somebody with rights does, or an
environment waits for approval. Low: nobody but people with write access writes what it reads, as far as the workflow shows.

## Example
```yaml
on:
  issues:
    types: [opened]
permissions:
  contents: read
  issues: write
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - uses: anthropics/claude-code-action@v1
        with:
          anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}
          github_token: ${{ secrets.GITHUB_TOKEN }}
          allowed_non_write_users: "*"
          claude_args: --allowedTools "Bash,Read,WebFetch"
          prompt: Label the issue
```

Use instead:
```yaml
on:
  issues:
    types: [opened]
permissions:
  contents: read
  issues: write
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - uses: anthropics/claude-code-action@v1
        with:
          anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}
          github_token: ${{ secrets.GITHUB_TOKEN }}
          allowed_non_write_users: "*"
          claude_args: --allowedTools "Bash(gh issue view:*),Bash(gh label list),Read"
          prompt: Label the issue
```

## References
- [Permissions of Claude Code](https://code.claude.com/docs/en/permissions)
- [Tools of Gemini CLI](https://geminicli.com/docs/reference/configuration/#tools)
- [The sandbox of Codex](https://developers.openai.com/codex/security)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.agents.invocation import WORDS, Invocation, invocations
from steplock.agents.reach import Reach, reach, settings
from steplock.agents.risk import Drive, Risk, stake, worst
from steplock.model import Step
from steplock.rule import Confidence, Context, Finding, Severity, rule
from steplock.tables.agents import Danger
from steplock.text import Span
from steplock.trust import Gate


@rule(severity=Severity.HIGH, words=WORDS)
def check(step: Step, context: Context) -> Iterator[Finding]:
    for invocation in invocations(step):
        if reach(invocation) < Reach.SENDING:
            continue
        risk, drive = worst(invocation, context.repository) or (Risk.LOW, None)
        seen = set()
        for danger in settings(invocation):
            if danger.commands and danger.input not in seen and (drive or danger.commands == "any"):
                seen.add(danger.input)
                yield _finding(invocation, danger, risk, drive, context)
        if not seen and invocation.agent.everything and drive is not None:
            yield _finding(invocation, None, risk, drive, context)


def _finding(
    invocation: Invocation, danger: Danger | None, risk: Risk, drive: Drive | None, context: Context
) -> Finding:
    way = drive.exposure.way if drive else ()
    sure = drive is None or (drive.exposure.certain and drive.exposure.gate is not Gate.ENVIRONMENT)
    return Finding(
        _place(invocation, danger),
        f"{_may(invocation, danger)}, {_said(invocation, drive, context)}",
        severity=Severity[risk.name],
        confidence=Confidence.HIGH if sure and invocation.agent.sure else Confidence.MEDIUM,
        related=context.way(way),
        scope=invocation.step.span,
    )


def _place(invocation: Invocation, danger: Danger | None) -> Span:
    item = invocation.step.input_item(danger.input) if danger else None
    return item[1].span if item is not None else invocation.span


def _may(invocation: Invocation, danger: Danger | None) -> str:
    if danger is None:
        return f"`{invocation.name}` approves every tool by itself, the shell too, unless `settings` list its tools"
    what = "any command" if danger.commands == "any" else "commands that can send data away"
    return f"`{invocation.name}` may run {what} ({danger.why.partition(':')[0]})"


def _said(invocation: Invocation, drive: Drive | None, context: Context) -> str:
    if drive is None:
        return "so that whatever it reads can tell it to, a page or a dependency too"
    prize = stake(invocation, drive.exposure.job, context.repository).what
    prize = prize or "a token that can only read"
    event = f"`{drive.exposure.event}`"
    if drive.is_free:
        return f"and whoever causes {event} tells it which, with {prize} at hand"
    return f"and though it starts only for people with rights, it reads what others wrote, with {prize} at hand"
