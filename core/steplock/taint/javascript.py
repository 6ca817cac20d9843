"""What a script of actions/github-script puts out, as far as its expressions are plain: fields, locals, choices between them.

Which names a script has: https://github.com/actions/github-script#actionsgithub-script
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.taint.javascript_lexer import END, Token, tokens
from steplock.taint.javascript_values import Value, Values, made, member

ACTION = "actions/github-script"

MAX_SCRIPT = 40_000
"""In characters; longer ones are not taken apart."""
_MAX_WORK = 4000
_MAX_DEPTH = 40


class Written(NamedTuple):
    """One `core.setOutput`, one `core.exportVariable` or one `return`."""

    kind: str
    """`output`, `variable` or `result`."""
    name: str | None
    """None where it is worked out at run time."""
    values: tuple[Value, ...]
    source: str
    """The expression as it is written."""
    start: int
    end: int


_FENCE = pattern(r"\$\{\{(?:[^}]|\}(?!\})){0,500}\}\}")
_HOLE = pattern(r"\$\{(?!\{)([^{}`]{0,500})\}")
_CLOSES = {"(": ")", "[": "]", "{": "}"}
_COMPARE = frozenset({"==", "===", "!=", "!==", "<", ">", "<=", ">=", "in", "instanceof"})
_ROOTS = frozenset({"context", "github", "octokit", "process", "core", "JSON", "Math", "Date", "Number", "Boolean"})  # fmt: skip
_CLIENTS = frozenset({"github", "octokit"})
_NAMES_PULL = frozenset({"pull_number", "issue_number", "number", "head", "commit_sha"})
_PLAIN = frozenset({"true", "false", "null", "undefined", "NaN"})
_NUMBERS = frozenset({"Number", "parseInt", "parseFloat", "Boolean", "BigInt"})


@lru_cache(maxsize=64)
def writes(script: str) -> tuple[Written, ...]:
    """What a script puts out, in its order; what is not understood is there with a value without a path."""
    if len(script) > MAX_SCRIPT:
        return ()
    return tuple(Reader(script).writes())


class Reader:
    """The expressions of one script, each local name looked up once."""

    def __init__(self, script: str) -> None:
        self.script = script
        self.tokens: list[Token] = []
        self.pairs: dict[int, int] = {}
        self._add(tokens(script))
        self._known: dict[str, Values] = {}
        self._open: set[str] = set()
        self._work = 0
        self._depth = 0
        self._bound: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        self._bind()

    def _add(self, tokens: Iterator[Token]) -> int:
        """Append tokens and find their brackets; returns the place of the first."""
        first = len(self.tokens)
        self.tokens += [*tokens, END]
        opened: list[int] = []
        for at in range(first, len(self.tokens)):
            token = self.tokens[at]
            if token.kind == "sign" and token.text in _CLOSES:
                opened.append(at)
            elif (
                opened
                and token.kind == "sign"
                and token.text == _CLOSES[self.tokens[opened[-1]].text]
            ):
                self.pairs[opened.pop()] = at
        return first

    def _sign(self, at: int) -> str:
        token = self.tokens[at] if 0 <= at < len(self.tokens) else END
        return token.text if token.kind in ("sign", "name") else ""

    def of(self, text: str, offset: int = 0) -> Values:
        """What an expression comes from that stands in a text of its own."""
        return self._choice(self._add(tokens(text, offset)))[0]

    # What is written.

    def writes(self) -> Iterator[Written]:
        inside = list(self._functions())
        for at in range(len(self.tokens)):
            match self._sign(at):
                case "setOutput" | "exportVariable" as call if self._sign(at + 1) == "(":
                    yield from self._call(at + 1, "output" if call == "setOutput" else "variable")
                case "return" if self._returns(at):
                    if not any(start < at < end for start, end in inside):
                        yield self._written("result", "result", at + 1)

    def _returns(self, at: int) -> bool:
        """Whether a value stands behind a `return`, on its line."""
        after = self.tokens[at + 1]
        between = self.script[self.tokens[at].end : after.start]
        return "\n" not in between and after.kind != "end" and after.text not in (";", "}")

    def _call(self, bracket: int, kind: str) -> Iterator[Written]:
        name = self.tokens[bracket + 1] if bracket + 1 < len(self.tokens) else END
        comma = bracket + 2
        quoted = name.kind in ("text", "template") and "${" not in name.text
        plain = quoted and self._sign(comma) == ","
        if not plain:
            _, comma = self._choice(bracket + 1)
        if self._sign(comma) == ",":
            yield self._written(kind, name.text[1:-1] if plain else None, comma + 1)

    def _written(self, kind: str, name: str | None, at: int) -> Written:
        values, end = self._choice(at)
        start, stop = self.tokens[at].start, self.tokens[max(at, end - 1)].end
        return Written(kind, name, tuple(values), self.script[start:stop], start, stop)

    def _functions(self) -> Iterator[tuple[int, int]]:
        """The bodies of functions, whose `return` is not the script's."""
        closed = {end: start for start, end in self.pairs.items()}
        for start, end in self.pairs.items():
            if self._sign(start) != "{":
                continue
            before = start - 1
            if self._sign(before) == ")":
                head = closed.get(before, 0) - 1
                if "function" in (self._sign(head), self._sign(head - 1)):
                    yield start, end
            elif self._sign(before) == "=>":
                yield start, end

    # Local names.

    def _bind(self) -> None:
        for at, token in enumerate(self.tokens):
            if token.kind == "name" and self._sign(at + 1) in ("=", "+=", "??=", "||="):
                if self._sign(at - 1) not in (".", "?."):
                    self._bound.setdefault(token.text, []).append((at + 2, ()))
            elif token.kind == "name" and token.text == "of" and at > 1:
                self._bound.setdefault(self._sign(at - 1), []).append((at + 1, ("*",)))
            elif token.text in ("{", "[") and self._sign(self.pairs.get(at, -2) + 1) == "=":
                for name, path in self._pattern(at, (), 0):
                    self._bound.setdefault(name, []).append((self.pairs[at] + 2, path))

    def _pattern(
        self, at: int, path: tuple[str, ...], depth: int
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The names that `{data: pr, title}` or `[first]` before a `=` gives values to."""
        end = self.pairs.get(at, 0)
        listed = self._sign(at) == "["
        at += 1
        while at < end and depth < 8:
            key = self.tokens[at]
            inner = path + (("*",) if listed else (key.text.strip("'\""),))
            if not listed and self._sign(at + 1) == ":":
                at += 2
            if at in self.pairs:
                yield from self._pattern(at, inner, depth + 1)
                at = self.pairs[at]
            elif self.tokens[at].kind == "name":
                yield self.tokens[at].text, inner
            while at < end and self._sign(at) != ",":
                at = self.pairs.get(at, at) + 1
            at += 1

    def _local(self, name: str, at: int) -> Values:
        if name in self._known:
            return self._known[name]
        if name in self._open:
            return []
        self._open.add(name)
        found: Values = []
        for start, path in self._bound[name]:
            values = self._choice(start)[0]
            for key in path:
                values = member(values, key)
            found += values
        self._open.discard(name)
        self._known[name] = found = list(dict.fromkeys(found))[:20]
        return found

    # Expressions: each returns what it comes from, and the place behind it.

    def _choice(self, at: int) -> tuple[Values, int]:
        self._work += 1
        self._depth += 1
        try:
            if self._work > _MAX_WORK or self._depth > _MAX_DEPTH:
                return [self._unknown(at)], at + 1
            found, at = self._either(at)
            if self._sign(at) != "?":
                return found, at
            yes, at = self._choice(at + 1)
            no, at = self._choice(at + 1) if self._sign(at) == ":" else ([self._unknown(at)], at)
            return yes + no, at
        finally:
            self._depth -= 1

    def _either(self, at: int) -> tuple[Values, int]:
        found, at = self._compared(at)
        groups = [found]
        while (sign := self._sign(at)) in ("||", "??", "&&"):
            more, at = self._compared(at + 1)
            groups[-1:] = [more] if sign == "&&" else [groups[-1], more]
        return [value for group in groups for value in group], at

    def _compared(self, at: int) -> tuple[Values, int]:
        found, at = self._sum(at)
        while self._sign(at) in _COMPARE:
            found, at = [], self._sum(at + 1)[1]
        return found, at

    def _sum(self, at: int) -> tuple[Values, int]:
        found, at = self._unary(at)
        while (sign := self._sign(at)) in ("+", "-", "*", "/", "%"):
            more, at = self._unary(at + 1)
            found = [v._replace(part=True) for v in found + more] if sign == "+" else []
        return found, at

    def _unary(self, at: int) -> tuple[Values, int]:
        negated = False
        while (sign := self._sign(at)) in ("!", "-", "+", "typeof", "await", "void"):
            negated = negated or sign != "await"
            at += 1
        if self._sign(at) == "new":
            found, end = self._postfix(at + 1)
            return ([] if self._sign(at + 1) == "Date" else [self._unknown(at)]), end
        if self._sign(at) in ("async", "function"):
            return [self._unknown(at)], at + 1
        found, at = self._postfix(at)
        return ([] if negated else found), at

    def _postfix(self, at: int) -> tuple[Values, int]:
        start = at
        found, at = self._primary(at)
        while True:
            sign = self._sign(at)
            if sign == "?." and self._sign(at + 1) in ("[", "("):
                at, sign = at + 1, self._sign(at + 1)
            if sign in (".", "?."):
                name = self._sign(at + 1)
                at += 2
                bracket = at + 1 if self._sign(at) == "?." and self._sign(at + 1) == "(" else at
                if self._sign(bracket) == "(" and bracket in self.pairs:
                    found = self._method(found, name, bracket, start)
                    at = self.pairs[bracket] + 1
                else:
                    found = member(found, name)
            elif sign == "[" and at in self.pairs:
                key = self.tokens[at + 1]
                plain = key.kind == "text" and self.pairs[at] == at + 2
                found = member(found, key.text[1:-1] if plain else "*")
                at = self.pairs[at] + 1
            elif sign == "(" and at in self.pairs:
                found = self._function(start, at)
                at = self.pairs[at] + 1
            elif sign == "=>":
                return [self._unknown(start)], at + 1
            else:
                end = self.tokens[max(start, min(at, len(self.tokens)) - 1)].end
                return [
                    v._replace(start=self.tokens[start].start, end=end)
                    if v.path[:1] != ("fence",)
                    else v
                    for v in found
                ], at

    def _primary(self, at: int) -> tuple[Values, int]:
        token = self.tokens[at] if at < len(self.tokens) else END
        match token.kind:
            case "sign" if at in self.pairs and token.text == "(":
                return self._choice(at + 1)[0], self.pairs[at] + 1
            case "sign" if at in self.pairs and token.text == "[":
                return [v._replace(part=True) for v in self._items(at)], self.pairs[at] + 1
            case "sign":
                return [self._unknown(at)], self.pairs.get(at, at) + 1
            case "number" | "regex":
                return [], at + 1
            case "text" | "fence":
                return self._fences(token), at + 1
            case "template":
                holes = [
                    value._replace(part=True)
                    for hole in _HOLE.finditer(token.text)
                    for value in self.of(hole[1], token.start + hole.start(1))
                ]
                if token.text.count("${") != len(_HOLE.findall(token.text)) + token.text.count(
                    "${{"
                ):
                    holes.append(self._unknown(at))
                return holes + self._fences(token), at + 1
            case "name" if token.text in _PLAIN:
                return [], at + 1
            case "name" if token.text in self._bound:
                return self._local(token.text, at), at + 1
            case "name" if token.text in _ROOTS:
                return [Value((token.text,), token.start, token.end)], at + 1
        return [self._unknown(at)], at + 1

    def _fences(self, token: Token) -> Values:
        start = token.start
        found = _FENCE.finditer(token.text)
        return [Value(("fence",), start + one.start(), start + one.end(), True) for one in found]

    def _unknown(self, at: int) -> Value:
        token = self.tokens[min(at, len(self.tokens) - 1)]
        return Value((), token.start, token.end)

    def _items(self, bracket: int) -> Values:
        """What the arguments of a call or the items of a list come from."""
        found: Values = []
        at, end = bracket + 1, self.pairs[bracket]
        while at < end:
            values, at = self._choice(at)
            found += values
            while at < end and self._sign(at) != ",":
                at = self.pairs.get(at, at) + 1
            at += 1
        return found

    def _function(self, start: int, bracket: int) -> Values:
        name = self._sign(start) if bracket == start + 1 else ""
        if name in _NUMBERS:
            return []
        return self._items(bracket) if name == "String" else [self._unknown(start)]

    def _method(self, of: Values, name: str, bracket: int, start: int) -> Values:
        first = of[0].path if len(of) == 1 else ()
        match (*first, name):
            case ("JSON", "stringify"):
                return [v._replace(whole=True) for v in self._choice(bracket + 1)[0]]
            case ("Math" | "Date" | "Number", *_):
                return []
            case (client, *_) if client in _CLIENTS:
                return [self._answer((*first, name), bracket)]
        if name in ("then", "map"):
            return self._picked(member(of, "*") if name == "map" else of, bracket)
        return made(of, name, self.tokens[bracket + 1].text, self._unknown(start))

    def _picked(self, of: Values, bracket: int) -> Values:
        """What `x => x.data.title` makes of values."""
        at = bracket + 1
        name = self.tokens[at + 1 if self._sign(at) == "(" else at].text
        at = self.pairs.get(at, at) + 1
        if self._sign(at) != "=>" or self._sign(at + 1) != name:
            return [self._unknown(bracket)]
        at += 2
        while self._sign(at) in (".", "?.") and self.tokens[at + 1].kind == "name":
            of = member(of, self.tokens[at + 1].text)
            at += 2
        return of if at == self.pairs[bracket] else [self._unknown(bracket)]

    def _answer(self, called: tuple[str, ...], bracket: int) -> Value:
        """What GitHub answers to `github.rest.pulls.get({...})`, `github.paginate(...)` or `github.request(...)`."""
        path: tuple[str, ...] = ("answer", ".".join(part for part in called[1:] if part != "rest"))
        if called[-1] == "paginate":
            inner = self._choice(bracket + 1)[0]
            asked = inner[0].path if inner else ()
            route = ".".join(asked[2:]) if asked[:1] and asked[0] in _CLIENTS else "request"
            path = ("answer", route, "data")
        token = self.tokens[bracket]
        return Value(path, token.start, token.end, asked=tuple(self._number(bracket)))

    def _number(self, bracket: int) -> Values:
        """What names the pull request in the arguments of a call."""
        end = self.pairs[bracket]
        for at in range(bracket + 1, end):
            if self._sign(at) in _NAMES_PULL:
                if self._sign(at + 1) == ":":
                    return self._choice(at + 2)[0]
                if self._sign(at + 1) in (",", "}"):
                    return self._choice(at)[0]
        return self._items(bracket) if self.tokens[bracket + 1].kind in ("text", "template") else []
