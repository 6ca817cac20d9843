"""The lines that a script writes to GITHUB_OUTPUT or GITHUB_ENV, taken together to names and values.

The format: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.annotations import TypeAlias
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.shell import Command, EnvironmentWrite, Expansion, Script, Word
from steplock.text import Span

_Line: TypeAlias = "list[str | Expansion]"

_HEAD = pattern(r"\s*(?P<name>[\w.\-]+)(?P<sign>=|<<-?)")


class Entry(NamedTuple):
    """One `name=value` or `name<<DELIMITER ... DELIMITER`."""

    name: str
    """Empty where it is not written out: the value can then be any name."""
    expansions: tuple[Expansion, ...]
    """What is put into the value, or, without a name, anywhere."""
    commands: tuple[Command, ...]
    """Those whose output goes into it."""
    delimiter: str | None
    """The source of the delimiter; None for `name=value`."""
    fixed: bool
    """Whether the delimiter is the same in each run."""
    span: Span

    @property
    def literal(self) -> bool:
        return not self.expansions and not self.commands

    def lets_out(self, *, lines: bool) -> bool:
        """Whether a text in it can set other names than its own; lines: it can hold line ends."""
        if not self.name:
            return True
        return lines and (self.delimiter is None or self.fixed)


def entries(script: Script, file: str, source: str) -> list[Entry]:
    """What `script` writes to `file`, in its order."""
    found: list[Entry] = []
    pending: Entry | None = None
    for write in script.writes:
        if write.file != file:
            continue
        for line in _lines(write, source):
            if pending is not None:
                if _source(line, source) == pending.delimiter:
                    found.append(pending)
                    pending = None
                else:
                    pending = pending._replace(expansions=pending.expansions + _expansions(line))
                continue
            entry = _entry(line, source, write.span)
            if entry.delimiter is None:
                found.append(entry)
            else:
                pending = entry
        if write.opaque:
            by = (write.command,) if write.command else ()
            if pending is not None:
                pending = pending._replace(commands=pending.commands + by)
            elif not write.content:
                found.append(Entry("", (), by, None, False, write.span))
            elif found:
                found[-1] = found[-1]._replace(commands=found[-1].commands + by)
    return [*found, pending] if pending else found


def _entry(line: _Line, source: str, span: Span) -> Entry:
    first = line[0] if line and isinstance(line[0], str) else ""
    match = _HEAD.match(first)
    if match is None:
        return Entry("", _expansions(line), (), None, False, span)
    rest: _Line = [first[match.end() :], *line[1:]]
    if match["sign"] == "=":
        return Entry(match["name"], _expansions(rest), (), None, False, span)
    delimiter = _source(rest, source)
    return Entry(match["name"], (), (), delimiter, not _expansions(rest), span)


def _lines(write: EnvironmentWrite, source: str) -> Iterator[_Line]:
    """The lines of what is written, each of them text and expansions."""
    if not write.content:
        return
    lines: list[_Line] = [[]]
    command = write.command
    if command is not None and command.name == "printf":
        pieces = _formatted(write.content, source)
    else:
        escapes = command is not None and command.has_flag("-e", "-en", "-ne")
        pieces = [p for word in write.content for p in (*_pieces(word, source, escapes), " ")][:-1]
    for piece in pieces:
        if not isinstance(piece, str):
            lines[-1].append(piece)
            continue
        first, *more = piece.split("\n")
        lines[-1].append(first)
        lines.extend([text] for text in more)
    for line in lines:
        if any(line):
            yield _merged(line)


def _merged(line: _Line) -> _Line:
    """The line with neighbouring texts joined."""
    out: _Line = []
    for piece in line:
        if out and isinstance(piece, str) and isinstance(out[-1], str):
            out[-1] += piece
        elif piece:
            out.append(piece)
    return out


def _pieces(word: Word, source: str, escapes: bool) -> _Line:
    """A word as text and expansions in turn."""
    out: _Line = []
    at = 0
    for expansion in word.expansions:
        text = source[expansion.span.start : expansion.span.end]
        start = word.value.find(text, at)
        if start >= 0:
            out.append(word.value[at:start])
            at = start + len(text)
        out.append(expansion)
    out.append(word.value[at:])
    if escapes:
        return [p.replace("\\n", "\n") if isinstance(p, str) else p for p in out]
    return out


def _formatted(words: tuple[Word, ...], source: str) -> _Line:
    """What `printf` makes of its words."""
    out: _Line = []
    arguments = list(words[1:])
    for piece in _pieces(words[0], source, True):
        if not isinstance(piece, str):
            out.append(piece)
            continue
        for text in re.split(r"(%[-+ 0#]*\d*(?:\.\d+)?[sbqdiuxf])", piece):
            if text.startswith("%") and arguments:
                out += _pieces(arguments.pop(0), source, False)
            else:
                out.append(text)
    for word in arguments:  # printf repeats its format
        out += ["\n", *_pieces(word, source, False)]
    return out


def _expansions(line: _Line) -> tuple[Expansion, ...]:
    return tuple(piece for piece in line if not isinstance(piece, str))


def _source(line: _Line, source: str) -> str:
    return "".join(
        p if isinstance(p, str) else source[p.span.start : p.span.end] for p in line
    ).strip()
