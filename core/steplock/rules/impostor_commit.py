"""A commit that no branch or tag of the repository reaches: it comes from a fork. Asked online.

## Why is this bad?
GitHub keeps a repository and all its forks in one store, so that `owner/action@commit` runs a commit that anybody pushed to a
fork. An attacker's pull request that "updates a pin" to such a commit looks like the action's own code, and is his.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: online-org/action@f02c000000000000000000000000000000000000 # v1.2.3
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: online-org/action@1230000000000000000000000000000000000000 # v1.2.3
```

Only with `--online`: the history of the repository is fetched, without its files, and kept for the next time. A commit
whose branch was deleted after the merge of something else counts too; it can vanish any day.

## Fix safety
Unsafe: another commit runs, the one that the tag in the comment stands for now.

## References
- [What the fork? Imposter commits in GitHub Actions](https://www.chainguard.dev/unchained/what-the-fork-imposter-commits-in-github-actions-and-ci-cd)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import HookRepo, Uses
from steplock.online import Online
from steplock.pinning import Target, pin_edits
from steplock.rule import Context, Finding, Fix, Safety, Severity, rule
from steplock.tables import pins

_COMMIT = 40


@rule(severity=Severity.HIGH, online=True)
def check(view: Uses | HookRepo, context: Context) -> Iterator[Finding]:
    online = context.online
    if online is None or not view.slug:
        return
    if isinstance(view, Uses):
        commit, span, scope = view.ref if view.is_commit else "", view.span, view.scope
    elif view.rev is not None:
        commit, span, scope = view.rev.value, view.rev.span, view.span
    else:
        return
    if len(commit) != _COMMIT or pins.tags(view.slug, commit):
        return
    if online.contains(view.slug, commit.lower()) is False:
        fix = _fix(view, online) if isinstance(view, Uses) else None
        yield Finding(
            span,
            f"no branch or tag of `{view.slug}` reaches this commit: whoever has a fork may have made it",
            (fix,),
            scope=scope,
        )


def _fix(uses: Uses, online: Online) -> Fix | None:
    version = uses.version
    commit = online.commit(uses.slug, version) if version else None
    if version is None or commit is None:
        return None
    edits = pin_edits(uses, Target(commit, version, ""))
    return Fix.of(f"Pin to {version} ({commit[:10]})", edits, safety=Safety.UNSAFE)
