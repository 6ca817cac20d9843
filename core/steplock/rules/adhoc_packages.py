"""A script installs a package that no lock file holds to one content.

## Why is this bad?
The newest version of a package is what its maintainer, or who took over the account, uploaded last, and its install hooks run
in the job at once. So a release that was bad for an hour reaches every job that ran in that hour, with its token and
its secrets.

## Example
```yaml
on: push
permissions: {}
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: npm install oxlint
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: npm ci
```

| Reported to | What |
| --- | --- |
| everybody | `npm install x`, `yarn add`, `pnpm add`, `gem install`, `bundle add`; other installers that name no version, or a lowest one only: `pip`, `pipx`, `uv`, `conda`, `cargo`, `go`, `npx`, `docker run`...; lock files that are left aside (`npm install --no-package-lock`) |
| pedants | a version without a hash, `pip` and `conda` themselves, requirements without hashes |
| auditors | packages of the system (`apt`, `brew`, `winget`...) |

Right are lock files (`npm ci`, `uv sync --locked`, `cargo install --locked` with a version), hashes (`--require-hashes`,
digests of images), Go modules at a version, which a public log holds fast, and paths. What `npx` runs is looked for in
`package.json`, and taken to be installed where the job installed the project before.

## References
- [pip: secure installs](https://pip.pypa.io/en/stable/topics/secure-installs/)
- [npm ci](https://docs.npmjs.com/cli/commands/npm-ci)
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from steplock.installs import Install, install, mentioned
from steplock.model import Action, Job, Step
from steplock.named import NamedTuple
from steplock.packages import Exactness, Package, is_address
from steplock.rule import Context, Finding, Persona, Severity, rule
from steplock.shell import Command
from steplock.verifying import verifies

_ALWAYS = frozenset({"bundle", "gem", "npm", "pnpm", "yarn"})
_SYSTEM = frozenset({"apk", "apt", "brew", "dnf", "snap", "winget"})
_INSTALLERS = frozenset({"app::cpanminus", "conda", "mamba", "pip", "setuptools", "wheel"})
_SUBCOMMANDS = frozenset({"add", "ci", "clean-install", "i", "install"})
_ADVICE = {
    "docker": "add its digest",
    "gh": "name a release, and check what it brings",
    "go": "name a version",
    "go-get": "name a version",
}
_BUILDERS = frozenset({"docker/bake-action", "docker/build-push-action"})
_BUILDS = frozenset({"build", "buildx", "commit", "compose", "import", "load", "tag"})


class _Before(NamedTuple):
    """What the steps and commands so far have put in place."""

    project: bool = False
    """Whether a package manager installed what the project lists."""
    image: bool = False
    """Whether an image was built or loaded."""


@rule(severity=Severity.LOW)
def check(parent: Job | Action, context: Context) -> Iterator[Finding]:
    before = _Before()
    for step in parent.steps:
        if step.uses is not None and step.uses.slug in _BUILDERS:
            before = before._replace(image=True)
        if step.run is None or not mentioned(step.run.value) or step.script is None:
            continue
        for command in step.script.commands:
            found = install(command)
            if found is not None:
                finding = _packages(step, command, found, before, context)
                if finding or (finding := _files(step, command, found, context)):
                    yield finding
            before = _Before(
                before.project or _installs_project(command), before.image or _builds_image(command)
            )


def _packages(
    step: Step, command: Command, found: Install, before: _Before, context: Context
) -> Finding | None:
    judged = [(persona, p) for p in found.packages if (persona := _persona(found, p))]
    if not judged or _is_at_hand(step, found, before, context):
        return None
    persona, package = min(judged, key=lambda one: (one[0], one[1].exactness))
    alike = sum(other.exactness == package.exactness for _, other in judged) - 1
    more = f" (and {alike} more)" if alike else ""
    if found.manager == "lock":
        how = "leaves the lock file aside: whatever fits on the day is installed, good or bad"
    elif package.exactness is Exactness.ANY and is_address(package.text):
        how = "is whatever its server answers; name a commit, or check its hash"
    elif package.exactness is Exactness.VERSION:
        how = "may be replaced under the same version; only a hash, as in a lock file, holds it"
    elif package.exactness is Exactness.RANGE:
        how = "lets in whatever version fits on the day; use a lock file"
    else:
        name_it = (
            "name a version" if found.manager in _SYSTEM else "use a lock file, or name a version"
        )
        advice = _ADVICE.get(found.manager, name_it)
        how = f"is whatever was published last, good or bad; {advice}"
    return _finding(step, command, f"`{package.text}`{more} {how}", persona)


def _persona(found: Install, package: Package) -> Persona | None:
    """Who wants to hear of it; None for what is held fast."""
    if package.exactness is Exactness.HASH:
        return None
    if found.manager in _SYSTEM:
        return Persona.AUDITOR if package.exactness is Exactness.ANY else None
    if found.manager in _ALWAYS:
        return Persona.REGULAR
    if package.exactness is Exactness.ANY and package.name.lower() not in _INSTALLERS:
        return Persona.REGULAR
    return Persona.PEDANTIC


def _is_at_hand(step: Step, found: Install, before: _Before, context: Context) -> bool:
    """Whether what is asked for was made, installed or checked by the job itself."""
    match found.manager:
        case "npx":
            package = found.packages[0]
            if package.name != package.text:
                return False
            listed = context.repository.read("package.json") or ""
            return before.project or f'"{package.name}"' in listed
        case "docker":
            return before.image
        case "gh":
            return any(verifies(other) for other in step.script.commands) if step.script else False
    return False


def _installs_project(command: Command) -> bool:
    words = command.arguments
    return command.name in ("bun", "npm", "pnpm", "yarn") and (
        words[0].value in _SUBCOMMANDS if words else command.name == "yarn"
    )


def _builds_image(command: Command) -> bool:
    words = command.arguments
    return command.name in ("docker", "podman") and bool(words) and words[0].value in _BUILDS


def _files(step: Step, command: Command, found: Install, context: Context) -> Finding | None:
    """Requirements of this repository in which hashes are missing."""
    folder = step.node.scalar("working-directory")
    for path in found.files:
        places = (posixpath.join(folder.value, path), path) if folder else (path,)
        text = next((t for place in places if (t := context.repository.read(place))), "")
        if text.strip() and "--hash" not in text:
            message = (
                f"`{path}` has no hashes: what it names may be replaced under the same version"
            )
            return _finding(step, command, message, Persona.PEDANTIC)
    return None


def _finding(step: Step, command: Command, message: str, persona: Persona) -> Finding:
    assert step.run is not None
    span = step.document.locate(step.run, command.span)
    return Finding(span, message, persona=persona, scope=step.span)
