"""GitHub's lock file for actions no longer says what a workflow uses.

## Why is this bad?
What the lock does not hold is not checked against it: an action that an attacker's pull request adds to a locked workflow runs by
its tag, in a file that everybody takes for locked, and a line that leads nowhere hides it from whoever reads the lock.

## Example
```yaml .github/workflows/actions.lock
version: v0.0.2
workflows: {".github/workflows/release.yml": [actions/checkout@v6.0.2]}
dependencies: {}
```

Use instead:
```yaml .github/workflows/actions.lock
version: v0.0.2
workflows: {".github/workflows/release.yml": [actions/checkout@v6.0.2]}
dependencies:
  actions/checkout@v6.0.2:
    ref: v6.0.2
    commit: sha1-8edcb1bdb4e267140fa742c62e395cd74f332709
```

In the lock: a workflow that there is not, an action without its entry, an entry whose commit or reference is not what its key
says. In a workflow that the lock lists: a `uses:` that the lock does not have. Workflows that it does not list are not its business.

## References
- [The format, schemas v0.0.2 and v0.0.3](https://github.com/github/actions-lockfile)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.lazy import pattern
from steplock.model import ActionsLock, Uses, Workflow
from steplock.repository import WORKFLOWS
from steplock.rule import Context, Finding, Related, Severity, rule
from steplock.syntax import Mapping, Scalar

_KEY = pattern(r"[^/@:\s]+/[^/@:\s]+(?:/[^@:\s]+)?@[^:\s]+")
_COMMIT = pattern(r"(?:sha1-)?[0-9a-f]{40}|(?:sha256-)?[0-9a-f]{64}")


@rule(severity=Severity.MEDIUM)
def check(view: Uses | ActionsLock, context: Context) -> Iterator[Finding]:
    if isinstance(view, ActionsLock):
        yield from _workflows(view, context)
        yield from _dependencies(view)
    elif view.is_remote and view.ref:
        yield from _uses(view, context)


def _uses(uses: Uses, context: Context) -> Iterator[Finding]:
    lock = context.repository.lock
    listed = lock.workflows.get(context.path) if lock else None
    if lock is None or listed is None or not isinstance(uses.file, Workflow):
        return
    key, entries = listed
    names = {_fold(entry.value) for entry in entries}
    if f"{uses.slug}@{uses.ref}" in names:
        return
    other = next((e for e in entries if _fold(e.value).startswith(f"{uses.slug}@")), None)
    held = f"; it has `{other.value}`" if other else ""
    yield Finding(
        uses.span,
        f"`{uses.slug}@{uses.ref}` is not what actions.lock holds for this workflow{held}; lock it anew",
        related=(Related("what it holds", (other or key).span, lock.path),),
        scope=uses.scope,
    )


def _workflows(lock: ActionsLock, context: Context) -> Iterator[Finding]:
    names = {_fold(name) for name in lock.dependencies}
    # Where no workflow can be seen, nothing is known to be missing.
    there = [n for n in context.repository.folder(WORKFLOWS) if n.endswith((".yml", ".yaml"))]
    for path, (key, entries) in lock.workflows.items():
        if there and path.startswith(f"{WORKFLOWS}/") and path.rpartition("/")[2] not in there:
            yield Finding(key.span, f"there is no workflow `{path}`; lock the workflows anew")
        for entry in entries:
            if _fold(entry.value) not in names:
                message = f"`{entry.value}` has no entry in `dependencies`, so that nothing says its commit"
                yield Finding(entry.span, message)


def _dependencies(lock: ActionsLock) -> Iterator[Finding]:
    used = {_fold(e.value) for _, entries in lock.workflows.values() for e in entries}
    for name, (key, node) in lock.dependencies.items():
        if not _KEY.fullmatch(name):
            yield Finding(key.span, "this is no `owner/repo@ref`")
            continue
        yield from _commit(key, node, name.rpartition("@")[2])
        if _fold(name) not in used:
            yield Finding(
                key.span, "no workflow uses it; lock the workflows anew", severity=Severity.LOW
            )


def _commit(key: Scalar, node: Mapping, ref: str) -> Iterator[Finding]:
    commit, said = node.scalar("commit"), node.scalar("ref")
    if commit is None:
        yield Finding(key.span, "it names no `commit`, so that it locks nothing")
        return
    if not _COMMIT.fullmatch(commit.value.lower()):
        yield Finding(commit.span, "this is no full commit, so that it locks nothing")
    elif _is_commit(ref) and commit.value.lower().rpartition("-")[2] != ref.lower():
        yield Finding(commit.span, "this is another commit than the one that its key names")
    if said is not None and said.value != ref:
        yield Finding(said.span, f"the key says `{ref}`")


def _is_commit(ref: str) -> bool:
    return len(ref) in (40, 64) and _COMMIT.fullmatch(ref.lower()) is not None


def _fold(name: str) -> str:
    """Owners and repositories ignore case, references do not."""
    action, _, ref = name.rpartition("@")
    return f"{action.lower()}@{ref}"
