"""A release of an action that a published advisory warns of.

## Why is this bad?
The hole is described in public, so that any attacker who finds the workflow knows what to send it; and a release of which
somebody took possession runs his code with the job's token and secrets.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4.1.2
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4.1.3
```

A commit counts as the release that the table of pins knows it as, else as its comment says. Of a compromise, which moved tags,
a commit is hit only if it is the malicious one. A tag of a line of releases (`v4`) counts as the newest of it.

## Options
- `allow`: ids of advisories (`GHSA-...` or `CVE-...`) that somebody looked at and accepted.
- `advisories`: files of the repository with more advisories, each a record in the OSV format or a list of them.

## Fix safety
Unsafe: the newer release may do other things than the old one. It is the first that no known advisory concerns.

## References
- [Advisories on actions](https://github.com/advisories?query=type%3Areviewed+ecosystem%3Aactions)
- [The OSV format](https://ossf.github.io/osv-schema/)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from steplock.annotations import TypeAlias
from steplock.edits import replace_text
from steplock.model import Step, Uses
from steplock.named import NamedTuple
from steplock.pinning import Target, pin_edits
from steplock.repository import Repository
from steplock.rule import Confidence, Context, Finding, Fix, Safety, Severity, rule
from steplock.tables import advisories, pins
from steplock.tables.advisories import Advisory
from steplock.tables.conditions import ANY
from steplock.text import Span
from steplock.trust import situation
from steplock.version import Version, parse

_SEVERITIES = {"low": Severity.LOW, "moderate": Severity.MEDIUM, "medium": Severity.MEDIUM}


_Affecting: TypeAlias = Callable[[str], tuple[Advisory, ...]]


class Options(NamedTuple):
    allow: tuple[str, ...] = ()
    advisories: tuple[str, ...] = ()


@rule(severity=Severity.HIGH)
def check(uses: Uses, context: Context, options: Options) -> Iterator[Finding]:
    if not uses.is_remote or not uses.ref:
        return
    more = _more(context.repository, options.advisories) if options.advisories else ()
    if not more and not _known(uses):
        return
    tag = next((tag for tag in _tags(uses, context) if parse(tag)), None)
    version = tag or uses.version
    known = situation(uses.parent) if isinstance(uses.parent, Step) else ANY

    def affecting(version: str | None, commit: str = "") -> tuple[Advisory, ...]:
        return advisories.affecting(uses.action, version, commit=commit, step=known, more=more)

    found = affecting(version, uses.ref if uses.is_commit else "")
    allowed = {id.upper() for id in options.allow}
    found = tuple(one for one in found if not allowed & {one.id.upper(), one.cve.upper()})
    if not found:
        return
    found = tuple(sorted(found, key=_severity, reverse=True))
    yield Finding(
        uses.span,
        _message(found, version if uses.is_commit else None),
        (_fix(uses, version, found, affecting),),
        severity=_severity(found[0]),
        confidence=Confidence.HIGH if tag or not uses.is_commit else Confidence.MEDIUM,
        scope=uses.scope,
    )


def _severity(advisory: Advisory) -> Severity:
    return _SEVERITIES.get(advisory.severity, Severity.HIGH)


def _known(uses: Uses) -> bool:
    return bool(advisories.of(uses.slug) or (uses.subpath and advisories.of(uses.action)))


def _tags(uses: Uses, context: Context) -> tuple[str, ...]:
    """The tags of a commit."""
    if not uses.is_commit:
        return ()
    online = context.online.tags(uses.slug, uses.ref) if context.online else None
    return online or pins.tags(uses.slug, uses.ref)


def _message(found: tuple[Advisory, ...], version: str | None) -> str:
    worst, *others = found
    what = f"this commit is `{version}`: " if version else ""
    fixed = " or ".join(f"`{one}`" for one in worst.fixed)
    last = " or ".join(f"`{one.last}`" for one in worst.ranges if one.last)
    remedy = (
        f"repaired in {fixed}" if fixed else f"repaired after {last}" if last else "not repaired"
    )
    more = f"; also {', '.join(one.id for one in others)}" if others else ""
    return f"{what}{worst.id}: {worst.summary.strip().rstrip('.')}; {remedy}{more}"


def _fix(
    uses: Uses, version: str | None, found: tuple[Advisory, ...], affecting: _Affecting
) -> Fix | None:
    """Move to the first release that repairs all, as precise as the reference is now."""
    now = parse(version) if version else None
    if now is None:
        return None
    newest = pins.newest(uses.slug)
    names = [*(tag for one in found for tag in one.fixed), *([newest.tag] if newest else [])]
    fixed = [parsed for parsed in map(parse, names) if parsed is not None]
    newer = sorted(one for one in fixed if one.numbers >= now.numbers[: len(one.numbers)])
    target = next((one for one in newer if not affecting(one.tag)), None)
    tag = _tag(uses, target, now) if target else None
    if tag is None:
        return None
    title = f"Move to {tag}"
    if uses.is_commit:
        commit = pins.commit(uses.slug, tag)
        edits = pin_edits(uses, Target(commit, tag, "")) if commit else None
        return Fix.of(title, edits, safety=Safety.UNSAFE)
    at = uses.scalar.value.rfind("@") + 1
    span = Span(at, at + len(uses.ref))
    edit = replace_text(uses.document, uses.scalar, span, tag)
    return Fix.of(title, edit, safety=Safety.UNSAFE)


def _tag(uses: Uses, target: Version, now: Version) -> str | None:
    """A tag that is known to exist, in the style of the one there is; a commit gets the whole version."""
    full = [*target.numbers, 0, 0][: max(3, len(target.numbers))]
    count = 3 if uses.is_commit else len(now.numbers)
    prefix = "v" if now.tag.lower().startswith("v") else ""
    for numbers in (full[:count], target.numbers, full):
        name = ".".join(map(str, numbers))
        for tag in (prefix + name, f"v{name}", name):
            if pins.commit(uses.slug, tag):
                return tag
    return None


def _more(repository: Repository, paths: tuple[str, ...]) -> tuple[Advisory, ...]:
    return tuple(one for path in paths for one in _read(repository.read(path) or ""))


@lru_cache(maxsize=16)
def _read(text: str) -> tuple[Advisory, ...]:
    import json  # here, since hardly any run needs it

    try:
        held = json.loads(text)
    except ValueError:
        return ()
    records = held if isinstance(held, list) else [held]
    return tuple(one for r in records if isinstance(r, dict) for one in advisories.from_osv(r))
