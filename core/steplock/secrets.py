"""Floor 3. The secrets whose text a value takes up."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression import embedded, flows
from steplock.named import NamedTuple
from steplock.text import Span

_TOKENS = frozenset({("secrets", "github_token"), ("github", "token")})


class Secret(NamedTuple):
    """A secret that becomes part of a text."""

    name: str
    """`secrets.NAME`, `secrets` for all of them, or `github.token`, as written."""
    is_token: bool
    """Whether it is the job's own token, which lives as long as the job and may do what it may."""
    span: Span
    """The context, in characters of the text."""
    fence: Span
    """The `${{ }}` it stands in."""


def secrets_in(text: str) -> Iterator[Secret]:
    """The secrets that flow into a text through its `${{ }}`, in order."""
    if "${{" not in text:
        return
    lowered = text.lower()
    if "secrets" not in lowered and "token" not in lowered:
        return
    for fence, parsed in embedded(text):
        for path, node in flows(parsed.root) if parsed.root is not None else ():
            if path[0] == "secrets" or path in _TOKENS:
                name = text[slice(*node.span)]
                yield Secret(name, path in _TOKENS, node.span, fence.span)
