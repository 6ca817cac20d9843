"""The lines that a script writes to GITHUB_OUTPUT or GITHUB_ENV, taken together to names and values.

The format: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.annotations import TypeAlias
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.shell import Command, EnvironmentWrite, Expansion, Script, Word
from steplock.taint import programs
from steplock.text import Span

_Line: TypeAlias = "list[str | Expansion]"

_HEAD = pattern(r"\s*(?P<name>[\w.\-]+)(?P<sign>=|<<-?)")
# `jq -r '"name=\(.field | tojson)"'`
_BY_JQ = pattern(r"\"([\w.\-]+)=")
_PLACE = pattern(r"(%[-+ 0#]*\d*(?:\.\d+)?[sbqdiuxf])")


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
    escaped: tuple[Expansion, ...] = ()
    """Those in which a backslash and an `n` make a line end."""
    echoed: tuple[Expansion, ...] = ()
    """Those that a mere `echo` prints, which in some shells reads backslashes too."""

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
    escaped: list[Expansion] = []
    echoed: list[Expansion] = []
    pending: Entry | None = None
    for write in script.writes:
        if write.file != file:
            continue
        printer = _printer(script, write)
        if printer is not None:
            (echoed if _is_plain_echo(printer) else escaped).extend(_escaped(printer))
        for line in _lines(write, printer, source):
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
                named = _BY_JQ.match(programs.program_text(by[0])) if by else None
                name = named[1] if named else ""
                found.append(Entry(name, (), by, None, False, write.span))
            elif found:
                found[-1] = found[-1]._replace(commands=found[-1].commands + by)
    return [
        entry._replace(
            escaped=tuple(one for one in entry.expansions if one in escaped),
            echoed=tuple(one for one in entry.expansions if one in echoed),
        )
        for entry in (*found, *((pending,) if pending else ()))
    ]


def _printer(script: Script, write: EnvironmentWrite) -> Command | None:
    """The `echo` or `printf` that says what is written, into a pipe too."""
    if write.command is None or not write.content:
        return None
    around = (*script.before(write.command)[-1:], write.command)
    return next((one for one in around if one.name in ("echo", "printf")), None)


def _is_plain_echo(command: Command) -> bool:
    return command.name == "echo" and not command.has_flag("-e", clustered=True)


def _escaped(command: Command) -> Iterator[Expansion]:
    """What a command prints whose backslashes it reads, or what it prints on several lines."""
    if command.name == "echo":
        yield from (one for word in command.argv for one in word.expansions)
        return
    form, *arguments = command.argv or (None,)
    if form is None:
        return
    yield from form.expansions
    places = _PLACE.findall(form.value)
    for at, word in enumerate(arguments):
        if places and places[at % len(places)].endswith("b"):
            yield from word.expansions
        elif form.value.startswith("%"):  # the words that it is split into get a line each
            yield from (one for one in word.expansions if one.quoting == "plain")


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


def _lines(write: EnvironmentWrite, printer: Command | None, source: str) -> Iterator[_Line]:
    """The lines of what is written, each of them text and expansions."""
    if not write.content:
        return
    lines: list[_Line] = [[]]
    if printer is not None and printer.name == "printf":
        pieces = _formatted(write.content, source)
    else:
        escapes = printer is not None and not _is_plain_echo(printer)
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
        for text in _PLACE.split(piece):
            if text.startswith("%") and arguments:
                word = arguments.pop(0)
                out += ["0"] if text[-1] in "diuxf" else _pieces(word, source, False)
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
