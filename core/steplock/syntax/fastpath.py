"""The YAML that nearly every workflow is written in, line by line; whatever else it meets is left to the library.

Importing the YAML library takes a cold hook longer than reading the file does. So collections, plain, quoted and
block scalars are read here, to the very tree that the library's events give. Left to it: anchors, tags, quotes over
several lines, rare escapes, tabs, any line end but `\\n`, a key given twice, and everything that is or could be an error.
"""

from __future__ import annotations

from steplock.annotations import TypeAlias
from steplock.lazy import pattern
from steplock.syntax.inline import (
    MAX_DEPTH,
    QUOTED,
    Unusual,
    collection,
    flow,
    folded,
    plain,
    quoted,
    scalar,
    span,
)
from steplock.syntax.nodes import Document, Node, Scalar
from steplock.text import Span

MAX_CHARACTERS = 1_000_000
_MAX_CONTINUED = 10_000
_MAX_KEY = 500  # YAML has no key over 1024 characters without a `?`

_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
_HEADERS = frozenset({"|", "|-", ">", ">-"})
# A key, an item's first one too, with a plain value or none: nine lines of ten that are not in a block scalar.
_COMMON = pattern(
    r"(?m)( *)(- +)?([A-Za-z_][\w.-]*):(?: +([^\s\-?:,\[\]{}#&*!|>'\"%@`][^:#\n\t]*(?<! )))?(?: +#[^\n]*| *)$"
)

# A block collection that is not closed yet: its column, where it begins, its keys (None for a sequence), its values.
_Open: TypeAlias = tuple[int, int, list[Scalar] | None, list[Node]]


def read(text: str) -> Document | None:
    """The document exactly as the library reads it; None where the library has to be asked."""
    if len(text) > MAX_CHARACTERS or text[-1:] == " ":
        return None
    if not text.replace("\n", "").replace("\t", "").isprintable():
        return None
    reader = _Reader(text)
    try:
        root = reader.root()
    except Unusual:
        return None
    opaque = reader.opaque
    escapes = "\\" in text and any(text[s] == '"' and "\\" in text[s:e] for s, e in opaque)
    return Document(text, (root,), (), opaque, reader.flows, escapes)


def _is_item(body: str) -> bool:
    return body[0] == "-" and body[1:2] in (" ", "")


def _is_empty(rest: str) -> bool:
    return not rest or rest[0] == "#"


class _Reader:
    """One text and how far it is read: `line` is the number of the next line, which begins at `at`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        if not self.lines[-1]:
            self.lines.pop()
        self.line = 0
        self.at = 0
        # Around all is one of column -1, which awaits the root.
        self.stack: list[_Open] = [(-1, 0, [], [])]
        self.awaits = 0  # after a `:` or `-`, where its value stands if that is empty; else -1
        self.end = 0  # of what was read last
        self.opaque: list[Span] = []
        self.flows: list[Span] = []
        self.known_keys: set[str] = set()

    def root(self) -> Node:
        """Read the text to its end."""
        text, lines, count, match = self.text, self.lines, len(self.lines), _COMMON.match
        stack = self.stack
        is_begun = False
        while self.line < count:
            line, at = lines[self.line], self.at
            self.line += 1
            self.at = at + len(line) + 1
            common = match(text, at)
            if common is None:
                is_begun = self._uncommon(line, at, is_begun)
                continue
            is_begun = True
            blanks, dash, key, value = common.groups()
            column = len(blanks)
            at += column
            if dash is not None:
                self._place(column, at, True)
                column += len(dash)
                at += len(dash)
                self._open(column, at, False)
            elif self.awaits >= 0 or stack[-1][0] != column or stack[-1][2] is None:
                self._place(column, at, False)
            _, _, keys, values = stack[-1]
            end = at + len(key)
            assert keys is not None
            keys.append(scalar((span((at, end)), key, "", None)))
            if value is None:
                self.awaits = end + 1
            else:
                place = span(common.span(4))
                values.append(scalar((place, value, "", None)))
                self.end = place[1]
        if len(stack) < 2:
            raise Unusual
        self._settle()
        while len(stack) > 1:
            self._close()
        return stack[0][3][0]

    def _uncommon(self, line: str, at: int, is_begun: bool) -> bool:
        """Read any other line; whether the document has begun."""
        body = line.lstrip(" ")
        if not body or body[0] == "#":
            return is_begun
        if "\t" in line:
            raise Unusual
        column = len(line) - len(body)
        if not column and line[:3] in ("---", "..."):
            if is_begun or line.rstrip(" ") != "---":
                raise Unusual
            return True
        at += column
        is_item = _is_item(body)
        if column > self.stack[-1][0] and not is_item and not self._key_length(body):
            self._lone(body, at)
            return True
        self._place(column, at, is_item)
        self._entry(body, at, column)
        return True

    def _lone(self, body: str, at: int) -> None:
        """A line that is a value, or goes on with the plain one of the line before."""
        values = self.stack[-1][3]
        if self.awaits > 0:
            self.awaits = -1
            self._add(self._value(body, at))
            return
        last = values[-1] if values else None
        if not isinstance(last, Scalar) or last.style or len(last.value) > _MAX_CONTINUED:
            raise Unusual
        if " #" in body or self.text[last.span.end : at].strip(" ") != "\n":
            raise Unusual
        more = plain(body, at)
        values.pop()
        place = span((last.span.start, more.span.end))
        self._add(scalar((place, f"{last.value} {more.value}", "", None)))

    def _place(self, column: int, at: int, is_item: bool) -> None:
        """Open and close collections until the innermost is the one that a line belongs to."""
        stack = self.stack
        now, _, keys, _ = stack[-1]
        if self.awaits >= 0:
            if column > now or (column == now and is_item and keys is not None):
                self.awaits = -1
                self._open(column, at, is_item)
                return
            self._settle()
        while now > column:
            self._close()
            now = stack[-1][0]
        if not is_item and stack[-1][2] is None:
            self._close()  # a sequence whose dashes stand as deep as its key
        now, _, keys, _ = stack[-1]
        if now != column or (keys is None) != is_item:
            raise Unusual

    def _open(self, column: int, at: int, is_item: bool) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise Unusual
        self.stack.append((column, at, None if is_item else [], []))

    def _close(self) -> None:
        _, start, keys, values = self.stack.pop()
        self.stack[-1][3].append(collection(span((start, self.end)), keys, values, False))

    def _add(self, node: Node) -> None:
        self.stack[-1][3].append(node)
        self.end = node[0][1]

    def _settle(self) -> None:
        """A key or item without a value has an empty one."""
        if self.awaits >= 0:
            self._add(scalar((span((self.awaits, self.awaits)), "", "", None)))
            self.awaits = -1

    def _entry(self, body: str, at: int, column: int) -> None:
        """The items and the key that a line begins with, and what of a value stands on it."""
        while _is_item(body):
            rest = body[1:].lstrip(" ")
            if _is_empty(rest):
                self.awaits = at + 1
                return
            step = len(body) - len(rest)
            body, at, column = rest, at + step, column + step
            if _is_item(body):
                self._open(column, at, is_item=True)
            elif self._key_length(body):
                self._open(column, at, is_item=False)
            else:
                self._add(self._value(body, at))
                return
        length = self._key_length(body)
        keys = self.stack[-1][2]
        if not length or keys is None:
            raise Unusual
        key = body[:length]
        if key[0] in "'\"":
            keys.append(quoted(key, at, self.opaque))
        else:
            keys.append(scalar((span((at, at + length)), key, "", None)))
        rest = body[length + 1 :].lstrip(" ")
        if _is_empty(rest):
            self.awaits = at + length + 1
        else:
            self._add(self._value(rest, at + len(body) - len(rest)))

    def _key_length(self, body: str) -> int:
        """How long the key is that `body` begins with; 0 where it begins with none."""
        if body[0] in "'\"":
            match = QUOTED.match(body)
            length = match.end() if match else 0
            return length if length < _MAX_KEY and body[length : length + 2] in (": ", ":") else 0
        key, colon, rest = body.partition(":")
        if not colon or rest[:1] not in (" ", ""):
            return 0
        if key not in self.known_keys:
            if not key or key[0] in _INDICATORS or key[-1] == " " or " #" in key:
                return 0
            if len(key) > _MAX_KEY:
                return 0
            self.known_keys.add(key)
        return len(key)

    def _value(self, rest: str, at: int) -> Node:
        """The value that begins at `at`; `rest` is the line from there."""
        first = rest[0]
        if first not in _INDICATORS:
            return plain(rest, at)
        if first in "|>":
            return self._block(rest, at)
        if first in "'\"":
            match = QUOTED.match(rest)
            if not match:
                raise Unusual
            self._expect_end(rest[match.end() :])
            return quoted(match.group(), at, self.opaque)
        if first in "[{":
            return self._flow(at)
        if first == "-" and not _is_item(rest):
            return plain(rest, at)
        raise Unusual

    def _flow(self, at: int) -> Node:
        node = flow(self.text, at, len(self.stack), self.opaque)
        end = node.span.end
        more = self.text.count("\n", at, end)
        if more:
            self.line += more
            line_end = self.text.find("\n", end)
            self.at = (len(self.text) if line_end < 0 else line_end) + 1
            if "\t" in self.text[at : self.at]:
                raise Unusual
        self._expect_end(self.text[end : self.at - 1])
        self.flows.append(node.span)
        return node

    def _expect_end(self, rest: str) -> None:
        """Nothing but a comment may follow on the line."""
        visible = rest.lstrip(" ")
        if visible and (visible[0] != "#" or rest[0] != " "):
            raise Unusual

    def _block(self, header: str, start: int) -> Scalar:
        """A block scalar: its header ends a line, and the lines that are indented deeper than its key are its own."""
        if header.partition(" #")[0].rstrip(" ") not in _HEADERS:
            raise Unusual
        body = self._block_lines()
        end = min(self.at, len(self.text))
        self.opaque.append(span((start + len(header), end)))
        last = len(body)
        while not body[last - 1]:
            last -= 1
        content = body[:last]
        style = header[0]
        value = "\n".join(content) if style == "|" else folded(content)
        if header[1:2] != "-" and (last < len(body) or self.at <= len(self.text)):
            value += "\n"
        visible = start + len(self.text[start:end].rstrip())
        return scalar((span((start, visible)), value, style, None))

    def _block_lines(self) -> list[str]:
        """The lines of a block scalar, without their indentation; at least one is not empty."""
        lines, number, count = self.lines, self.line, len(self.lines)
        longest = 0  # of the blank lines before the first that is not
        while number < count and not (first := lines[number].lstrip(" ")):
            longest = max(longest, len(lines[number]))
            number += 1
        if number == count or first[0] == "\t":
            raise Unusual
        indentation = len(lines[number]) - len(first)
        if indentation <= self.stack[-1][0] or indentation < longest:
            raise Unusual
        margin = " " * indentation
        body = [""] * (number - self.line)
        while number < count:
            line = lines[number]
            if line.startswith(margin):
                body.append(line[indentation:])
            elif visible := line.lstrip(" "):
                if visible[0] == "\t":
                    raise Unusual
                break
            else:
                body.append("")
            number += 1
        self.at += sum(map(len, lines[self.line : number])) + len(body)
        self.line = number
        return body
