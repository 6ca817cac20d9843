"""Commands of POSIX shells and bash.

One loop with a stack of frames reads lists of commands, so that `(`, `{`, `if` ... may nest as
they like; only substitutions call it again.
"""

from __future__ import annotations

import re

from steplock.lazy import pattern
from steplock.shell.draft import Draft, Frame
from steplock.shell.lines import REDIRECT, Lines
from steplock.shell.source import Source
from steplock.shell.tree import Assignment, Script, Word

_FRAMES = 100

_KEYWORD = pattern(
    r"(?:if|then|elif|else|fi|for|select|while|until|do|done|case|esac|function|time|coproc|[{}!]"
    r"|\[\[)(?=[ \t\r\n;&|<>()]|\Z)"
)
_ESAC = pattern(r"esac(?=[ \t\r\n;&|<>()]|\Z)")
_IN = pattern(r"in(?=[ \t\r\n;&|<>()]|\Z)")
_FUNCTION = pattern(r"function[ \t]+([^\s(){};]+)(?:[ \t]*\([ \t]*\))?")
_PARENTHESES = pattern(r"\([ \t]*\)")
_VARIABLE = pattern(r"[A-Za-z_\0][\w\0]*", re.ASCII)
_ASSIGN = pattern(r"([A-Za-z_\0][\w\0]*)(?:\[[^\]\s]*\])?(\+?)=", re.ASCII)
_DECLARATIONS = frozenset(("export", "declare", "typeset", "readonly", "local"))
_OPENING = {"if": "condition", "while": "condition", "until": "condition", "{": ""}
_CLOSING = {"fi": "if", "done": "loop", "esac": "case", "}": "{"}
_NEXT = {"then": "branch", "else": "branch", "elif": "condition", "do": "loop"}


class Bash(Lines):
    """Reads a whole script; `reading` holds the commands."""

    def __init__(self, source: Source, inside: tuple[str, ...] = ()) -> None:
        super().__init__(source)
        self.inside = inside
        self.level = 0
        self.function = ""

    def substitution(self, close: str) -> None:
        kept = self.level, self.inside, self.function
        self.level += 1
        self.depth += 1
        self.function = ""
        self.inside = (*self.inside, "substitution")
        self.commands(close)
        self.depth -= 1
        self.level, self.inside, self.function = kept

    def commands(self, close: str = "") -> None:
        """Read commands from `pos` up to `close`, which is left standing."""
        frames = [self._frame("", self.pos, self.inside, None)]
        outer = self.inside
        while self.pos < self.end:
            self.blanks()
            if self.pos >= self.end:
                break
            frame = frames[-1]
            self.inside = frame.inside
            char = self.text[self.pos]
            if char == "\n":
                self.newline()
                if not frame.awaiting:
                    self.reading.end_pipeline(frame)
            elif char == "#":
                self.comment()
            elif frame.patterns:
                self._pattern(frames)
            elif char == ")":
                if not self._close(frames, "(", close == ")"):
                    break
            elif char == "(":
                self._open_parenthesis(frames)
            elif char in ";&|" and not self.text.startswith("&>", self.pos):
                self._operator(frame)
            elif match := _KEYWORD.match(self.text, self.pos, self.end):
                self._keyword(frames, match.group())
            else:
                self._simple(frame)
        while frames:
            frame = frames.pop()
            self.reading.end_pipeline(frame)
            if frame.kind:
                self.fail(frame.start)
        self.inside = outer

    def _frame(self, kind: str, start: int, inside: tuple[str, ...], parent: Frame | None) -> Frame:
        frame = Frame(kind, start, inside, self.level, parent)
        frame.first = len(self.reading.drafts)
        return frame

    def _operator(self, frame: Frame) -> None:
        for operator in (";;&", ";;", ";&", "&&", "||", "|&", ";", "&", "|"):
            if self.text.startswith(operator, self.pos):
                break
        self.pos = min(self.pos + len(operator), self.end)
        if operator in ("|", "|&"):
            self.reading.end_stage(frame)
            frame.operator, frame.awaiting = "|", True
            return
        self.reading.end_pipeline(frame)
        if operator in ("&&", "||"):
            frame.operator, frame.awaiting = operator, True
        elif operator[0] == ";" and len(operator) > 1 and frame.kind == "case":
            frame.patterns = True

    def _open(self, frames: list[Frame], kind: str, label: str, start: int) -> None:
        if len(frames) > _FRAMES:
            self.fail(start)
            return
        parent = frames[-1]
        parent.begin(start)
        outer = (*parent.inside, "function") if self.function else parent.inside
        self.function = ""
        frame = self._frame(kind, start, outer, parent)
        frame.enter(label)
        frames.append(frame)

    def _close(self, frames: list[Frame], kind: str, ends: bool = False) -> bool:
        """Close the innermost frame of a kind; false where the list itself ends here."""
        match = _KEYWORD.match(self.text, self.pos, self.end)
        size = len(match.group()) if match else 1
        if not any(f.kind == kind for f in frames):
            if ends:
                return False
            self.fail(self.pos)
            self.pos += size
            return True
        self.pos += size
        while True:
            frame = frames.pop()
            self.reading.end_pipeline(frame)
            if frame.kind == kind:
                break
            self.fail(frame.start)
        self.redirects(frame.redirects)
        frames[-1].stop = self.pos
        return True

    def _open_parenthesis(self, frames: list[Frame]) -> None:
        start = self.pos
        close = self.arithmetic_end(start) if self.text.startswith("((", start) else -1
        if close < 0:
            self.pos += 1
            self._open(frames, "(", "subshell", start)
            return
        self.pos = start + 2
        self.arithmetic(close)
        self.pos = close + 2
        frames[-1].begin(start)
        self.redirects([])
        frames[-1].stop = self.pos

    def _keyword(self, frames: list[Frame], keyword: str) -> None:
        start, frame = self.pos, frames[-1]
        if keyword in _CLOSING:
            self._close(frames, _CLOSING[keyword])
            return
        if keyword == "[[":
            self._test(frame)
            return
        self.pos += len(keyword)
        match keyword:
            case "if" | "while" | "until" | "{":
                kind = "loop" if keyword in ("while", "until") else keyword
                self._open(frames, kind, _OPENING[keyword], start)
            case "then" | "else" | "elif" | "do":
                self.reading.end_pipeline(frame)
                frame.enter(_NEXT[keyword])
            case "for" | "select":
                self._open(frames, "loop", "loop", start)
                self._for()
            case "case":
                self._open(frames, "case", "branch", start)
                self.blanks()
                at = self.pos
                self.word("assignment")
                self.region(at, "assignment")
                self.lines()
                if match := _IN.match(self.text, self.pos, self.end):
                    self.pos = match.end()
                    frames[-1].patterns = frames[-1].kind == "case"
            case "function":
                match = _FUNCTION.match(self.text, start, self.end)
                self.function = match.group(1) if match else "function"
                if match:
                    self.region(match.start(1), "function", match.end(1))
                    self.pos = match.end()
            case "time":
                self.blanks()
                if self.text.startswith("-p ", self.pos):
                    self.pos = min(self.pos + 2, self.end)

    def _for(self) -> None:
        self.blanks()
        if self.text.startswith("((", self.pos) and (close := self.arithmetic_end(self.pos)) >= 0:
            self.pos += 2
            self.arithmetic(close)
            self.pos = close + 2
            return
        match = _VARIABLE.match(self.text, self.pos, self.end)
        if not match:
            return
        start, name = self.pos, self.source.text[self.pos : match.end()]
        self.pos = match.end()
        self.lines()
        if not _IN.match(self.text, self.pos, self.end):
            return
        self.pos += 2
        while True:
            self.blanks()
            if self.pos >= self.end or self.text[self.pos] in "\n;&|()#":
                return
            at = self.pos
            word = self.word()
            self.reading.assignments.append(
                Assignment(name, word, self.source.span(start, self.pos))
            )
            if self.pos == at:
                self.pos += 1

    def _pattern(self, frames: list[Frame]) -> None:
        """`pattern | pattern)` of a case, up to its parenthesis."""
        frame = frames[-1]
        if _ESAC.match(self.text, self.pos, self.end):
            frame.patterns = False
            self._close(frames, "case")
            return
        start = self.pos
        while self.pos < self.end:
            char = self.text[self.pos]
            if char == ")":
                self.region(start, "pattern")
                self.pos += 1
                frame.patterns = False
                return
            at = self.pos
            if char in "(|;&<> \t\r\\" or (char == "\n"):
                self.lines()
                self.pos += self.pos == at
            else:
                self.word("pattern")
                self.pos += self.pos == at
        self.fail(start)

    def _test(self, frame: Frame) -> None:
        """`[[ ... ]]`, as a command of that name."""
        start = self.pos
        draft = self.reading.draft(start, frame)
        regex = False
        while self.pos < self.end:
            self.lines()
            if self.pos >= self.end:
                break
            at = self.pos
            if self.text[at] in "()<>|&;" and not regex:
                while self.pos < self.end and self.text[self.pos] == self.text[at]:
                    self.pos += 1
                text = self.text[at : self.pos]
                word = Word(text, text, self.source.span(at, self.pos))
            else:
                word = self.word("test", regex=regex)
                if self.pos == at:
                    self.pos += 1
                    continue
            draft.words.append(word)
            regex = word.text == "=~"
            if word.text == "]]":
                break
        else:
            self.fail(start)
        self.region(start, "test")
        self.redirects(draft.redirects)
        draft.end = frame.stop = self.pos

    def _simple(self, frame: Frame) -> None:
        start = stop = self.pos
        self.function = ""
        draft = self.reading.draft(start, frame)
        declares = False
        while self.pos < self.end:
            at = self.pos
            char = self.text[at]
            if match := REDIRECT.match(self.text, at, self.end):
                self.redirect(draft.redirects, match)
            elif char in "\n;|)&#":
                break
            elif char == "(":
                if self._defines(draft, start):
                    return
                break
            elif (not draft.words or declares) and (
                match := _ASSIGN.match(self.text, at, self.end)
            ):
                self._assignment(draft, match)
            else:
                draft.words.append(self.word())
                if len(draft.words) == 1:
                    declares = draft.words[0].value in _DECLARATIONS
            if self.pos == at:
                self.pos += 1
            stop = self.pos
            self.blanks()
        draft.end = frame.stop = stop
        self.reading.settle(draft)

    def _defines(self, draft: Draft, start: int) -> bool:
        """`name () ...`: the words read so far are the name of a function."""
        match = _PARENTHESES.match(self.text, self.pos, self.end)
        if not match or len(draft.words) != 1:
            self.fail(self.pos)
            return False
        self.region(start, "function")
        self.pos = match.end()
        self.function = draft.words[0].value
        draft.words.clear()
        self.lines()
        return True

    def _assignment(self, draft: Draft, match: re.Match[str]) -> None:
        start = self.pos
        self.pos = at = match.end()
        if self.text.startswith("(", at) and at < self.end:
            value = self._array()
        else:
            value = self.word("assignment")
        self.region(at, "assignment")
        name = self.source.text[match.start(1) : match.end(1)]
        span = self.source.span(start, self.pos)
        assignment = Assignment(name, value, span, append=bool(match.group(2)))
        draft.assignments.append(assignment)
        if draft.words:
            text = self.source.text[start:at]
            draft.words.append(Word(text + value.text, text + value.value, span, value.expansions))

    def _array(self) -> Word:
        start = self.pos
        self.pos += 1
        words = []
        while True:
            self.lines()
            if self.pos >= self.end:
                self.fail(start)
                break
            if self.text[self.pos] == ")":
                self.pos += 1
                break
            at = self.pos
            words.append(self.word())
            self.pos += self.pos == at
        text = self.source.text[start : self.pos]
        expansions = tuple(e for w in words for e in w.expansions)
        return Word(text, text, self.source.span(start, self.pos), expansions)


def read_bash(source: Source, inside: tuple[str, ...] = ()) -> Script:
    """Read a script of bash, sh, zsh and the like."""
    reader = Bash(source, inside)
    reader.commands()
    return reader.reading.script()
