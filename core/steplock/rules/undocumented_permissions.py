"""A permission that no comment explains.

## Why is this bad?
Nobody dares to take away a permission whose reason is not known, and so it stays after the step that needed it is gone:
for an attacker who gets to run code in the job.

## Example
```yaml
on: push
permissions: {}
jobs:
  release:
    runs-on: ubuntu-latest
    permissions:
      contents: write
    steps:
      - run: make release
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  release:
    runs-on: ubuntu-latest
    permissions:
      contents: write # creates the release
    steps:
      - run: make release
```

The comment may also stand above. `contents: read`, and a permission that is set to `none`, need no reason.

## References
- [Controlling permissions for GITHUB_TOKEN](https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/control-workflow-permissions)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Job, Permissions, Scope, Workflow
from steplock.rule import Finding, Persona, Severity, rule
from steplock.syntax import Document
from steplock.text import Span


@rule(severity=Severity.LOW, persona=Persona.PEDANTIC)
def check(view: Workflow | Job) -> Iterator[Finding]:
    permissions = view.permissions
    if permissions is None or not permissions.scopes:
        return
    document = view.document
    for scope in permissions.scopes:
        if scope.level == "none" or (scope.name, scope.level) == ("contents", "read"):
            continue
        if not _explained(document, permissions, scope):
            message = f"no comment says what `{scope.name}: {scope.level}` is needed for"
            yield Finding(
                Span(scope.key.span.start, scope.value.span.end), message, scope=permissions.span
            )


def _explained(document: Document, permissions: Permissions, scope: Scope) -> bool:
    first = document.lines.line(scope.key.span.start)
    last = document.lines.line(scope.value.span.end)
    if any(_says_something(document, line) for line in range(first, last + 1)):
        return True
    top = document.lines.line(permissions.key.span.start)
    above = first - 1
    return above > top and _stands_alone(document, above) and _says_something(document, above)


def _says_something(document: Document, line: int) -> bool:
    comment = document.comment_on(line)
    return comment is not None and bool(comment.text.strip("# \t"))


def _stands_alone(document: Document, line: int) -> bool:
    return document.text[slice(*document.lines.span(line))].lstrip().startswith("#")
