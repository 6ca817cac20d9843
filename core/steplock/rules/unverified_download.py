"""A script runs what it has just downloaded, without checking that it is the right thing.

## Why is this bad?
Whoever controls the server, its domain, the repository behind it or the way there decides what runs in the job. The Codecov
uploader, changed on its server for two months in 2021, sent the environment of every job that piped it into `bash` away.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: curl -fsSL https://example.com/install.sh | sh
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: |
          curl -fsSL https://example.com/install.sh -o install.sh
          echo "4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1  install.sh" | sha256sum -c
          sh install.sh
```

Seen are pipes into an interpreter, `sh -c "$(curl ...)"`, `bash <(curl ...)`, `iex (irm ...)`, archives unpacked into a folder of programs,
`deno run https://...`, and files that are run, or made programs, later in the job. A checksum or a signature that is checked in
between (`sha256sum -c`, `gpg --verify`, `cosign verify-blob`, `gh attestation verify`, `Get-FileHash`...) makes it right, and so
does an address with a full commit.

The severity is high, medium for the installers of well-known tools, and low where the address names a version: a release can
be replaced, but not by a push. Without encryption (`http://`) it is high in any case.

## References
- [Codecov security update](https://about.codecov.io/security-update/)
- [OpenSSF Scorecard: Pinned-Dependencies](https://github.com/ossf/scorecard/blob/main/docs/checks.md#pinned-dependencies)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.fetches import Fetch, fetch, runs_file, runs_input, runs_word, unpacks_program
from steplock.lazy import pattern
from steplock.model import Action, Job, Step
from steplock.rule import Confidence, Finding, Related, Severity, rule
from steplock.shell import Command, Script, Word
from steplock.text import Span
from steplock.verifying import verifies

_DOWNLOADS = pattern(r"https?://|URL", re.IGNORECASE)
_MAX_DOWNLOADS = 50  # each is held against each command behind it
_COMMIT = pattern(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_VERSION = pattern(r"\d+\.\d+|[$%][{({]?\w|@v?\d")
_PLATFORM = pattern(r"\$\((uname|arch|dpkg)[^)]*\)")
_HERE = pattern(r"https?://(localhost|127\.|\[::1\]|0\.0\.0\.0|host\.docker\.internal)|file:")
# Where the makers of widely used tools keep the installers that their documentation names; read 2026-11-21.
_VENDORS = pattern(
    r"https://((install|get|sh|cli|clis|deb|apt|rpm|packages|download|downloads)\.[\w.-]+|aka\.ms|astral\.sh|bun\.sh|deno\.land|"
    r"nixos\.org|pyenv\.run|mise\.run|starship\.rs|static\.rust-lang\.org|dl\.google\.com|sdk\.cloud\.google\.com|"
    r"bootstrap\.pypa\.io|uploader\.codecov\.io|codecov\.io|[\w-]+\.codecov\.io|dot\.net|builds\.dotnet\.microsoft\.com|"
    r"raw\.githubusercontent\.com/(Homebrew|nvm-sh|pyenv|pyenv-win|helm|rust-lang|kubernetes-sigs|golangci|anchore|aquasecurity)/)"
)


@rule(severity=Severity.HIGH, words=("://", "url"))
def check(parent: Job | Action) -> Iterator[Finding]:
    waiting: list[tuple[Step, Command, Fetch]] = []
    for step in parent.steps:
        if step.run is None or not (waiting or _DOWNLOADS.search(step.run.value)):
            continue
        script = step.script
        if script is None or script.dialect in ("", "python"):
            continue
        fetched = [(command, found) for command in script.commands if (found := fetch(command))]
        del fetched[_MAX_DOWNLOADS:]
        if fetched:
            yield from _at_once(step, script, fetched)
        at = {id(command): found for command, found in fetched}
        for command in script.commands:
            if verifies(command):
                waiting.clear()
            elif (found := at.get(id(command))) is not None and found.file:
                del waiting[:-_MAX_DOWNLOADS]
                waiting.append((step, command, found))
            elif used := next((w for w in waiting if runs_file(command, w[2].file)), None):
                waiting.remove(used)
                yield from _later(step, command, *used)
        yield from _deno(step, script)


def _at_once(step: Step, script: Script, fetched: list[tuple[Command, Fetch]]) -> Iterator[Finding]:
    for pipeline in script.pipelines:
        first = {id(command) for command in pipeline.stages[0]}
        found = next((f for c, f in fetched if not f.file and id(c) in first), None)
        last = pipeline.stages[-1][-1:]
        if found and last and not any(map(verifies, pipeline.commands)):
            if runs_input(last[0]):
                yield from _finding(step, pipeline.span, found.address, f"`{last[0].name}` runs")
            elif unpacks_program(last[0]):
                yield from _finding(step, pipeline.span, found.address, "later commands run")
    kept = _kept(script, fetched)
    for command in script.commands:
        for word in command.argv if command.name else command.words:
            inner = next(
                (f for c, f in fetched if c is not command and word.span.holds(c.span)), None
            )
            inner = inner or next((kept[e.name] for e in word.expansions if e.name in kept), None)
            if inner and not inner.file and runs_word(command, word):
                name = f"`{command.name}` runs" if command.name else "PowerShell runs"
                yield from _finding(step, command.span, inner.address, name)
                break


def _kept(script: Script, fetched: list[tuple[Command, Fetch]]) -> dict[str, Fetch]:
    """The variables that hold what was downloaded: `answer=$(curl ...)`."""
    if not script.assignments or any(map(verifies, script.commands)):
        return {}
    return {
        one.name: found
        for one in script.assignments
        for command, found in fetched
        if one.value.span.holds(command.span) and not found.file
    }


def _later(
    step: Step, command: Command, source: Step, download: Command, found: Fetch
) -> Iterator[Finding]:
    assert source.run is not None
    place = source.document.locate(source.run, download.span)
    related = (Related("downloaded here", place),)
    what = (
        f"`{command.name or command.path}` makes a program of"
        if command.name in ("chmod", "cp", "mv")
        else "this runs"
    )
    yield from _finding(step, command.span, found.address, what, related)


def _deno(step: Step, script: Script) -> Iterator[Finding]:
    for command in script.commands:
        if command.runs("deno", "run") or command.runs("deno", "install"):
            for word in command.arguments[1:2]:
                if word.value.startswith(("https://", "http://")) and not command.has_flag(
                    "--lock", "--frozen"
                ):
                    yield from _finding(step, command.span, word, "`deno` runs")


def _finding(
    step: Step, span: Span, address: Word, who: str, related: tuple[Related, ...] = ()
) -> Iterator[Finding]:
    assert step.run is not None
    severity = _severity(address.value)
    if severity is None:
        return
    message = f"{who} whatever `{_short(address.value)}` answers; check its hash or signature first"
    yield Finding(
        step.document.locate(step.run, span),
        message,
        severity=severity,
        confidence=Confidence.HIGH if "://" in address.value else Confidence.LOW,
        related=related,
        scope=step.span,
    )


def _severity(address: str) -> Severity | None:
    if _COMMIT.search(address) or _HERE.match(address):
        return None
    if address.startswith("http://"):
        return Severity.HIGH
    path = address.partition("://")[2].partition("/")[2]
    if "://" not in address:
        return Severity.LOW
    if _VERSION.search(_PLATFORM.sub("", path)) and "/latest/" not in path:
        return Severity.LOW
    return Severity.MEDIUM if _VENDORS.match(address) else Severity.HIGH


def _short(address: str) -> str:
    return address if len(address) <= 80 else f"{address[:80]}…"
