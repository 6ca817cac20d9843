"""A pinned commit whose comment names another version than it is.

## Why is this bad?
People and update tools believe the comment. An attacker who offers a "bump to v4.2.2" with the commit of an old release,
whose hole he knows, or with one of his own, gets it merged by whoever reads only the comment.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.1.0
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
```

Offline, from the table of pins, only where it knows both; a tag of a line of releases (`v4`) is right for every release of that
line. With `--online`, against the tags as they are now.

## Fix safety
Safe where the comment is corrected to what the commit is. Unsafe where the commit is no release that is known: another one is
pinned, the one that the comment names.

## References
- [Dependabot updates the comment](https://docs.github.com/en/code-security/dependabot/working-with-dependabot/keeping-your-actions-up-to-date-with-dependabot)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import set_comment
from steplock.model import Uses
from steplock.online import Refs
from steplock.pinning import Target, pin_edits
from steplock.rule import Confidence, Context, Finding, Fix, Safety, Severity, rule
from steplock.tables import pins
from steplock.version import covers, parse, precise_first


@rule(severity=Severity.MEDIUM)
def check(uses: Uses, context: Context) -> Iterator[Finding]:
    if not uses.is_commit or uses.comment is None or not _says(uses):
        return
    version = uses.version or ""
    refs = context.online.refs(uses.slug) if context.online else None
    tags = _tags(uses, refs)
    if any(_same(version, tag) for tag in tags):
        return
    named = _commit(uses, version, refs)
    if named == uses.ref.lower() or (named is None and refs is None):
        return
    if named is None and refs is not None and version in refs.heads:
        return
    claimed = parse(version)
    if claimed is not None and not claimed.full and not tags:
        # The line has moved on; whether this was ever one of its releases, nobody can tell.
        return
    yield Finding(
        uses.comment.span,
        _message(version, tags, named),
        (_comment(uses, version, tags[0]) if tags else _pin(uses, version, named),),
        confidence=None if tags or refs else Confidence.MEDIUM,
        scope=uses.scope,
    )


def _says(uses: Uses) -> bool:
    """Whether its comment names a version, and is no prose that begins with a number."""
    version, comment = uses.version, uses.comment
    if version is None or comment is None or parse(version) is None:
        return False
    return "." in version or version.startswith("v") or comment.text.rstrip().endswith(version)


def _tags(uses: Uses, refs: Refs | None) -> tuple[str, ...]:
    """The tags of the commit, the most precise first."""
    if refs is None:
        return pins.tags(uses.slug, uses.ref)
    commit = refs.annotated.get(uses.ref.lower(), uses.ref.lower())
    return precise_first(tag for tag, at in refs.tags.items() if at == commit)


def _commit(uses: Uses, version: str, refs: Refs | None) -> str | None:
    """What the version stands for, with its `v` or without."""
    for name in (version, f"v{version}", version.removeprefix("v")):
        commit = refs.tags.get(name) if refs else pins.commit(uses.slug, name)
        if commit is not None:
            return commit
    return None


def _same(version: str, tag: str) -> bool:
    said, found = parse(version), parse(tag)
    if said is None or found is None:
        return version == tag
    return version == tag or covers(said, found)


def _message(version: str, tags: tuple[str, ...], named: str | None) -> str:
    if tags:
        return f"the comment says `{version}`, but this commit is `{tags[0]}`"
    if named is None:
        return f"the comment says `{version}`, but there is no such tag"
    return f"the comment says `{version}`, but that is commit `{named[:10]}`"


def _comment(uses: Uses, version: str, tag: str) -> Fix | None:
    assert uses.comment is not None
    text = uses.comment.text
    at = text.find(version)
    line = uses.document.lines.line(uses.comment.span.start)
    if uses.document.text[slice(*uses.document.lines.span(line))].count("uses") > 1:
        return None
    edit = set_comment(uses.document, line, text[:at] + tag + text[at + len(version) :])
    return Fix.of(f"Say `{tag}`", edit, safety=Safety.SAFE)


def _pin(uses: Uses, version: str, commit: str | None) -> Fix | None:
    if commit is None:
        return None
    edits = pin_edits(uses, Target(commit, version, ""))
    return Fix.of(f"Pin {version} ({commit[:10]})", edits, safety=Safety.UNSAFE)
