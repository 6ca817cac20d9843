"""A feature that is easy to use wrongly, and that a better one replaces.

## Why is this bad?
`pip-install` of `actions/setup-python` installs into the interpreter that all later steps share, so that a package can
replace what they run. Scripts for `cmd` cannot be quoted safely: a value with `&` or `%` in it is executed.
What checks scripts, this tool too, does not read other shells well.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: windows-latest
    steps:
      - run: echo %MESSAGE%
        shell: cmd
        env:
          MESSAGE: hello
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: windows-latest
    steps:
      - run: echo "$env:MESSAGE"
        shell: pwsh
        env:
          MESSAGE: hello
```

Shells other than `bash`, `sh`, `pwsh`, `powershell` and `python` are reported to auditors only.

## References
- [`shell`](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell)
- [Installing packages with actions/setup-python](https://github.com/actions/setup-python/blob/main/docs/advanced-usage.md)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Job, Step
from steplock.rule import Finding, Persona, Severity, rule
from steplock.syntax import Scalar

_USUAL = frozenset({"bash", "powershell", "pwsh", "python", "sh"})


@rule(severity=Severity.LOW, words=("shell", "pip-install"))
def check(step: Step) -> Iterator[Finding]:
    if step.run is None:
        yield from _setup_python(step)
        return
    shell = _shell(step)
    if shell is None or "${{" in shell.value:
        return
    name = _program(shell.value)
    if name in ("cmd", "cmd.exe"):
        message = "values cannot be quoted safely for `cmd`; use `pwsh` or `bash`"
        yield Finding(shell.span, message, scope=step.span)
    elif name not in _USUAL:
        message = f"scripts for `{name}` are hard to check; use `bash`, `pwsh` or `python`"
        yield Finding(shell.span, message, persona=Persona.AUDITOR, scope=step.span)


def _setup_python(step: Step) -> Iterator[Finding]:
    if step.uses is None or step.uses.action != "actions/setup-python":
        return
    if pair := step.input_item("pip-install"):
        message = "installs into the interpreter that later steps share; install into a virtual environment"
        yield Finding(pair[0].span, message, scope=step.span)


def _shell(step: Step) -> Scalar | None:
    """Where the step's shell is chosen, if it is."""
    own = step.node.scalar("shell")
    if own is not None or not isinstance(step.parent, Job):
        return own
    return step.parent.default_shell or step.parent.workflow.default_shell


def _program(shell: str) -> str:
    """`bash` for `/bin/bash -e {0}`."""
    words = shell.split()
    return words[0].replace("\\", "/").rpartition("/")[2].lower() if words else ""
