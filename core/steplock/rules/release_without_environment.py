"""A job that publishes, and that no environment guards.

## Why is this bad?
Whoever can push a branch or a tag, or takes such an account over, publishes what he likes: nobody approves the run, any
branch may start it, and a registry that trusts this workflow cannot tell. An environment brings reviewers and a list of
branches, holds the secrets back until then, and stands in the token that the registry checks.

## Example
```yaml
on:
  release:
    types: [published]
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      id-token: write
    steps:
      - uses: pypa/gh-action-pypi-publish@release/v1
```

Use instead:
```yaml
on:
  release:
    types: [published]
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: pypi
    permissions:
      id-token: write
    steps:
      - uses: pypa/gh-action-pypi-publish@release/v1
```

Off unless the configuration sets an option or switches it on. Where a job signs in with its own identity, everything
that its token may write besides is reported as well.

## Options
- `kinds`: what counts: `package`, `image`, `release`, `pages` or `deploy`; `package` unless set.

## References
- [Environments](https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments)
- [OpenID Connect: the environment in the token](https://docs.github.com/en/actions/reference/security/oidc)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Job, Step
from steplock.named import NamedTuple
from steplock.rule import Confidence, Finding, Related, Severity, rule
from steplock.tables import publishers
from steplock.text import Span
from steplock.trust.checks import situation

# What publishing takes: a token to sign in with, statements on what was built, GitHub's own registry.
_HARMLESS = frozenset({"artifact-metadata", "attestations", "id-token", "packages"})


class Options(NamedTuple):
    kinds: tuple[str, ...] = ("package",)


@rule(severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, enabled=False)
def check(job: Job, options: Options) -> Iterator[Finding]:
    if job.is_call:
        return
    published = [found for step in job.steps for found in _publishers(step)]
    meant = [found for found in published if found[0].kind in options.kinds]
    if not meant:
        return
    if job.environment is None:
        publisher, at = meant[0]
        yield Finding(
            job.key.span,
            f"`{job.id}` publishes ({publisher.target}) without an `environment` that says who may",
            related=(Related("published here", at),),
            scope=job.span,
        )
    if all(publisher.oidc for publisher, _ in published):
        yield from _powers(job)


def _publishers(step: Step) -> Iterator[tuple[publishers.Publisher, Span]]:
    """What a step publishes, as far as it certainly does, and where that is said."""
    if step.uses is not None:
        publisher = publishers.of(step.uses.action)
        if publisher is None or _is_rehearsal(step):
            return
        if publishers.publishes(step.uses.action, situation(step)):
            yield publisher, step.uses.span
        return
    for command in step.script.commands if step.script else ():
        words = [word.value for word in command.words[command.head :]]
        publisher = publishers.command(words) if words else None
        if publisher is None or step.run is None:
            continue
        if not any("testpypi" in word.lower() or "//test." in word for word in words):
            yield publisher, step.document.locate(step.run, command.span)


def _is_rehearsal(step: Step) -> bool:
    """Whether it publishes to a registry for tests."""
    url = step.input("repository-url") or step.input("repository_url")
    return url is not None and "//test." in url.value


def _powers(job: Job) -> Iterator[Finding]:
    permissions = job.permissions
    for scope in permissions.scopes if permissions else ():
        if scope.level == "write" and scope.name not in _HARMLESS:
            yield Finding(
                Span(scope.key.span.start, scope.value.span.end),
                f"publishing takes no `{scope.name}: write`; give it to a job of its own",
                severity=Severity.LOW,
                scope=job.span,
            )
