"""Half-typed text is the normal case in an editor: blank what is broken, read the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.named import NamedTuple
from steplock.syntax.nodes import Document, Problem
from steplock.syntax.reader import UNPRINTABLE, Broken, Builder, attempt
from steplock.text import Lines, Span

MAX_REPAIRS = 24


def recover(text: str, first: Builder, error: Broken) -> Document:
    """Blank the smallest stretch that makes the rest readable, and read again, a few times over."""
    problems: list[Problem] = []
    left = MAX_REPAIRS if len(text) < 200_000 else 3
    best = text
    builder = first
    while True:
        if not best.isprintable() and (clean := UNPRINTABLE.sub(" ", best[1:])) != best[1:]:
            clean = best[:1] + clean
            at = next(i for i, (a, b) in enumerate(zip(best, clean, strict=True)) if a != b)
            problems.append(Problem(Span(at, at + 1), "a character that YAML does not allow"))
            best = clean
            builder, again = attempt(best)
        else:
            repaired = _repair(best, error, left)
            problems.append(
                Problem(_visible(text, repaired.blank or Span(error.at, error.at)), error.message)
            )
            left -= repaired.tries
            if repaired.blank is None:
                break
            best, builder, again = repaired.text, repaired.builder, repaired.error
        if again is None or left <= 0:
            if again is not None:
                problems.append(Problem(_visible(text, Span(again.at, again.at)), again.message))
            break
        error = again
    problems.extend(builder.problems)
    return builder.document(text, problems)


class _Repair(NamedTuple):
    text: str
    blank: Span | None
    builder: Builder
    error: Broken | None
    tries: int


def _repair(text: str, error: Broken, left: int) -> _Repair:
    """The first blanked stretch after which the text reads further than before."""
    tries = 0
    for blank in _stretches(text, error):
        if tries >= left:
            break
        tries += 1
        shorter = (
            text[: blank.start]
            + re.sub(r"[^\r\n]", " ", text[blank.start : blank.end])
            + text[blank.end :]
        )
        builder, again = attempt(shorter)
        if again is None or again.at > max(error.at, blank.end):
            return _Repair(shorter, blank, builder, again, tries)
    return _Repair(text, None, Builder(text, 0), error, tries)


def _stretches(text: str, error: Broken) -> Iterator[Span]:
    """What to blank, smallest first: a line, the list item around it, the job, the rest."""
    lines = Lines(text)
    at = lines.line(min(error.at, len(text)))
    if error.is_limit:
        yield Span(lines.span(at).start, len(text))
        return
    if at and not text[slice(*lines.span(at))].strip():
        at = _last_written(text, lines, at)
    wrong = [lines.line(error.context)] if error.context is not None else []
    wrong += [at, _last_written(text, lines, at - 1)]
    for line in dict.fromkeys(wrong):
        yield lines.span(line)
    for line in dict.fromkeys(wrong):
        yield from _blocks(text, lines, line)
    yield Span(lines.span(min(wrong)).start, len(text))


def _last_written(text: str, lines: Lines, line: int) -> int:
    while line > 0 and not text[slice(*lines.span(line))].strip():
        line -= 1
    return max(line, 0)


def _blocks(text: str, lines: Lines, line: int) -> Iterator[Span]:
    """The enclosing blocks of a line, inside out, as its indentation tells them."""
    depth = _indentation(text, lines, line)
    first = line
    while first > 0 and depth > 0:
        first -= 1
        indentation = _indentation(text, lines, first)
        if indentation >= depth or not text[slice(*lines.span(first))].strip():
            continue
        depth = indentation
        last = line
        while last + 1 < len(lines) and (
            not text[slice(*lines.span(last + 1))].strip()
            or _indentation(text, lines, last + 1) > depth
        ):
            last += 1
        yield Span(lines.span(first).start, lines.span(last).end)


def _indentation(text: str, lines: Lines, line: int) -> int:
    content = text[slice(*lines.span(line))]
    return len(content) - len(content.lstrip(" "))


def _visible(text: str, span: Span) -> Span:
    """The written part of the first line of `span`, so that a mark has something to stand on."""
    lines = Lines(text)
    line = lines.span(lines.line(span.start))
    start = max(span.start, line.start)
    content = text[start : min(span.end, line.end) if span.end > span.start else line.end]
    if not content.strip():
        start, content = line.start, text[line.start : line.end]
    lead = len(content) - len(content.lstrip())
    return Span(start + lead, start + max(len(content.rstrip()), lead))
