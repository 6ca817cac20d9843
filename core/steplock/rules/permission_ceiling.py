"""A called workflow asks for more than its caller may give, so that the run does not start.

## Why is this bad?
GitHub refuses the whole run: none of its jobs runs, checks among them. The usual cure is to give the caller everything, which an
attacker in any of its jobs then holds.

## Example
```yaml .github/workflows/caller.yml
on: push
jobs:
  call:
    permissions:
      contents: read
    uses: ./.github/workflows/release.yml
```

Use instead:
```yaml .github/workflows/caller.yml
on: push
jobs:
  call:
    permissions:
      contents: write
    uses: ./.github/workflows/release.yml
```

where the called workflow is
```yaml .github/workflows/release.yml
on: workflow_call
jobs:
  release:
    permissions:
      contents: write
    runs-on: ubuntu-latest
    steps:
      - run: gh release create v1
```

The other way round, the finding in the called workflow names the caller that gives too little.

## Fix safety
Unsafe: it gives the called workflow what it asks for; that it asks for less may be better.

## References
- [Permissions of reusable workflows](https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations#supported-keywords-for-jobs-that-call-a-reusable-workflow)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import set_key
from steplock.model import Job, Permissions, Workflow
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.rule import Context, Finding, Fix, Related, Safety, Severity, rule
from steplock.syntax import Mapping
from steplock.text import Span
from steplock.trust import callers

_LEVELS = ("none", "read", "write")
_MAX_DEPTH = 8
# What `read-all` and `write-all` stand for at least.
_EVERY = (
    "contents",
    "actions",
    "checks",
    "deployments",
    "issues",
    "packages",
    "pull-requests",
    "statuses",
)


class _Excess(NamedTuple):
    """A scope that a called workflow asks for beyond what a call leaves it."""

    scope: str
    level: str
    allowed: str
    path: str
    span: Span
    is_one_of_all: bool = False
    """Whether it asks for every scope there is."""


@rule(severity=Severity.MEDIUM, words=("workflow_call", ".github/workflows/"))
def check(view: Job | Workflow, context: Context) -> Iterator[Finding]:
    if isinstance(view, Workflow):
        if "workflow_call" in view.events:
            yield from _callee(view, context)
    elif view.uses is not None and view.uses.is_local:
        yield from _caller(view, context)


def _caller(job: Job, context: Context) -> Iterator[Finding]:
    ceiling = job.effective_permissions
    if ceiling is None or job.uses is None:
        return  # the repository's setting decides
    found = list(_excesses(job, ceiling, context.repository, 0))
    if not found:
        return
    first = found[0]
    yield Finding(
        job.uses.span,
        f"the called workflow asks for `{first.scope}: {first.level}`, but this call leaves it "
        f"`{first.scope}: {first.allowed}`: GitHub does not start the run",
        (_fix(job, found),),
        severity=_gravity([one.level for one in found]),
        related=tuple(
            Related(f"asks for `{one.scope}: {one.level}`", one.span, one.path) for one in found
        ),
        scope=job.span,
    )


def _gravity(levels: list[str]) -> Severity:
    # Public repositories are seen to release with `read` asked for and nothing left.
    return Severity.MEDIUM if "write" in levels else Severity.LOW


def _fix(job: Job, found: list[_Excess]) -> Fix | None:
    highest = _highest(found)
    own = job.permissions is not None and isinstance(job.permissions.node, Mapping)
    if not own or len(highest) > 1 or any(one.is_one_of_all for one in found):
        return None
    [(scope, level)] = highest.items()
    edit = set_key(job.document, job.node, ("permissions", scope), level)
    return Fix.of(f"Give the call `{scope}: {level}`", edit, safety=Safety.UNSAFE)


def _highest(found: list[_Excess]) -> dict[str, str]:
    highest: dict[str, str] = {}
    for one in found:
        known = highest.get(one.scope, "none")
        highest[one.scope] = max(known, one.level, key=_LEVELS.index)
    return highest


def _callee(workflow: Workflow, context: Context) -> Iterator[Finding]:
    for caller in callers(workflow, context.repository):
        ceiling = caller.effective_permissions
        if ceiling is None or caller.uses is None:
            continue
        for one in _excesses(caller, ceiling, context.repository, 0):
            if one.path == workflow.path:
                yield Finding(
                    one.span,
                    f"`{caller.workflow.path}` calls this and leaves it `{one.scope}: {one.allowed}`, "
                    f"not `{one.level}`: GitHub does not start that run",
                    severity=_gravity([one.level]),
                    related=(Related("called here", caller.uses.span, caller.workflow.path),),
                )


def _excesses(
    caller: Job, ceiling: Permissions, repository: Repository, depth: int
) -> Iterator[_Excess]:
    callee = repository.callee(caller.uses) if caller.uses else None
    if not isinstance(callee, Workflow) or depth > _MAX_DEPTH:
        return
    if callee.permissions is not None:
        yield from _beyond(callee.permissions, ceiling, callee.path)
    for job in callee.jobs:
        if job.permissions is not None:
            yield from _beyond(job.permissions, ceiling, callee.path)
        if job.uses is not None and job.uses.is_local:
            lowered = job.permissions or callee.permissions or ceiling
            yield from _excesses(job, lowered, repository, depth + 1)


def _beyond(asked: Permissions, ceiling: Permissions, path: str) -> Iterator[_Excess]:
    if asked.all:
        level = asked.all.removesuffix("-all")
        for name in ("contents",) if ceiling.all else _EVERY:
            if _LEVELS.index(level) > _LEVELS.index(ceiling.level(name)):
                yield _Excess(name, level, ceiling.level(name), path, asked.node.span, True)
                return
    for scope in asked.scopes:
        allowed = ceiling.level(scope.name)
        if scope.level in _LEVELS and _LEVELS.index(scope.level) > _LEVELS.index(allowed):
            yield _Excess(scope.name, scope.level, allowed, path, scope.key.span)
