"""Read a variable in a batch script.

`%NAME%` is put in before a line is read, so that its text is code as the expression's was. `!NAME!` is put in
afterwards, but only where the script has asked for that.
"""

from __future__ import annotations

import re

from steplock.lazy import pattern
from steplock.moves.reading import Place, Reading
from steplock.shell import Script

_DELAYED = pattern(
    r"^[ \t]*@?setlocal\b[^\n]*\benabledelayedexpansion\b", re.IGNORECASE | re.MULTILINE
)
_ENDS = pattern(
    r"^[ \t]*@?(?:endlocal|setlocal\b[^\n]*\bdisabledelayedexpansion)\b",
    re.IGNORECASE | re.MULTILINE,
)
_SHELLS = pattern(r"\b(?:cmd|powershell|pwsh|bash|python|node|for|call|wsl)\b|\|", re.IGNORECASE)


def read(script: Script, place: Place) -> Reading | None:
    """Read a variable where delayed expansion holds; inexact, since it takes `!` and `^` for syntax."""
    line = place.before.rpartition("\n")[2] + " " + place.after.partition("\n")[0]
    ends = list(_ENDS.finditer(place.before))
    starts = list(_DELAYED.finditer(place.before))
    holds = bool(starts) and (not ends or ends[-1].start() < starts[-1].start())
    if not holds or _SHELLS.search(line):
        return None
    if place.before.endswith(("!", "%", "^")) or script.placement(place.span.start) == "command":
        return None
    return place.put(f"!{place.variable}!", exact=False)
