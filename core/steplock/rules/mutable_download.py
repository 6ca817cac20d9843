"""An action that downloads whatever is newest when it runs, however it is pinned itself.

## Why is this bad?
A pin holds the action's own code, not the program it fetches. Whoever takes over the releases of that program is in the
next run of every workflow, with its token and its secrets, and no commit of yours changed.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: hashicorp/setup-terraform@5e8dbf3c6d9deaf4193ca7a8fb23f2ac83bb6c85 # v4.0.0
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: hashicorp/setup-terraform@5e8dbf3c6d9deaf4193ca7a8fb23f2ac83bb6c85 # v4.0.0
        with:
          terraform_version: 1.13.5
```

Known from the source of over a hundred actions, release by release. Medium where nothing is checked or a script is run straight from
the web; low where hashes are compared, within a range that you chose, and where it is not known. An exact version can
still be replaced by whoever holds the releases: where the action takes a hash, give it too.

Pedants are also told where no input helps and where a toolchain follows a channel; auditors where a file of the project may name
the version, where GitHub's runners bring the program along, and where GitHub itself chooses it.

## Fix safety
Unsafe: the version is an example of the right form. Choose the one that you want.

## References
- [Unpinnable actions](https://www.paloaltonetworks.com/blog/cloud-security/unpinnable-actions-github-security/)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import set_key
from steplock.model import Step, Uses
from steplock.rule import Finding, Fix, Persona, Safety, Severity, rule
from steplock.syntax import Mapping, Scalar
from steplock.tables import downloads, pins
from steplock.tables.conditions import EXPRESSION, Situation
from steplock.tables.downloads import Download
from steplock.text import Span
from steplock.trust import situation
from steplock.version import parse

# unpinned-tools speaks of these.
_LEFT_OUT = {"1password/load-secrets-action", "aquasecurity/setup-trivy", "extractions/setup-just"}
# Their newest release is a channel that a person chose to follow; rustup checks it against the channel's manifest.
_CHANNELS = {"actions-rust-lang/setup-rust-toolchain", "dtolnay/rust-toolchain"}
# Already on GitHub's own runners, and then not fetched.
_ON_RUNNERS = {"docker/setup-buildx-action"}
_NEWEST = {"", "*", "latest"}
_HASHES = {
    "never": "compares no hash",
    "known-versions": "compares hashes only of the releases that it knew",
    "unknown": "perhaps compares no hash",
}


@rule(severity=Severity.MEDIUM)
def check(step: Step) -> Iterator[Finding]:
    uses = step.uses
    if uses is None or not uses.is_remote or uses.action in _LEFT_OUT:
        return
    known = _situation(step, uses) if downloads.known(uses.action) else None
    download = downloads.of(uses.action, known.version) if known else None
    if known is None or download is None:
        yield from _selected(step, uses)
        return
    moves = downloads.moves(uses.action, known)
    asked_of_file = moves is None and download.from_file and not step.input_item(download.input)
    if (not moves and not asked_of_file) or _names_file(step) or _is_exact_branch(step, uses):
        return
    span, value = _place(step, uses, download)
    yield Finding(
        span,
        _message(step, uses, download, value),
        (_fix(step, download, value),),
        severity=_severity(download, value),
        persona=Persona.AUDITOR if asked_of_file else _persona(step, uses, download),
        scope=step.span,
    )


def _situation(step: Step, uses: Uses) -> Situation:
    """With the version that a commit stands for, where that is known better than from its comment."""
    known = situation(step)
    tags = pins.tags(uses.slug, uses.ref) if uses.is_commit else ()
    items = step.env.items if isinstance(step.env, Mapping) else ()
    env = {key.value: value.value for key, value in items if isinstance(value, Scalar)}
    return known._replace(version=tags[0] if tags else known.version, env=env)


def _selected(step: Step, uses: Uses) -> Iterator[Finding]:
    """`version: latest` of an action whose name says that it sets a tool up."""
    if not uses.name.rpartition("/")[2].startswith(("setup-", "install-")):
        return
    for key, value in step.inputs.items if step.inputs else ():
        moving = isinstance(value, Scalar) and value.value == "latest"
        if moving and key.value.lower().endswith("version"):
            yield Finding(
                Span(key.span.start, value.span.end),
                f"`{key.value}: latest` is another program with each release of it; give an exact version",
                severity=Severity.LOW,
                persona=Persona.PEDANTIC if uses.owner == "actions" else None,
                scope=step.span,
            )


def _names_file(step: Step) -> bool:
    """Whether it is told a file that holds the version."""
    return any(
        key.value.lower().endswith(("-file", "_file", "-path")) and "version" in key.value.lower()
        for key, _ in (step.inputs.items if step.inputs else ())
    )


def _is_exact_branch(step: Step, uses: Uses) -> bool:
    """`dtolnay/rust-toolchain@1.90.0`: the branch names the version."""
    if uses.action not in _CHANNELS or uses.is_commit or step.input("toolchain"):
        return False
    asked = parse(uses.ref)
    return asked is not None and asked.full and not uses.ref.startswith("v")


def _place(step: Step, uses: Uses, download: Download) -> tuple[Span, str]:
    """Where to point, and the value given."""
    for name in (download.input, *download.also):
        scalar = step.input(name)
        if scalar is None or not scalar.value or EXPRESSION in scalar.value:
            continue
        if not downloads.exact(download, scalar.value):
            return scalar.span, scalar.value.strip()
    return uses.span, ""


def _message(step: Step, uses: Uses, download: Download, value: str) -> str:
    if download.kind == "remote-script" and not value:
        what = "runs a script straight from the web"
    elif value.lower() in _NEWEST:
        what = "downloads the newest release of a program at each run"
    else:
        what = f"downloads at each run whatever `{value}` stands for then"
    what = f"`{uses.name}` {what} and {_hashes(download)}"
    if not download.input:
        return f"{what}; no input pins it"
    if download.from_file and not step.input_item(download.input):
        what += f", unless {download.from_file} names a version"
    name = download.input.removeprefix("env:")
    where = f"the variable `{name}`" if name != download.input else f"`{name}`"
    remedy = "a path of your own in" if download.form == "path" else "an exact value of"
    return f"{what}; {remedy} {where} pins it"


def _hashes(download: Download) -> str:
    if download.verifies == "user-supplied":
        return f"compares a hash only where `{download.checksum}` gives one"
    if download.verifies == "always":
        return f"checks it against {download.hashes.partition(';')[0]}"
    return _HASHES[download.verifies]


def _severity(download: Download, value: str) -> Severity:
    unchecked = download.kind == "floating" and download.verifies in ("never", "user-supplied")
    newest = unchecked and value.lower() in _NEWEST
    return Severity.MEDIUM if newest or download.kind == "remote-script" else Severity.LOW


def _persona(step: Step, uses: Uses, download: Download) -> Persona:
    brought = uses.action in _ON_RUNNERS and not step.input_item(download.input)
    if brought or uses.owner in ("actions", "github"):
        return Persona.AUDITOR
    hopeless = not download.input and download.kind != "remote-script"
    return Persona.PEDANTIC if hopeless or uses.action in _CHANNELS else Persona.REGULAR


def _fix(step: Step, download: Download, value: str) -> Fix | None:
    if not download.example or download.form or value.lower() not in _NEWEST:
        return None
    name = download.input.removeprefix("env:")
    pair = step.input_item(download.input)
    block = "with" if name == download.input else "env"
    key = pair[0].value if pair else name
    edit = set_key(step.document, step.node, (block, key), download.example)
    title = f"Set `{key}: {download.example}`, an example; choose your version"
    return Fix.of(title, edit, safety=Safety.UNSAFE)
