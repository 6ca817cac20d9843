"""A commit without a comment that says which version it is.

## Why is this bad?
Nobody can tell from forty digits whether they are a release, an old one with a known hole, or the commit of a fork that
an attacker slipped into a pull request; a reviewer waves them through. Update tools keep the comment up to date.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2
```

The fix writes the most exact tag that stood for the commit, where the table of well-known actions has it.

## References
- [Dependabot updates the comment](https://docs.github.com/en/code-security/dependabot/working-with-dependabot/keeping-your-actions-up-to-date-with-dependabot)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock import version
from steplock.edits import set_comment
from steplock.lazy import pattern
from steplock.model import Uses
from steplock.rule import Finding, Fix, Persona, Safety, Severity, rule
from steplock.tables import pins

_WORD = pattern(r"[^\s#,;()\[\]]+")


@rule(severity=Severity.LOW, persona=Persona.PEDANTIC)
def check(uses: Uses) -> Iterator[Finding]:
    if not uses.is_commit or _says_version(uses):
        return
    tag = next(iter(pins.tags(uses.slug, uses.ref)), None)
    known = f"; it is `{tag}`" if tag else ""
    yield Finding(
        uses.span,
        f"no comment says which version of `{uses.name}` this commit is{known}",
        (_fix(uses, tag) if tag else None,),
        scope=uses.scope,
    )


def _says_version(uses: Uses) -> bool:
    """Whether its comment has a version, or names the tag or branch that it was."""
    if uses.comment is None:
        return False
    words = _WORD.findall(uses.comment.text)
    if any(version.parse(part) for word in words for part in re.split("[@:=]", word) if part):
        return True
    # `# main`, `# stable`, `# release/v1`: one word, and not one that silences a tool.
    return len(words) == 1 and ":" not in words[0]


def _fix(uses: Uses, tag: str) -> Fix | None:
    document = uses.document
    line = document.lines.line(uses.span.end)
    rest = document.text[uses.span.end : document.lines.span(line).end]
    if uses.comment is not None or rest.strip() or uses.scalar.style in ("|", ">"):
        return None
    edit = set_comment(document, line, f"# {tag}")
    return Fix.of(f"Add `# {tag}`", edit, safety=Safety.SAFE)
