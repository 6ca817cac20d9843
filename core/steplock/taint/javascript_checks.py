"""What a script of actions/github-script looks at before it puts something out."""

from __future__ import annotations

from functools import lru_cache

from steplock.lazy import pattern
from steplock.taint.javascript import MAX_SCRIPT, Reader
from steplock.taint.javascript_values import Value

_CHAIN = r"((?<![\w$.])[A-Za-z_$][\w$]{0,60}(?:\??\.[\w$]{1,60}|\[\w{1,60}\]){0,9})"
# Looks at a text that decide what it may be: where there is one, nothing is said of that text.
_TESTED = pattern(
    rf"\.(?:test|exec|includes|has|indexOf)\(\s*{_CHAIN}\s*\)|{_CHAIN}(?:\?\.|\.)(?:match|search)\("
    rf"|{_CHAIN}\s*[!=]==?\s*['\"]\w|switch\s*\(\s*{_CHAIN}"
)
_COMPARED = pattern(rf"{_CHAIN}\s*[!=]==?(?!=|\s*(?:undefined\b|null\b|['\"]))|[!=]==?\s*{_CHAIN}")
_ENDS = pattern(r"setFailed\(|\bthrow\b|process\.exit\(")
_NEAR = 300


@lru_cache(maxsize=64)
def tested(script: str) -> frozenset[tuple[str, ...]]:
    """The paths whose text the script compares with patterns or lists or words of its own."""
    if len(script) > MAX_SCRIPT:
        return frozenset()
    reader = Reader(script)
    chains = (next(filter(None, match.groups())) for match in _TESTED.finditer(script))
    return frozenset(value.path for chain in chains for value in reader.of(chain) if value.path)


@lru_cache(maxsize=64)
def insisted(script: str) -> frozenset[tuple[str, ...]]:
    """The paths that the script compares with what they have to be, and ends if they are not."""
    if len(script) > MAX_SCRIPT or not _ENDS.search(script):
        return frozenset()
    reader = Reader(script)
    found: list[Value] = []
    for match in _COMPARED.finditer(script):
        if _ENDS.search(script, match.end(), match.end() + _NEAR):
            found += reader.of(match[1] or match[2])
    return frozenset(value.path for value in found if value.path)
