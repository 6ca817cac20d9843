"""Taking JavaScript apart into words, texts and signs; an expression of the workflow in it is one word."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.lazy import pattern
from steplock.named import NamedTuple


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


_TOKEN = pattern(
    r"(?P<space>\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?)"
    r"|(?P<fence>\$\{\{(?:[^}]|\}(?!\})){0,500}\}\})"
    r"|(?P<name>[A-Za-z_$][\w$]*)|(?P<number>\d[\w.]*)"
    r"|(?P<text>'(?:\$\{\{[^}]{0,200}\}\}|[^'\\\n]|\\.)*'?|\"(?:\$\{\{[^}]{0,200}\}\}|[^\"\\\n]|\\.)*\"?)"
    r"|(?P<template>`(?:[^`\\]|\\[\s\S])*`?)"
    r"|(?P<sign>=>|\?\.(?!\d)|\?\?=?|\|\|=?|&&=?|[=!]==?|[<>]=?|\.\.\.|\+\+|--|[-+*/%]=|[\s\S])"
)
_REGEX = pattern(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")


def tokens(script: str, offset: int = 0) -> Iterator[Token]:
    """The tokens of a text that begins at `offset`, without space and comments."""
    at, operand = 0, True  # operand: whether a `/` would begin a regular expression
    while at < len(script):
        match = _REGEX.match(script, at) if operand and script[at] == "/" else None
        if match and not script.startswith(("//", "/*"), at):
            kind = "regex"
        else:
            match = _TOKEN.match(script, at)
            assert match is not None and match.lastgroup
            kind = match.lastgroup
        text = match[0]
        if kind != "space":
            operand = text not in ")]}" if kind == "sign" else text in ("return", "typeof", "await")
            yield Token(kind, text, offset + at, offset + match.end())
        at = match.end()


END = Token("end", "", 0, 0)
