"""What the editor's user asked for.

The keys are those of `steplock.yml` and a few of the editor's own; initialization options,
`workspace/configuration` and `didChangeConfiguration` all take the same. What the editor says comes
before what the repository's configuration says, key by key and rule by rule.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from steplock.config import read as read_config
from steplock.settings import DEFAULTS, SEVERITIES, Settings

SECTION = "steplock"
LEVELS = ("error", "warning", "information", "hint")

# What VS Code sends beside; the client reads these, not the server.
_CLIENT_KEYS = frozenset(
    {"enable", "path", "interpreter", "importStrategy", "logLevel", "trace", "args", "enabled"}
)


class EditorSettings(NamedTuple):
    debounce: int = 150
    """Milliseconds without a keystroke to wait for where typing outruns checking; 0 never waits."""
    code_lens: bool = False
    inlay_hints: bool = True
    severities: Mapping[str, str] = {}
    """Which of `LEVELS` the editor shows a severity as, where not the usual one."""
    settings: Settings = DEFAULTS
    given: frozenset[str] = frozenset()
    """The keys of `settings` that the user set."""

    def over(self, settings: Settings) -> Settings:
        """A repository's settings with the editor's laid over them."""
        if "persona" in self.given:
            settings = settings._replace(persona=self.settings.persona)
        if "exclude" in self.given:
            settings = settings._replace(exclude=(*settings.exclude, *self.settings.exclude))
        if not self.given.isdisjoint({"preset", "rules"}):
            settings = settings._replace(rules={**settings.rules, **self.settings.rules})
        return settings


def read_settings(value: object, base: EditorSettings) -> tuple[EditorSettings, tuple[str, ...]]:
    """Lay what a client sent over `base`; also what is wrong in it. Anything but an object changes nothing."""
    given = _unwrap(value)
    shared: dict[str, Any] = {}
    problems: list[str] = []
    for key, one in given.items():
        if one is None or key in _CLIENT_KEYS:
            continue
        if key not in _OWN:
            shared[key] = one
            continue
        field, accepts = _OWN[key]
        if accepts(one):
            base = base._replace(**{field: one})
        else:
            problems.append(f"`{key}` cannot be {json.dumps(one)}")
    if shared:
        # JSON is YAML: the same reader, and the same words for what is wrong.
        read = read_config(json.dumps(shared, ensure_ascii=False))
        problems += (problem.message for problem in read.problems)
        base = base._replace(settings=read.settings, given=frozenset(shared))
    return base, tuple(problems)


def _unwrap(value: object) -> dict[str, Any]:
    """Clients send the section's content, or `{"steplock": ...}`, or `{"settings": ...}` round it."""
    if not isinstance(value, dict):
        return {}
    for key in (SECTION, "settings"):
        if isinstance(value.get(key), dict):
            return _unwrap(value[key])
    return value


def _is_milliseconds(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 60_000


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _are_severities(value: object) -> bool:
    return isinstance(value, dict) and all(
        key in SEVERITIES and level in LEVELS for key, level in value.items()
    )


_OWN: dict[str, tuple[str, Callable[[object], bool]]] = {
    "debounce": ("debounce", _is_milliseconds),
    "codeLens": ("code_lens", _is_flag),
    "inlayHints": ("inlay_hints", _is_flag),
    "severities": ("severities", _are_severities),
}


class Layers:
    """The settings of a session, each layer over the one before: given at the start, sent later, answered."""

    def __init__(self) -> None:
        self._start = self._base = self.editor = EditorSettings()
        self.by_folder: dict[str, EditorSettings] = {}

    def start(self, options: object) -> tuple[str, ...]:
        """Initialization options; returns what is wrong in them, as the others do."""
        self._start, problems = read_settings(options, EditorSettings())
        self._base = self.editor = self._start
        return problems

    def sent(self, settings: object) -> tuple[str, ...]:
        """`didChangeConfiguration`."""
        self._base, problems = read_settings(settings, self._start)
        self.editor, self.by_folder = self._base, {}
        return problems

    def answered(self, folders: Sequence[str], answers: Sequence[object]) -> tuple[str, ...]:
        """`workspace/configuration`: one answer for all, then one for each folder."""
        if not answers:
            return ()
        self.editor, problems = read_settings(answers[0], self._base)
        self.by_folder = {}
        for folder, answer in zip(folders, answers[1:], strict=False):
            settings, more = read_settings(answer, self.editor)
            problems += more
            if settings != self.editor:
                self.by_folder[folder] = settings
        return tuple(dict.fromkeys(problems))
