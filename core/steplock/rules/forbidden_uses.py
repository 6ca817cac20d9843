"""An action or a hook that the configuration does not allow.

## Why is this bad?
What an organisation has not looked at, or has banned after an incident, comes back in through the next pull request; the
account behind it then runs code with the organisation's secrets.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: octo-org/setup-tool@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v3.5.0
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-go@d35c59abb061a4a6fb18e82ac0862c26744d6ab5 # v5.5.0
```

Off unless the configuration sets an option or switches it on. Switched on without options, it allows GitHub's own actions
only. Steps, composite actions, calls of reusable workflows and pre-commit's repositories on GitHub are looked at.

## Options
- `allow`: the only ones that may be used.
- `deny`: those that may not be used, whatever `allow` says.

Patterns are `owner/repo[/subpath][@ref]`, `owner/repo/*`, `owner/*` and `*`.

## References
- [Allowing select actions to run](https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository#allowing-select-actions-and-reusable-workflows-to-run)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import HookRepo, Uses
from steplock.named import NamedTuple
from steplock.patterns import fits_name
from steplock.rule import Finding, Severity, rule


class Options(NamedTuple):
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


_OWN = ("actions/*", "github/*")


@rule(severity=Severity.HIGH, enabled=False)
def check(view: Uses | HookRepo, options: Options) -> Iterator[Finding]:
    if isinstance(view, HookRepo):
        name, ref, scalar = view.slug, view.rev.value if view.rev else "", view.url
    else:
        name, ref, scalar = view.name if view.is_remote else "", view.ref, view.scalar
    if not name or scalar is None:
        return
    scope = view.span if isinstance(view, HookRepo) else view.scope
    span = scalar.span if isinstance(view, HookRepo) else view.span
    denied = next((p for p in options.deny if fits_name(name, ref, p)), None)
    if denied is not None:
        message = f"`{name}` must not be used here: the configuration denies `{denied}`"
        yield Finding(span, message, scope=scope)
        return
    allow = options.allow or (() if options.deny else _OWN)
    if allow and not any(fits_name(name, ref, pattern) for pattern in allow):
        message = f"`{name}` must not be used here: the configuration does not allow it"
        yield Finding(span, message, scope=scope)
