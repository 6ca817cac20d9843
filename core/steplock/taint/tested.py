"""What a test of the shell says of a variable, where it holds and where it does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from steplock.annotations import TypeAlias
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.shell import Assignment, Command, Script, Word
from steplock.tables.contexts import Control
from steplock.taint import letters

Facts: TypeAlias = "dict[tuple[str, bool], letters.Letters]"
"""The characters of a variable's text; with True, only if it has no more than one line."""
_NAME = pattern(r"\"?\$(?:(\w+)|\{(\w+)(?::?-)?\})\"?")
_WITHOUT = pattern(r"\"?\$\{(\w+)//(\[.+\])/?\}\"?")
_NUMBERS = frozenset(["-eq", "-ge", "-gt", "-le", "-lt", "-ne"])
_GREPS = frozenset(["egrep", "grep", "rg"])
_JOINED = frozenset(["&&", "||", "(", ")", "-a", "-o"])


class Outcome(NamedTuple):
    """What is known behind a test."""

    true: Facts
    false: Facts


_NOTHING = Outcome({}, {})


def named(text: str) -> str:
    """The variable that a word is, and nothing else."""
    match = _NAME.fullmatch(text)
    return (match[1] or match[2]) if match else ""


def outcome(command: Command, script: Script) -> Outcome:
    """What is known after a command has succeeded or failed."""
    if command.name in _GREPS:
        inputs = [r.target for r in command.redirects if r.op == "<<<"]
        return Outcome(_searched(command, named(inputs[0].text)), {}) if inputs else _NOTHING
    if command.name not in ("[[", "[", "test"):
        return _NOTHING
    words = list(command.argv)
    if words and words[-1].text in ("]]", "]"):
        words.pop()
    double = command.name == "[["
    for sign in ("&&", "||") if double else ():
        texts = {word.text for word in words} & _JOINED
        if texts == {sign}:
            parts = [_part(part, script, double) for part in _split(words, sign)]
            if sign == "&&":
                return Outcome(_all(part.true for part in parts), {})
            return Outcome({}, _all(part.false for part in parts))
    return _part(words, script, double)


def piped(stages: Sequence[Command | Assignment | None]) -> Facts:
    """What is known where `echo "$n" | grep -q '^[0-9]*$'` succeeds: one line of it is like that."""
    first, last = stages[0], stages[-1]
    if not isinstance(first, Command) or not isinstance(last, Command):
        return {}
    words = [word for word in first.argv if word.text not in ("-n", "'%s'", '"%s"', "'%s\\n'")]
    if first.name not in ("echo", "printf") or last.name not in _GREPS or len(words) != 1:
        return {}
    return _searched(last, named(words[0].text))


def lines_kept(command: Command) -> letters.Letters:
    """The characters of the lines, or parts of lines, that `grep` prints."""
    operands = command.operands(("-A", "-B", "-C", "-m"))
    given = command.option("-e", "--regexp") or (operands[0] if operands else None)
    if given is None or not given.literal or command.has_flag("-v", "-f", clustered=True):
        return letters.ALL
    if command.has_flag("-A", "-B", "-C"):
        return letters.ALL
    extended = command.name != "grep" or command.has_flag("-E", "-P", clustered=True)
    if command.has_flag("-o", "-x", "--only-matching", "--line-regexp", clustered=True):
        return letters.matched(given.value, extended=extended)
    if not extended and "\\|" in given.value:
        return letters.ALL
    anchored = letters.whole(given.value) != letters.ALL
    return letters.matched(given.value, extended=extended) if anchored else letters.ALL


def _searched(command: Command, name: str) -> Facts:
    if not name or command.has_flag("-o", "--only-matching", clustered=True):
        return {}
    kept = lines_kept(command)
    return {} if letters.control(kept) is Control.FREE else {(name, True): kept}


def _split(words: Iterable[Word], sign: str) -> list[list[Word]]:
    parts: list[list[Word]] = [[]]
    for word in words:
        if word.text == sign:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _all(parts: Iterable[Facts]) -> Facts:
    return {key: value for part in parts for key, value in part.items()}


def _part(words: Sequence[Word], script: Script, double: bool) -> Outcome:
    if [word.text for word in words[:2]] in (["!", "-z"], ["!", "-n"]) or len(words) == 4:
        true, false = _part(words[1:], script, double) if words[0].text == "!" else _NOTHING
        return Outcome(false, true)
    match [word.text for word in words]:
        case [("-z" | "-n") as sign, text] if match := _WITHOUT.fullmatch(text):
            known = _fact(match[1], letters.glob(match[2]))
            return Outcome(known, {}) if sign == "-z" else Outcome({}, known)
        case [left, sign, _] if name := named(left):
            return _compared(name, sign, words[2], script, double)
    return _NOTHING


def _compared(name: str, sign: str, right: Word, script: Script, double: bool) -> Outcome:
    if sign in _NUMBERS and not double:
        return Outcome({(name, False): letters.DIGITS}, {})
    if sign == "=~" and double:
        return Outcome(_fact(name, letters.whole(_regex(right, script))), {})
    if sign not in ("=", "==", "!=") or not right.literal:
        return _NOTHING
    is_glob = double and right.text[:1] not in "\"'" and bool(set(right.text) & set("*?["))
    equal: Facts = {(name, False): frozenset()}
    if is_glob:
        equal = _fact(name, letters.glob(right.text))
    different = _fact(name, letters.rejected(right.text)) if is_glob else {}
    return Outcome(different, equal) if sign == "!=" else Outcome(equal, different)


def _fact(name: str, allowed: letters.Letters) -> Facts:
    return {} if letters.control(allowed) is Control.FREE else {(name, False): allowed}


def _regex(word: Word, script: Script) -> str:
    """A regular expression, which may stand in a variable for its spaces."""
    if word.literal:
        return word.value if word.text[:1] in "\"'" else word.text
    name = named(word.text)
    held = [one.value for one in script.assignments if one.name == name]
    return held[0].value if len(held) == 1 and held[0].literal else ""
