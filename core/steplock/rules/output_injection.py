"""Text with line ends goes into GITHUB_OUTPUT in a way that lets it set other outputs.

## Why is this bad?
The file is read line by line. In `echo "body=$BODY" >> "$GITHUB_OUTPUT"` every further line of the text is an
output of its own: a comment with the line `approved=true` sets `steps.x.outputs.approved`, and with it
whatever hangs on that. Between the delimiters `body<<EOF` and `EOF` it only has to bring a line `EOF` first.

Reported is text of strangers, in runs that have powers, whose lines nobody limits: bodies, comments, messages, files
of a pull request, the answer of an AI model. A title or the name of a branch has one line only.

## Example
```yaml
on: issue_comment
permissions: {}
jobs:
  read:
    runs-on: ubuntu-latest
    steps:
      - id: comment
        env:
          BODY: ${{ github.event.comment.body }}
        run: |
          {
            echo 'body<<EOF'
            echo "$BODY"
            echo 'EOF'
          } >> "$GITHUB_OUTPUT"
```

Use instead:
```yaml
on: issue_comment
permissions: {}
jobs:
  read:
    runs-on: ubuntu-latest
    steps:
      - id: comment
        env:
          BODY: ${{ github.event.comment.body }}
        run: |
          delimiter="$(openssl rand -hex 16)"
          {
            echo "body<<$delimiter"
            echo "$BODY"
            echo "$delimiter"
          } >> "$GITHUB_OUTPUT"
```

## References
- [Multiline strings](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Step
from steplock.rule import Confidence, Context, Finding, Severity, rule
from steplock.taint import Control, Entry, Taint, Who, analysis, written


@rule(severity=Severity.MEDIUM, words=("github_output",))
def check(step: Step, context: Context) -> Iterator[Finding]:
    run = step.run
    if run is None or "GITHUB_OUTPUT" not in run.value.upper():
        return
    held = analysis(step.file, context.repository)
    # Without strangers there is still what `gh` asks for.
    if not ("gh " in run.value or held.strangers(step).powerful):
        return
    found = held.entries(step, "GITHUB_OUTPUT")
    names = {entry.name for entry in found}  # of one output alone he chooses the text anyway
    for entry in found:
        if entry.literal:
            continue
        taints = written(held, step, entry, f"the output `{entry.name}`")
        worst = next((taint for taint in taints if _gets_out(entry, taint)), None)
        if worst is not None:
            yield Finding(
                step.document.locate(run, entry.span),
                _message(entry, worst),
                severity=None if len(names) > 1 or not entry.name else Severity.LOW,
                confidence=Confidence.HIGH if worst.certain else Confidence.MEDIUM,
                related=context.way(worst.hops[:-1]),
                scope=step.span,
            )


def _gets_out(entry: Entry, taint: Taint) -> bool:
    free = taint.control is Control.FREE and taint.who is Who.STRANGER
    return free and entry.lets_out(lines=taint.lines)


def _message(entry: Entry, worst: Taint) -> str:
    if not entry.name:
        return f"`GITHUB_OUTPUT` gets whole lines of {worst.what}: they can set any output of this step"
    if entry.delimiter is not None:
        return (
            f"{worst.what} can hold the line `{entry.delimiter}` and then set other outputs;"
            " use a delimiter that is different in each run"
        )
    return (
        f"each line of {worst.what} after the first can set another output;"
        " write it between delimiters that are different in each run"
    )
