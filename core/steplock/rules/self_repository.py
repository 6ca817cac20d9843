"""A local action or workflow by a path in the work tree, instead of by `$/`.

## Why is this bad?
`./path` is whatever lies in the work tree when the step runs. After a checkout of a pull request, or a step that an
attacker influenced, that is the attacker's action, with the job's token. `$/path` is always the one of the
workflow's own commit, and needs no checkout.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: ./.github/actions/setup
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: $/.github/actions/setup
```

An action of another repository that the job has checked out is no part of this one, and is left alone; so are the
workflows of Forgejo and Gitea, which do not know `$/`.

## Fix safety
Unsafe: where an earlier step wrote or changed the action in the work tree, another one runs then. Servers of GitHub Enterprise
may not know `$/` yet.

## References
- [`jobs.<job_id>.steps[*].uses`](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses)
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from steplock.edits import replace_text
from steplock.model import Step, Uses
from steplock.rule import Finding, Fix, Safety, Severity, rule
from steplock.text import Span

_OTHER_FORGES = (".forgejo/", ".gitea/")


@rule(severity=Severity.LOW, words=("./",))
def check(uses: Uses) -> Iterator[Finding]:
    if not uses.value.startswith("./") or any(f in uses.file.path for f in _OTHER_FORGES):
        return
    checkout = _checkout(uses)
    if checkout is not None and _is_foreign(checkout):
        return
    yield Finding(
        uses.span,
        f"`{uses.value}` is what lies in the work tree when the step runs; `$/` is this commit's own",
        (_fix(uses) if checkout is None or _path(checkout) == "." else None,),
        scope=uses.scope,
    )


def _checkout(uses: Uses) -> Step | None:
    """The earlier checkout that put the action's folder there: the one with the deepest path."""
    step = uses.parent
    if not isinstance(step, Step):
        return None
    folder = posixpath.normpath(uses.value)
    found = [
        other
        for other in step.parent.steps
        if other.index < step.index
        and other.uses is not None
        and other.uses.action == "actions/checkout"
        and _path(other) in (".", folder, *_parents(folder))
    ]
    return max(found, key=lambda other: (len(_path(other)), other.index), default=None)


def _parents(folder: str) -> Iterator[str]:
    while folder := posixpath.dirname(folder):
        yield folder


def _path(checkout: Step) -> str:
    path = checkout.input("path")
    return posixpath.normpath(path.value.strip() or ".") if path else "."


def _is_foreign(checkout: Step) -> bool:
    repository = checkout.input("repository")
    if repository is None or not repository.value.strip():
        return False
    # The head of a pull request is this repository's workflow, changed by a stranger.
    return "github." not in repository.value


def _fix(uses: Uses) -> Fix | None:
    at = uses.scalar.value.index("./")
    edit = replace_text(uses.document, uses.scalar, Span(at, at + 1), "$")
    return Fix.of("Take it from the workflow's own commit", edit, safety=Safety.UNSAFE)
