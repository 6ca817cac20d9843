"""Code or packages come over a connection that anybody on the way can read and change.

## Why is this bad?
`http://` and `git://` neither encrypt nor check who answers. Whoever controls a network on the way puts his own hooks in
the place of the repository's, and they run on every developer's machine; a registry's password is read in passing.

## Example
```yaml .pre-commit-config.yaml
repos:
  - repo: http://github.com/pre-commit/pre-commit-hooks
    rev: cef0300fd0fc4d2a87a85fa2093c6b283ea36f4b # v5.0.0
    hooks:
      - id: check-yaml
```

Use instead:
```yaml .pre-commit-config.yaml
repos:
  - repo: https://github.com/pre-commit/pre-commit-hooks
    rev: cef0300fd0fc4d2a87a85fa2093c6b283ea36f4b # v5.0.0
    hooks:
      - id: check-yaml
```

## Fix safety
Safe for the hosts that are known to serve HTTPS; unsafe for others, which may not.

## References
- [The git protocol: downsides](https://git-scm.com/book/en/v2/Git-on-the-Server-The-Protocols)
- [GitHub turned `git://` off](https://github.blog/security/application-security/improving-git-protocol-security-github/)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.edits import replace_text
from steplock.lazy import pattern
from steplock.model import Dependabot, HookRepo
from steplock.rule import Finding, Fix, Safety, Severity, rule
from steplock.syntax import Document, Mapping, Scalar
from steplock.text import Span

_SERVE_HTTPS = frozenset({"bitbucket.org", "codeberg.org", "github.com", "gitlab.com"})
# This machine's own services cannot be reached by others.
_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
_INSECURE = pattern(r"(http|git)://(?:[^/@\s]*@)?(\[[^\]/]*\]|[^/:\s]*)", re.IGNORECASE)


@rule(severity=Severity.HIGH)
def check(view: HookRepo | Dependabot) -> Iterator[Finding]:
    if isinstance(view, HookRepo):
        if view.url is not None:
            yield from _judge(view.document, view.url, "these hooks", view.span)
        return
    for _, registry in _items(view.node.mapping("registries")):
        if isinstance(registry, Mapping) and (url := registry.scalar("url")):
            yield from _judge(view.document, url, "this registry and its password", registry.span)


def _items(node: Mapping | None) -> tuple[tuple[Scalar, object], ...]:
    return node.items if node else ()


def _judge(document: Document, url: Scalar, what: str, scope: Span) -> Iterator[Finding]:
    match = _INSECURE.match(url.value)
    if match is None or match[2].lower() in _LOCAL:
        return
    is_known = match[2].lower().removeprefix("www.") in _SERVE_HTTPS
    edit = replace_text(document, url, Span(*match.span(1)), "https")
    fix = Fix.of("Use `https://`", edit, safety=Safety.SAFE if is_known else Safety.UNSAFE)
    message = f"`{match[1].lower()}://` lets anybody on the way replace {what}; use `https://`"
    yield Finding(url.span, message, (fix,), scope=scope)
