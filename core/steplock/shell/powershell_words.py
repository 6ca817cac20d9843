"""Words of PowerShell: strings, here-strings, escapes, variables."""

from __future__ import annotations

import re

from steplock.lazy import pattern
from steplock.shell.building import Building
from steplock.shell.draft import Reading
from steplock.shell.source import MASK, Source
from steplock.shell.tree import Quoting

DEPTH = 24

_VARIABLE = pattern(r"\$(?:\{(?:(\w+):)?([^}\0\n]+)\}|(?:(\w+):(?=\w))?(\w+|[?$^]))")
_RUN_DOUBLE = pattern(r"[^\"$`\0]+")
_RUN_HERE = pattern(r"[^$`\0]+")
HERE = pattern(r"@(['\"])[ \t]*\r?\n")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b"}


class PowerShellWords:
    """Reads words of `source` from `pos` on; `reading` holds what was found."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.masked
        self.end = len(source.masked)
        self.reading = Reading(source, "powershell")
        self.pos = 0
        self.depth = source.depth
        self.level = 0

    def nested(self, inside: tuple[str, ...]) -> None:
        """Read what stands in the brackets at `pos`; the grammar of statements knows how."""
        raise NotImplementedError

    def char(self) -> str:
        """The character at `pos`, empty at the end."""
        return self.text[self.pos : self.pos + 1]

    def piece(self, quoting: Quoting, out: Building, inside: tuple[str, ...]) -> bool:
        """A string, a variable, an escape or a fence."""
        start = self.pos
        match self.char():
            case '"':
                self.pos += 1
                self._double(out, inside)
                self.reading.region(start, self.pos, "double")
            case "'":
                self.pos += 1
                self._single(out)
                self.reading.region(start, self.pos, "single")
            case "`":
                self._escape(out)
            case "$":
                return self._dollar(quoting, out, inside)
            case char if char == MASK:
                self._unknown(quoting, out)
            case _:
                return False
        return True

    def _double(self, out: Building, inside: tuple[str, ...]) -> None:
        start = self.pos
        while self.pos < self.end:
            if match := _RUN_DOUBLE.match(self.text, self.pos):
                out.add(match.group(), self.pos)
                self.pos = match.end()
            elif self.text.startswith('""', self.pos):
                out.add('"', self.pos, exact=False)
                self.pos += 2
            elif self.char() == '"':
                self.pos += 1
                return
            elif not self.piece("double", out, inside):
                out.add(self.char(), self.pos)
                self.pos += 1
        self.fail(start)

    def _single(self, out: Building) -> None:
        start = self.pos
        while self.pos < self.end:
            close = self.text.find("'", self.pos)
            stop = self.end if close < 0 else close
            self._literal(stop, "single", out)
            self.pos = min(stop + 1, self.end)
            if close < 0:
                self.fail(start)
            if not self.text.startswith("'", self.pos):
                return
            out.add("'", self.pos - 1, exact=False)
            self.pos += 1

    def _literal(self, end: int, quoting: Quoting, out: Building) -> None:
        while self.pos < end:
            at = self.text.find(MASK, self.pos, end)
            stop = end if at < 0 else at
            out.add(self.text[self.pos : stop], self.pos)
            self.pos = stop
            if at >= 0:
                self._unknown(quoting, out)

    def here(self, match: re.Match[str], out: Building) -> None:
        """A here-string, which ends at a line that begins with its quote and `@`."""
        quote, self.pos = match.group(1), match.end()
        close = self.text.find("\n" + quote + "@", match.end() - 1)
        end = self.end if close < 0 else close
        if close < 0:
            self.fail(match.start())
        if quote == "'":
            self._literal(end, "heredoc-quoted", out)
        else:
            kept, self.end = self.end, end
            while self.pos < end:
                if run := _RUN_HERE.match(self.text, self.pos, end):
                    out.add(run.group(), self.pos)
                    self.pos = run.end()
                elif not self.piece("heredoc", out, ()):
                    out.add(self.char(), self.pos)
                    self.pos += 1
            self.end = kept
        self.reading.region(match.end(), end, "heredoc" if quote == '"' else "heredoc-quoted")
        self.pos = min(end + 3, self.end)

    def _escape(self, out: Building) -> None:
        following = self.text[self.pos + 1 : self.pos + 2]
        out.add(_ESCAPES.get(following, following), self.pos, exact=False)
        self.pos = min(self.pos + 2, self.end)

    def _unknown(self, quoting: Quoting, out: Building) -> None:
        start = self.pos
        self.pos = min(self.source.unknown.get(start, start + 1), self.end)
        fence = self.source.text.startswith("${{", start)
        out.expand("fence" if fence else "substitution", start, self.pos, quoting)

    def _dollar(self, quoting: Quoting, out: Building, inside: tuple[str, ...]) -> bool:
        start = self.pos
        if self.text.startswith("$(", start) and self.depth < DEPTH:
            self.pos += 1
            self.level += 1
            self.nested((*inside, "substitution"))
            self.level -= 1
            out.expand("substitution", start, self.pos, quoting)
            return True
        match = _VARIABLE.match(self.text, start, self.end)
        if not match:
            if quoting == "plain":
                return False
            out.add("$", start)
            self.pos += 1
            return True
        self.pos = match.end()
        scope = (match.group(1) or match.group(3) or "").lower()
        name = named(scope, match.group(2) or match.group(4))
        self.reading.variables.append(out.expand("variable", start, self.pos, quoting, name))
        return True

    def fail(self, start: int) -> None:
        """What begins at `start` has no end."""
        self.reading.errors.append(self.source.span(start, self.end))


def named(scope: str, name: str) -> str:
    """The name of a variable as `Expansion` has it."""
    return name if scope == "env" else f"variable:{name.lower()}"
