"""Read a variable in a script of PowerShell."""

from __future__ import annotations

from steplock.lazy import pattern
from steplock.moves.reading import Change, Place, Reading
from steplock.shell import Region, Script
from steplock.shell.programs import basename
from steplock.text import Span

_INTERPRETERS = frozenset(
    ["bash", "cmd", "icm", "iex", "invoke-command", "invoke-expression", "node", "perl", "powershell", "pwsh", "python", "python3", "ruby", "sh", "ssh", "start-job", "wsl"]
)  # fmt: skip
_OPEN = pattern(r"[`$]$|\$\{?[\w:]*$")
_SPECIAL = pattern("[`$\"\u201c\u201d\u201e]|''")


def read(script: Script, place: Place) -> Reading | None:
    """Read a variable; None where the text is an expression, a command or a script."""
    quoting = script.placement(place.span.start)
    if quoting == "comment":
        return place.put(place.said())
    if _OPEN.search(place.before) or _is_code(script, place.span):
        return None
    name = f"${{env:{place.variable}}}"
    match quoting:
        case "double" | "heredoc":
            return place.put(name)
        case "single":
            regions = [r for r in script.regions if r.span.holds(place.span)]
            return _double(regions[-1], place)
        case "plain" if any(c.span.holds(place.span) for c in script.commands):
            return place.put(f'"{name}"', exact=False)
    return None


def _is_code(script: Script, place: Span) -> bool:
    """Whether an interpreter stands before the place in its command, or behind it in the pipeline."""
    for command in script.commands:
        names = [
            basename(word.value).lower() for word in command.words if word.span.end <= place.start
        ]
        if command.span.holds(place) and _INTERPRETERS.intersection(names):
            return True
    for pipeline in script.pipelines:
        held = [any(c.span.holds(place) for c in stage) for stage in pipeline.stages]
        later = pipeline.stages[held.index(True) + 1 :] if True in held else ()
        if any(command.name in _INTERPRETERS for stage in later for command in stage):
            return True
    return False


def _double(string: Region, place: Place) -> Reading | None:
    """Make a string that does not expand one that does; what it kept from expanding is escaped.

    Not where another expression stands in it: its value would begin to expand. `$env:NAME` without
    quotes would not do: where the value is empty, that is null.
    """
    start, end = string.span
    text = place.script[start:end]
    fence = place.script[place.span.start : place.span.end]
    if text[:1] + text[-1:] != "''" or text.replace(fence, "").count("${{"):
        return None
    changes = [
        Change(Span(start, start + 1), '"'),
        Change(place.span, f"${{env:{place.variable}}}"),
        Change(Span(end - 1, end), '"'),
    ]
    at = start + 1
    while at < end - 1:
        stop = place.script.find(fence, at, end)
        stop = end - 1 if stop < 0 else stop
        for match in _SPECIAL.finditer(place.script, at, stop):
            found = match.group()
            changes.append(Change(Span(*match.span()), "'" if found == "''" else f"`{found}"))
        at = stop + len(fence)
    return Reading(tuple(changes))
