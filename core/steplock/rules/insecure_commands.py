"""`ACTIONS_ALLOW_UNSECURE_COMMANDS` lets any output set variables.

## Why is this bad?
It brings back the `set-env` and `add-path` commands, which the runner reads from a step's *output*. Whoever gets a
line printed (a file name, a commit message, the answer of a server) sets `PATH` or `NODE_OPTIONS` for all later
steps, and so runs code in them.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    env:
      ACTIONS_ALLOW_UNSECURE_COMMANDS: true
      MODE: fast
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
    env:
      MODE: fast
    steps:
      - run: make test
```

Set variables with `echo "NAME=value" >> "$GITHUB_ENV"`.

## Fix safety
Unsafe: a step that still prints `::set-env` or `::add-path` fails without it.

## References
- [Deprecating set-env and add-path commands](https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock import expression
from steplock.edits import remove_key
from steplock.model import Job, Step, Workflow
from steplock.rule import Finding, Fix, Persona, Safety, Severity, rule
from steplock.syntax import Mapping, Scalar
from steplock.text import Span

_NAME = "ACTIONS_ALLOW_UNSECURE_COMMANDS"


@rule(severity=Severity.HIGH)
def check(owner: Workflow | Job | Step) -> Iterator[Finding]:
    if isinstance(owner, Step) and owner.run is not None and _NAME in owner.run.value:
        yield from _set_for_later(owner, owner.run)
    match owner.node.item("env"):
        case (key, Mapping() as env):
            value = env.scalar(_NAME)
            if value is None or not _is_true(value.value):
                return
            edit = remove_key(owner.document, env, _NAME) or remove_key(
                owner.document, owner.node, "env"
            )
            yield Finding(
                Span(key.span.start, value.span.end),
                "any output of a step can set variables and the path of the steps after it",
                (Fix.of(f"Remove {_NAME}", edit, safety=Safety.UNSAFE),),
                scope=env.span,
            )
        case (key, Scalar() as whole) if whole.value.strip().startswith("${{"):
            yield Finding(
                whole.span,
                f"whether this sets {_NAME} cannot be seen",
                persona=Persona.AUDITOR,
            )


def _is_true(value: str) -> bool:
    """Whether a value is `true`, as an expression with a known value may be, too."""
    text = value.strip()
    if text.startswith("${{") and text.endswith("}}"):
        root = expression.parse(text[3:-2]).root
        return root is not None and expression.constant(root) in (True, "true")
    return text.lower() == "true"


def _set_for_later(step: Step, run: Scalar) -> Iterator[Finding]:
    """Where a script switches it on for the steps after it."""
    from steplock.taint.entries import entries  # here, since hardly any script does

    for entry in entries(step.script, "GITHUB_ENV", run.value) if step.script else ():
        text = run.value[slice(*entry.span)]
        if entry.name == _NAME and "=true" in text.lower().replace(" ", ""):
            yield Finding(
                step.document.locate(run, entry.span),
                "any output of the later steps can set variables and the path of the steps after them",
                scope=step.span,
            )
