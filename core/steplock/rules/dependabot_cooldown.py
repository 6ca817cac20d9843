"""Dependabot takes new releases before anybody had time to find out what is in them.

## Why is this bad?
Hijacked packages and actions are mostly found and taken down within days. Who updates at once runs the attacker's
release in the meantime; who waits a week never sees it. Security updates do not wait.

## Example
```yaml .github/dependabot.yml
version: 2
updates:
  - package-ecosystem: github-actions
    directory: /
    schedule:
      interval: weekly
```

Use instead:
```yaml .github/dependabot.yml
version: 2
updates:
  - package-ecosystem: github-actions
    directory: /
    schedule:
      interval: weekly
    cooldown:
      default-days: 7
```

Where nothing is said, Dependabot waits three days. An entry with `open-pull-requests-limit: 0` makes security updates only,
and is left alone.

## Options
- `days`: how many days a release must be old, 7 unless set.

## References
- [`cooldown`](https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference#cooldown-)
- [We should all be using dependency cooldowns](https://blog.yossarian.net/2025/11/21/We-should-all-be-using-dependency-cooldowns)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.edits import set_key
from steplock.model import Update, strings
from steplock.named import NamedTuple
from steplock.rule import Finding, Fix, Safety, Severity, rule
from steplock.syntax import Mapping, Scalar
from steplock.text import Span

# https://docs.github.com/en/code-security/dependabot, changed in 2026.
_UNSAID = 3
_BY_SIZE = ("semver-major-days", "semver-minor-days", "semver-patch-days")


class Options(NamedTuple):
    days: int = 7


@rule(severity=Severity.MEDIUM)
def check(update: Update, options: Options) -> Iterator[Finding]:
    limit = update.node.scalar("open-pull-requests-limit")
    if options.days <= 0 or (limit is not None and limit.value == "0"):
        return
    cooldown = update.node.mapping("cooldown")
    if options.days > _UNSAID and (cooldown is None or cooldown.get("default-days") is None):
        yield _missing(update, cooldown, options.days)
    for key in ("default-days", *_BY_SIZE):
        if cooldown is not None and (pair := cooldown.item(key)):
            yield from _short(update, *pair, options.days)
    if cooldown is not None and "*" in strings(cooldown.get("exclude")):
        node = cooldown.get("exclude")
        assert node is not None
        yield Finding(
            node.span, "`*` excludes every dependency from the cooldown", scope=update.span
        )


def _missing(update: Update, cooldown: Mapping | None, days: int) -> Finding:
    pair = update.node.item("cooldown")
    span = pair[0].span if pair else _head(update)
    message = (
        f"takes releases that are {_UNSAID} days old; set `cooldown.default-days` to {days} or more"
    )
    return Finding(span, message, (_fix(update, "default-days", days),), scope=update.span)


def _short(update: Update, key: Scalar, node: object, days: int) -> Iterator[Finding]:
    if not isinstance(node, Scalar) or not node.value.isdecimal() or int(node.value) >= days:
        return
    message = f"takes releases that are {node.value} days old; {days} or more leave time to find a hijacked one"
    yield Finding(
        Span(key.span.start, node.span.end),
        message,
        (_fix(update, key.value, days),),
        scope=update.span,
    )


def _head(update: Update) -> Span:
    scalar = update.node.scalar("package-ecosystem")
    if scalar is not None:
        return scalar.span
    return update.node.items[0][0].span if update.node.items else update.span


def _fix(update: Update, key: str, days: int) -> Fix | None:
    edit = set_key(update.document, update.node, ("cooldown", key), str(days))
    return Fix.of(f"Wait for {days} days", edit, safety=Safety.SAFE)
