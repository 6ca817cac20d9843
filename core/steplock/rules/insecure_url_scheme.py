"""Code or packages come over a connection that anybody on the way can read and change.

## Why is this bad?
`http://` and `git://` neither encrypt nor check who answers. Whoever controls a network on the way puts his own hooks in
the place of the repository's, and they run on every developer's machine; a registry's password is read in passing, and the
packages that a job installs are others.

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

In scripts, seen are the indexes and registries that are given to `pip`, `uv`, `npm`, `yarn`, `pnpm`, `gem` and `bundle`, and what
`git` clones, fetches and pulls. The machine's own services (`localhost`, `127.0.0.1`) and those of its own network, whose
names have no dot, are not.

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
from steplock.model import Dependabot, HookRepo, Step
from steplock.rule import Finding, Fix, Safety, Severity, rule
from steplock.shell import Command, Word
from steplock.syntax import Document, Mapping, Scalar
from steplock.text import Span

_SERVE_HTTPS = frozenset({"bitbucket.org", "codeberg.org", "github.com", "gitlab.com"})
# This machine's own services cannot be reached by others.
_LOCAL = pattern(
    r"(.*\.)?localhost|127\.[\d.]+|0\.0\.0\.0|\[::1\]|host\.docker\.internal", re.IGNORECASE
)
# The name and the password before the host may be an expression.
_INSECURE = pattern(
    r"(http|git)://(?:(?:\$\{\{[^}]*\}\}|\$(?!\{\{)|[^/@\s$])*@)?(\[[^\]/]*\]|[^/:\s]*)",
    re.IGNORECASE,
)
_PYTHON = (
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "--index",
    "--default-index",
)
# The options that say where packages come from.
_SOURCES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("pip", "pip3", "pipx", "uv", "uvx"), _PYTHON),
    **dict.fromkeys(("npm", "npx", "pnpm", "pnpx", "yarn"), ("--registry",)),
    **dict.fromkeys(("bundle", "gem"), ("--source", "-s")),
}
_GIT = frozenset({"clone", "fetch", "pull", "remote", "submodule"})
_GIT_VALUED = ("-C", "-c", "-b", "--branch", "--depth", "-o", "--origin", "--reference")


@rule(severity=Severity.HIGH, words=("http://", "git://"))
def check(view: HookRepo | Dependabot | Step) -> Iterator[Finding]:
    if isinstance(view, Step):
        yield from _script(view)
        return
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
    if match and not _LOCAL.fullmatch(match[2]):
        yield _finding(document, url, match, url.span, 0, what, scope)


def _script(step: Step) -> Iterator[Finding]:
    if step.run is None or not _INSECURE.search(step.run.value) or step.script is None:
        return
    for command in step.script.commands:
        command = command.module
        words, what = _sources(command), "these packages"
        if command.name == "git":
            operands = command.operands(_GIT_VALUED)
            words = iter(operands[1:] if operands and operands[0].value in _GIT else ())
            what = "this code"
        for word in words:
            # Past the quote, where there is one.
            match = _INSECURE.match(word.text, len(word.text) - len(word.text.lstrip("'\"")))
            if match and _is_far(match[2]):
                place = step.document.locate(step.run, word.span)
                at = word.span.start
                yield _finding(step.document, step.run, match, place, at, what, step.span)


def _sources(command: Command) -> Iterator[Word]:
    options = _SOURCES.get(command.name, ())
    for at, word in enumerate(command.argv):
        if word.value in options:
            yield from command.argv[at + 1 : at + 2]
        elif word.value.partition("=")[0] in options and (value := word.after("=")):
            yield value


def _is_far(host: str) -> bool:
    """Whether a host is known to be elsewhere than on this machine and its own network."""
    return "." in host and "$" not in host and not _LOCAL.fullmatch(host)


def _finding(
    document: Document,
    scalar: Scalar,
    match: re.Match[str],
    place: Span,
    at: int,
    what: str,
    scope: Span,
) -> Finding:
    is_known = match[2].lower().removeprefix("www.") in _SERVE_HTTPS
    scheme = Span(at + match.start(1), at + match.end(1))
    edit = replace_text(document, scalar, scheme, "https")
    fix = Fix.of("Use `https://`", edit, safety=Safety.SAFE if is_known else Safety.UNSAFE)
    message = f"`{match[1].lower()}://` lets anybody on the way replace {what}; use `https://`"
    return Finding(place, message, (fix,), scope=scope)
