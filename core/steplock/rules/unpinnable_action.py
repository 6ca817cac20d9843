"""An action that is pinned, but itself runs what is not.

## Why is this bad?
A pin holds the action's own files only. The tag of another action that it calls, or of the image that it runs, can be moved:
an attacker who takes that over gets into the job with the pin still in place.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: sigstore/gh-action-sigstore-python@61f6a500bbfdd9a2a339cf033e5421951fbc1cd2 # v2.1.1
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: sigstore/gh-action-sigstore-python@790bc6befb9d733738f18d8f895854b453640ec9 # v3.5.0
```

Known from the manifests of several hundred well-known actions. Nothing in the workflow makes it right: ask for a release whose
calls are pinned, use another action, or call what it calls yourself. Where only the base of its image moves, or what it
calls is GitHub's own, only auditors are told.

## References
- [Unpinnable actions](https://www.paloaltonetworks.com/blog/cloud-security/unpinnable-actions-github-security/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Uses
from steplock.rule import Confidence, Context, Finding, Persona, Severity, rule
from steplock.tables import actions, pins


@rule(severity=Severity.LOW)
def check(uses: Uses, context: Context) -> Iterator[Finding]:
    if not uses.is_commit or not actions.known(uses.action):
        return
    manifest = _manifest(uses)
    if manifest is None or not manifest.moving or _locked(context):
        return
    moving = manifest.moving
    shown = ", ".join(f"`{one.removeprefix('docker://')}`" for one in moving[:2])
    more = f" and {len(moving) - 2} more" if len(moving) > 2 else ""
    verb = "is built on" if _only_builds(manifest) else "runs"
    yield Finding(
        uses.span,
        f"the pin does not hold what `{uses.name}` {verb} at {manifest.at}: {shown}{more}",
        confidence=Confidence.HIGH if manifest.exact else Confidence.MEDIUM,
        persona=_persona(manifest),
        scope=uses.scope,
    )


def _manifest(uses: Uses) -> actions.Manifest | None:
    tag = next(iter(pins.tags(uses.slug, uses.ref)), None) or uses.version
    return actions.of(uses.action, tag) if tag else None


def _locked(context: Context) -> bool:
    """GitHub's lock file holds what actions call, too."""
    lock = context.repository.lock
    return lock is not None and context.path in lock.workflows


def _only_builds(manifest: actions.Manifest) -> bool:
    return not any(image.startswith("docker://") for image in manifest.images) and not manifest.uses


def _persona(manifest: actions.Manifest) -> Persona:
    own = all(one.lower().startswith(("actions/", "github/")) for one in manifest.moving)
    return Persona.AUDITOR if own or _only_builds(manifest) else Persona.REGULAR
