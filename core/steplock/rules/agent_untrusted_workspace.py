"""An AI agent works in a folder that a stranger's pull request fills.

## Why is this bad?
Agents obey files of the folder they start in: `CLAUDE.md`, `AGENTS.md` and `GEMINI.md` are instructions, and `.claude/settings.json`,
`.mcp.json` or `.gemini/settings.json` name programs that they start, without a model in between. With a stranger's pull request checked
out at the root of the workspace he writes these files.

`anthropics/claude-code-action` takes `CLAUDE.md`, `.claude/` and `.mcp.json` from the base branch since version 1.0.74, but not
`AGENTS.md`.

High: the agent runs for strangers, and something of worth is within its reach. Low: it takes its settings from the base branch
and has no shell, somebody with rights has to start it, or checkout's own guard refuses the code of forks.

## Example
```yaml
on: pull_request_target
permissions:
  contents: read
  pull-requests: write
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4.2.2
        with:
          ref: ${{ github.event.pull_request.head.sha }}
      - uses: anthropics/claude-code-base-action@beta
        with:
          anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}
          prompt: Review the changes
```

Use instead:
```yaml
on: pull_request_target
permissions:
  contents: read
  pull-requests: write
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4.2.2
      - uses: actions/checkout@v4.2.2
        with:
          ref: ${{ github.event.pull_request.head.sha }}
          path: changes
      - uses: anthropics/claude-code-base-action@beta
        with:
          anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}
          claude_args: --add-dir changes
          prompt: Review the changes in the folder `changes`
```

## References
- [Security of claude-code-action](https://github.com/anthropics/claude-code-action/blob/main/docs/security.md)
- [Agents that load what lies in the folder](https://boostsecurityio.github.io/lotp/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.agents.invocation import WORDS, Invocation, invocations
from steplock.agents.reach import Reach, reach
from steplock.agents.risk import keys, stake
from steplock.foreign.execution import checkout_folder
from steplock.foreign.sources import Foreign, brought_in
from steplock.foreign.workspace import inside, places, under
from steplock.model import Step
from steplock.named import NamedTuple
from steplock.rule import Confidence, Context, Finding, Related, Severity, rule
from steplock.tables import agents
from steplock.trust import Exposure, Gate


class _Way(NamedTuple):
    severity: Severity
    foreign: Foreign
    exposure: Exposure


@rule(severity=Severity.HIGH, words=WORDS)
def check(step: Step, context: Context) -> Iterator[Finding]:
    for invocation in invocations(step):
        files = _obeyed(invocation)
        at = _folder(invocation)
        if not files or at is None:
            continue
        ways = [
            _Way(_grade(invocation, foreign, exposure, files, context), foreign, exposure)
            for foreign in _around(step, at, context)
            for exposure in foreign.exposures
            if _matters(invocation, exposure)
        ]
        if ways:
            yield _finding(invocation, max(ways, key=lambda way: way.severity), files, context)


def _obeyed(invocation: Invocation) -> tuple[str, ...]:
    """The files of the work tree that it obeys, by their names."""
    agent, version = invocation.agent, invocation.situation().version
    known = (*agent.restored, *agent.files)
    named = [name for name in known if not any(mark in name for mark in " (<")]
    return tuple(n for n in named if agents.obeys_file(agent, n, version) and n not in _BUILD)


# What they read as any program does: `untrusted-checkout` looks after that.
_BUILD = frozenset(["package.json", "Makefile", "bunfig.toml", ".npmrc", ".envrc", "prompt-file"])


def _folder(invocation: Invocation) -> str | None:
    """The folder that it works in, from the root of the workspace."""
    if invocation.command is None:
        given = invocation.step.input("working-directory") or invocation.step.input(
            "working_directory"
        )
        return inside(given.value, "") if given else ""
    return next(
        (at for command, at in places(invocation.step) if command is invocation.command), ""
    )


def _around(step: Step, at: str, context: Context) -> Iterator[Foreign]:
    """What of strangers fills the folder, or one above it, when the agent starts."""
    filled: list[Foreign] = []
    for earlier in step.parent.steps:
        if earlier.index > step.index:
            break
        found = brought_in(earlier, context.repository)
        filled += [one for one in found if one.path is not None and under(at, one.path)]
        if not found and (ours := checkout_folder(earlier)) is not None:
            # Our own files are put in their place.
            filled = [one for one in filled if not under(one.path or "", ours)]
    yield from filled


def _matters(invocation: Invocation, exposure: Exposure) -> bool:
    """Whether the agent gets to see it: one that refuses who causes the event ends the job."""
    refuses = agents.gated(invocation.agent, invocation.situation(exposure.event)) is True
    by_comment = exposure.event in ("issue_comment", "pull_request_review_comment")
    return exposure.brings_code and (not refuses or by_comment)


def _grade(
    invocation: Invocation,
    foreign: Foreign,
    exposure: Exposure,
    files: tuple[str, ...],
    context: Context,
) -> Severity:
    refuses = agents.gated(invocation.agent, invocation.situation(exposure.event)) is not False
    if foreign.is_refused(exposure.event) or exposure.gate is not Gate.NONE or refuses:
        return Severity.LOW
    commands = reach(invocation) is Reach.COMMANDS or _program(files) is not None
    held = stake(invocation, exposure.job, context.repository)
    if held.is_great or (held.what and commands):
        return Severity.HIGH if commands else Severity.MEDIUM
    return Severity.MEDIUM if commands and keys(invocation) else Severity.LOW


def _program(files: tuple[str, ...]) -> str | None:
    """A file among them that names programs to start."""
    return next((name for name in files if name.startswith((".", "opencode.json"))), None)


def _finding(
    invocation: Invocation, way: _Way, files: tuple[str, ...], context: Context
) -> Finding:
    foreign, exposure = way.foreign, way.exposure
    first = next((name for name in files if name.endswith(".md")), files[0])
    program = _program(files)
    starts = f", and starts what `{program}` names" if program else ""
    held = stake(invocation, exposure.job, context.repository)
    prize = held.what or "the key of its model"
    sure = foreign.certain and exposure.certain and invocation.agent.sure
    return Finding(
        invocation.span,
        f"`{invocation.name}` works in {foreign.what} and obeys its `{first}`{starts}, with {prize} at hand",
        severity=way.severity,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        related=(
            *context.way(exposure.way),
            Related(f"{foreign.what} comes in here", foreign.span),
        ),
        scope=invocation.step.span,
    )
