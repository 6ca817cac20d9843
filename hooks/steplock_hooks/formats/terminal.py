"""What a terminal may be sent: text made harmless, its width, colours and links.

What comes from a checked file or its name may hold escape sequences, characters that turn the
reading order round (CVE-2021-42574), and, in the log of a workflow, commands to the runner.
"""

from __future__ import annotations

from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.rule import Severity
from steplock_hooks.results import Style

# The runner obeys `::command::` at the start of a line, and `##[command]` anywhere in it:
# https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
_COMMAND = pattern(r"(?<=#)#(?=\[)|\A\s*:(?=:)")

_CODE = pattern("`[^`]+`")

BOLD, DIM, RED, GREEN, YELLOW, BLUE, CYAN = "1", "2", "1;31", "1;32", "1;33", "1;34", "1;36"
SHADES = {
    Severity.HIGH: RED,
    Severity.MEDIUM: YELLOW,
    Severity.LOW: CYAN,
    Severity.INFORMATIONAL: BLUE,
}


def visible(text: str) -> str:
    """The text with everything that prints no glyph as an escape such as `\\x1b`, on one line."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else escape(c) for c in text)
    return _COMMAND.sub(lambda match: match[0][:-1] + f"\\x{ord(match[0][-1]):02x}", text)


def escape(char: str) -> str:
    """How a character that prints no glyph is shown."""
    return char.encode("unicode_escape").decode("ascii")


def cells(text: str) -> list[str]:
    """What a terminal shows for each character of a line, tabs as four spaces."""
    shown = [
        c if c.isprintable() else "    " if c == "\t" else "" if c == "\ufeff" else escape(c)
        for c in text
    ]
    for match in _COMMAND.finditer(text):
        shown[match.end() - 1] = f"\\x{ord(text[match.end() - 1]):02x}"
    return shown


def width(cell: str) -> int:
    """How many columns a terminal needs for what `cells` gave."""
    if cell.isascii():
        return len(cell)
    from unicodedata import category, east_asian_width

    if cell == "\N{VARIATION SELECTOR-16}":
        return 1  # makes the narrow sign before it an emoji, which is wide
    if category(cell) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(cell) in "WF" else 1


class Pen(NamedTuple):
    """Writes in colours and with hyperlinks, where the terminal knows them."""

    style: Style

    def paint(self, text: str, shade: str) -> str:
        """The text in a colour."""
        return f"\x1b[{shade}m{text}\x1b[0m" if self.style.color and text else text

    def link(self, text: str, address: str) -> str:
        """The text as a hyperlink (OSC 8)."""
        return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if self.style.links else text

    def prose(self, text: str) -> str:
        """A message made harmless, with what stands in backticks set off."""
        text = visible(text)
        return (
            _CODE.sub(lambda match: self.paint(match[0], BOLD), text) if self.style.color else text
        )
