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

Seen are pipes into an interpreter, `sh -c "$(curl ...)"`, `bash <(curl ...)`, `iex (irm ...)`, archives unpacked into a folder of programs
or whose programs are put there or run, `deno run https://...`, `rpm -i https://...`, and files that are run, installed or made
programs later in the job. A checksum or a signature that is checked in between (`sha256sum -c`, `gpg --verify`,
`cosign verify-blob`, `gh attestation verify`, `Get-FileHash`...) makes it right, and so does an address with a full commit.

The severity is high, medium for the installers of well-known tools, and low where the address names a version: a release can
be replaced, but not by a push. Without encryption (`http://`, which is also what `curl get.example.com` asks for) it is high
in any case.

## References
- [Codecov security update](https://about.codecov.io/security-update/)
- [OpenSSF Scorecard: Pinned-Dependencies](https://github.com/ossf/scorecard/blob/main/docs/checks.md#pinned-dependencies)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.executing import Run, runs
from steplock.lazy import pattern
from steplock.model import Action, Job
from steplock.rule import Confidence, Finding, Related, Severity, rule

_COMMIT = pattern(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_VERSION = pattern(r"\d+\.\d+|[$%][{({]?\w|@v?\d")
_PLATFORM = pattern(r"\$\((uname|arch|dpkg)[^)]*\)")
_HERE = pattern(r"https?://(localhost|127\.|\[::1\]|0\.0\.0\.0|host\.docker\.internal)|file:")
# Where the makers of widely used tools keep the installers that their documentation names; read 2026-11-21.
_VENDORS = pattern(
    r"https://((install|get|sh|cli|clis|deb|apt|rpm|packages|download|downloads)\.[\w.-]+|aka\.ms|astral\.sh|bun\.sh|deno\.land|"
    r"nixos\.org|pyenv\.run|mise\.run|starship\.rs|static\.rust-lang\.org|dl\.google\.com|sdk\.cloud\.google\.com|"
    r"bootstrap\.pypa\.io|awscli\.amazonaws\.com|dl\.fedoraproject\.org|mirrors\.rpmfusion\.org|"
    r"uploader\.codecov\.io|codecov\.io|[\w-]+\.codecov\.io|dot\.net|builds\.dotnet\.microsoft\.com|"
    r"raw\.githubusercontent\.com/(Homebrew|nvm-sh|pyenv|pyenv-win|helm|rust-lang|kubernetes-sigs|golangci|anchore|aquasecurity)/)"
)


@rule(severity=Severity.HIGH, words=("://", "url", "wget"))
def check(parent: Job | Action) -> Iterator[Finding]:
    for run in runs(parent.steps):
        severity = _severity(run.url)
        if severity is not None:
            yield _finding(run, severity)


def _finding(run: Run, severity: Severity) -> Finding:
    step, one = run.step, run.download
    assert step.run is not None
    related: tuple[Related, ...] = ()
    if one is not None and one.step.run is not None:
        place = one.step.document.locate(one.step.run, one.command.span)
        related = (Related("downloaded here", place),)
    what = run.url if run.address.expansions else run.address.value
    return Finding(
        step.document.locate(step.run, run.span),
        f"{run.who} whatever `{_short(what)}` answers; check its hash or signature first",
        severity=severity,
        confidence=Confidence.HIGH if "://" in run.url else Confidence.LOW,
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
