"""Read a variable in a script of Node: only in the place of a string, since elsewhere the text is code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.lazy import pattern
from steplock.moves.reading import Change, Place, Reading, concatenation
from steplock.named import NamedTuple
from steplock.shell.source import fences
from steplock.text import Span

_TOKEN = pattern(
    r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
  | (?P<string> '(?:\\.|[^'\\\n])*' | "(?:\\.|[^"\\\n])*" )
  | (?P<template> ` | \} )
  | (?P<open> \{ )
  | (?P<regex> /(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]* )
  | (?P<word> [\w$]+ )
  | (?P<other> \S )
    """,
    re.VERBOSE | re.DOTALL,
)
_TEMPLATE = pattern(r"(?:\\.|\$(?!\{)|[^`\\$])*(?P<end>`|\$\{|\Z)", re.DOTALL)
# Behind one of these an operand is to come, so that a slash begins a regular expression.
_BEFORE_REGEX = frozenset("(,=:[!&|?{};+-*%~^<>") | {
    "return", "typeof", "case", "in", "of", "new", "delete", "void", "throw", "await", "yield",
}  # fmt: skip
_CODE = pattern(
    r"\b(?:eval|Function|exec|execSync|getExecOutput|spawn|spawnSync|setTimeout|import)\s*\(?\s*$"
)


class Literal(NamedTuple):
    """A string, a template or a comment; of a template the parts between its `${...}`."""

    kind: str
    span: Span
    before: str
    """The token before it."""


def read(place: Place) -> Reading | None:
    """Read the variable as `process.env.NAME`; None where the text is no part of a string."""
    masked = _masked(place.script)
    literal = next((one for one in _literals(masked) if one.span.holds(place.span)), None)
    look = f"process.env.{place.variable}"
    if literal is None or place.before.endswith(("\\", "$")):
        return None
    if literal.kind == "comment":
        return place.put(place.said())
    start, end = literal.span
    # `from 'x'`, a template with a tag; the key of an object; what is run.
    is_fixed = bool(re.search(r"[\w$)\]]$", literal.before)) and literal.before not in _BEFORE_REGEX
    is_key = literal.before in ("{", ",") and re.match(r"\s*:", masked[end:])
    if is_fixed or is_key or _CODE.search(masked[:start]):
        return None
    if place.span == (start + 1, end - 1) and masked[start] == masked[end - 1]:
        return Reading((Change(literal.span, look),))
    if literal.kind == "template":
        return place.put(f"${{{look}}}")
    return Reading(tuple(concatenation(literal.span, 1, masked[start], masked[start], look, place)))


def _masked(script: str) -> str:
    """A script in which each expression is a name."""
    at = 0
    parts: list[str] = []
    for start, end in fences(script):
        parts += (script[at:start], "_" * (end - start))
        at = end
    return "".join([*parts, script[at:]])


def _literals(text: str) -> Iterator[Literal]:
    """The strings, templates and comments of a script, first to last."""
    at, last = 0, ""
    braces: list[str] = []
    before: list[str] = []
    while match := _TOKEN.search(text, at):
        kind, token = match.lastgroup, match.group()
        at = match.end()
        if kind == "regex" and last not in _BEFORE_REGEX and last:
            at, kind, token = match.start() + 1, "other", "/"
        if kind == "open":
            braces.append("{")
        elif kind == "template" and token == "}" and (not braces or braces.pop() == "{"):
            kind = "other"
        elif kind == "template":
            if token == "`":
                before.append(last)
            end = _TEMPLATE.match(text, at)
            assert end is not None
            yield Literal("template", Span(match.start(), end.end()), before[-1])
            at, token = end.end(), "`"
            if end["end"] == "${":
                braces.append("$")
                token = "{"
            else:
                before.pop()
        elif kind in ("string", "comment"):
            yield Literal(kind, Span(*match.span()), last)
        if kind != "comment":
            last = token
