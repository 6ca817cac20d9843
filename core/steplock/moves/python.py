"""Read a variable in a script of Python: only in the place of a string, since elsewhere the text is code."""

from __future__ import annotations

import re

from steplock.lazy import pattern
from steplock.moves.reading import Change, Place, Reading, concatenation
from steplock.shell import Script
from steplock.text import Span

_IMPORT = pattern(r"^import os(?:[ \t]*,[^\n]*)?[ \t]*$", re.MULTILINE)
_LITERAL = pattern(r"(?P<prefix>[A-Za-z]{0,2})(?P<quote>'''|\"\"\"|'|\")")
_STRING_BEFORE = pattern(r"[\"']\s*(?:#[^\n]*\n\s*)*$")
_STRING_AFTER = pattern(r"\s*(?:#[^\n]*\n\s*)*[A-Za-z]{0,2}[\"']")
_IMPORT_LINE = "import os\n"
_SHELLS = frozenset(["bash", "sh", "zsh", "dash", "pwsh", "powershell", "cmd", "ssh", "su", ""])
_EVALUATES = pattern(
    r"\bshell\s*=\s*True|\bos\.(?:system|popen|exec\w+|spawn\w+)|\bgetoutput|(?<![.\w])(?:eval|exec|compile)\s*\("
)


def read(script: Script, place: Place) -> Reading | None:
    """Look the variable up in `os.environ`, importing `os` at the top where that is missing."""
    quoting = script.placement(place.span.start)
    if quoting == "comment":
        return place.put(place.said())
    regions = [r for r in script.regions if r.span.holds(place.span) and r.quoting == quoting]
    if quoting not in ("single", "double") or not regions or _is_code(script, place):
        return None
    changes = _in_literal(regions[-1].span, place)
    if changes is None:
        return None
    if not _IMPORT.search(place.before):
        if "from __future__" in place.script or re.search(r"\bos\s*=(?!=)", place.script):
            return None
        changes.insert(0, Change(Span(0, 0), _IMPORT_LINE))
    return Reading(tuple(changes))


def _is_code(script: Script, place: Place) -> bool:
    """Whether the text may go to a shell or an interpreter, or stands where only a literal may."""
    commands = [c for c in script.commands if c.span.holds(place.span)]
    return (
        any(command.name in _SHELLS for command in commands)
        or _EVALUATES.search(place.script) is not None
        or place.before.rpartition("\n")[2].lstrip().startswith("case ")
    )


def _in_literal(string: Span, place: Place) -> list[Change] | None:
    match = _LITERAL.match(place.script, string.start)
    if match is None:
        return None
    prefix, quote = match["prefix"].lower(), match["quote"]
    first, last = match.end(), string.end - len(quote)
    if "b" in prefix or place.before.endswith("\\"):
        return None
    look = f'os.environ["{place.variable}"]'
    beside = _STRING_BEFORE.search(place.script[: string.start]) or _STRING_AFTER.match(
        place.script, string.end
    )
    if beside:
        return None
    if place.span == (first, last):
        return [Change(string, look)]
    if "f" in prefix:
        return _in_format(first, look, quote, place)
    edge = quote[0] in (place.before[-1:], place.after[:1])
    if len(quote) == 3 and edge and place.span.start != first:
        return None
    return concatenation(string, len(match.group()), match.group(), quote, look, place)


def _in_format(first: int, look: str, quote: str, place: Place) -> list[Change] | None:
    """In an f-string the look-up stands in braces, with quotes that do not end the string."""
    inside = place.script[first : place.span.start].replace("{{", "").replace("}}", "")
    inside = re.sub(r"\$$", "", inside)
    if inside.count("{") != inside.count("}"):
        return None
    other = "'" if quote[0] == '"' else '"'
    return [Change(place.span, f"{{{look.replace(chr(34), other)}}}")]
