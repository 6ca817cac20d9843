"""A token of a GitHub App that reaches further, or lives longer, than the job needs.

## Why is this bad?
Without limits, the token may do all that the App may, in every repository where it is installed. A step that is taken over
then writes to the whole organization instead of one repository's issues; a token that is not revoked still works
after the job.

## Example
```yaml
on: push
permissions: {}
jobs:
  label:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/create-github-app-token@1b10c78c7865c340bc4f6099eb2f838309f1e8c3 # v3.1.1
        with:
          client-id: ${{ vars.APP_ID }}
          private-key: ${{ secrets.APP_KEY }}
          owner: octo-org
          skip-token-revoke: true
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  label:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/create-github-app-token@1b10c78c7865c340bc4f6099eb2f838309f1e8c3 # v3.1.1
        with:
          client-id: ${{ vars.APP_ID }}
          private-key: ${{ secrets.APP_KEY }}
          owner: octo-org
          repositories: docs
          permission-issues: write
```

Permissions that concern organizations alone (`permission-members`) need no repositories.

## Fix safety
Unsafe: another job may use the token after this one has ended (`skip-token-revoke`), or other repositories of the same owner
(`repositories`).

## References
- [actions/create-github-app-token](https://github.com/actions/create-github-app-token#inputs)
- [tibdex/github-app-token](https://github.com/tibdex/github-app-token#readme)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import remove_key, set_key
from steplock.lazy import pattern
from steplock.model import Step
from steplock.rule import Confidence, Finding, Fix, Safety, Severity, rule
from steplock.syntax import Scalar
from steplock.version import parse

# https://github.com/actions/create-github-app-token/blob/main/action.yml, read 2026-11-21.
_ORGANIZATION = pattern(
    r"permission-(members|organization-.+|(enterprise-)?custom-properties-for-organizations)"
)
_SAME_OWNER = pattern(r"\$\{\{\s*github\.(repository_owner|event\.repository\.owner\.login)\s*}}")


@rule(severity=Severity.HIGH, words=("app-token",))
def check(step: Step) -> Iterator[Finding]:
    if step.uses is None or isinstance(step.node.get("with"), Scalar):
        return
    match step.uses.action:
        case "actions/create-github-app-token":
            yield from _official(step)
        case "tibdex/github-app-token":
            yield from _tibdex(step)


def _official(step: Step) -> Iterator[Finding]:
    assert step.uses is not None
    names = [key.value.lower() for key, _ in step.inputs.items] if step.inputs else []
    permissions = [name for name in names if name.startswith("permission-")]
    yield from _kept(step, "skip-token-revoke", "true")
    only_organization = permissions and all(map(_ORGANIZATION.fullmatch, permissions))
    owner = step.input_item("owner")
    if owner is not None and "repositories" not in names and not only_organization:
        message = "the token reaches every repository of this owner where the App is installed; name them in `repositories`"
        yield Finding(owner[0].span, message, (_this_repository(step),), scope=step.span)
    if not permissions:
        message = "the token may do all that the App may; name what it needs, such as `permission-contents: read`"
        yield Finding(step.uses.span, message, scope=step.span)


def _tibdex(step: Step) -> Iterator[Finding]:
    assert step.uses is not None
    version = parse(step.uses.version or "")
    if version is not None and version.major >= 2:
        yield from _kept(step, "revoke", "false")
        if step.input_item("repositories") is None:
            message = "the token reaches every repository where the App is installed; name them in `repositories`"
            yield Finding(step.uses.span, message, scope=step.span)
    if step.input_item("permissions") is None:
        message = "the token may do all that the App may; name what it needs in `permissions`"
        yield Finding(step.uses.span, message, scope=step.span)


def _kept(step: Step, name: str, wanted: str) -> Iterator[Finding]:
    """An input that leaves the token valid after the job."""
    pair = step.input_item(name)
    value = step.input(name)
    if pair is None or value is None or step.inputs is None:
        return
    dynamic = "${{" in value.value
    if value.value.strip().lower() == wanted or dynamic:
        when = "may stay" if dynamic else "stays"
        message = (
            f"the token {when} valid for up to an hour after the job, for whoever got hold of it"
        )
        edit = None if dynamic else remove_key(step.document, step.inputs, pair[0].value)
        yield Finding(
            pair[0].span,
            message,
            (Fix.of(f"Remove `{pair[0].value}`", edit, safety=Safety.UNSAFE),),
            confidence=Confidence.LOW if dynamic else Confidence.HIGH,
            scope=step.span,
        )


def _this_repository(step: Step) -> Fix | None:
    """Where the owner is that of this repository: this repository."""
    owner = step.input("owner")
    if owner is None or step.inputs is None or not _SAME_OWNER.fullmatch(owner.value.strip()):
        return None
    edit = set_key(
        step.document, step.inputs, ("repositories",), "${{ github.event.repository.name }}"
    )
    return Fix.of("Limit it to this repository", edit, safety=Safety.UNSAFE)
