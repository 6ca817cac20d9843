"""Windows' command interpreter: lines, operators, redirections, `%VAR%`."""

from __future__ import annotations

import re

from steplock.lazy import pattern
from steplock.shell.building import Building
from steplock.shell.draft import Draft, Frame, Reading
from steplock.shell.source import MASK, Source
from steplock.shell.tree import Assignment, Quoting, Redirect, Script, Word

_FRAMES = 100

_SPACE = pattern(r"(?:[ \t\r]|\^\r?\n)+")
_COMMENT = pattern(r"@?(?:rem(?=[\s]|\Z)|:)[^\n]*", re.IGNORECASE)
_IF = pattern(
    r"if(?:[ \t]+/i)?(?:[ \t]+not)?[ \t]+(?:(?:exist|defined|errorlevel|cmdextversion)[ \t]+)?",
    re.IGNORECASE,
)
_COMPARE = pattern(r"[ \t]*(?:==|equ|neq|lss|leq|gtr|geq)[ \t]*", re.IGNORECASE)
_FOR = pattern(
    r"for(?:[ \t]+/[a-z])*(?:[ \t]+\"[^\"\n]*\")?[ \t]+%%?\w[ \t]+in[ \t]*\(([^)]*)\)[ \t]*do\b",
    re.IGNORECASE,
)
_ELSE = pattern(r"(?:else|do)(?=[\s(]|\Z)", re.IGNORECASE)
_CALL = pattern(r"(?:@|call[ \t]+(?!:))", re.IGNORECASE)
_REDIRECT = pattern(r"([0-9])?(>>|>|<)(&[0-9])?")
_TEXT = pattern(r"[^ \t\r\n&|()<>\"^%!\0]+|[()](?=[^ \t\r\n&|)<>])")
_VARIABLE = pattern(
    r"%%(?:~[a-zA-Z]*)?\w|%([A-Za-z_][\w()]*)(:[^%\n]*)?%|!([A-Za-z_]\w*)(:[^!\n]*)?!|%~?\w*[0-9*]"
)
_SET = pattern(r"set[ \t]+(?:/[ap][ \t]+)?(\"?)([\w.]+)=", re.IGNORECASE)


class Cmd:
    """Reads a whole script; `reading` holds what was found."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.masked
        self.end = len(source.masked)
        self.pos = 0
        self.reading = Reading(source, "cmd")

    def script(self, inside: tuple[str, ...]) -> None:
        """Read all lines."""
        frames = [Frame("", 0, inside, 0, None)]
        while self.pos < self.end:
            self._space()
            frame = frames[-1]
            char = self.text[self.pos : self.pos + 1]
            if char == "(":
                self._open(frames)
            elif char == ")":
                self._close(frames)
            elif char in ("\n", "&", "|"):
                self._operator(frame, char)
            elif char and not self._prefix(frame):
                self._command(frame)
        for frame in reversed(frames):
            self.reading.end_pipeline(frame)
            if frame.kind:
                self.reading.errors.append(self.source.span(frame.start, self.end))

    def _space(self) -> None:
        if match := _SPACE.match(self.text, self.pos):
            self.pos = match.end()

    def _open(self, frames: list[Frame]) -> None:
        parent = frames[-1]
        if len(frames) < _FRAMES:
            parent.begin(self.pos)
            frames.append(Frame("(", self.pos, parent.inside, 0, parent))
            frames[-1].first = len(self.reading.drafts)
        self.pos += 1

    def _close(self, frames: list[Frame]) -> None:
        self.pos += 1
        if len(frames) == 1:
            return
        frame = frames.pop()
        self.reading.end_pipeline(frame)
        self._space()
        while match := _REDIRECT.match(self.text, self.pos):
            self._redirect(frame.redirects, match)
            self._space()
        frames[-1].stop = self.pos

    def _operator(self, frame: Frame, char: str) -> None:
        double = char != "\n" and self.text.startswith(char * 2, self.pos)
        self.pos += 1 + double
        if char == "|" and not double:
            self.reading.end_stage(frame)
            frame.operator, frame.awaiting = "|", True
            return
        self.reading.end_pipeline(frame)
        if double:
            frame.operator = char * 2

    def _prefix(self, frame: Frame) -> bool:
        """Step over a comment, or what stands before a command: `if`, `for`, `call`, `@`."""
        text, start = self.text, self.pos
        if match := _COMMENT.match(text, start):
            self.pos = match.end()
            self.reading.region(start, self.pos, "comment")
        elif match := _IF.match(text, start):
            self.pos = match.end()
            self._word("plain")
            if compare := _COMPARE.match(text, self.pos):
                self.pos = compare.end()
                self._word("plain")
        elif (match := _FOR.match(text, start)) or (
            match := _ELSE.match(text, start) or _CALL.match(text, start)
        ):
            self.pos = match.end()
        elif match := _SET.match(text, start):
            self._set(frame, match)
        else:
            return False
        return True

    def _set(self, frame: Frame, match: re.Match[str]) -> None:
        """`set NAME=value` and `set "NAME=value"`, which programs started later see."""
        start, self.pos = self.pos, match.end()
        stop = '"\n' if match.group(1) else "\n&|)"
        at = self.pos
        out = Building(self.source)
        while self.pos < self.end and self.text[self.pos] not in stop:
            if not self._piece("double" if match.group(1) else "assignment", out):
                out.add(self.text[self.pos], self.pos)
                self.pos += 1
        value = self.reading.word(out, at, self.pos)
        self.reading.region(at, self.pos, "double" if match.group(1) else "assignment")
        if match.group(1) and self.text.startswith('"', self.pos):
            self.pos += 1
        span = self.source.span(start, self.pos)
        self.reading.assignments.append(Assignment(match.group(2), value, span, exported=True))
        frame.begin(start)

    def _command(self, frame: Frame) -> None:
        draft: Draft = self.reading.draft(self.pos, frame)
        while self.pos < self.end:
            at = self.pos
            char = self.text[at]
            if char in "\n&|)":
                break
            if match := _REDIRECT.match(self.text, at):
                self._redirect(draft.redirects, match)
            else:
                draft.words.append(self._word("plain"))
            self.pos += self.pos == at
            draft.end = frame.stop = self.pos
            self._space()

    def _redirect(self, redirects: list[Redirect], match: re.Match[str]) -> None:
        start, self.pos = self.pos, match.end()
        stream, op, merged = match.groups()
        if merged:
            target = Word(merged[1], merged[1], self.source.span(self.pos - 1, self.pos))
            op += "&"
        else:
            self._space()
            target = self._word("plain")
        fd = int(stream) if stream else None
        redirects.append(Redirect(op, target, fd, self.source.span(start, self.pos)))

    def _word(self, quoting: Quoting) -> Word:
        start = self.pos
        out = Building(self.source)
        while self.pos < self.end:
            at = self.pos
            if self.text[at] == '"':
                self._string(out)
            elif match := _TEXT.match(self.text, at):
                stop = match.end()
                if compare := self.text.find("==", at, stop) + 1:
                    stop = compare - 1 or stop
                out.add(self.text[at:stop], at)
                self.pos = stop
                if stop == at or compare:
                    break
            elif not self._piece(quoting, out):
                break
        return self.reading.word(out, start, self.pos)

    def _string(self, out: Building) -> None:
        """A string, which ends with its line at the latest."""
        start = self.pos
        self.pos += 1
        while self.pos < self.end and self.text[self.pos] not in '"\n':
            if not self._piece("double", out):
                out.add(self.text[self.pos], self.pos)
                self.pos += 1
        if self.text.startswith('"', self.pos):
            self.pos += 1
        self.reading.region(start, self.pos, "double")

    def _piece(self, quoting: Quoting, out: Building) -> bool:
        """A variable, an escape or a fence."""
        start = self.pos
        char = self.text[start]
        if char == MASK:
            self.pos = self.source.unknown.get(start, start + 1)
            fence = self.source.text.startswith("${{", start)
            out.expand("fence" if fence else "substitution", start, self.pos, quoting)
        elif char in "%!" and (match := _VARIABLE.match(self.text, start)):
            self.pos = match.end()
            name = match.group(1) or match.group(3) or match.group().lstrip("%~")
            operator = (match.group(2) or match.group(4) or "")[:1]
            variable = out.expand("variable", start, self.pos, quoting, name, operator)
            self.reading.variables.append(variable)
        elif char == "^" and quoting != "double":
            out.add(self.text[start + 1 : start + 2], start, exact=False)
            self.pos = min(start + 2, self.end)
        elif char in "%!^":
            out.add(char, start)
            self.pos += 1
        else:
            return False
        return True


def read_cmd(source: Source, inside: tuple[str, ...] = ()) -> Script:
    """Read a batch script."""
    reader = Cmd(source)
    reader.script(inside)
    return reader.reading.script()
