"""An action for what the runner's own tools do in a line or two.

## Why is this bad?
Every action is somebody else's code that runs with the job's token and secrets, and one more account for an attacker to
take over. `gh`, `git`, `jq` and `docker` are on GitHub's runners already.

## Example
```yaml
on: push
permissions: {}
jobs:
  label:
    runs-on: ubuntu-latest
    steps:
      - uses: actions-ecosystem/action-add-labels@18f1af5e3544586314bbe15c0273249c770b2daf # v1.1.3
        with:
          labels: bug
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  label:
    runs-on: ubuntu-latest
    steps:
      - run: gh issue edit "$NUMBER" --add-label bug
        env:
          NUMBER: ${{ github.event.issue.number }}
          GH_TOKEN: ${{ github.token }}
```

Actions whose work takes more than a command or two are reported to pedants only.

## References
- [Using GitHub CLI in workflows](https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-github-cli)
- [Software on GitHub's runners](https://github.com/actions/runner-images)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Step
from steplock.named import NamedTuple
from steplock.rule import Confidence, Finding, Persona, Severity, rule


class _Instead(NamedTuple):
    command: str
    persona: Persona = Persona.REGULAR
    confidence: Confidence = Confidence.HIGH


_RELEASE = _Instead("`gh release`")
_COMMIT = _Instead("`git commit` and `git push`", Persona.PEDANTIC, Confidence.LOW)
# What the runner's own tools do instead, as of 2026-11-21.
_ACTIONS = {
    "actions-ecosystem/action-add-labels": _Instead("`gh issue edit --add-label`"),
    "actions-ecosystem/action-remove-labels": _Instead("`gh issue edit --remove-label`"),
    "addnab/docker-run-action": _Instead("`docker run`, or a step with `uses: docker://`"),
    "dacbd/create-issue-action": _Instead("`gh issue create`"),
    "dtolnay/rust-toolchain": _Instead("`rustup`", Persona.PEDANTIC, Confidence.MEDIUM),
    "elgohr/github-release-action": _RELEASE,
    "endbug/add-and-commit": _COMMIT,
    "ncipollo/release-action": _RELEASE,
    "peter-evans/create-or-update-comment": _Instead(
        "`gh issue comment` or `gh pr comment`", Persona.PEDANTIC, Confidence.LOW
    ),
    "peter-evans/create-pull-request": _Instead("`gh pr create`", Persona.PEDANTIC, Confidence.LOW),
    "sergeysova/jq-action": _Instead("`jq`"),
    "softprops/action-gh-release": _RELEASE,
    "stefanzweifel/git-auto-commit-action": _COMMIT,
    "svenstaro/upload-release-action": _Instead("`gh release upload`"),
}


@rule(severity=Severity.INFORMATIONAL)
def check(step: Step) -> Iterator[Finding]:
    if step.uses is None or step.uses.action not in _ACTIONS:
        return
    instead = _ACTIONS[step.uses.action]
    yield Finding(
        step.uses.span,
        f"the runner can do what `{step.uses.name}` does: {instead.command}",
        confidence=instead.confidence,
        persona=instead.persona,
        scope=step.span,
    )
