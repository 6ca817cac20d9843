"""Floor 0. Path patterns as git and pre-commit users write them."""

from __future__ import annotations

import re
from functools import cache


def matches(path: str, pattern: str) -> bool:
    """Whether a path from the root (`/` between its parts) fits a pattern.

    `*` stays inside one part, `**` crosses parts, `?` is one character. A pattern without `/` fits the
    name in any folder, and one that names a folder fits all in it, as in `.gitignore`.
    """
    return _compile(pattern).fullmatch(path.removeprefix("./")) is not None


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    anchored = pattern.removeprefix("./").removeprefix("/")
    body = "".join(
        _translate(part) for part in re.split(r"(\*\*/|\*\*|\*|\?)", anchored.rstrip("/"))
    )
    loose = "" if "/" in pattern.rstrip("/") else r"(?:.*/)?"
    return re.compile(f"{loose}{body}(?:/.*)?", re.DOTALL)


def _translate(part: str) -> str:
    match part:
        case "**/":
            return r"(?:.*/)?"
        case "**":
            return ".*"
        case "*":
            return "[^/]*"
        case "?":
            return "[^/]"
    return re.escape(part)
