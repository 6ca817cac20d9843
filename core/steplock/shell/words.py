"""Words of POSIX shells: quotes, escapes, expansions, here-documents.

Read by hand, not by a generated parser: the same reader serves the hook and an editor bundle
that can hold no native module. Words hold each other by substitutions only, whose depth is
bounded; what lies deeper is read as plain text.
"""

from __future__ import annotations

import re

from steplock.lazy import pattern
from steplock.shell.building import Building
from steplock.shell.draft import Reading
from steplock.shell.source import MASK, Source
from steplock.shell.tree import Dialect, Expansion, Quoting, Word

DEPTH = 24
# How many characters in all are read ahead to tell `((` arithmetic from two subshells.
_LOOKAHEAD = 1_000_000

_PLAIN = pattern(r"[^ \t\r\n;&|<>()$`\"'\\\0]+(?=[ \t\r\n;&|<>)]|\Z)")
_RUN = pattern(r"[^ \t\r\n;&|<>()$`\"'\\\0]+")
_RUN_REGEX = pattern(r"[^ \t\r\n()$`\"'\\\0]+")
_RUN_DOUBLE = pattern(r"[^\"\\$`\0]+")
_RUN_HEREDOC = pattern(r"[^\\$`\0]+")
_RUN_BRACES = pattern(r"[^\"'\\$`}\0]+")
_NAME = pattern(r"[A-Za-z_]\w*|[0-9]|[@*#?$!-]", re.ASCII)
_PARAMETER = pattern(r"([!#]?)([A-Za-z_]\w*|[0-9]+|[@*#?$!-])", re.ASCII)
_OPERATOR = pattern(r":?[-+=?]|:|##?|%%?|//?|\^\^?|,,?|@[A-Za-z]?|\*")
_ARITHMETIC = pattern(r"[A-Za-z_]\w*|[0-9]\w*|[$`\\\0]", re.ASCII)
_BALANCE = pattern(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\.|[()]", re.DOTALL)
_BACKTICK = pattern(r"(?:[^`\\]|\\.)*", re.DOTALL)
_ANSI = pattern(r"(?:[^'\\]|\\.)*", re.DOTALL)
_ANSI_ESCAPE = pattern(r"\\(x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|[0-7]{1,3}|.)", re.DOTALL)
_ANSI_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f"}
_SIMPLE_VARIABLE = pattern(r"\$\{?([A-Za-z_]\w*)\}?", re.ASCII)


class Words:
    """Reads words of `source` from `pos` on; what it meets on the way piles up in `reading`."""

    def __init__(self, source: Source, dialect: Dialect = "posix") -> None:
        self.reading = Reading(source, dialect)
        self.source = source
        self.text = source.masked
        self.pos = 0
        self.end = len(self.text)
        self.depth = source.depth
        self.lookahead = _LOOKAHEAD

    def substitution(self, close: str) -> None:
        """Read commands from `pos` up to `close`; the grammar of commands knows how."""
        raise NotImplementedError

    def word(self, quoting: Quoting = "plain", *, regex: bool = False) -> Word:
        """The word at `pos`; regex: what stands behind `=~`, where parentheses are text."""
        start = self.pos
        plain = None if regex else _PLAIN.match(self.text, start, self.end)
        if plain:
            self.pos = plain.end()
            text = plain.group()
            return Word(text, text, self.source.span(start, self.pos))
        out = Building(self.source)
        self._read(quoting, out, regex=regex)
        return self.reading.word(out, start, self.pos)

    def here(self, start: int, end: int, *, quoted: bool, strip: bool) -> Word:
        """The here-document between two offsets; strip: without the tabs before each line."""
        kept = self.pos, self.end
        self.pos, self.end = start, end
        out = Building(self.source)
        quoting: Quoting = "heredoc-quoted" if quoted else "heredoc"
        if quoted:
            self._literal(end, quoting, out)
        else:
            self._expandable("", quoting, out)
        self.pos = end
        if strip:
            out.strip_tabs()
        word = self.reading.word(out, start, self.pos)
        self.region(start, quoting)
        self.pos, self.end = kept
        return word

    def arithmetic(self, end: int) -> None:
        """Read an expression from `pos` up to `end`; bare names are variables."""
        start, kept, self.end = self.pos, self.end, end
        out = Building(self.source)
        while match := _ARITHMETIC.search(self.text, self.pos, end):
            self.pos = match.start()
            token = match.group()
            if token in ("$", "`", "\\", MASK):
                self._quoted(token, "arithmetic", out)
                continue
            self.pos = match.end()
            if not token[0].isdigit():
                span = self.source.span(match.start(), match.end())
                self.reading.variables.append(Expansion("variable", token, span, "arithmetic"))
        self.pos, self.end = end, kept
        self.region(start, "arithmetic")

    def arithmetic_end(self, start: int) -> int:
        """Where the `))` of the `((` at `start` stands, -1 where it opens two subshells."""
        depth = 0
        stop = min(self.end, start + self.lookahead)
        for match in _BALANCE.finditer(self.text, start, stop):
            token = match.group()
            depth += (token == "(") - (token == ")")
            if token == ")" and depth == 1:
                at = match.start()
                self.lookahead -= at - start
                return at if self.text.startswith("))", at) and at + 2 <= self.end else -1
        self.lookahead -= stop - start
        return -1

    def region(self, start: int, quoting: Quoting, end: int | None = None) -> None:
        """What lies between `start` and `end` (or `pos`) is quoted like this."""
        self.reading.region(start, self.pos if end is None else end, quoting)

    def fail(self, start: int) -> None:
        """What begins at `start` has no end."""
        self.reading.errors.append(self.source.span(start, self.end))

    def _read(self, quoting: Quoting, out: Building, *, regex: bool) -> None:
        run = _RUN_REGEX if regex else _RUN
        first, groups = self.pos, 0
        while self.pos < self.end:
            if self._run(run, out):
                continue
            char = self.text[self.pos]
            if self._quoted(char, quoting, out):
                continue
            if char in "<>" and self.text.startswith("(", self.pos + 1) and self.depth < DEPTH:
                self._parentheses(quoting, out)
                continue
            opens = char == "(" and (groups or regex or self._extended_glob(first))
            if not opens and not (groups and char in ")|&;<>"):
                return
            groups += (char == "(") - (char == ")")
            out.add(char, self.pos)
            self.pos += 1

    def _run(self, run: re.Pattern[str], out: Building) -> bool:
        match = run.match(self.text, self.pos, self.end)
        if not match:
            return False
        out.add(match.group(), self.pos)
        self.pos = match.end()
        return True

    def _extended_glob(self, first: int) -> bool:
        return self.pos > first and self.text[self.pos - 1] in "@!?*+"

    def _quoted(self, char: str, quoting: Quoting, out: Building) -> bool:
        """Read quotes, an escape or an expansion, if `char` begins one."""
        start = self.pos
        match char:
            case "'":
                close = self.text.find("'", start + 1, self.end)
                if close < 0:
                    self.fail(start)
                    close = self.end
                self.pos += 1
                self._literal(close, "single", out)
                self.pos = min(close + 1, self.end)
                self.region(start, "single")
            case '"':
                self.pos += 1
                if not self._expandable('"', "double", out):
                    self.fail(start)
                self.pos = min(self.pos + 1, self.end)
                self.region(start, "double")
            case "\\":
                self._escape("", out)
            case "$":
                self._dollar(quoting, out)
            case "`":
                self._backtick(quoting, out)
            case _ if char == MASK:
                self._unknown(quoting, out)
            case _:
                return False
        return True

    def _literal(self, end: int, quoting: Quoting, out: Building) -> None:
        while self.pos < end:
            at = self.text.find(MASK, self.pos, end)
            stop = end if at < 0 else at
            out.add(self.text[self.pos : stop], self.pos)
            self.pos = stop
            if at >= 0:
                self._unknown(quoting, out)

    def _expandable(self, close: str, quoting: Quoting, out: Building) -> bool:
        """Read a string in which variables expand; false where it has no end."""
        run = _RUN_DOUBLE if close else _RUN_HEREDOC
        while self.pos < self.end:
            if self._run(run, out):
                continue
            char = self.text[self.pos]
            if char == close:
                return True
            if char == "\\":
                self._escape('$`"\\\n' if close else "$`\\\n", out)
            else:
                self._quoted(char, quoting, out)
        return not close

    def _escape(self, special: str, out: Building) -> None:
        """A backslash; it escapes anything where `special` is empty."""
        start = self.pos
        following = self.text[start + 1 : min(start + 2, self.end)]
        if following == MASK or (special and following not in special):
            following = ""
        self.pos += 1 + len(following)
        if following != "\n":
            out.add(following or "\\", start, exact=not following)

    def _unknown(self, quoting: Quoting, out: Building) -> None:
        """What was masked: a fence, or what the shell outside has expanded already."""
        start = self.pos
        self.pos = min(self.source.unknown.get(start, start + 1), self.end)
        text = self.source.text[start : self.pos]
        if text.startswith("${{"):
            out.expand("fence", start, self.pos, quoting)
        elif match := _SIMPLE_VARIABLE.fullmatch(text):
            out.expand("variable", start, self.pos, quoting, match.group(1))
        else:
            out.expand("substitution", start, self.pos, quoting)

    def _dollar(self, quoting: Quoting, out: Building) -> None:
        text, start = self.text, self.pos
        following = text[start + 1 : min(start + 2, self.end)]
        quoted = quoting in ("double", "heredoc")
        if following == "(" and self.depth < DEPTH:
            close = self.arithmetic_end(start + 1) if text.startswith("((", start + 1) else -1
            if close < 0:
                self._parentheses(quoting, out)
                return
            self.pos = start + 3
            self.depth += 1
            self.arithmetic(close)
            self.depth -= 1
            self.pos = close + 2
            out.expand("arithmetic", start, self.pos, quoting)
        elif following == "{" and self.depth < DEPTH:
            self._braces(quoting, out)
        elif following == "'" and not quoted:
            self._ansi(out)
        elif following == '"' and not quoted:
            self.pos += 1
            self._quoted('"', quoting, out)
        elif match := _NAME.match(text, start + 1, self.end):
            self.pos = match.end()
            name = match.group()
            self.reading.variables.append(out.expand("variable", start, self.pos, quoting, name))
        else:
            self.pos += 1
            out.add("$", start)

    def _braces(self, quoting: Quoting, out: Building) -> None:
        """`${name...}`; what is no parameter, such as a fence being typed, is left as text."""
        start = self.pos
        match = _PARAMETER.match(self.text, start + 2, self.end)
        if not match:
            self.pos += 1
            out.add("$", start)
            return
        self.pos = match.end()
        prefix, name = match.groups()
        inner = Building(self.source)
        self.depth += 1
        if self.text.startswith("[", self.pos):
            self._operand("]", "arithmetic", inner)
        match = _OPERATOR.match(self.text, self.pos, self.end)
        sign = match.group() if match else ""
        self.pos += len(sign)
        within: Quoting = "pattern" if sign[:1] in ("#", "%", "/") else quoting
        at = self.pos
        self._operand("}", within, inner)
        if within == "pattern":
            self.region(at, within)
        self.depth -= 1
        operator = prefix or sign
        expansion = out.expand("variable", start, self.pos, quoting, name, operator)
        self.reading.variables.append(expansion)
        out.expansions += inner.expansions

    def _operand(self, close: str, quoting: Quoting, out: Building) -> None:
        start = self.pos
        literal_quotes = quoting in ("double", "heredoc")
        while self.pos < self.end:
            char = self.text[self.pos]
            if char == close:
                self.pos += 1
                return
            if close == "}" and self._run(_RUN_BRACES, out):
                continue
            if (char == "'" and literal_quotes) or not self._quoted(char, quoting, out):
                self.pos += 1
        self.fail(start)

    def _ansi(self, out: Building) -> None:
        start, at = self.pos, self.pos + 2
        match = _ANSI.match(self.text, at, self.end)
        close = match.end() if match else self.end
        for escape in _ANSI_ESCAPE.finditer(self.text, at, close):
            out.add(self.text[at : escape.start()], at)
            out.add(_ansi_value(escape.group(1)), escape.start(), exact=False)
            at = escape.end()
        self.pos = at
        self._literal(close, "ansi", out)
        if close >= self.end:
            self.fail(start)
        self.pos = min(close + 1, self.end)
        self.region(start, "ansi")

    def _backtick(self, quoting: Quoting, out: Building) -> None:
        start, end = self.pos, self.end
        match = _BACKTICK.match(self.text, start + 1, end)
        close = match.end() if match else end
        if close >= end:
            self.fail(start)
        if self.depth < DEPTH:
            self.pos, self.end = start + 1, close
            self.substitution("")
        self.pos, self.end = min(close + 1, end), end
        self.region(start, "plain")
        out.expand("substitution", start, self.pos, quoting)

    def _parentheses(self, quoting: Quoting, out: Building) -> None:
        """`$(...)`, `<(...)` or `>(...)`."""
        start = self.pos
        self.pos += 2
        self.substitution(")")
        if self.pos >= self.end:
            self.fail(start)
        self.pos = min(self.pos + 1, self.end)
        self.region(start, "plain")
        out.expand("substitution", start, self.pos, quoting)


def _ansi_value(escape: str) -> str:
    if escape[0] in "xu" and len(escape) > 1:
        return chr(int(escape[1:], 16))
    if escape[0] in "01234567":
        return chr(int(escape, 8) & 0xFF)
    return _ANSI_LETTERS.get(escape, escape)
