"""What may stand at the end of any line of a POSIX shell: comments, redirections, here-documents."""

from __future__ import annotations

import re

from steplock.lazy import pattern
from steplock.shell.source import Source
from steplock.shell.tree import Redirect, Word
from steplock.shell.words import Words

_BLANK = frozenset(" \t\r\\")
_BLANKS = pattern(r"(?:[ \t\r]|\\\r?\n)+")
_COMMENT = pattern(r"#[^\n]*")
_DELIMITER = pattern(r"(?:'[^'\n]*'|\"[^\"\n]*\"|\\.|[^\s;&|<>()'\"\\])+")
REDIRECT = pattern(
    r"(\d+|\{[A-Za-z_]\w*\})?(&>>|&>|<<<|<<-|<<|<>|<&|>&|>>|>\||>(?!\()|<(?!\())", re.ASCII
)


class Lines(Words):
    """Words, and what lies between and behind them."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        # Here-documents announced on this line: a list of redirections, the place in it, the
        # delimiter, and whether that is quoted.
        self._pending: list[tuple[list[Redirect], int, str, bool]] = []

    def blanks(self) -> None:
        """Step over blanks and continued line ends."""
        if self.text[self.pos : self.pos + 1] not in _BLANK or self.pos >= self.end:
            return
        if match := _BLANKS.match(self.text, self.pos, self.end):
            self.pos = match.end()

    def lines(self) -> None:
        """Skip blanks, line ends and comments."""
        while self.pos < self.end:
            self.blanks()
            if self.text.startswith("\n", self.pos) and self.pos < self.end:
                self.newline()
            elif self.text.startswith("#", self.pos) and self.pos < self.end:
                self.comment()
            else:
                return

    def comment(self) -> None:
        """Step over a comment."""
        start = self.pos
        match = _COMMENT.match(self.text, start, self.end)
        self.pos = match.end() if match else self.end
        self.region(start, "comment")

    def newline(self) -> None:
        """Step over a line end and read the here-documents that begin behind it."""
        self.pos += 1
        pending, self._pending = self._pending, []
        for redirects, at, delimiter, quoted in pending:
            strip = redirects[at].op == "<<-"
            start = line = self.pos
            while True:
                stop = self.text.find("\n", line, self.end)
                stop = self.end if stop < 0 else stop
                text = self.text[line:stop].rstrip("\r")
                if (text.lstrip("\t") if strip else text) == delimiter:
                    break
                line = stop + 1
                if line > self.end:
                    line = stop
                    self.fail(start)
                    break
            body = self.here(start, line, quoted=quoted, strip=strip)
            redirects[at] = redirects[at]._replace(body=body)
            self.pos = min(stop + 1, self.end)

    def redirects(self, redirects: list[Redirect]) -> None:
        """Read the redirections behind a group."""
        while True:
            self.blanks()
            match = REDIRECT.match(self.text, self.pos, self.end)
            if not match:
                return
            self.redirect(redirects, match)

    def redirect(self, redirects: list[Redirect], match: re.Match[str]) -> None:
        """Read one redirection, whose operator `match` has found."""
        start = self.pos
        number, op = match.groups()
        fd = int(number[:6]) if number and number[0].isdigit() else None
        self.pos = match.end()
        self.blanks()
        at = self.pos
        delimiter = None
        if op in ("<<", "<<-"):
            delimiter = _DELIMITER.match(self.text, at, self.end)
        if delimiter:
            self.pos = delimiter.end()
            text = self.source.text[at : self.pos]
            value = re.sub(r"\\(.)|['\"]", r"\1", delimiter.group())
            target = Word(text, value, self.source.span(at, self.pos))
            self._pending.append((redirects, len(redirects), value, value != delimiter.group()))
        elif self.pos < self.end and self.text[at] not in "\n;&|()":
            target = self.word()
        else:
            target = Word("", "", self.source.span(at, at))
        span = self.source.span(start, self.pos)
        redirects.append(Redirect(op, target, -1 if op[0] == "&" else fd, span))
