"""Floor 7. What the user asked for: `steplock.yml`, and `zizmor.yml` where there is none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from steplock import registry, syntax
from steplock.annotations import Any
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.options import read_options
from steplock.presets import PRESETS
from steplock.rule import Rule, Severity
from steplock.settings import (
    NOTHING,
    PERSONAS,
    SEVERITIES,
    Ignore,
    RuleSettings,
    Settings,
)
from steplock.syntax import Document, Node, Scalar, Sequence
from steplock.text import Span

NAMES = (".github/steplock.yml", ".github/steplock.yaml", "steplock.yml", "steplock.yaml")
PEER_NAMES = (".github/zizmor.yml", ".github/zizmor.yaml", "zizmor.yml", "zizmor.yaml")

_PLACE = pattern(r"(?P<glob>.+?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?")


class ConfigProblem(NamedTuple):
    """A wrong key, id or value, and where it stands."""

    span: Span
    message: str


class Read(NamedTuple):
    """A configuration file, read as far as it is right."""

    settings: Settings
    problems: tuple[ConfigProblem, ...]
    document: Document


def read(text: str, path: str = NAMES[0]) -> Read:
    """Read a configuration; a file named `zizmor.yml` in that tool's form."""
    document = syntax.parse(text)
    problems = [ConfigProblem(p.span, p.message) for p in document.problems]
    root = document.root
    if root is None or (isinstance(root, Scalar) and root.is_null):
        return Read(Settings(path=path), tuple(problems), document)
    if not isinstance(root, syntax.Mapping):
        problems.append(ConfigProblem(root.span, "the configuration is a mapping of keys"))
        return Read(Settings(path=path), tuple(problems), document)
    reader = _Reader(problems)
    peer = path.rpartition("/")[2].startswith("zizmor.")
    settings = reader.peer(root) if peer else reader.own(root)
    return Read(settings._replace(path=path), tuple(problems), document)


KEYS = ("preset", "persona", "fail-on", "exclude", "rules")
RULE_KEYS = ("enabled", "severity", "ignore")


def _merged(
    preset: Mapping[str, RuleSettings], own: Mapping[str, RuleSettings]
) -> dict[str, RuleSettings]:
    """What the preset says, where the file itself says nothing."""
    merged = dict(preset)
    for id, settings in own.items():
        given = {k: v for k, v in settings._asdict().items() if v is not None and v != ()}
        merged[id] = preset.get(id, NOTHING)._replace(**given)
    return merged


class _Reader:
    def __init__(self, problems: list[ConfigProblem]) -> None:
        self.problems = problems

    def own(self, root: syntax.Mapping) -> Settings:
        settings = Settings()
        preset = root.get("preset")
        if preset is not None:
            settings = read(self._choice(preset, PRESETS, "")).settings
        for key, value in root.items:
            match key.value:
                case "preset":
                    continue
                case "persona":
                    settings = settings._replace(
                        persona=self._choice(value, PERSONAS, settings.persona)
                    )
                case "fail-on":
                    gates = {**SEVERITIES, "never": None}
                    settings = settings._replace(
                        fail_on=self._choice(value, gates, settings.fail_on)
                    )
                case "exclude":
                    settings = settings._replace(exclude=tuple(self._strings(value)))
                case "rules":
                    settings = settings._replace(rules=_merged(settings.rules, self._rules(value)))
                case _:
                    self._unknown(key, "key", KEYS)
        return settings

    def _rules(self, node: Node) -> dict[str, RuleSettings]:
        found = {}
        for key, value in self._pairs(node):
            if key.value in registry.ids():
                found[key.value] = self._rule(registry.load(key.value), value)
            else:
                self._unknown(key, "rule", registry.ids())
        return found

    def _rule(self, rule: Rule, node: Node) -> RuleSettings:
        if isinstance(node, Scalar):
            choices = {"on": True, "off": False, "true": True, "false": False, **SEVERITIES}
            choice = self._choice(node, choices, None)
            if isinstance(choice, Severity):
                return RuleSettings(severity=choice)
            return RuleSettings(enabled=choice)
        settings = RuleSettings()
        rest = []
        for key, value in self._pairs(node):
            match key.value:
                case "enabled":
                    settings = settings._replace(
                        enabled=self._choice(value, {"true": True, "false": False}, None)
                    )
                case "severity":
                    settings = settings._replace(severity=self._choice(value, SEVERITIES, None))
                case "ignore":
                    settings = settings._replace(ignore=tuple(self._ignores(value)))
                case _:
                    rest.append((key, value))
        return settings._replace(options=self._options(rule, rest, RULE_KEYS))

    def peer(self, root: syntax.Mapping) -> Settings:
        """`zizmor.yml`: rules we share keep what it says; others are that tool's own."""
        found = {}
        for key, value in self._pairs(root.get("rules") or syntax.Mapping(root.span, ())):
            if key.value in registry.ids() and isinstance(value, syntax.Mapping):
                found[key.value] = self._peer_rule(registry.load(key.value), value)
        return Settings(rules=found)

    def _peer_rule(self, rule: Rule, node: syntax.Mapping) -> RuleSettings:
        settings = RuleSettings()
        for key, value in node.items:
            match key.value:
                case "disable":
                    choice = self._choice(value, {"true": True, "false": False}, False)
                    settings = settings._replace(enabled=not choice if choice else None)
                case "ignore":
                    ignored = (one._replace(glob=f"**/{one.glob}") for one in self._ignores(value))
                    settings = settings._replace(ignore=tuple(ignored))
                case "remap" if isinstance(value, syntax.Mapping) and value.get("severity"):
                    severity = self._choice(value.items[0][1], SEVERITIES, None)
                    settings = settings._replace(severity=severity)
                case "config":
                    pairs = list(self._pairs(value))
                    settings = settings._replace(options=self._options(rule, pairs, ()))
        return settings

    def _options(self, rule: Rule, pairs: list[tuple[Scalar, Node]], also: tuple[str, ...]) -> Any:
        if not pairs:
            return None
        options, invalid = read_options(rule.options, pairs)
        for one in invalid:
            if one.unknown_key:
                self._unknown(one.node, f"key of `{rule.id}`", (*also, *one.choices))
            else:
                self.problems.append(ConfigProblem(one.node.span, one.message))
        return options

    def _ignores(self, node: Node) -> Iterator[Ignore]:
        for text in self._strings(node):
            match = _PLACE.fullmatch(text)
            if match:
                line, column = (int(n) if n else None for n in (match["line"], match["column"]))
                yield Ignore(match["glob"], line, column)

    def _choice(self, node: Node, choices: Mapping[str, Any], default: Any) -> Any:
        if isinstance(node, Scalar) and node.value in choices:
            return choices[node.value]
        if isinstance(node, Scalar):
            self._unknown(node, "value", choices)
        else:
            self.problems.append(
                ConfigProblem(node.span, f"one of {', '.join(choices)} is wanted here")
            )
        return default

    def _strings(self, node: Node) -> Iterator[str]:
        for item in node.items if isinstance(node, Sequence) else (node,):
            if isinstance(item, Scalar) and not item.is_null:
                yield item.value
            else:
                self.problems.append(ConfigProblem(item.span, "a text is wanted here"))

    def _pairs(self, node: Node) -> tuple[tuple[Scalar, Node], ...]:
        if isinstance(node, syntax.Mapping):
            return node.items
        if not (isinstance(node, Scalar) and node.is_null):
            self.problems.append(ConfigProblem(node.span, "a mapping of keys is wanted here"))
        return ()

    def _unknown(self, node: Node, what: str, known: Collection[str]) -> None:
        import difflib  # here, since nearly all configurations are right

        given = node.value if isinstance(node, Scalar) else ""
        near = difflib.get_close_matches(given, known, 1)
        hint = f"; did you mean `{near[0]}`?" if near else f"; known: {', '.join(sorted(known))}"
        self.problems.append(ConfigProblem(node.span, f"`{given}` is no {what}{hint}"))
