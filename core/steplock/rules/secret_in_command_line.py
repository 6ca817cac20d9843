"""A secret is an argument of a command.

## Why is this bad?
The arguments of a running command are open to every process of the machine: a build tool, a dependency's daemon, another job on
a runner of your own. They also end up in error messages, and `git` keeps an address with a password in `.git/config`.

## Example
```yaml
on: push
permissions: {}
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - run: docker login -u octocat -p "$PASSWORD" ghcr.io
        env:
          PASSWORD: ${{ secrets.PASSWORD }}
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - run: printenv PASSWORD | docker login -u octocat --password-stdin ghcr.io
        env:
          PASSWORD: ${{ secrets.PASSWORD }}
```

Reported is what a script gets from `${{ }}`, and a variable where the option or the address says that it is a password. `curl`
reads headers from a file (`-H @-`); `gh auth setup-git` gives `git` a password. The job's own token, of no use afterwards, and
headers made from variables are reported to pedants only.

## Fix safety
Unsafe: standard input must be free.

## References
- [docker login](https://docs.docker.com/reference/cli/docker/login/#password-stdin)
- [CWE-214: invocation of process using visible sensitive information](https://cwe.mitre.org/data/definitions/214.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.edits import replace_text
from steplock.lazy import pattern
from steplock.model import Step
from steplock.rule import Finding, Fix, Persona, Safety, Severity, rule
from steplock.secrets import Secret, secrets_in
from steplock.shell import Command, Word
from steplock.syntax import Mapping, Scalar
from steplock.text import Span

# They start no process.
_BUILTINS = frozenset(
    [
        ".", ":", "[", "[[", "declare", "echo", "eval", "exit", "export", "local", "print",
        "printf", "read", "readonly", "return", "set", "source", "test", "trap"
    ]
)  # fmt: skip
_PUBLIC = pattern(
    r"(^|_)(account(_?id)?|bucket(_?name)?|domain|e?mail|endpoint|host(name)?|id|login|name|namespace|org|port|"
    r"project|region|server|team_?id|tenant|url|user(_?name)?|zone)$",
    re.IGNORECASE,
)
_OPTION = pattern(
    r"[-/]{1,2}[\w.-]*(api-?key|auth|key|pass|passphrase|password|passwd|pat|pwd|secret|token)",
    re.IGNORECASE,
)
# Options of one letter that take a password, or a user with one.
_LETTERS = {
    "buildah": "-p", "curl": "-u", "docker": "-p", "helm": "-p", "podman": "-p", "security": "-p", "sshpass": "-p",
    "twine": "-p",
}  # fmt: skip
_LOGINS = frozenset({"buildah", "docker", "helm", "podman"})
_ADDRESS = pattern(r"://[^/@\s]*$")


@rule(severity=Severity.LOW, words=("secrets", "token"))
def check(step: Step) -> Iterator[Finding]:
    if step.run is None:
        return
    held = _held(step)
    written = [secret for secret in secrets_in(step.run.value) if not _is_public(secret)]
    script = step.script if held or written else None
    if script is None or script.dialect == "python":
        return
    for command in script.commands:
        if command.name in _BUILTINS or (script.dialect == "powershell" and _is_cmdlet(command)):
            continue
        for at, word in enumerate(command.argv):
            before = command.argv[at - 1].value if at else ""
            for secret, inside in _secrets(word, written, held):
                if finding := _judge(step, command, word, before, secret, inside):
                    yield finding
                    break


def _is_cmdlet(command: Command) -> bool:
    """Whether PowerShell itself runs it: `Connect-AzAccount`, `[Convert]::ToBase64String`."""
    return not command.name or "-" in command.name


def _held(step: Step) -> dict[str, Secret]:
    """The variables that hold a secret and nothing else."""
    found: dict[str, Secret] = {}
    owners = (step.workflow, step.job, step)
    for env in (owner.env for owner in owners if owner is not None):
        for key, value in env.items if isinstance(env, Mapping) else ():
            if step.run is None or key.value not in step.run.value:
                continue
            found.pop(key.value, None)
            secret = next(secrets_in(value.value), None) if isinstance(value, Scalar) else None
            if secret is not None and not _is_public(secret) and not _PUBLIC.search(key.value):
                found[key.value] = secret
    return found


def _is_public(secret: Secret) -> bool:
    return not secret.is_token and _PUBLIC.search(secret.name.rstrip("]'\"")) is not None


def _secrets(
    word: Word, written: list[Secret], held: dict[str, Secret]
) -> Iterator[tuple[Secret, Span | None]]:
    """The secrets in a word; with the place of the variable where it is in one."""
    for secret in written:
        if word.span.holds(secret.fence):
            yield secret, None
    for expansion in word.expansions:
        if expansion.kind == "variable" and not expansion.operator and expansion.name in held:
            yield held[expansion.name], expansion.span


def _judge(
    step: Step, command: Command, word: Word, before: str, secret: Secret, variable: Span | None
) -> Finding | None:
    assert step.run is not None
    option = before if before.startswith(("-", "/")) else word.value
    is_header = before in ("-H", "--header")
    if variable is not None and not (
        is_header
        or _OPTION.match(option)
        or before == _LETTERS.get(command.name, " ")
        or _ADDRESS.search(word.text[: variable.start - word.span.start])
    ):
        return None
    pedantic = secret.is_token or (is_header and variable is not None)
    stdin = command.name in _LOGINS and before in ("-p", "--password")
    how = "on standard input" if stdin else "in a variable, a file or on standard input"
    called = command.name or "this command"
    message = (
        f"every process can read `{secret.name}` in the arguments of `{called}`; pass it {how}"
    )
    return Finding(
        step.document.locate(step.run, word.span),
        message,
        (_on_stdin(step, command, word, before) if stdin else None,),
        persona=Persona.PEDANTIC if pedantic else None,
        scope=step.span,
    )


def _on_stdin(step: Step, command: Command, word: Word, before: str) -> Fix | None:
    """`printenv X | docker login --password-stdin` for `docker login -p "$X"`."""
    assert step.run is not None and step.script is not None
    if command.operator == "|" or step.script.dialect != "posix" or command.assignments:
        return None
    at = command.argv.index(word)
    option = command.argv[at - 1]
    plain = len(word.expansions) == 1 and word.variables
    source = f"printenv {word.variables[0]}" if plain else f"echo {word.text}"
    if plain and word.value not in (f"${word.variables[0]}", f"${{{word.variables[0]}}}"):
        return None
    head = Span(command.span.start, command.span.start)
    given = Span(option.span.start, word.span.end)
    feed = replace_text(step.document, step.run, head, f"{source} | ")
    take = replace_text(step.document, step.run, given, "--password-stdin")
    return Fix.of("Pass it on standard input", feed, take, safety=Safety.UNSAFE)
