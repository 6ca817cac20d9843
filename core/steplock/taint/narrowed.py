"""Variables that a script has held against a pattern: behind `[[ $n =~ ^[0-9]+$ ]] || exit 1` it is a number.

The script is walked as the shell runs it; where its structure is not understood, nothing is known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from steplock.annotations import TypeAlias
from steplock.lazy import pattern
from steplock.model import Step
from steplock.named import NamedTuple
from steplock.shell import Assignment, Command, Script
from steplock.taint import letters, tested
from steplock.taint.tested import Facts, Outcome
from steplock.text import Span

_TOKEN = pattern(
    r"(?:(?<=\s)|^)#[^\n]*|\n|;;&?|;&|&&|\|[|&]?|[;&(){}!]|\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:\$\{[^}\n]{0,200}\}|[^\s;&|()\"'{}!])+"
)
_LEAVES = frozenset(["break", "continue", "exit", "return"])
_SETS = frozenset(["getopts", "mapfile", "read", "readarray", "unset"])
_MAX_DEPTH = 40
_MAX_TOKENS = 5000
_Reached: TypeAlias = "Facts | None"
"""What is known at a place; None where the script never comes to it."""


class _Token(NamedTuple):
    text: str
    """Empty for a statement."""
    span: Span
    statement: Command | Assignment | None = None


def narrowed(step: Step, span: Span, name: str, *, lines: bool) -> letters.Letters:
    """The characters that can stand in a variable where a script uses it; lines: its text may have several lines."""
    starts, known = _walked(step)
    at = bisect_right(starts, span.start) - 1
    if at < 0 or not known[at][0].holds(span):
        return letters.ALL
    facts = known[at][1]
    found = facts.get((name, False), letters.ALL)
    return found if lines else found & facts.get((name, True), letters.ALL)


@lru_cache(maxsize=16)
def _walked(step: Step) -> tuple[list[int], list[tuple[Span, Facts]]]:
    """What is known at each statement; first, where they start."""
    script = step.script
    if script is None or script.dialect != "posix" or step.run is None or script.errors:
        return [], []
    tokens = list(_tokens(script, step.run.value))
    if len(tokens) > _MAX_TOKENS:
        return [], []
    walk = _Walk(tokens, step.run.value, script, stops=_stops(step, step.run.value))
    walk.run({}, 0)
    known = sorted(walk.known, key=lambda one: one[0]) if walk.understood else []
    return [span.start for span, _ in known], known


def _stops(step: Step, text: str) -> bool:
    """Whether the shell stops at the first command that fails: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#exit-codes-and-error-action-preference"""
    return "set +e" not in text and ("{0}" not in (step.shell or "") or "set -e" in text)


def _tokens(script: Script, source: str) -> Iterator[_Token]:
    inner = ("substitution", "script")
    commands = [c for c in script.commands if not any(one in inner for one in c.inside)]
    statements: tuple[Command | Assignment, ...] = (*commands, *script.assignments)
    ordered = sorted(statements, key=lambda one: (one.span.start, -one.span.end))
    at = 0
    for statement in ordered:
        span = statement.span
        if span.start >= at:
            yield from _between(source, at, span.start)
            yield _Token("", span, statement)
            at = span.end
    yield from _between(source, at, len(source))


def _between(source: str, start: int, end: int) -> Iterator[_Token]:
    for match in _TOKEN.finditer(source, start, end):
        if not match[0].startswith("#"):
            yield _Token(match[0], Span(*match.span()))


def _both(one: _Reached, other: _Reached) -> _Reached:
    """What holds on two ways that come together."""
    if one is None or other is None:
        return other if one is None else one
    return {key: one[key] | other[key] for key in one.keys() & other.keys()}


def _with(facts: _Reached, more: Facts) -> _Reached:
    if facts is None:
        return None
    return {**facts, **{key: value & facts.get(key, value) for key, value in more.items()}}


class _Walk:
    """One way through the tokens of a script."""

    def __init__(self, tokens: list[_Token], source: str, script: Script, *, stops: bool) -> None:
        self.tokens = tokens
        self.source = source
        self.script = script
        self.stops = stops
        self.last = {
            token.statement.name: at
            for at, token in enumerate(tokens)
            if isinstance(token.statement, Assignment)
        }
        self.at = 0
        self.known: list[tuple[Span, Facts]] = []
        self.understood = True

    def text(self, ahead: int = 0) -> str:
        """The token that comes; a blank for a statement, empty behind the last."""
        at = self.at + ahead
        return (self.tokens[at].text or " ") if at < len(self.tokens) else ""

    def run(self, facts: _Reached, depth: int, *ends: str) -> _Reached:
        """Statements up to one of some words, which is not taken."""
        while self.understood and (text := self.text()) and text not in ends:
            if text in ("\n", ";", "&"):
                self.at += 1
                continue
            at = self.at
            (yes, no), alone = self._and_or(facts, depth)
            facts = yes if alone and self.stops else _both(yes, no)
            self.at += self.at == at
        return facts

    def _and_or(self, facts: _Reached, depth: int) -> tuple[tuple[_Reached, _Reached], bool]:
        start = self.at
        yes, no = self._pipeline(facts, depth)
        alone = self.at == start + 1
        while (sign := self.text()) in ("&&", "||"):
            alone = False
            self.at += 1
            while self.text() == "\n":
                self.at += 1
            if sign == "&&":
                yes, other = self._pipeline(yes, depth)
                no = _both(no, other)
            else:
                other, no = self._pipeline(no, depth)
                yes = _both(yes, other)
        return (yes, no), alone

    def _pipeline(self, facts: _Reached, depth: int) -> tuple[_Reached, _Reached]:
        negated = False
        while self.text() == "!":
            negated = not negated
            self.at += 1
        start = self.at
        found = self._command(facts, depth)
        count = 1
        while self.text() in ("|", "|&"):
            self.at += 1
            while self.text() == "\n":
                self.at += 1
            self._command(facts, depth)  # in a shell of its own
            found = facts, facts
            count += 1
        stages = [token.statement for token in self.tokens[start : self.at : 2]]
        if count == 2 and self.at == start + 3:
            found = _with(facts, tested.piped(stages)), facts
        return (found[1], found[0]) if negated else found

    def _command(self, facts: _Reached, depth: int) -> tuple[_Reached, _Reached]:
        if depth > _MAX_DEPTH or self.at >= len(self.tokens):
            self.understood = self.understood and depth <= _MAX_DEPTH
            return facts, facts
        token = self.tokens[self.at]
        self.at += 1
        if token.statement is not None:
            return self._statement(token.statement, facts)
        match token.text:
            case "if":
                facts = self._if(facts, depth + 1)
            case "while" | "until" | "for" | "select":
                facts = self._loop(token.text, facts, depth + 1)
            case "case":
                facts = self._case(facts, depth + 1)
            case "{":
                facts = self.run(facts, depth + 1, "}")
                self.at += 1
            case "(":
                self.run(facts, depth + 1, ")")
                self.at += 1
            case "function":
                self.at += 1
                self._function(depth)
            case _ if self.text() == "(" and self.text(1) == ")":
                self._function(depth)
            case _:
                return self._command(facts, depth) if self._is_start() else (facts, facts)
        self._redirects()
        return facts, facts

    def _is_start(self) -> bool:
        """Whether a word like `time` stands before a command."""
        return self.tokens[self.at - 1].text in ("time", "coproc")

    def _redirects(self) -> None:
        """What stands behind the word that ends a group."""
        while (text := self.text()) and text[0] in "<>0123456789\"'$/.":
            self.at += 1

    def _function(self, depth: int) -> None:
        while self.text() in ("(", ")", "\n"):
            self.at += 1
        self._command({}, depth + 1)

    def _if(self, facts: _Reached, depth: int) -> _Reached:
        ended: _Reached = None
        while True:
            yes, no = self._condition(facts, depth, "then")
            ended = _both(ended, self.run(yes, depth, "elif", "else", "fi"))
            facts = no
            word = self.text()
            self.at += 1
            if word == "else":
                facts = self.run(facts, depth, "fi")
                self.at += 1
            if word != "elif":
                self.understood = self.understood and word in ("else", "fi")
                return _both(ended, facts)

    def _condition(self, facts: _Reached, depth: int, end: str) -> tuple[_Reached, _Reached]:
        found: tuple[_Reached, _Reached] = facts, facts
        while self.understood and (text := self.text()) and text != end:
            if text in ("\n", ";", "&"):
                self.at += 1
                continue
            at = self.at
            found, _ = self._and_or(_both(*found), depth)
            self.at += self.at == at
        self.at += 1
        return found

    def _loop(self, word: str, facts: _Reached, depth: int) -> _Reached:
        if facts is not None:  # what the loop may set again
            facts = {key: v for key, v in facts.items() if self.last.get(key[0], -1) < self.at}
        yes, no = facts, facts
        if word in ("while", "until"):
            yes, no = self._condition(facts, depth, "do")
            yes = no if word == "until" else yes
        else:
            while self.text() not in ("do", ""):
                self.at += 1
            self.at += 1
        self.run(yes, depth, "done")
        self.at += 1
        return facts

    def _case(self, facts: _Reached, depth: int) -> _Reached:
        start = self.at
        while self.text() not in ("in", ""):
            self.at += 1
        subject = tested.named("".join(token.text for token in self.tokens[start : self.at]))
        self.at += 1
        ended: _Reached = None
        while self.understood:
            while self.text() in ("\n", ";;", ";;&", ";&", "("):
                self.at += 1
            if self.text() in ("esac", ""):
                break
            patterns = self._patterns()
            yes, facts = self._fits(subject, patterns, facts)
            ended = _both(ended, self.run(yes, depth, ";;", ";;&", ";&", "esac"))
            if self.text() in (";;&", ";&"):
                self.understood = False
        self.at += 1
        return _both(ended, facts)

    def _patterns(self) -> list[str]:
        """What stands before the `)` of a branch."""
        start, deep = self.at, 0
        while (text := self.text()) and (text != ")" or deep):
            deep += {"(": 1, ")": -1}.get(text, 0)
            self.at += 1
        if self.at >= len(self.tokens):
            self.understood = False
            return []
        text = self.source[self.tokens[start].span.start : self.tokens[self.at].span.start]
        self.at += 1
        return [text] if "(" in text else [one.strip() for one in text.split("|")]

    def _fits(
        self, subject: str, patterns: list[str], facts: _Reached
    ) -> tuple[_Reached, _Reached]:
        if "*" in patterns:
            return facts, None
        if not subject:
            return facts, facts
        inside = frozenset[str]()
        for one in patterns:
            # Without these it is a word of the workflow's own.
            inside |= letters.glob(one) if set(one) & set("*?[") else frozenset()
        outside = letters.ALL.intersection(*map(letters.rejected, patterns))
        key = (subject, False)
        return _with(facts, {key: inside}), _with(facts, {key: outside})

    def _statement(
        self, statement: Command | Assignment, facts: _Reached
    ) -> tuple[_Reached, _Reached]:
        if facts is None:
            return None, None
        self.known.append((statement.span, facts))
        if isinstance(statement, Assignment):
            facts = _assigned(statement, facts)
            return facts, facts
        if statement.name in _LEAVES:
            return None, None
        if statement.name in _SETS:
            gone = {word.value for word in statement.argv}
            facts = {key: value for key, value in facts.items() if key[0] not in gone}
        for assignment in statement.assignments:
            facts = _assigned(assignment, facts) if not statement.words else facts
        outcome: Outcome = tested.outcome(statement, self.script)
        return _with(facts, outcome.true), _with(facts, outcome.false)


def _assigned(assignment: Assignment, facts: Facts) -> Facts:
    name, word = assignment.name, assignment.value
    kept = {key: value for key, value in facts.items() if key[0] != name}
    copied = [facts.get((one.name, False)) for one in word.expansions if one.kind == "variable"]
    if assignment.append or len(copied) < len(word.expansions) or None in copied:
        return kept
    return {**kept, (name, False): frozenset[str]().union(*(one or () for one in copied))}
