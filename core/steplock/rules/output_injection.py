"""Text with line ends goes into GITHUB_OUTPUT in a way that lets it set other outputs.

## Why is this bad?
The file is read line by line. In `echo "body=$BODY" >> "$GITHUB_OUTPUT"` every further line of the text is an
output of its own: a comment with the line `approved=true` sets `steps.x.outputs.approved`, and with it
whatever hangs on that. Between the delimiters `body<<EOF` and `EOF` it only has to bring a line `EOF` first.

Reported is text of strangers, in runs that have powers, whose lines nobody limits: bodies, comments, messages, files
of a pull request, the answer of an AI model. A title or the name of a branch has one line only.

So is such text in the log of a step whose outputs a condition or a script of the job reads: the runner still obeys
the line `::set-output name=approved::true` that a step prints, unless the step itself writes that output in any case.

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
- [Commands in the log, and why they are to go](https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/)
- [Multiline strings](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.lazy import pattern
from steplock.model import Step
from steplock.rule import Confidence, Context, Finding, Severity, rule
from steplock.syntax import Scalar
from steplock.taint import Analysis, Control, Entry, Taint, Who, analysis, code, written

_READ = pattern(r"(?i)\bsteps\.([\w-]+)\.outputs\.([\w-]+)")


@rule(severity=Severity.MEDIUM, words=("github_output", ".outputs."))
def check(step: Step, context: Context) -> Iterator[Finding]:
    run = step.run
    if run is None:
        return
    is_read = step.id is not None and step.document.hears(f"steps.{step.id.lower()}.outputs")
    writes = "GITHUB_OUTPUT" in run.value.upper()
    if not (is_read or writes):
        return
    held = analysis(step.file, context.repository)
    if is_read and held.strangers(step).powerful and (name := _read_later(step, held)):
        yield from _by_log(step, run, name, held, context)
    if not writes:
        return
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


def _read_later(step: Step, held: Analysis) -> str:
    """An output of the step that a condition or a script reads, and that it does not write in any case."""
    own = set(_surely_written(step, held))
    its = step.id.lower() if step.id else ""
    for later in step.parent.steps:
        if later.index <= step.index:
            continue
        texts = [scalar.value for _, scalar in code(later)]
        if later.condition is not None:
            texts.append(later.condition.scalar.value)
        for text in texts:
            for match in _READ.finditer(text):
                if match[1].lower() == its and match[2].lower() not in own:
                    return match[2]
    return ""


def _surely_written(step: Step, held: Analysis) -> Iterator[str]:
    """The outputs whose text is that of the file, which counts for more than the log, whatever is printed."""
    sure = {
        write.span
        for write in (step.script.writes if step.script else ())
        if write.command is not None and not write.command.inside and not write.command.operator
    }
    for entry in held.entries(step, "GITHUB_OUTPUT"):
        if entry.span in sure:
            yield entry.name.lower()


def _by_log(
    step: Step, run: Scalar, name: str, held: Analysis, context: Context
) -> Iterator[Finding]:
    from steplock.taint.logged import logged  # here, since few steps print what others read

    for command, taints in logged(held, step):
        if any(f"::set-output name={name}::" in word.value for word in command.argv):
            continue  # its text is his anyway
        worst = next((t for t in taints if t.lines and _is_strangers(t)), None)
        if worst is not None:
            yield Finding(
                step.document.locate(run, command.span),
                f"a line `::set-output name={name}::` of {worst.what} sets the output `{name}`, which is read later;"
                " print it to a file, or between `::stop-commands::`",
                confidence=Confidence.HIGH if worst.certain else Confidence.MEDIUM,
                related=context.way(worst.hops),
                scope=step.span,
            )
            return


def _is_strangers(taint: Taint) -> bool:
    return taint.control is Control.FREE and taint.who is Who.STRANGER


def _gets_out(entry: Entry, taint: Taint) -> bool:
    return _is_strangers(taint) and entry.lets_out(lines=taint.lines)


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
