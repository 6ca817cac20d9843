"""An action for a version of Node.js that runners no longer have.

## Why is this bad?
GitHub runs it with another version than it was written for; on one's own, older runners it gets the old one, whose
known holes nobody closes any more, for an attacker who sends it a crafted archive or answer. An action that nobody moves
to a new runtime is mostly one that nobody looks after.

## Example
```yaml action.yml
name: Greet
description: Says hello.
runs:
  using: node16
  main: dist/index.js
```

Use instead:
```yaml action.yml
name: Greet
description: Says hello.
runs:
  using: node24
  main: dist/index.js
```

Releases of well-known actions that ask for such a version are reported where they are used, those for Node 20 to pedants
only; and `ACTIONS_ALLOW_USE_UNSECURE_NODE_VERSION`, which asks for the old version, everywhere.

## Fix safety
Unsafe: the action may need changes to run with a new version.

## References
- [`runs.using`](https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#runsusing-for-javascript-actions)
- [Node 20 is being deprecated on GitHub Actions runners](https://github.blog/changelog/2025-09-19-deprecation-of-node-20-on-github-actions-runners/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import remove_key, replace_value
from steplock.model import Action, Job, Step, Uses, Workflow
from steplock.rule import Context, Finding, Fix, Persona, Safety, Severity, rule
from steplock.syntax import Mapping
from steplock.tables import actions, pins, releases
from steplock.text import Span

# Since when the runner has no such version; before Node 20, from GitHub's changelogs of 2023-06-13 and 2024-09-25.
_REMOVED = {"node12": "2023-06-14", "node16": "2024-11-12"}
_CURRENT = "node24"
_NODE = 24
_OPT_OUT = "ACTIONS_ALLOW_USE_UNSECURE_NODE_VERSION"


@rule(severity=Severity.LOW)
def check(view: Action | Workflow | Job | Step | Uses, context: Context) -> Iterator[Finding]:
    if isinstance(view, Uses):
        if actions.known(view.action):
            yield from _uses(view, context.today)
    elif isinstance(view, Action):
        yield from _action(view, context.today)
    elif isinstance(view.env, Mapping):
        yield from _opt_out(view, view.env)


def _action(action: Action, today: str) -> Iterator[Finding]:
    pair = action.runs.item("using") if action.runs else None
    if pair is None or not action.using.lower().startswith("node"):
        return
    since = _removed(action.using.lower(), today)
    if since is None:
        return
    edit = replace_value(action.document, *pair, _CURRENT)
    yield Finding(
        pair[1].span,
        f"GitHub's runners have had no `{action.using}` since {since}; move to `{_CURRENT}`",
        (Fix.of(f"Use `{_CURRENT}`", edit, safety=Safety.UNSAFE),),
    )


def _uses(uses: Uses, today: str) -> Iterator[Finding]:
    tags = pins.tags(uses.slug, uses.ref) if uses.is_commit else ()
    tag = next(iter(tags), None) or uses.version
    using = actions.runtime(uses.action, tag) if tag else None
    since = _removed(using, today) if using else None
    if using is None or since is None:
        return
    newer = actions.first_on(uses.action, _NODE)
    hint = f"`{newer}` runs on a current one" if newer else "no release for a newer one is known"
    yield Finding(
        uses.span,
        f"asks for `{using}` at most, which GitHub's runners have not had since {since}; {hint}",
        # Node 24 runs most of what was written for 20.
        severity=Severity.INFORMATIONAL if using == "node20" else None,
        persona=Persona.PEDANTIC if using == "node20" else None,
        scope=uses.scope,
    )


def _removed(using: str, today: str) -> str | None:
    """The day since when it is gone; None where it is not yet."""
    since = releases.platform("node20-removed").date if using == "node20" else _REMOVED.get(using)
    return None if since is None or (today and today < since) else since


def _opt_out(owner: Workflow | Job | Step, env: Mapping) -> Iterator[Finding]:
    pair, value = env.item(_OPT_OUT), env.scalar(_OPT_OUT)
    if pair is None or value is None or value.value.strip().lower() != "true":
        return
    edit = remove_key(owner.document, env, _OPT_OUT) or remove_key(
        owner.document, owner.node, "env"
    )
    yield Finding(
        Span(pair[0].span.start, value.span.end),
        "asks for a version of Node.js whose known holes nobody closes any more",
        (Fix.of(f"Remove `{_OPT_OUT}`", edit, safety=Safety.UNSAFE),),
        scope=env.span,
    )
