"""A permission that does not exist, so that GitHub refuses the workflow or grants nothing.

## Why is this bad?
A workflow that GitHub refuses runs none of its checks, and pull requests get through that these would have stopped. The usual
cure, `write-all`, gives an attacker in the job everything.

## Example
```yaml
on: push
permissions:
  content: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

Use instead:
```yaml
on: push
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
```

## Fix safety
Unsafe: the workflow did not run before, and runs afterwards.

## References
- [Permissions for the GITHUB_TOKEN](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import replace_text, replace_value
from steplock.model import Job, Permissions, Scope, Workflow
from steplock.rule import Confidence, Finding, Fix, Safety, Severity, rule
from steplock.syntax import Document, Scalar
from steplock.tables import scopes
from steplock.text import Span

_LEVELS = ("none", "read", "write")
_OTHER_FORGES = (".forgejo/", ".gitea/")


@rule(severity=Severity.MEDIUM, words=("permissions",))
def check(view: Workflow | Job) -> Iterator[Finding]:
    permissions = view.permissions
    if permissions is None or any(forge in view.file.path for forge in _OTHER_FORGES):
        return
    yield from _wholesale(view.document, permissions)
    for scope in permissions.scopes:
        yield from _scope(view.document, scope)


def _wholesale(document: Document, permissions: Permissions) -> Iterator[Finding]:
    node = permissions.node
    if permissions.all or not isinstance(node, Scalar) or node.is_null:
        return
    near = {"read": "read-all", "write": "write-all"}.get(node.value)
    hint = f"; `{near}` is meant, or better the scopes it needs" if near else ""
    message = f"GitHub takes `read-all`, `write-all` or a mapping here, not `{node.value}`{hint}"
    yield Finding(node.span, message)


def _scope(document: Document, scope: Scope) -> Iterator[Finding]:
    known = scopes.of(scope.name)
    if known is None:
        yield _unknown(document, scope)
        return
    if not isinstance(scope.value, Scalar) or scope.value.is_null or scope.level in known.levels:
        return
    allowed = " or ".join(f"`{level}`" for level in known.levels)
    message = f"`{scope.name}` can be {allowed}, not `{scope.level}`"
    yield Finding(scope.value.span, message, (_level_fix(document, scope, known.levels),))


def _unknown(document: Document, scope: Scope) -> Finding:
    meant = scopes.instead(scope.name)
    if not meant:
        import difflib  # here, since nearly all names are right

        meant = next(iter(difflib.get_close_matches(scope.name, scopes.names(), 1, 0.75)), "")
    message = f"there is no permission `{scope.name}`, so that GitHub refuses the workflow"
    if scopes.of(meant) is None:
        confidence = None if meant else Confidence.MEDIUM
        return Finding(
            scope.key.span, message + (f": {meant}" if meant else ""), confidence=confidence
        )
    edit = replace_text(document, scope.key, Span(0, len(scope.name)), meant)
    fix = Fix.of(f"Write `{meant}`", edit, safety=Safety.UNSAFE)
    return Finding(scope.key.span, f"{message}; `{meant}` may be meant", (fix,))


def _level_fix(document: Document, scope: Scope, levels: tuple[str, ...]) -> Fix | None:
    """Another case of letters or a slip of the pen; more than that is the user's to say."""
    import difflib  # here, since nearly all levels are right

    near = difflib.get_close_matches(scope.level.lower(), levels, 1, 0.7)
    if not near or scope.level in _LEVELS:
        return None
    edit = replace_value(document, scope.key, scope.value, near[0])
    return Fix.of(f"Write `{near[0]}`", edit, safety=Safety.UNSAFE)
