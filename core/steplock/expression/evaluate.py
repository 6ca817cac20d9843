"""What an expression comes to when only some of its contexts are known.

An error (bad JSON, a bad format string) fails the job on GitHub; here its value is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from steplock.annotations import TypeAlias
from steplock.expression.functions import IMPLEMENTATIONS, MAX_TEXT, EvaluationError
from steplock.expression.signatures import signature_problem
from steplock.expression.tree import (
    Access,
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
    ungrouped,
)
from steplock.expression.values import (
    FALSY,
    TRUTHY,
    UNKNOWN,
    Partial,
    Unknown,
    Value,
    equal,
    fold,
    less,
    member,
    members,
    truthiness,
)

Lookup: TypeAlias = Callable[[tuple[str, ...]], Value | Unknown]
"""Gives the value at a path of lower-case parts, which holds no `*`: (`github`, `event_name`)."""

Status: TypeAlias = Mapping[str, bool | Unknown]
"""What `success`, `failure` and `cancelled` answer, by their lower-case names."""

NO_STATUS: Status = {}


def evaluate(node: Node, lookup: Lookup, status: Status = NO_STATUS) -> Value | Unknown:
    """The value of an expression, or UNKNOWN where it depends on what is not known.

    `lookup` is asked for the longest part of each context access that has definite names, and
    may answer UNKNOWN, or TRUTHY for a value that is there but not known.
    """
    value = _Evaluation(lookup, status).value(node)
    return UNKNOWN if isinstance(value, Unknown) else value


def truth(node: Node, lookup: Lookup, status: Status = NO_STATUS) -> bool | None:
    """Whether an expression counts as true; None where it depends on what is not known.

    This knows more than `evaluate`: `github.actor && false` is not known, but falsy for certain.
    """
    return truthiness(_Evaluation(lookup, status).value(node))


def constant(node: Node) -> Value | Unknown:
    """The value that an expression has whatever its contexts hold; UNKNOWN where it has none."""
    return evaluate(node, nothing_known)


def lookup_in(contexts: Mapping[str, Value | Unknown]) -> Lookup:
    """A look-up in contexts given as values, by name.

    A context that is not among them is UNKNOWN; a member that a value lacks is null, as on
    GitHub.
    """
    folded = {fold(name): value for name, value in contexts.items()}

    def lookup(path: tuple[str, ...]) -> Value | Unknown:
        value = folded.get(fold(path[0]), UNKNOWN)
        for part in path[1:]:
            value = member(value, part)
        return value

    return lookup


def nothing_known(path: tuple[str, ...]) -> Unknown:
    """The look-up where no context is known."""
    return UNKNOWN


class _Evaluation:
    """One evaluation; each node is looked at once."""

    __slots__ = ("lookup", "room", "status")

    def __init__(self, lookup: Lookup, status: Status) -> None:
        self.lookup = lookup
        self.status = status
        # Characters that functions may still make: hostile formats double their text at each level.
        self.room = MAX_TEXT

    def value(self, node: Node) -> Partial:
        match node:
            case Literal(value=value):
                return value
            case Property() | Name() | Index() | Star():
                return self.access(node)
            case Binary(left=left, operator=operator, right=right):
                return _compared(self.value(left), operator, self.value(right))
            case And(operands=operands):
                return self.first(operands, False)
            case Or(operands=operands):
                return self.first(operands, True)
            case Not(operand=operand):
                truth = truthiness(self.value(operand))
                return UNKNOWN if truth is None else not truth
            case Group(body=body):
                return self.value(body)
            case Call(name=name, args=args):
                return self.call(name.lower(), args)

    def first(self, operands: tuple[Node, ...], wanted: bool) -> Partial:
        """The first operand whose truth is `wanted`, else the last one.

        Behind an operand whose truth is not known only the truth of the result can be.
        """
        value: Partial = UNKNOWN
        certain = True
        for operand in operands:
            value = self.value(operand)
            truth = truthiness(value)
            if truth is wanted:
                if certain:
                    return value
                return TRUTHY if wanted else FALSY
            if truth is None:
                certain = False
        return value if certain else UNKNOWN

    def access(self, node: Access) -> Partial:
        steps: list[Property | Index | Star] = []
        root: Node = node
        while isinstance(root, (Property, Index, Star)):
            steps.append(root)
            root = ungrouped(root.of)
        if isinstance(root, Name):
            value = self.look_up(root.name, steps)
        else:
            value = self.value(root)
        while steps:
            match steps.pop():
                case Star():
                    value = members(value)
                case Property(name=name):
                    value = member(value, name)
                case Index(key=key):
                    value = member(value, self.value(key))
        return value

    def look_up(self, name: str, steps: list[Property | Index | Star]) -> Partial:
        """Take the steps with definite names off the end of `steps` and ask for that path."""
        path = [name.lower()]
        while steps:
            match steps[-1]:
                case Property(name=part):
                    path.append(part.lower())
                case Index(key=key):
                    known = self.value(key)
                    if not isinstance(known, str):
                        break
                    path.append(known.lower())
                case Star():
                    break
            steps.pop()
        return self.lookup(tuple(path))

    def call(self, name: str, args: tuple[Node, ...]) -> Partial:
        if signature_problem(name, len(args)):
            return UNKNOWN
        if name == "case":
            return self.case(args)
        if name == "always":
            return True
        implementation = IMPLEMENTATIONS.get(name)
        if implementation is None:
            return self.status.get(name, UNKNOWN)
        values = [self.value(arg) for arg in args]
        if self.room < 0:
            return UNKNOWN
        try:
            value = implementation(values)
        except EvaluationError:
            return UNKNOWN
        if isinstance(value, str):
            self.room -= len(value)
        return value

    def case(self, args: tuple[Node, ...]) -> Partial:
        candidates: list[Partial] = []
        for predicate, answer in zip(args[:-1:2], args[1::2], strict=False):
            holds = self.value(predicate)
            if not isinstance(holds, (bool, Unknown)):
                # GitHub fails the job: a predicate has to be a boolean.
                return UNKNOWN
            truth = truthiness(holds)
            if truth is False:
                continue
            candidates.append(self.value(answer))
            if truth:
                break
        else:
            candidates.append(self.value(args[-1]))
        if len(candidates) == 1:
            return candidates[0]
        truths = {truthiness(candidate) for candidate in candidates}
        if truths == {True}:
            return TRUTHY
        return FALSY if truths == {False} else UNKNOWN


def _compared(left: Partial, operator: str, right: Partial) -> Partial:
    answer: bool | None
    match operator:
        case "==" | "!=":
            answer = equal(left, right)
        case "<" | "<=":
            answer = less(left, right)
        case _:
            answer = less(right, left)
    if answer is None:
        return UNKNOWN
    if operator == "!=":
        return not answer
    return answer or (operator in ("<=", ">=") and bool(equal(left, right)))
