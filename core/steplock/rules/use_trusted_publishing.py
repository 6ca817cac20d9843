"""A package is published with a token that is kept, where the registry could trust the workflow.

## Why is this bad?
A publishing token sits in the settings for years, and whoever gets it (a taken-over action, a leaked log) publishes packages under
the project's name from anywhere. With trusted publishing the registry gives a job a token for minutes, and to that
repository's workflow alone.

## Example
```yaml
on: release
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: release
    steps:
      - uses: pypa/gh-action-pypi-publish@release/v1
        with:
          password: ${{ secrets.UPLOAD_TOKEN }}
```

Use instead:
```yaml
on: release
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: release
    permissions:
      id-token: write
    steps:
      - uses: pypa/gh-action-pypi-publish@release/v1
```

A command that publishes is reported where its job may not ask for an identity (`id-token: write`), unless it names another
registry. Clients that find a token in their environment, such as `semantic-release`, are reported where they are given one.

## References
- [Trusted Publishers for All Package Repositories](https://repos.openssf.org/trusted-publishers-for-all-package-repositories)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Job, Step
from steplock.rule import Confidence, Finding, Severity, rule
from steplock.secrets import secrets_in
from steplock.shell import Command
from steplock.syntax import Mapping, Scalar
from steplock.tables import publishers
from steplock.tables.publishers import Publisher

# The input that brings a token or refuses trusted publishing, the one that names the registry, and the label that
# the registry's address has then; from their manifests, 2026-11-21.
_ACTIONS = {
    "actions/setup-node": ("always-auth", ("registry-url",), "npmjs"),
    "pypa/gh-action-pypi-publish": ("password", ("repository-url", "repository_url"), "pypi"),
    "rubygems/configure-rubygems-credentials": ("api-token", ("gem-server",), "rubygems"),
    "rubygems/release-gem": ("setup-trusted-publisher", (), ""),
}
_LABELS = frozenset({"crates", "npmjs", "nuget", "pypi", "rubygems", "testpypi"})
# Registries that take such tokens, whatever the client can do.
_PACKAGES = frozenset({"PyPI", "crates.io", "npm", "npm (yarn 1)", "nuget.org", "rubygems.org"})
_VERBS = frozenset({"publish", "push", "upload"})
_REGISTRY = (
    "--host",
    "--index",
    "--publish-url",
    "--registry",
    "--repository",
    "--repository-url",
    "--source",
    "-r",
    "-s",
)


@rule(severity=Severity.INFORMATIONAL)
def check(step: Step) -> Iterator[Finding]:
    if step.uses is not None:
        if step.uses.action in _ACTIONS:
            yield from _known(step, *_ACTIONS[step.uses.action])
        elif step.uses.is_remote:
            yield from _action(step)
    elif _may_publish(step):
        for command in step.script.commands if step.script else ():
            yield from _command(step, command)


def _known(step: Step, name: str, registries: tuple[str, ...], label: str) -> Iterator[Finding]:
    value = step.input(name)
    assert step.uses is not None
    text = value.value.strip().lower() if value is not None else ""
    if not text or (text == "false") is not (name == "setup-trusted-publisher"):
        return
    given = [url for url in map(step.input, registries) if url is not None]
    if all(_label(url.value) == label for url in given):
        message = (
            f"`{name}` brings a token that is kept; let the registry trust this workflow instead"
        )
        yield Finding(step.uses.span, message, scope=step.span)


def _action(step: Step) -> Iterator[Finding]:
    assert step.uses is not None
    publisher = publishers.of(step.uses.action)
    if publisher is None or not publisher.oidc or publisher.kind != "package":
        return
    inputs = [value for name in publisher.credentials if (value := step.input(name))]
    for value in (*inputs, *_variables(step, publisher)):
        if any(not secret.is_token for secret in secrets_in(value.value)):
            message = f"{publisher.target} is given a token that is kept; it can trust this workflow instead"
            yield Finding(step.uses.span, message, confidence=Confidence.MEDIUM, scope=step.span)
            return


def _command(step: Step, command: Command) -> Iterator[Finding]:
    assert step.run is not None
    words = [word.value.partition("==")[0] for word in command.argv]
    if command.name == "cargo":
        words = [word for word in words if not word.startswith("+")]
    publisher = publishers.command((command.name, *words)) if command.name else None
    if publisher is None or publisher.kind != "package" or _is_elsewhere(step, command):
        return
    if command.has_flag("-n", "--dry-run"):
        return
    if publisher.target not in _PACKAGES or publisher.words[-1] not in _VERBS:
        values = _variables(step, publisher) if publisher.oidc else ()
        tokens = [secret for value in values for secret in secrets_in(value.value)]
        if not any(not token.is_token for token in tokens):
            return
    message = (
        f"`{' '.join(publisher.words)}` needs a token that is kept; let {publisher.target} trust this workflow, "
        "and give the job `id-token: write`"
    )
    yield Finding(step.document.locate(step.run, command.span), message, scope=step.span)


def _variables(step: Step, publisher: Publisher) -> tuple[Scalar, ...]:
    """The variables that hold a token for a client, as the step sees them."""
    found: dict[str, Scalar] = {}
    for owner in (step.workflow, step.job, step):
        env = owner.env if owner is not None else None
        for key, value in env.items if isinstance(env, Mapping) else ():
            if key.value in publisher.variables and isinstance(value, Scalar):
                found[key.value] = value
    return tuple(found.values())


def _is_elsewhere(step: Step, command: Command) -> bool:
    """Whether the command, or the set-up of Node, names another registry."""
    named = command.option(*_REGISTRY)
    if named is not None:
        return _label(named.value) not in _LABELS
    if command.name not in ("npm", "pnpm", "yarn", "bun", "bunx", "npx"):
        return False
    before = [other for other in step.parent.steps if other.index < step.index and other.uses]
    urls = [url for other in before if (url := other.input("registry-url"))]
    return bool(urls) and _label(urls[-1].value) != "npmjs"


def _label(address: str) -> str:
    """`example` for an address at `upload.example.org`; a name such as `pypi` is itself."""
    host = address.strip().rpartition("://")[2].partition("/")[0]
    return host.lower().split(".")[-2:][0]


def _may_publish(step: Step) -> bool:
    """Whether a look at the script is worth while: its job has to bring a token to publish."""
    if step.run is None or step.job is None or _may_identify(step.job):
        return False
    return any(verb in step.run.value for verb in (*_VERBS, "release"))


def _may_identify(job: Job) -> bool:
    permissions = job.effective_permissions
    return permissions is not None and permissions.level("id-token") == "write"
