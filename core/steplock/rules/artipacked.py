"""`actions/checkout` leaves the job's token in git's configuration.

## Why is this bad?
Every later step can read the token there: an action, a build script, a dependency's install hook. A step that uploads the
work tree as an artifact publishes it to everybody, while it is still valid. Since version 6 the token lies
outside the work tree, so that artifacts no longer hold it; later steps still reach it.

## Example
```yaml
on: push
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-go@v5
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
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-go@v5
```

## Fix safety
Safe where nothing after the checkout talks to the remote: no `git push` or `git fetch`, no action that commits, no local
action, and, where the token may write, no program of the repository either. Else unsafe: the step that needs
the credentials is named, and has to bring its own.

## References
- [ArtiPACKED](https://unit42.paloaltonetworks.com/github-repo-artifacts-leak-tokens/)
- [actions/checkout](https://github.com/actions/checkout#usage)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.credentials import may_write, uses_of_credentials
from steplock.edits import set_key
from steplock.lazy import pattern
from steplock.model import Action, Job, Step
from steplock.rule import Confidence, Finding, Fix, Persona, Related, Safety, Severity, rule
from steplock.tables import pins
from steplock.tables.ranges import at_least
from steplock.text import Span

_OUTSIDE_SINCE = 6
_MAJOR = pattern(r"v?(\d+)(?:\.\d+)*")
_WORKSPACE = pattern(r"^\$\{\{[^}]*github\.workspace[^}]*\}\}")
_REST = pattern(r"(?:^|/)[*/]*$")  # of a path to all that is in a folder
# https://github.com/actions/upload-artifact/releases/tag/v4.4.0
_HIDES_DOTS_SINCE = "v4.4.0"


@rule(severity=Severity.MEDIUM)
def check(parent: Job | Action) -> Iterator[Finding]:
    checkouts = [
        step for step in parent.steps if step.uses and step.uses.action == "actions/checkout"
    ]
    if not checkouts:
        return
    uploads = [
        step
        for step in parent.steps
        if step.uses and step.uses.action == "actions/upload-artifact" and _takes_hidden(step)
    ]
    for checkout in checkouts:
        persona = _persona(checkout)
        if persona is None:
            continue
        ours = [step for step in uploads if _holds(step, _folder(checkout))]
        after = [step for step in ours if step.index > checkout.index]
        if after or not ours:
            yield _finding(checkout, after, persona)


def _persona(checkout: Step) -> Persona | None:
    """Who wants to hear of it; None where the token is not kept."""
    value = checkout.input("persist-credentials")
    if value is None or value.is_null:
        whole = checkout.node.scalar("with")
        return Persona.AUDITOR if whole and "${{" in whole.value else Persona.REGULAR
    match value.value.strip().lower():
        case "false":
            return None
        case "true":
            return Persona.AUDITOR
        case text if text.startswith("${{") and text.endswith("}}"):
            return Persona.PEDANTIC
    return Persona.REGULAR


def _finding(checkout: Step, uploads: list[Step], persona: Persona) -> Finding:
    assert checkout.uses is not None
    match = _MAJOR.fullmatch(checkout.uses.version or "")
    outside = match is not None and int(match[1]) >= _OUTSIDE_SINCE
    if uploads:
        severity = Severity.MEDIUM if outside else Severity.HIGH
        message = (
            "the job's token stays in git's configuration, and the work tree is uploaded afterwards"
        )
    else:
        steps = (
            checkout.job.steps if checkout.job else ()
        )  # after an action's, those of a job follow
        is_last = steps[-1:] == (checkout,)
        severity = Severity.LOW if outside or is_last else Severity.MEDIUM
        readers = "a later step could" if is_last else "every later step can"
        message = f"the job's token stays in git's configuration, where {readers} read it"
    return Finding(
        Span(checkout.span.start, checkout.uses.span.end),
        f"{message}; set `persist-credentials: false`",
        (_fix(checkout),),
        severity=severity,
        confidence=Confidence.HIGH if uploads else Confidence.LOW,
        persona=persona,
        related=tuple(Related("uploaded here", upload.span) for upload in uploads),
        scope=checkout.span,
    )


def _fix(checkout: Step) -> Fix | None:
    edit = set_key(checkout.document, checkout.node, ("with", "persist-credentials"), "false")
    writes = may_write(checkout.job)
    needed = [use for use in uses_of_credentials(checkout) if use.is_certain or writes]
    title = "Set `persist-credentials: false`"
    if not needed:
        return Fix.of(title, edit, safety=Safety.SAFE)
    first = min(needed, key=lambda use: not use.is_certain)
    verb = "needs" if first.is_certain else "may need"
    return Fix.of(f"{title} (`{first.what}` {verb} the token)", edit, safety=Safety.UNSAFE)


def _takes_hidden(step: Step) -> bool:
    """Whether an upload takes what begins with a dot, too, where the token lies."""
    assert step.uses is not None
    asked = step.input("include-hidden-files")
    if asked is not None and asked.value.strip().lower() != "false":
        return True
    tags = pins.tags(step.uses.slug, step.uses.ref) if step.uses.is_commit else ()
    version = tags[0] if tags else step.uses.version
    return not (version and at_least(version, _HIDES_DOTS_SINCE))


def _holds(upload: Step, folder: str) -> bool:
    """Whether an upload takes all of a folder of the work tree, or what git keeps there."""
    path = upload.input("path")
    roots = (_rooted(line) for line in path.value.splitlines()) if path else ()
    inner = f"{folder}/.git".removeprefix("/")
    return any(not root or f"{inner}/".startswith(f"{root}/") for root in roots)


def _folder(checkout: Step) -> str:
    path = checkout.input("path")
    return _rooted(path.value) if path else ""


def _rooted(path: str) -> str:
    """A path from the work tree's root, without what says "all of it"; empty for the root."""
    path = _WORKSPACE.sub(".", path.strip())
    rooted = _REST.sub("", f"./{path}".replace("/./", "/")).removeprefix("./")
    return "" if rooted in (".", "..") else rooted
