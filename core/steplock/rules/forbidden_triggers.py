"""A trigger that the configuration does not allow.

## Why is this bad?
Some triggers let strangers start a run with the repository's secrets and a token that may write. Whoever bans them needs
to review none of their workflows, and no later change can hand a stranger's code those powers.

## Example
```yaml
on:
  push:
  pull_request_target:
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

Use instead:
```yaml
on:
  push:
  pull_request:
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

Off unless the configuration sets an option or switches it on.

## Options
- `triggers`: what is banned; `pull_request_target` and `workflow_run` unless set.
- `allow`: by path or pattern of files, the reason why they may use one all the same; an empty reason allows nothing.

## References
- [Preventing pwn requests](https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/)
- [Open source security at Astral](https://astral.sh/blog/open-source-security-at-astral)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from steplock.glob import matches
from steplock.model import Workflow
from steplock.named import NamedTuple
from steplock.rule import Context, Finding, Severity, rule


class Options(NamedTuple):
    triggers: tuple[str, ...] = ("pull_request_target", "workflow_run")
    allow: Mapping[str, str] = {}


@rule(severity=Severity.HIGH, enabled=False)
def check(workflow: Workflow, context: Context, options: Options) -> Iterator[Finding]:
    banned = [trigger for trigger in workflow.triggers if trigger.name in options.triggers]
    if not banned:
        return
    reasons = [why for glob, why in options.allow.items() if matches(context.path, glob)]
    if any(reason.strip() for reason in reasons):
        return
    hint = "; its exception gives no reason" if reasons else ""
    for trigger in banned:
        message = f"the configuration bans `{trigger.name}`, which starts runs for strangers{hint}"
        if trigger.name not in Options().triggers:
            message = f"the configuration bans `{trigger.name}`{hint}"
        yield Finding(trigger.span, message)
