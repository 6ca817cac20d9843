"""Which characters a pattern lets through, and what somebody can do with them."""

from __future__ import annotations

from steplock.lazy import pattern
from steplock.tables.contexts import Control
from steplock.taint.value import Taints

Letters = frozenset[str]

# Spelled out: to import `string` takes longer than to read a script.
DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_WORD = _LETTERS | DIGITS | {"_"}
_SPACE = frozenset(" \t\n\r\f\v")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
ALL = frozenset(map(chr, range(128)))
_CLASSES = {
    "alnum": _WORD - {"_"},
    "alpha": _LETTERS,
    "blank": frozenset(" \t"),
    "digit": DIGITS,
    "graph": _WORD | _PUNCTUATION,
    "lower": frozenset("abcdefghijklmnopqrstuvwxyz"),
    "print": _WORD | _PUNCTUATION | {" "},
    "punct": _PUNCTUATION,
    "space": _SPACE,
    "upper": frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "word": _WORD,
    "xdigit": DIGITS | frozenset("abcdefABCDEF"),
}
_NONE: Letters = frozenset()
_ESCAPES = {
    "d": DIGITS,
    "w": _WORD,
    "s": _SPACE,
    "h": frozenset(" \t"),
    "n": frozenset("\n"),
    "t": frozenset("\t"),
    "K": _NONE,
    "b": _NONE,
    "<": _NONE,
    ">": _NONE,
}
# What neither a shell nor a file of the runner acts on.
_PLAIN = _WORD | frozenset(" -./:@%+,")
_MAX = 1000
_LENGTH = pattern(r"\{[\d,]*\}")
_REJECTS = pattern(r"\*(\[[!^].*\])\*")


def left(found: Taints, letters: Letters) -> Taints:
    """What is left of texts of which only some characters come through."""
    if letters <= DIGITS:  # a number names no commit either
        return ()
    most = control(letters)
    return tuple(taint._replace(control=min(taint.control, most)) for taint in found)


def control(letters: Letters) -> Control:
    """How free a text is that is made of some characters."""
    if not letters <= _PLAIN:
        return Control.FREE
    return Control.CONSTRAINED if "/" in letters else Control.HARMLESS  # it can be a path


def matched(regex: str, *, extended: bool = True) -> Letters:
    """The characters of all that a regular expression can match; rather too many than too few."""
    if len(regex) > _MAX:
        return ALL
    found: set[str] = set()
    at = 1 if regex.startswith("^") else 0
    end = len(regex) - (regex.endswith("$") and not regex.endswith("\\$"))
    operators = "()|+?" if extended else ""
    while at < end:
        char = regex[at]
        at += 1
        if char == "\\" and at < end:
            char = regex[at]
            at += 1
            if char in _ESCAPES:
                found |= _ESCAPES[char]
            elif char.isalnum():
                return ALL
            elif extended or char not in "()|+?{}":
                found.add(char)
        elif char == "[":
            members, at = _members(regex, at, "^")
            found |= members
        elif char == ".":
            found |= ALL - {"\n"}
        elif char == "{" and extended and (length := _LENGTH.match(regex, at - 1)):
            at = length.end()
        elif char == "(" and extended and regex.startswith("?", at):
            at += 2 + (regex[at + 1 : at + 2] == "<")
        elif char not in operators and char not in "*^$":
            found.add(char)
    return frozenset(found)


def whole(regex: str) -> Letters:
    """The characters of a text that a regular expression matches; all, where it may match a part."""
    return (
        matched(regex) if len(regex) <= _MAX and all(map(_is_anchored, _branches(regex))) else ALL
    )


def glob(text: str) -> Letters:
    """The characters of a text that a pattern of the shell matches."""
    if len(text) > _MAX:
        return ALL
    found: set[str] = set()
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char in "*?+@" and text.startswith("(", at):
            at += 1
        elif char in "*?!":
            return ALL
        elif char == "[":
            members, at = _members(text, at, "!^")
            found |= members
        elif char not in "()|\"'\\":
            found.add(char)
    return frozenset(found)


def rejected(text: str) -> Letters:
    """The characters of a text that `*[!a-z]*` does not match."""
    match = _REJECTS.fullmatch(text) if len(text) <= _MAX else None
    if match is None:
        return ALL
    members, end = _members(match[1], 1, "!^")
    return ALL - members if end == len(match[1]) else ALL


def listed(text: str) -> Letters:
    """The characters of a set as `tr` has it: `a-z0-9\\n`, `[:alnum:]`."""
    if len(text) > _MAX:
        return ALL
    classes = frozenset[str]()
    while (start := text.find("[:")) >= 0 and (end := text.find(":]", start)) > 0:
        classes |= _CLASSES.get(text[start + 2 : end], ALL)
        text = text[:start] + text[end + 2 :]
    own = frozenset("[]") & frozenset(text)
    text = text.replace("[", "").replace("]", "")
    return classes | own | _members(f"{text}]", 0, "")[0]


def _members(text: str, at: int, negations: str) -> tuple[Letters, int]:
    """The characters of a class, and where it ends; `at` stands behind its `[`."""
    found: set[str] = set()
    negated = text[at : at + 1] != "" and text[at] in negations
    at += negated
    start = at
    while at < len(text) and (text[at] != "]" or (at == start and negations)):
        char = text[at]
        if text.startswith("[:", at) and (close := text.find(":]", at)) > 0:
            found |= _CLASSES.get(text[at + 2 : close], ALL)
            at = close + 2
            continue
        if char == "\\" and at + 1 < len(text) and text[at + 1] != "]":
            at += 1
            char = text[at]
            if char in _ESCAPES:
                found |= _ESCAPES[char]
                at += 1
                continue
        last = text[at + 2 : at + 3]
        if text[at + 1 : at + 2] == "-" and last and last != "]":
            if max(char, last) > "\x7f":
                found.add("\x80")
            found.update(map(chr, range(ord(char), min(ord(last), 127) + 1)))
            at += 3
            continue
        found.add(char)
        at += 1
    if at >= len(text):
        return ALL, at
    return (ALL - found if negated else frozenset(found)), at + 1


def _branches(regex: str) -> list[str]:
    """The alternatives of a regular expression that no parentheses hold."""
    parts, depth, start, at = [], 0, 0, 0
    while at < len(regex):
        char = regex[at]
        if char == "\\":
            at += 1
        elif char == "[":
            at = _members(regex, at + 1, "^")[1] - 1
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            parts.append(regex[start:at])
            start = at + 1
        at += 1
    return [*parts, regex[start:]]


def _is_anchored(branch: str) -> bool:
    return branch.startswith("^") and branch.endswith("$") and not branch.endswith("\\$")
