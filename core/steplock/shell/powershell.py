"""PowerShell: cmdlets, programs, pipelines, strings, variables.

A statement begins in command mode (`Out-File $x`) or in expression mode (`"text" + $x`), which
its first token decides; see about_Parsing in the PowerShell documentation.
An expression is a Command without a name whose words are its strings, variables and operators.
"""

from __future__ import annotations

import re

from steplock.lazy import pattern
from steplock.shell.building import Building
from steplock.shell.draft import Draft, Frame
from steplock.shell.powershell_words import DEPTH, HERE, PowerShellWords, named
from steplock.shell.source import MASK, Source
from steplock.shell.tree import Assignment, Redirect, Script, Word

_SPACE = pattern(r"(?:[ \t\r\f\ufeff]|`\r?\n)+")
_COMMENT = pattern(r"#[^\n]*|<#(?:[^#]|#(?!>))*(?:#>)?")
_ASSIGN = pattern(
    r"(?:\[[\w.\[\], ]+\][ \t]*)?"
    r"\$(?:\{(?:(\w+):)?([^}\n]+)\}|(?:(\w+):)?(\w+))[ \t]*([-+*/%]|\?\?)?=(?!=)"
)
_KEY = pattern(r"[\w.\-'\"]+[ \t]*=(?!=)")
_KEYWORD = pattern(
    r"(if|elseif|else|while|until|do|for|foreach|switch|function|filter|try|catch|finally|trap"
    r"|param|begin|process|end|return|throw|exit)(?=[\s({;]|\Z)",
    re.IGNORECASE,
)
_IN = pattern(r"in(?=[\s(])", re.IGNORECASE)
_NAME = pattern(r"[ \t]+([\w:-]+)")
_NUMBER = pattern(r"[\d.]+(?:[kmgtp]b|[dl])?(?=[\s;|)},+*/-]|\.\.|\Z)", re.IGNORECASE)
# A fence in front of an operator is a value, not a command.
_COMPARES = pattern(
    r"\0+[ \t]*(?:[-+*/,]|-(?:[ci]?(?:eq|ne|g[te]|l[te]|(?:not)?(?:like|match|contains|in)|replace"
    r"|split)|and|x?or|is|isnot|as|join|f))(?=[ \t])",
    re.IGNORECASE,
)
_REDIRECT = pattern(r"([1-6*])?(>>|>)(&[1-6])?")
_BARE = pattern(r"[^\s;|&(){},<>\"'$`@#\0]+|[@#<]")
_ARGUMENT = pattern(r"[^\s;|&(){},<>\"'$`\0]+")
_LABELS = {
    **dict.fromkeys(("if", "elseif", "else", "switch", "catch", "trap"), "branch"),
    **dict.fromkeys(("while", "until", "do", "for", "foreach"), "loop"),
    **dict.fromkeys(("function", "filter"), "function"),
}
_CONDITIONS = frozenset(("if", "elseif", "while", "until"))


class PowerShell(PowerShellWords):
    """Reads a whole script; `reading` holds what was found."""

    def statements(self, close: str, inside: tuple[str, ...], *, values: bool = False) -> None:
        """Read up to `close`, which is left standing; values: a lone fence is an expression."""
        frame = Frame(close, self.pos, inside, self.level, None)
        frame.first = len(self.reading.drafts)
        keyword = ""
        while self.pos < self.end:
            self._space()
            char = self.char()
            if char in ("\n", ";", ",", "&", "|"):
                frame.stop = frame.stop or self.pos
                keyword = self._separator(frame, char) or keyword
            elif char in (")", "}"):
                if char == close:
                    break
                self.pos += 1
            elif char in ("{", "(") and keyword:
                label = _LABELS.get(keyword, "")
                if char == "(":
                    label = "condition" if keyword in _CONDITIONS else ""
                    values = True
                self.nested((*inside, label) if label else inside)
                if char == "{":
                    keyword = ""
            elif char:
                keyword = self._statement(frame, values=values)
        self.reading.end_pipeline(frame)

    def _space(self) -> None:
        while True:
            if match := _SPACE.match(self.text, self.pos):
                self.pos = match.end()
            if self.char() not in ("#", "<"):
                return
            match = _COMMENT.match(self.text, self.pos)
            if match is None:
                return
            self.reading.region(self.pos, match.end(), "comment")
            self.pos = match.end()

    def _separator(self, frame: Frame, char: str) -> str:
        if self.text.startswith("&&", self.pos) or self.text.startswith("||", self.pos):
            self.pos += 2
            self.reading.end_pipeline(frame)
            frame.operator, frame.awaiting = char * 2, True
        elif char == "&":
            self.pos += 1
            self._space()
            if self.char() not in ("", "\n", ";"):
                return self._statement(frame, call=True)
            self.reading.end_pipeline(frame)
        elif char == "|":
            self.pos += 1
            self.reading.end_stage(frame)
            frame.operator, frame.awaiting = "|", True
        else:
            self.pos += 1
            if not frame.awaiting:
                self.reading.end_pipeline(frame)
        return ""

    def _statement(self, frame: Frame, *, call: bool = False, values: bool = False) -> str:
        """Read a command, an expression or a keyword; returns the keyword."""
        start, text = self.pos, self.text
        if frame.kind == "}" and (key := _KEY.match(text, start)) and frame.awaiting is False:
            self.pos = key.end()
            return ""
        if match := _ASSIGN.match(text, start):
            self._assignment(frame, match)
            return ""
        if not call and (match := _KEYWORD.match(text, start)):
            self.pos = match.end()
            keyword = match.group(1).lower()
            if keyword in ("function", "filter") and (name := _NAME.match(text, self.pos)):
                self.reading.region(name.start(1), name.end(1), "function")
                self.pos = name.end()
            return keyword
        if text.startswith(". ", start):
            self.pos += 2
            self._space()
            call = True
        draft = self.reading.draft(start, frame)
        if call or self._is_command(start, values=values):
            self._command(draft, call=call)
        else:
            draft.calls = False
            self._expression(draft)
            self.reading.region(start, draft.end, "expression")
        self.pos += self.pos == start
        draft.end = frame.stop = max(draft.end, start)
        return ""

    def _is_command(self, at: int, *, values: bool) -> bool:
        char = self.text[at]
        if char == MASK:
            return not values and not _COMPARES.match(self.text, at)
        if char.isdigit():
            return not _NUMBER.match(self.text, at)
        return char.isalpha() or char in "_./\\~*?%"

    def _assignment(self, frame: Frame, match: re.Match[str]) -> None:
        start = self.pos
        scope = (match.group(1) or match.group(3) or "").lower()
        name = match.group(2) or match.group(4)
        self.pos = match.end()
        self._space()
        at, first = self.pos, len(self.reading.variables)
        built = len(self.reading.drafts)
        if self.char() not in ("", "\n", ";") and not _KEYWORD.match(self.text, at):
            self._statement(frame, values=True, call=self._call())
        end = self.reading.drafts[built].end if len(self.reading.drafts) > built else self.pos
        value = self._value(at, max(end, at), built, first)
        exported = scope == "env"
        self.reading.assignments.append(
            Assignment(
                named(scope, name),
                value,
                self.source.span(start, max(end, at)),
                exported,
                append=match.group(5) == "+",
            )
        )

    def _call(self) -> bool:
        if not self.text.startswith("& ", self.pos):
            return False
        self.pos += 2
        return True

    def _value(self, start: int, end: int, built: int, first: int) -> Word:
        drafts = self.reading.drafts[built:]
        if len(drafts) == 1 and not drafts[0].calls and len(drafts[0].words) == 1:
            return drafts[0].words[0]
        text = self.source.text[start:end]
        out = tuple(v for v in self.reading.variables[first:])
        if len(drafts) and drafts[0].calls:
            at = Building(self.source)
            out = (at.expand("substitution", start, end, "expression"), *out)
        return Word(text, text, self.source.span(start, end), out)

    def _command(self, draft: Draft, *, call: bool) -> None:
        frame = draft.frame
        while self.pos < self.end:
            draft.end = self.pos
            self._space()
            char, at = self.char(), self.pos
            if char in ("", "\n", ";", "|", ")", "}") or (char == "&" and not call):
                break
            call = False
            if match := _REDIRECT.match(self.text, at):
                self._redirect(draft, match)
            elif char == ",":
                self.pos += 1
            elif self.text.startswith("--% ", at):
                self._verbatim(draft)
            else:
                draft.words.append(self._argument(frame.inside, first=not draft.words))
            self.pos += self.pos == at
            draft.end = self.pos

    def _verbatim(self, draft: Draft) -> None:
        """What stands behind `--%` goes to the program as it is."""
        self.pos += len("--%")
        for match in re.finditer(r"\S+", self.text[self.pos : self._line_end()]):
            start = self.pos + match.start()
            span = self.source.span(start, start + len(match.group()))
            text = self.source.text[start : start + len(match.group())]
            draft.words.append(Word(text, text, span))
        self.pos = self._line_end()

    def _line_end(self) -> int:
        end = self.text.find("\n", self.pos)
        return self.end if end < 0 else end

    def _redirect(self, draft: Draft, match: re.Match[str]) -> None:
        start = self.pos
        stream, op, merged = match.groups()
        fd = -1 if stream == "*" else int(stream) if stream else None
        self.pos = match.end()
        if merged:
            target = Word(merged[1], merged[1], self.source.span(self.pos - 1, self.pos))
            op = ">&"
        else:
            self._space()
            target = self._argument(draft.frame.inside)
        draft.redirects.append(Redirect(op, target, fd, self.source.span(start, self.pos)))

    def _argument(self, inside: tuple[str, ...], *, first: bool = False) -> Word:
        start = self.pos
        out = Building(self.source)
        if self.char() in ("(", "{") or self.text.startswith(("@(", "@{"), start):
            self.nested(inside)
            out.expand("substitution", start, self.pos, "plain")
            return self.reading.word(out, start, self.pos)
        while self.pos < self.end:
            if match := HERE.match(self.text, self.pos):
                self.here(match, out)
            elif match := _ARGUMENT.match(self.text, self.pos):
                out.add(match.group(), self.pos)
                self.pos = match.end()
            elif not self.piece("plain", out, inside):
                break
        if not out.pieces and self.pos < self.end and self.text[self.pos] == "$":
            out.add("$", self.pos)
            self.pos += 1
        return self.reading.word(out, start, self.pos)

    def _expression(self, draft: Draft) -> None:
        """Operands and operators up to the end of the statement or a pipe."""
        calls = 0
        while self.pos < self.end:
            self._space()
            char, at = self.char(), self.pos
            if char in ("", ";", "|", "}") or (char == "\n" and not calls):
                break
            if char == ")" and not calls:
                break
            if not calls and _IN.match(self.text, at):
                # `foreach ($x in ...)`: a statement follows.
                draft.words.clear()
                self.pos += 2
                break
            match = _REDIRECT.match(self.text, at)
            if match and not calls:
                self._redirect(draft, match)
            elif char == ")":
                calls -= 1
                self.pos += 1
            elif char == "(" and at and (self.text[at - 1].isalnum() or self.text[at - 1] == "_"):
                calls += 1
                self.pos += 1
            elif char in "({" or self.text.startswith(("@(", "@{"), at):
                self.nested(draft.frame.inside)
            elif word := self._operand(draft.frame.inside):
                draft.words.append(word)
            self.pos += self.pos == at
            draft.end = self.pos

    def _operand(self, inside: tuple[str, ...]) -> Word | None:
        start = self.pos
        out = Building(self.source)
        if match := HERE.match(self.text, start):
            self.here(match, out)
        elif match := _BARE.match(self.text, start):
            out.add(match.group(), start)
            self.pos = match.end()
        elif not self.piece("expression", out, inside):
            return None
        return self.reading.word(out, start, self.pos)

    def nested(self, inside: tuple[str, ...]) -> None:
        """What stands in `( )`, `{ }`, `@( )` or `@{ }`."""
        start = self.pos
        self.pos += self.char() == "@"
        close = ")" if self.char() == "(" else "}"
        self.pos += 1
        if self.depth >= DEPTH:
            self.fail(start)
            return
        self.depth += 1
        self.reading.region(start, start, "plain")
        at = len(self.reading.regions) - 1
        self.statements(close, inside, values=close == ")")
        self.depth -= 1
        if self.char() != close:
            self.fail(start)
        self.pos = min(self.pos + 1, self.end)
        self.reading.regions[at] = self.reading.regions[at]._replace(
            span=self.source.span(start, self.pos)
        )


def read_powershell(source: Source, inside: tuple[str, ...] = ()) -> Script:
    """Read a script of PowerShell, Windows' own or the portable one."""
    reader = PowerShell(source)
    reader.statements("", inside)
    return reader.reading.script()
