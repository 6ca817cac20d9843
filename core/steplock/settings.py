"""Floor 7. What is asked for: which rules run, how they are graded, what they pass over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from steplock import registry
from steplock.annotations import Any
from steplock.named import NamedTuple
from steplock.registry import Concern, Entry
from steplock.rule import Persona, Rule, Severity
from steplock.text import Lines, Span

SEVERITIES = {severity.name.lower(): severity for severity in Severity}
PERSONAS = {persona.name.lower(): persona for persona in Persona}


class Ignore(NamedTuple):
    """`path`, `path:line` or `path:line:column`; lines and columns 1-based."""

    glob: str
    line: int | None = None
    column: int | None = None


class RuleSettings(NamedTuple):
    """What the configuration says of one rule."""

    enabled: bool | None = None
    """True shows all that the rule finds, whoever reads it."""
    severity: Severity | None = None
    ignore: tuple[Ignore, ...] = ()
    options: Any = None


class Active(NamedTuple):
    """A rule that runs, with its settings."""

    rule: Rule
    severity: Severity | None
    ignore: tuple[Ignore, ...]
    options: Any
    persona: Persona
    """Up to whose findings it shows."""

    def ignores(self, path: str, lines: Lines, span: Span) -> bool:
        if not self.ignore:
            return False
        from steplock.glob import matches  # here, since most leave every file to every rule

        line, column = lines.position(span.start)
        return any(
            matches(path, one.glob)
            and one.line in (None, line + 1)
            and one.column in (None, column + 1)
            for one in self.ignore
        )


class Settings(NamedTuple):
    persona: Persona = Persona.REGULAR
    fail_on: Severity | None = Severity.MEDIUM
    """The lowest severity that blocks; None where nothing does."""
    exclude: tuple[str, ...] = ()
    """Globs of files that are not checked."""
    rules: Mapping[str, RuleSettings] = {}
    path: str | None = None
    """The file it was read from."""

    def wants(self, entry: Entry, only: Collection[str] | None = None) -> bool:
        """Whether a rule is to run; `only` takes the place of the settings' choice."""
        settings = self.rules.get(entry.id)
        if entry.persona > (self.persona if settings is None else self._persona(settings)):
            return False
        if only is not None:
            return entry.id in only
        if settings is None:
            return entry.enabled
        if settings.enabled is not None:
            return settings.enabled
        return entry.enabled or settings.options is not None or settings.severity is not None

    def active(self, concern: Concern, only: Collection[str] | None = None) -> tuple[Active, ...]:
        """The rules to run over a file; `only` takes the place of the settings' choice."""
        return tuple(self._active(concern, only))

    def _active(self, concern: Concern, only: Collection[str] | None) -> Iterator[Active]:
        is_plain = not self.rules and only is None
        for entry in concern.candidates():
            # As `wants` has it, for the many files that nothing is configured for.
            usual = is_plain and entry.enabled and entry.persona <= self.persona
            if not (usual if is_plain else self.wants(entry, only)) or not concern.needs(entry):
                continue
            settings = self.rules.get(entry.id, NOTHING)
            rule = registry.load(entry.id)
            options = settings.options
            if options is None and rule.options is not None:
                options = rule.options()
            persona = self._persona(settings)
            yield Active(rule, settings.severity, settings.ignore, options, persona)

    def _persona(self, settings: RuleSettings) -> Persona:
        """Up to whose findings a rule shows."""
        return Persona.AUDITOR if settings.enabled else self.persona

    def excludes(self, path: str) -> bool:
        if not self.exclude:
            return False
        from steplock.glob import matches

        return any(matches(path, glob) for glob in self.exclude)


NOTHING = RuleSettings()
DEFAULTS = Settings()
