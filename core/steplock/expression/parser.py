"""Source text to tree. Never raises: what GitHub would refuse becomes a `Problem`."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from steplock.expression.signatures import signature_problem
from steplock.expression.tree import (
    And,
    Binary,
    Call,
    Group,
    Index,
    Literal,
    Name,
    Node,
    Not,
    Or,
    Property,
    Star,
    children,
)
from steplock.expression.values import parse_number
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.text import Span

# The limits of the runner: ExpressionConstants.cs, MaxDepth and MaxLength.
MAX_DEPTH = 50
MAX_LENGTH = 21_000


class Problem(NamedTuple):
    """Why GitHub refuses an expression, and where."""

    span: Span
    message: str


class Parsed(NamedTuple):
    """What a text says. An unknown function or a wrong number of arguments is a problem that
    leaves the tree whole; after any other problem there is no tree."""

    root: Node | None
    problem: Problem | None


@lru_cache(maxsize=2048)
def parse(text: str, base: int = 0) -> Parsed:
    """Read one expression, without `${{` and `}}`.

    Every span counts from `base`, the offset of `text` in what holds it.
    """
    if len(text) > MAX_LENGTH:
        span = Span(base, base + len(text))
        return Parsed(None, Problem(span, f"the expression is longer than {MAX_LENGTH} characters"))
    parser = _Parser(text.rstrip(), base)
    try:
        root = parser.whole()
    except _Refused as refused:
        return Parsed(None, refused.problem)
    return Parsed(root, parser.problem)


# A name or a number reaches to the next boundary: `a@b`, `a'b'` and `1x` are one (bad) symbol each.
_TOKEN = pattern(
    r"""\s*(?:
      ([A-Za-z_][A-Za-z0-9_-]*)(?=[\s()\[\],.!<>=&|]|\Z)  # 1 name
    | (&&|\|\||[=!<>]=|[!<>()\[\],*]|\.(?![0-9]))         # 2 operator
    | ('[^']*(?:''[^']*)*'(?!'))                          # 3 string
    | ([-+.0-9][^\s()\[\],!<>=&|]*)                       # 4 number
    | ('.*|.[^\s()\[\],.!<>=&|]*)                         # 5 neither
    )""",
    re.VERBOSE | re.DOTALL,
)
_NAME, _OPERATOR, _STRING, _NUMBER = 1, 2, 3, 4
_END = (0, "", 0)

_KEYWORDS: dict[str, bool | float | None] = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": math.nan,
    "Infinity": math.inf,
}

# As much of a bad symbol as a message repeats; an unclosed string runs to the end of the text.
_MAX_SHOWN = 40

# How tightly an operator binds; what is not in here ends an expression.
_POWER = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4}


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Parser:
    __slots__ = ("at", "base", "depth", "problem", "tokens")

    def __init__(self, text: str, base: int) -> None:
        self.tokens: list[tuple[int, str, int]] = []
        for match in _TOKEN.finditer(text):
            kind = match.lastindex or 0
            self.tokens.append((kind, match[kind], base + match.start(kind)))
        self.tokens.append(_END)
        self.at = 0
        self.base = base
        self.depth = 0
        self.problem: Problem | None = None

    def whole(self) -> Node:
        if len(self.tokens) == 1:
            raise _Refused(Problem(Span(self.base, self.base), "an expression is missing"))
        root = self.expression(0)
        if self.tokens[self.at] is not _END:
            raise self.unexpected()
        # A tree is never deeper than it has tokens, and most have few.
        if len(self.tokens) > MAX_DEPTH and _too_deep(root):
            raise self.too_deep(root.span)
        return root

    def expression(self, floor: int) -> Node:
        """Operands and the operators between them that bind tighter than `floor`."""
        left = self.operand()
        while True:
            operator = self.tokens[self.at][1]
            power = _POWER.get(operator, 0)
            if power <= floor:
                return left
            if power > 2:
                self.at += 1
                right = self.expression(power)
                span = Span(left.span.start, right.span.end)
                left = Binary(span, left, operator, right)
                continue
            operands = [left]
            while self.tokens[self.at][1] == operator:
                self.at += 1
                operands.append(self.expression(power))
            span = Span(left.span.start, operands[-1].span.end)
            left = (And if power == 2 else Or)(span, tuple(operands))

    def operand(self) -> Node:
        kind, text, start = self.tokens[self.at]
        span = Span(start, start + len(text))
        if kind == _NAME:
            self.at += 1
            if text in _KEYWORDS:
                return Literal(span, _KEYWORDS[text])
            if self.tokens[self.at][1] == "(":
                return self.accesses(self.call(text, span))
            return self.accesses(Name(span, text))
        if kind == _STRING:
            self.at += 1
            return Literal(span, text[1:-1].replace("''", "'"))
        if kind == _NUMBER:
            number = parse_number(text)
            if math.isnan(number):
                raise self.unexpected()
            self.at += 1
            return Literal(span, number)
        if text == "!":
            self.descend()
            operand = self.operand()
            self.depth -= 1
            return Not(Span(start, operand.span.end), operand)
        if text == "(":
            self.descend()
            body = self.expression(0)
            return self.accesses(Group(Span(start, self.close(")")), body))
        raise self.unexpected()

    def accesses(self, left: Node) -> Node:
        """`left` with the `.name`, `.*`, `[key]` and `[*]` that follow it."""
        while True:
            text = self.tokens[self.at][1]
            if text == ".":
                self.at += 1
                kind, name, start = self.tokens[self.at]
                end = start + len(name)
                span = Span(left.span.start, end)
                if kind == _NAME:
                    left = Property(span, left, name, Span(start, end))
                elif name == "*":
                    left = Star(span, left)
                else:
                    raise self.unexpected()
                self.at += 1
            elif text == "[":
                self.descend()
                if self.tokens[self.at][1] == "*":
                    self.at += 1
                    left = Star(Span(left.span.start, self.close("]")), left)
                else:
                    key = self.expression(0)
                    left = Index(Span(left.span.start, self.close("]")), left, key)
            else:
                return left

    def call(self, name: str, name_span: Span) -> Call:
        self.descend()
        args: list[Node] = []
        if self.tokens[self.at][1] != ")":
            args.append(self.expression(0))
            while self.tokens[self.at][1] == ",":
                self.at += 1
                args.append(self.expression(0))
        span = Span(name_span.start, self.close(")"))
        message = signature_problem(name, len(args))
        if message and not self.problem:
            self.problem = Problem(name_span, message)
        return Call(span, name, name_span, tuple(args))

    def descend(self) -> None:
        """Step over a token that opens a level."""
        _, text, start = self.tokens[self.at]
        if self.depth == MAX_DEPTH:
            raise self.too_deep(Span(start, start + len(text)))
        self.depth += 1
        self.at += 1

    def close(self, bracket: str) -> int:
        """Step over the closing bracket; the offset behind it."""
        _, text, start = self.tokens[self.at]
        if text != bracket:
            raise self.unexpected()
        self.depth -= 1
        self.at += 1
        return start + 1

    def unexpected(self) -> _Refused:
        ended = self.tokens[self.at] is _END
        _, text, start = self.tokens[self.at - 1 if ended else self.at]
        shown = text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "..."
        message = f"the expression ends after `{shown}`" if ended else f"unexpected `{shown}`"
        return _Refused(Problem(Span(start, start + len(text)), message))

    @staticmethod
    def too_deep(span: Span) -> _Refused:
        return _Refused(Problem(span, f"the expression is nested deeper than {MAX_DEPTH} levels"))


def _too_deep(root: Node) -> bool:
    """Whether the tree has more than MAX_DEPTH levels; parentheses are no level."""
    level: list[Node] = [root]
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            return True
        below: list[Node] = []
        while level:
            node = level.pop()
            (level if isinstance(node, Group) else below).extend(children(node))
        level = below
    return False
