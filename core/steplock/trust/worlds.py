"""Can a stranger make a condition true? It is evaluated with values he chooses.

Three-valued: what nobody can know from the file stays unknown, and an unknown condition counts as one
that can be met.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator

from steplock.expression import (
    UNKNOWN,
    And,
    Binary,
    Call,
    Group,
    Literal,
    Lookup,
    Node,
    Not,
    Or,
    Unknown,
    Value,
    path,
    truth,
)
from steplock.expression.outcomes import outcomes
from steplock.model import Condition
from steplock.named import NamedTuple
from steplock.trust.events import REVIEWS, SANDBOXED, WRITTEN

_ASSOCIATIONS = ("NONE", "CONTRIBUTOR")
_STRANGER = "a-stranger-of-no-rights"
_STRANGERS_REPOSITORY = f"{_STRANGER}/fork"

# Paths that name the repository the workflow runs in, and those that name where the pull request comes from.
_HERE = {
    ("github", "repository"),
    ("github", "repository_owner"),
    ("github", "repository_id"),
    ("github", "repository_owner_id"),
}
_HEADS = (
    ("github", "event", "pull_request", "head", "repo"),
    ("github", "event", "pull_request", "head", "user"),
    ("github", "event", "workflow_run", "head_repository"),
    ("github", "event", "check_suite", "head_repository"),
)
_ACTORS = (
    ("github", "actor"),
    ("github", "triggering_actor"),
    ("github", "event", "sender", "login"),
    ("github", "event", "comment", "user", "login"),
    ("github", "event", "review", "user", "login"),
    ("github", "event", "pull_request", "user", "login"),
    ("github", "event", "issue", "user", "login"),
)
_BASES = (
    ("github", "event", "repository"),
    ("github", "event", "pull_request", "base"),
    ("github", "event", "workflow_run", "repository"),
)


# What a comment or a review is about: somebody else may have opened it.
_OTHERS = {
    **dict.fromkeys(REVIEWS, ("pull_request", "issue", "discussion")),
    "discussion_comment": ("discussion",),
    "issue_comment": ("issue", "pull_request"),
}
# Activities in whose payload no label stands of its own.
_KNOWS_NO_LABEL = ("opened", "synchronize", "reopened", "edited")


class Help(enum.Enum):
    """What a person with rights does in a world, besides the stranger."""

    NONE = enum.auto()
    LABEL = enum.auto()
    """Puts a label on."""
    COMMENT = enum.auto()
    """Writes the comment, starts the run again, approves: somebody else than the stranger is the actor."""


class World(NamedTuple):
    event: str
    action: str
    association: str
    help: Help
    starter: str = "pull_request"
    """For a `workflow_run`, the event of the run that it waited for."""


def can_hold(condition: Condition, worlds: tuple[World, ...]) -> bool:
    """Whether there is a world in which the condition is not false."""
    if condition.scalar.boolean is not None:
        return condition.scalar.boolean
    root = condition.parsed.root
    if root is None:
        return True
    kinds = {(world.help, world.event) for world in worlds}
    decided = {kind: _compared(root, *kind) for kind in kinds}
    return any(
        truth(decided[world.help, world.event], _lookup(world)) is not False for world in worlds
    )


def outcomes_in(node: Node, event: str) -> Iterator[Node]:
    """The operands that can be the value of an expression in a run that a stranger's event started."""
    for world in worlds(event, frozenset(), Help.NONE):
        yield from outcomes(_compared(node, Help.NONE, event), _lookup(world))


def worlds(
    event: str, actions: frozenset[str], help: Help, starters: tuple[str, ...] = ()
) -> tuple[World, ...]:
    """The worlds in which a stranger caused an event."""
    return tuple(
        World(event, action, association, help, starter)
        for action in sorted(actions) or ("",)
        for association in _ASSOCIATIONS
        for starter in starters or ("pull_request",)
    )


def _lookup(world: World) -> Lookup:
    known = dict(_values(world))
    is_himself = world.event in WRITTEN and world.help is Help.NONE

    def lookup(path: tuple[str, ...]) -> Value | Unknown:
        if path[:3] == ("github", "event", "sender") or path in _ACTORS[:2]:
            # `x[bot]` can be had acting on a pull request; other names are compared in `_compared`.
            return _STRANGER if is_himself and path[-1] != "type" else UNKNOWN
        return known.get(path, UNKNOWN)

    return lookup


def _values(world: World) -> Iterator[tuple[tuple[str, ...], Value | Unknown]]:
    event = ("github", "event")
    yield ("github", "event_name"), world.event
    yield ("github", "ref_type"), "branch"
    if world.event in SANDBOXED:
        yield ("github", "ref"), "refs/pull/1/merge"
        yield ("github", "ref_name"), "1/merge"
    if world.action:
        yield (*event, "action"), world.action
    if world.event not in REVIEWS:
        pull = (*event, "pull_request")
        yield (*pull, "merged"), False
        yield (*pull, "head", "repo", "fork"), True
        yield (*pull, "head", "repo", "full_name"), _STRANGERS_REPOSITORY
        yield (*pull, "head", "repo", "owner", "login"), _STRANGER
        yield (*pull, "head", "user", "login"), _STRANGER
    yield (*event, "workflow_run", "head_repository", "full_name"), _STRANGERS_REPOSITORY
    yield (*event, "workflow_run", "head_repository", "fork"), True
    yield (*event, "workflow_run", "event"), world.starter
    for holder in ("pull_request", "issue", "discussion"):
        if world.event in REVIEWS:
            break  # of somebody else, whose branch may be one of this repository
        if holder not in _OTHERS.get(world.event, ()):
            yield (*event, holder, "author_association"), world.association
            yield (*event, holder, "user", "login"), _STRANGER
        if world.help is not Help.LABEL:
            yield (*event, holder, "labels"), []
    if world.help is not Help.COMMENT:
        yield (*event, "comment", "author_association"), world.association
        yield (*event, "review", "author_association"), world.association
        yield (*event, "comment", "user", "login"), _STRANGER
        yield (*event, "review", "user", "login"), _STRANGER
    if world.help is Help.NONE or world.action in _KNOWS_NO_LABEL:
        yield (*event, "label", "name"), None


def _compared(node: Node, help: Help, event: str) -> Node:
    """The tree with comparisons decided whose two sides only together say something."""
    match node:
        case Binary(span=span, left=left, operator="==" | "!=" as operator, right=right):
            by_another = help is Help.COMMENT and _actor_and_person(left, right)
            heads = _here_and_head(left, right) or _here_and_head(right, left)
            people = _actor_and_person(left, right)
            if event in REVIEWS and heads:
                return node
            if _asks_for_other(left, event) or _asks_for_other(right, event):
                return node
            if not by_another and (heads or people):
                return Literal(span, operator == "!=")
            return node
        case And(span=span, operands=operands):
            return And(span, tuple(_compared(operand, help, event) for operand in operands))
        case Or(span=span, operands=operands):
            return Or(span, tuple(_compared(operand, help, event) for operand in operands))
        case Not(span=span, operand=operand):
            return Not(span, _compared(operand, help, event))
        case Group(span=span, body=body):
            return Group(span, _compared(body, help, event))
        case Call(span=span, name=name, args=args) if name.lower() == "contains":
            stranger = help is not Help.COMMENT
            if args and _asks_for_other(args[-1], event):
                return node
            return Literal(span, False) if stranger and _is_list_of_people(args) else node
        case Call(span=span, name=name, args=args) if name.lower() == "startswith":
            return Literal(span, False) if _asks_for_tag(args) else node
        case Call(span=span, name=name, name_span=name_span, args=args):
            return Call(span, name, name_span, tuple(_compared(arg, help, event) for arg in args))
    return node


def _asks_for_other(node: Node, event: str) -> bool:
    """Whether it is the author of what the event's comment is about, whoever that is."""
    match path(node):
        case ("github", "event", holder, "user", "login"):
            return holder in _OTHERS.get(event, ())
    return False


def _is_list_of_people(args: tuple[Node, ...]) -> bool:
    """Whether `contains` looks for the actor in a list that is written out, with no robot in it."""
    if len(args) != 2 or path(args[1]) not in _ACTORS:
        return False
    match args[0]:
        case Call(name=name, args=(Literal(value=str(text)),)) if name.lower() == "fromjson":
            return "[bot]" not in text
    return False


def _asks_for_tag(args: tuple[Node, ...]) -> bool:
    """Whether `startsWith` asks if the run is for a tag: those that strangers cause never are."""
    match args:
        case (reference, Literal(value=str(text))):
            return path(reference) == ("github", "ref") and text.startswith("refs/tags")
    return False


def _here_and_head(one: Node, other: Node) -> bool:
    """Whether one side names this repository (or any that is written out) and the other the fork."""
    head = path(other)
    if head is None or not head[-1:] or not any(head[: len(h)] == h for h in _HEADS):
        return False
    if head[-1] not in ("full_name", "login", "id", "node_id", "name", "html_url", "url"):
        return False
    match one:
        case Literal(value=str(text)):
            return head[-1] != "name" and bool(text)
        case Group(body=body):
            return _here_and_head(body, other)
    here = path(one)
    return here is not None and (here in _HERE or any(here[: len(b)] == b for b in _BASES))


def _actor_and_person(left: Node, right: Node) -> bool:
    """Whether an actor is compared with a person's name: a stranger has another, and cannot take it."""
    for one, other in ((left, right), (right, left)):
        match other:
            case Literal(value=str(text)) if text and not text.endswith("[bot]"):
                if path(one) in _ACTORS:
                    return True
    return _is_owner_and_actor(left, right) or _is_owner_and_actor(right, left)


def _is_owner_and_actor(one: Node, other: Node) -> bool:
    return path(one) == ("github", "repository_owner") and path(other) in _ACTORS
