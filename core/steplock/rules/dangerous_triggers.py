"""A trigger that runs the workflow for strangers, with the repository's own powers.

## Why is this bad?
`pull_request_target`, `workflow_run` and `issue_comment` can be fired by people without any rights in the repository,
and the run has secrets, the cache of the default branch and a token that may write. One checkout of the stranger's
code, or one title put into a script, and the stranger runs code with those powers.

## Example
```yaml
on: pull_request_target
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

Use instead:
```yaml
on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

## References
- [Preventing pwn requests](https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/)
- [Events that trigger workflows](https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Workflow
from steplock.rule import Confidence, Finding, Severity, rule

_WHY = {
    "pull_request_target": "anybody who opens a pull request runs this with the repository's powers",
    "workflow_run": "what a stranger's run leaves behind is handled here with the repository's powers",
    "issue_comment": "anybody who writes a comment runs this with the repository's powers",
}


@rule(severity=Severity.HIGH, confidence=Confidence.MEDIUM)
def check(workflow: Workflow) -> Iterator[Finding]:
    for trigger in workflow.triggers:
        why = _WHY.get(trigger.name)
        if why is None or (trigger.name == "pull_request_target" and _only_labels(workflow)):
            continue
        yield Finding(trigger.span, f"{why}; use `pull_request` where that is enough")


def _only_labels(workflow: Workflow) -> bool:
    """Whether all it does is run GitHub's own labeler, which reads file names only."""
    live = [job for job in workflow.jobs if not job.is_dead]
    if len(live) != 1 or len(live[0].steps) != 1:
        return False
    uses = live[0].steps[0].uses
    return uses is not None and uses.action == "actions/labeler"
