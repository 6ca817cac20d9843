"""File URIs to paths and back.

Paths have `/` between their parts on every system; a Windows drive letter is lower case, since
editors send `c%3A`, `C:` and `c:` for the same drive.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

_DRIVE = re.compile(r"/?(?P<letter>[A-Za-z]):(?=/|$)")


def scheme(uri: str) -> str:
    return urlsplit(uri).scheme


def to_path(uri: str) -> str | None:
    """The path that a `file:` URI names, percent-decoded; None for another scheme or no path."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    path = unquote(parts.path)
    if parts.netloc and parts.netloc != "localhost":
        return f"//{parts.netloc}{path}"
    return normalize(path) or None


def normalize(path: str) -> str:
    """`/` between the parts, no slash at the end, a drive letter in lower case and first."""
    path = path.replace("\\", "/") if _DRIVE.match(path.replace("\\", "/")) else path
    drive = _DRIVE.match(path)
    if drive:
        path = f"{drive['letter'].lower()}:{path[drive.end() :]}"
    return path.rstrip("/") or path[:1]


def to_uri(path: str) -> str:
    """The `file:` URI of an absolute path."""
    if path.startswith("//"):
        host, _, rest = path[2:].partition("/")
        return f"file://{host}/{quote(rest)}"
    if _DRIVE.match(path):
        return f"file:///{path[:2]}{quote(path[2:])}"
    return f"file://{quote(path)}"


def name(uri: str) -> str:
    """What a buffer without a file is called: `Untitled-1`, or the path it will be saved at."""
    parts = urlsplit(uri)
    return unquote(parts.path) or parts.netloc or "untitled"
