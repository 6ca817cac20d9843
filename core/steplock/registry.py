"""Floor 7. All rules, found by their files; and what is known of each before it is imported."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from functools import cache, lru_cache

from steplock import rules
from steplock.index import ENTRIES, Indexed
from steplock.named import NamedTuple
from steplock.rule import Rule
from steplock.syntax import Document


class Entry(NamedTuple):
    """What decides whether a rule is needed: as `Rule` has it, `targets` by the names of the types."""

    id: str
    enabled: bool
    persona: int
    targets: tuple[str, ...]
    words: tuple[str, ...]
    events: tuple[str, ...]
    online: bool


class Concern:
    """What a file is about, and so which rules it needs.

    views: the names of the types of what is in it. events: what starts it; None where anything may. named: rules that
    its comments speak of, which are needed to judge the comments. online: whether repositories of actions may be asked.
    """

    def __init__(
        self,
        views: Collection[str],
        events: frozenset[str] | None,
        document: Document,
        named: Collection[str],
        online: bool,
    ) -> None:
        self.named = named
        self._about = frozenset(views), events, online
        self._document = document

    def candidates(self) -> tuple[Entry, ...]:
        """The rules that it may need, by id: what they are about is in it."""
        return _about(*self._about)

    def needs(self, entry: Entry) -> bool:
        """Whether it has the words of a candidate."""
        if not entry.words or self._document.has_escapes or entry.id in self.named:
            return True
        return self._document.hears_one(entry.words)


@lru_cache(maxsize=256)
def _about(views: frozenset[str], events: frozenset[str] | None, online: bool) -> tuple[Entry, ...]:
    return tuple(
        entry
        for entry in entries()
        if not views.isdisjoint(entry.targets)
        and (online or not entry.online)
        and (events is None or not entry.events or not events.isdisjoint(entry.events))
    )


def all_rules() -> tuple[Rule, ...]:
    """Every rule, by id."""
    return tuple(by_id().values())


@cache
def by_id() -> dict[str, Rule]:
    return {id: load(id) for id in ids()}


@cache
def ids() -> tuple[str, ...]:
    return tuple(sorted(name.replace("_", "-") for name in _modules(rules.__path__)))


@cache
def entries() -> tuple[Entry, ...]:
    """An entry for every rule, by id: from the index, or from the rule itself where it is not in there yet."""
    return tuple(Entry(id, *(ENTRIES.get(id) or entry(load(id)))) for id in ids())


def entry(rule: Rule) -> Indexed:
    """What the index should say of a rule."""
    targets = tuple(target.__name__ for target in rule.targets)
    return rule.enabled, int(rule.persona), targets, rule.words, rule.events, rule.online


LOADED: dict[str, Rule] = {}
"""The rules that are imported."""


def load(id: str) -> Rule:
    """A rule. Raises KeyError where there is none of this name."""
    if id not in LOADED:
        if id not in ids():
            raise KeyError(id)
        LOADED[id] = _load(f"{rules.__name__}.{id.replace('-', '_')}")
    return LOADED[id]


def _modules(paths: Sequence[str]) -> set[str]:
    # pkgutil would do, at the price of importing inspect.
    return {
        name.removesuffix(".py")
        for path in paths
        for name in os.listdir(path)
        if name.endswith(".py") and not name.startswith("_")
    }


def _load(name: str) -> Rule:
    # importlib.import_module would do, at the price of importing importlib.
    check = __import__(name, fromlist=("check",)).check
    if not isinstance(check, Rule):
        raise TypeError(f"{name}: `check` is not a rule; decorate it with @rule")
    return check
