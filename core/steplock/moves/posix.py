"""Read a variable in a script of bash or sh, whatever quotes stand round the place."""

from __future__ import annotations

import re

from steplock import shell
from steplock.lazy import pattern
from steplock.moves.programs import holds, is_code
from steplock.moves.reading import Change, Place, Reading
from steplock.shell import Command, Redirect, Region, Script
from steplock.text import Span

# Names of what is usually several words: they are read without quotes, so that they stay several.
_SEVERAL = pattern(
    r"(?:^|_)(?:ARGS|ARGUMENTS|ARGV|FILES|FLAGS|OPTIONS|OPTS|PACKAGES|PARAMS|PATHS|TARGETS)$"
)
_SHELLS = ("bash", "dash", "ksh", "sh", "zsh")
# The name of a variable, a backslash or the start of an expansion would take the text up.
_OPEN = pattern(r"(?<!\\)(?:\\\\)*(?:\\|\$\{?[!#]?)$|\$?\(\($|(?:^|[\s{])\w+\[[^\]\s]*$")
_NAME = pattern(r"\$\w+$", re.ASCII)
_ESCAPED = pattern(r"[\\$`]")
_MAX_ESCAPED = 20


def read(script: Script, place: Place) -> Reading | None:
    """Read a variable; None where the text is code, or takes part in a word that only the shell makes."""
    stack = [region for region in script.regions if region.span.holds(place.span)]
    quoting = script.placement(place.span.start)
    if quoting == "comment":
        return place.put(place.said())
    if quoting == "nested":
        return _in_nested(script, stack, place)
    is_literal = quoting in ("single", "heredoc-quoted")
    if (_OPEN.search(place.before) and not is_literal) or is_code(script, place.span):
        return None
    reading = _quoted(script, stack, quoting, place)
    if reading and not is_literal and _NAME.search(place.before):
        return reading._replace(exact=False)
    return reading


def _quoted(script: Script, stack: list[Region], quoting: str, place: Place) -> Reading | None:
    name = f"${{{place.variable}}}"
    around = stack[-2].quoting if len(stack) > 1 else "plain"
    match quoting:
        case "double" if around != "arithmetic":
            return place.put(name)
        case "heredoc":
            return place.put(name)
        case "heredoc-quoted":
            return _unquote(script, stack[-1].span, place)
        case "single" | "ansi":
            return _between_quotes(stack[-1].span, "'" if quoting == "single" else "$'", place)
        case "assignment":
            if place.script.startswith("(", stack[-1].span.start):
                return place.put(name, exact=False)
            return place.put(f'"{name}"')
        case "test":
            return _in_test(script, place)
        case "pattern":
            if re.search(r"\$\{[!#]?\w+//?[^}]*$", place.before):
                return None
            return place.put(f'"{name}"', exact=False)
        case "plain":
            return _plain(script, place)
    return None


def _between_quotes(string: Span, opening: str, place: Place) -> Reading:
    """End the string, read the variable in quotes, and begin the string again."""
    start, end = place.span
    head, tail = "'", opening
    if start == string.start + len(opening):
        start, head = string.start, ""
    if end == string.end - 1:
        end, tail = string.end, ""
    return Reading((Change(Span(start, end), f'{head}"${{{place.variable}}}"{tail}'),))


def _unquote(script: Script, body: Span, place: Place) -> Reading | None:
    """Take the quotes from the delimiter, and escape what they kept from expanding.

    Not where another expression stands in the text: its value would begin to expand.
    """
    redirect = next((r for c in script.commands for r in _redirects(c) if holds(r, body)), None)
    text = place.script[body.start : body.end]
    mine = place.script[place.span.start : place.span.end]
    if redirect is None or text.replace(mine, "").count("${{"):
        return None
    changes = [Change(redirect.target.span, redirect.target.value), *_escapes(body, mine, place)]
    if len(changes) > _MAX_ESCAPED or not re.fullmatch(r"[\w.!-]+", redirect.target.value):
        return None
    return Reading((*changes, Change(place.span, f"${{{place.variable}}}")))


def _redirects(command: Command) -> tuple[Redirect, ...]:
    return (*command.redirects, *command.inherited)


def _escapes(body: Span, fence: str, place: Place) -> list[Change]:
    found = []
    at = body.start
    while at < body.end:
        stop = place.script.find(fence, at, body.end)
        stop = body.end if stop < 0 else stop
        for match in _ESCAPED.finditer(place.script, at, stop):
            found.append(Change(Span(match.start(), match.start()), "\\"))
        at = stop + len(fence)
    return found


def _in_test(script: Script, place: Place) -> Reading | None:
    """In `[[ ]]` nothing splits; on the right of `==` stands a pattern, and behind `=~` a program of its own."""
    for command in script.commands:
        for number, word in enumerate(command.words if command.name == "[[" else ()):
            if word.span.holds(place.span):
                before = command.words[number - 1].value
                if before == "=~":
                    return None
                is_pattern = before in ("=", "==", "!=")
                return place.put(f'"${{{place.variable}}}"', exact=not is_pattern)
    return None


def _plain(script: Script, place: Place) -> Reading | None:
    """A word of its own gets quotes; where several words are meant, they stay several."""
    if _is_delimiter(script, place.span):
        return None
    in_list = any(one.value.span.holds(place.span) for one in script.assignments)
    command = next((c for c in reversed(script.commands) if c.span.holds(place.span)), None)
    if command is None and not in_list:
        return None
    is_word = any(word.span == place.span for word in command.words) if command else True
    if in_list or (is_word and _SEVERAL.search(place.variable)):
        return place.put(f"${{{place.variable}}}", exact=False)
    return place.put(f'"${{{place.variable}}}"', exact=False)


def _is_delimiter(script: Script, place: Span) -> bool:
    return any(
        redirect.op.startswith("<<") and redirect.op != "<<<" and redirect.target.span.holds(place)
        for command in script.commands
        for redirect in _redirects(command)
    )


def _in_nested(script: Script, stack: list[Region], place: Place) -> Reading | None:
    """In `bash -c '...'`: the inner shell has the variable too, and reads it where it stands."""
    string = stack[-1].span
    outer = [c for c in script.commands if any(word.span == string for word in c.words)]
    if (
        len(outer) != 1
        or outer[0].name not in _SHELLS
        or {"sudo", "doas", "env"} & {*outer[0].wrappers}
    ):
        return None
    inner = place.script[string.start : string.end]
    if inner[:1] + inner[-1:] != "''" or "'" in inner[1:-1]:
        return None
    inside = shell.parse(inner[1:-1], "bash", base=string.start + 1)
    if inside.errors or is_code(script, outer[0].span):
        return None
    reading = read(inside, place)
    if reading is None or any("'" in change.text for change in reading.changes):
        return None
    return reading
