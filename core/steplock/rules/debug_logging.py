"""Debug logging that is switched on in the workflow itself, for every run.

## Why is this bad?
Debug logs hold the inputs, paths and answers that actions print only there, and values made from secrets, which are not
masked. Everybody who can read the repository can read its logs.

## Example
```yaml
on: push
permissions: {}
env:
  ACTIONS_STEP_DEBUG: true
  LANG: C
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

Use instead:
```yaml
on: push
permissions: {}
env:
  LANG: C
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

GitHub reads `ACTIONS_STEP_DEBUG` and `ACTIONS_RUNNER_DEBUG` from secrets and variables; in `env:` it is the actions and
scripts that read them. A single run can be repeated with debug logging instead.

## Fix safety
Unsafe: a script may ask for the variable.

## References
- [Enabling debug logging](https://docs.github.com/en/actions/how-tos/monitor-workflows/enable-debug-logging)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import remove_key
from steplock.model import Job, Step, Workflow
from steplock.rule import Finding, Fix, Safety, Severity, rule
from steplock.syntax import Mapping
from steplock.text import Span

_NAMES = ("ACTIONS_STEP_DEBUG", "ACTIONS_RUNNER_DEBUG", "RUNNER_DEBUG")
_ON = frozenset({"1", "true"})


@rule(severity=Severity.LOW, words=tuple(name.lower() for name in _NAMES))
def check(owner: Workflow | Job | Step) -> Iterator[Finding]:
    env = owner.env
    if not isinstance(env, Mapping):
        return
    for name in _NAMES:
        pair = env.item(name)
        value = env.scalar(name)
        if pair is None or value is None or value.value.strip().lower() not in _ON:
            continue
        edit = remove_key(owner.document, env, name) or remove_key(
            owner.document, owner.node, "env"
        )
        yield Finding(
            Span(pair[0].span.start, value.span.end),
            f"`{name}` makes every run write what only debugging needs into its log, where others read it",
            (Fix.of(f"Remove `{name}`", edit, safety=Safety.UNSAFE),),
            scope=env.span,
        )
