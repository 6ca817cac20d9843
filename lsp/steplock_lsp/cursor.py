"""Where in half-written YAML the cursor is: by lines and indentation, since no parser reads it yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from steplock.text import Lines, Span

_MAX_LINES_UP = 5_000
_LEAD = r"(?P<lead>[ ]*(?:- +)*)"
_ENTRY = re.compile(_LEAD + r"(?P<key>[\w.-]+|'[^']*'|\"[^\"]*\")[ ]*:(?=[ ]|$)[ ]*(?P<value>.*)")
_BLOCK = re.compile(r"[|>]")
_WORD = re.compile(r"[\w./@-]*$")


class Entry(NamedTuple):
    """A line that gives a key."""

    column: int
    """Of the key itself, behind dashes."""
    key: str
    value: str


class Cursor(NamedTuple):
    """What is being written."""

    in_text: bool
    """Whether it is a line of a block scalar, such as a script."""

    parents: tuple[str, ...]
    """The keys above, outermost first."""
    key: str | None
    """The key whose value it is; None where a key is being written."""
    word: str
    """What of it is written before the cursor."""
    span: Span
    """Where the whole word stands."""
    siblings: dict[str, str]
    """The other keys of the same mapping, with what stands behind them."""
    above: dict[str, str]
    """The keys of the mapping that holds this one: those of a step, under its `with:`."""


def entry(line: str) -> Entry | None:
    match = _ENTRY.match(line)
    if match is None:
        return None
    return Entry(len(match["lead"]), match["key"].strip("'\""), match["value"].strip())


def cursor(lines: Lines, offset: int) -> Cursor:
    number = lines.line(offset)
    span = lines.span(number)
    line = lines.text[span.start : span.end]
    before = line[: offset - span.start]
    here = entry(before)
    if here is not None:
        start = span.start + len(before) - len(_value_of(before))
        end = span.start + len(line.partition(" #")[0].rstrip())
        column, key, word = here.column, here.key, lines.text[start:offset]
        word_span = Span(start, max(end, offset))
    else:
        written = _WORD.search(before)
        word = written.group() if written else ""
        rest = re.match(r"[\w-]*", line[len(before) :])
        word_span = Span(offset - len(word), offset + (rest.end() if rest else 0))
        lead = re.match(_LEAD, before)
        column, key = lead.end() if lead else 0, None
    chain = tuple(_parents(lines, number, column))
    siblings = _siblings(lines, number, column)
    above = _siblings(lines, chain[0][0], chain[0][1].column) if chain else {}
    parents = tuple(one.key for _, one in reversed(chain))
    in_text = any(_BLOCK.match(one.value) for _, one in chain)
    return Cursor(in_text, parents, key, word, word_span, siblings, above)


def _value_of(before: str) -> str:
    match = _ENTRY.match(before)
    return match["value"] if match else ""


def _parents(lines: Lines, number: int, column: int) -> Iterator[tuple[int, Entry]]:
    """The lines whose mappings hold a column of a line, innermost first."""
    for at in range(number - 1, max(number - _MAX_LINES_UP, -1), -1):
        if column == 0:
            return
        one = entry(lines.text[slice(*lines.span(at))])
        if one is not None and one.column < column:
            yield at, one
            column = one.column


def _siblings(lines: Lines, number: int, column: int) -> dict[str, str]:
    """The other entries of the mapping at a column, above and below a line."""
    found = {}
    for step in (-1, 1):
        at = number
        # A dash before the key begins the mapping: nothing above belongs to it.
        while not (step < 0 and _has_dash(lines, at, column)):
            at += step
            if not 0 <= at < len(lines) or abs(at - number) > _MAX_LINES_UP:
                break
            text = lines.text[slice(*lines.span(at))]
            if not text.strip() or text.lstrip().startswith("#"):
                continue
            if len(text) - len(text.lstrip(" ")) < column and not (
                step < 0 and _has_dash(lines, at, column)
            ):
                break
            one = entry(text)
            if one is not None and one.column == column:
                found[one.key] = one.value
    return found


def _has_dash(lines: Lines, number: int, column: int) -> bool:
    text = lines.text[slice(*lines.span(number))]
    return "-" in text[:column] and not text[:column].strip(" -")
