"""Which steps use the cache of GitHub Actions, and how each is told not to.

Every answer is True, False or None: it depends on what the file does not show.
core/update/cachers.py writes the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from steplock.annotations import Any, Literal
from steplock.named import NamedTuple
from steplock.tables import load, look_up
from steplock.tables.conditions import ANY, EXPRESSION, Situation, all_of, any_of, written
from steplock.tables.ranges import at_least
from steplock.tables.rows import typed


class Switch(NamedTuple):
    """An input that turns the cache on or off."""

    input: str
    """Its name; `env:NAME` is a variable of the step's environment."""
    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    text: bool = False
    """Any other text than those turns it on, as in `cache: pip`."""
    contains: str = ""
    """It is on where the value holds this."""
    default: str = ""
    """What it is when it is not given, in the newest release."""
    history: tuple[tuple[str, str], ...] = ()
    """Releases that added the input or changed its default, and the default since, oldest first."""
    half: Literal["", "restore", "save"] = ""
    """The half of caching that it is about, if not both."""


class Cacher(NamedTuple):
    """How an action uses the cache."""

    action: str
    default: Literal["on", "off", "auto", "always", "request"]
    """What happens without an input. `auto`: the action decides at run time."""
    switches: tuple[Switch, ...] = ()
    only: Literal["", "restore", "save"] = ""
    no_save: tuple[tuple[str, str], ...] = ()
    """Inputs with the values that stop it from saving."""
    no_restore: tuple[tuple[str, str], ...] = ()
    needs: str = ""
    """An input without which there is nothing to cache."""
    before: bool = False
    """Whether releases older than the switch cached."""
    off_events: tuple[str, ...] = ()
    """Events for which `auto` means off, since the release `off_since`."""
    off_since: str = ""
    store: str = ""
    """Where it caches, if not with GitHub."""
    note: str = ""
    source: str = ""
    date: str = ""
    sure: bool = False
    """Whether the manifest itself was read."""


@lru_cache(maxsize=1024)
def of(action: str) -> Cacher | None:
    """How `owner/repo[/path]` caches; None if it is not known to."""
    row: dict[str, Any] | None = look_up("cachers", action.lower(), "actions")
    if row is None:
        return None
    switches = [
        typed(Switch, {**s, "history": [tuple(h) for h in s.get("history", ())]})
        for s in row.get("switches", ())
    ]
    halves = {key: [tuple(pair) for pair in row.get(key, ())] for key in ("no_save", "no_restore")}
    return typed(Cacher, {**row, **halves, "switches": switches})


def enabled(action: str, step: Situation = ANY) -> bool | None:
    """Whether a step with this action restores or saves a cache; False for an action that is not known.

    Of the step count its inputs, env and version (without one, the newest behaviour is assumed), whether
    the job is hosted by GitHub, where some turn the cache on by themselves, and its events.
    """
    cacher = of(action)
    return _on(cacher, cacher.switches, step) if cacher else False


def restores(action: str, step: Situation = ANY) -> bool | None:
    """As `enabled`, whether it reads a cache: a poisoned one would enter the job."""
    return _half("restore", action, step)


def saves(action: str, step: Situation = ANY) -> bool | None:
    """As `enabled`, whether it writes a cache that other runs read."""
    return _half("save", action, step)


def off(action: str, step: Situation = ANY) -> tuple[str, str] | None:
    """The one input and value that turn the cache off; None if there is none, or more than one is needed.

    An empty value says that the input has to go.
    """
    cacher = of(action) if enabled(action, step) is not False else None
    live = [s for s in cacher.switches if _answer(s, cacher, step) is not False] if cacher else []
    if len(live) != 1 or live[0].input.startswith("env:"):
        return None
    [switch] = live
    return switch.input, "" if switch.text or switch.contains or not switch.off else switch.off[0]


def read_only(event: str) -> bool:
    """Whether GitHub gives runs of this event a token that cannot write the caches of the default branch.

    So since 2026-06-26, unless `cache-mode` asks for more. Not so on older GitHub Enterprise Servers.
    """
    return event in load("cachers")["platform"]["read_only"]


def modes() -> tuple[str, ...]:
    """The values of the key `cache-mode` of workflows and jobs (since 2026-09-10)."""
    return tuple(load("cachers")["platform"]["modes"])


def all_actions() -> Iterator[str]:
    """The names of the actions in the table, in lower case."""
    yield from load("cachers")["actions"]


def _half(half: str, action: str, step: Situation) -> bool | None:
    cacher = of(action)
    if cacher is None or cacher.only not in ("", half):
        return False
    switches = tuple(s for s in cacher.switches if s.half in ("", half))
    if cacher.switches and not switches:
        return False
    stops = cacher.no_save if half == "save" else cacher.no_restore
    return all_of((_on(cacher, switches, step), *(_differs(step, *stop) for stop in stops)))


def _on(cacher: Cacher, switches: tuple[Switch, ...], step: Situation) -> bool | None:
    if cacher.needs and not written(step.inputs, cacher.needs):
        return False
    if not switches:
        return {"always": True, "on": True, "off": False}.get(cacher.default)
    return any_of(_answer(switch, cacher, step) for switch in switches)


def _answer(switch: Switch, cacher: Cacher, step: Situation) -> bool | None:
    value: str | None
    if switch.input.startswith("env:"):
        # Another step may have set it through GITHUB_ENV.
        value = step.env.get(switch.input.removeprefix("env:"), EXPRESSION)
    else:
        value = written(step.inputs, switch.input)
    if value is None:
        value = _default(switch, step.version)
    if value is None:
        return cacher.before
    if switch.contains:
        return True if switch.contains in value else None if EXPRESSION in value else False
    if EXPRESSION in value:
        return None
    value = value.strip().lower()
    if value == "auto":
        return _auto(cacher, step)
    if value in switch.on or value in switch.off or not value:
        return value in switch.on
    return True if switch.text else None


def _auto(cacher: Cacher, step: Situation) -> bool | None:
    spared = set(cacher.off_events)
    if spared and step.events and at_least(step.version, cacher.off_since) is not False:
        if spared.issuperset(step.events):
            return False
        if spared.intersection(step.events):
            return None
    return step.hosted


def _default(switch: Switch, version: str) -> str | None:
    """What the input is when it is not given; None if the release does not know it."""
    if not switch.history or at_least(version, switch.history[0][0]) is None:
        return switch.default
    known = [default for since, default in switch.history if at_least(version, since)]
    return known[-1] if known else None


def _differs(step: Situation, name: str, stop: str) -> bool | None:
    value = written(step.inputs, name)
    if value is None:
        return True
    return None if EXPRESSION in value else value.strip().lower() != stop
