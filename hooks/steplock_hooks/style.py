"""How to write for where the output goes: https://no-color.org, FORCE_COLOR, width, hyperlinks."""

from __future__ import annotations

import os

from steplock.annotations import TextIO
from steplock_hooks.results import Style

PLAIN = Style(color=False, links=False, width=100)


def style(stream: TextIO, color: str = "auto") -> Style:
    """What the terminal behind a stream can do; `color` is `auto`, `always` or `never`."""
    terminal = stream.isatty()
    return Style(_colors(color, terminal), terminal and _knows_links(), columns())


def _colors(wanted: str, terminal: bool) -> bool:
    if wanted != "auto":
        return wanted == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def _knows_links() -> bool:
    """Whether it is a terminal that is known to show OSC 8 hyperlinks; others may print garbage."""
    known = {"iTerm.app", "vscode", "WezTerm", "ghostty", "Hyper", "rio", "Tabby"}
    environ = os.environ
    return (
        environ.get("TERM_PROGRAM") in known
        or environ.get("TERM") in ("xterm-kitty", "alacritty", "foot", "xterm-ghostty")
        or any(name in environ for name in ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM"))
        or environ.get("VTE_VERSION", "0").rjust(5, "0") >= "05000"
    )


def columns() -> int:
    """The width of the terminal, as COLUMNS or one of the standard streams says."""
    if os.environ.get("COLUMNS", "").isdecimal():
        return int(os.environ["COLUMNS"]) or PLAIN.width
    for descriptor in (1, 2, 0):
        try:
            return os.get_terminal_size(descriptor).columns or PLAIN.width
        except OSError:
            continue
    return PLAIN.width
