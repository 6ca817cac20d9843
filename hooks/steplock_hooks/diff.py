"""What a fix changes, as a unified diff that `git apply` takes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from steplock.text import Lines
from steplock_hooks.formats.terminal import BOLD, CYAN, GREEN, RED, Pen, visible
from steplock_hooks.results import Style

_SHADES = {"---": BOLD, "+++": BOLD, "@@ ": CYAN}


def diff(path: str, before: str, after: str, style: Style) -> Iterator[str]:
    """The lines of the difference, each with its end."""
    lines = difflib.unified_diff(_split(before), _split(after), f"a/{path}", f"b/{path}")
    for line in lines:
        body = line.rstrip("\r\n")
        end = line[len(body) :]
        missing = "" if end else "\n\\ No newline at end of file\n"
        yield (_painted(body, Pen(style)) if style.color else body) + end + missing


def _painted(line: str, pen: Pen) -> str:
    shade = _SHADES.get(line[:3]) or {"+": GREEN, "-": RED}.get(line[:1])
    return pen.paint(visible(line), shade) if shade else visible(line)


def _split(text: str) -> list[str]:
    """Its lines with their ends: those that git sees, not those of str.splitlines."""
    starts = Lines(text).starts
    ends = [*starts[1:], len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True) if start < end]
