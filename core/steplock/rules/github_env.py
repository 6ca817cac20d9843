"""A step writes text that it does not choose to GITHUB_ENV or GITHUB_PATH.

## Why is this bad?
What stands in these files are the variables and the search path of all later steps. A pull request whose text
brings a line of its own, `LD_PRELOAD=./evil.so` or `BASH_ENV=...`, runs code in the next step that starts a shell,
with the secrets of the job. A folder of its choice in GITHUB_PATH does the same with a program called `git`.

Asked are runs that strangers cause and that have powers (`pull_request_target`, `issues`, `workflow_run`...), and
composite actions, which others call. High where a stranger's text can set any variable; low where it only becomes
the value of the one that is meant, or where nobody can see from here what is written.

## Example
```yaml
on: issue_comment
permissions: {}
jobs:
  label:
    runs-on: ubuntu-latest
    steps:
      - env:
          COMMENT: ${{ github.event.comment.body }}
        run: echo "COMMENT=$COMMENT" >> "$GITHUB_ENV"
      - run: ./label.sh
```

Use instead:
```yaml
on: issue_comment
permissions: {}
jobs:
  label:
    runs-on: ubuntu-latest
    steps:
      - env:
          COMMENT: ${{ github.event.comment.body }}
        run: ./label.sh
```

Where the value has to be worked out, write it to GITHUB_OUTPUT, between delimiters that are different in each run.

## References
- [Setting an environment variable](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable)
- [GHSL: poisoned environment files](https://securitylab.github.com/resources/github-actions-new-patterns-and-mitigations/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Action, Step
from steplock.named import NamedTuple
from steplock.rule import Confidence, Context, Finding, Related, Severity, rule
from steplock.taint import Analysis, Control, Entry, Taint, Who, analysis, written

_FILES = ("GITHUB_ENV", "GITHUB_PATH")
# With one of these the value alone runs code: https://0xn3va.gitbook.io/cheat-sheets/web-application/command-injection
_LOADED = frozenset(
    ["BASH_ENV", "ENV", "LD_LIBRARY_PATH", "LD_PRELOAD", "NODE_OPTIONS", "PATH", "PERL5OPT", "PYTHONPATH", "RUBYOPT"]
)  # fmt: skip


class _Write(NamedTuple):
    """One thing written, and the worst that is known of it."""

    severity: Severity
    taint: Taint
    entry: Entry
    file: str


@rule(severity=Severity.HIGH, words=tuple(name.lower() for name in _FILES))
def check(step: Step, context: Context) -> Iterator[Finding]:
    run = step.run
    if run is None or not any(name in run.value.upper() for name in _FILES):
        return
    held = analysis(step.file, context.repository)
    reached = isinstance(step.file, Action) or held.strangers(step).powerful
    if not ("gh " in run.value or reached):
        return
    found = [write for file in _FILES for write in _writes(step, file, held)]
    item = step.node.item("run")
    if not found or item is None:
        return
    worst = max(found, key=lambda write: (write.severity, write.taint.certain))
    place = step.document.locate(run, worst.entry.span)
    yield Finding(
        item[0].span,
        _message(worst),
        severity=worst.severity,
        confidence=_confidence(worst.taint),
        related=(
            *context.way(worst.taint.hops[:-1]),
            Related(f"written to `{worst.file}` here", place),
        ),
        scope=step.span,
    )


def _writes(step: Step, file: str, held: Analysis) -> Iterator[_Write]:
    for entry in held.entries(step, file):
        if entry.literal:
            continue
        for taint in written(held, step, entry, f"`{file}`"):
            severity = _severity(step, file, entry, taint, held)
            if severity is not None:
                yield _Write(severity, taint, entry, file)


def _severity(step: Step, file: str, entry: Entry, taint: Taint, held: Analysis) -> Severity | None:
    if taint.control is Control.HARMLESS:
        return None
    if taint.who is Who.STRANGER:
        if file == "GITHUB_PATH" or entry.name in _LOADED:
            return Severity.HIGH
        if taint.control is Control.CONSTRAINED:
            return None
        return Severity.HIGH if entry.lets_out(lines=taint.lines) else Severity.LOW
    if taint.control is Control.FREE and taint.who in (Who.CALLER, Who.UNSEEN):
        if isinstance(step.file, Action):
            return Severity.LOW if taint.who is Who.CALLER else Severity.INFORMATIONAL
        return Severity.LOW if held.strangers(step).powerful else None
    return None


def _message(write: _Write) -> str:
    what = write.taint.what
    if write.taint.who is Who.UNSEEN:
        return f"`{write.file}` gets {what}, of which nobody can see here who chooses it"
    if write.file == "GITHUB_PATH":
        return f"`GITHUB_PATH` gets {what}: whoever writes it chooses the programs of later steps"
    if write.severity is Severity.HIGH:
        return f"`GITHUB_ENV` gets {what}: whoever writes it can set any variable of later steps"
    return f"`{write.entry.name or 'GITHUB_ENV'}` is set to {what} for all later steps"


def _confidence(taint: Taint) -> Confidence:
    if taint.who is Who.UNSEEN:
        return Confidence.LOW
    return Confidence.HIGH if taint.certain else Confidence.MEDIUM
