"""Floor 5. What a rule is, and what it may report."""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

from steplock import HOMEPAGE
from steplock.annotations import TYPE_CHECKING, Any, TypeVar
from steplock.named import NamedTuple
from steplock.text import Edit, Span

if TYPE_CHECKING:
    from steplock.online import Online
    from steplock.repository import Repository


class Severity(enum.IntEnum):
    INFORMATIONAL = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4


class Confidence(enum.IntEnum):
    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Persona(enum.IntEnum):
    """Who wants to see a finding; a finding is shown to its persona and to those after it."""

    REGULAR = 1
    PEDANTIC = 2
    AUDITOR = 3


class Safety(enum.IntEnum):
    """How far a fix may go without a person; compare with `>=`."""

    DISPLAY = 1
    """Shown, never applied by itself."""
    UNSAFE = 2
    """The workflow may do something else afterwards, or a value is the user's choice."""
    SAFE = 3
    """The workflow does the same as before, only safer."""


class FileEdit(NamedTuple):
    """An edit in another file of the repository, by its path from the root."""

    path: str
    edit: Edit


class Fix(NamedTuple):
    title: str
    edits: tuple[Edit, ...]
    safety: Safety
    elsewhere: tuple[FileEdit, ...] = ()

    @classmethod
    def of(cls, title: str, *edits: Edit | Iterable[Edit] | None, safety: Safety) -> Fix | None:
        """A fix, or None where one of its edits could not be made exactly.

        What an alias brings to several places is edited once.
        """
        made: list[Edit] = []
        for edit in edits:
            if edit is None:
                return None
            if isinstance(edit, Edit):
                made.append(edit)
            else:
                made.extend(edit)
        return cls(title, tuple(dict.fromkeys(made)), safety) if made else None


class Related(NamedTuple):
    """Another place that the finding speaks of; `path` is None for the same file."""

    message: str
    span: Span
    path: str | None = None


class Finding(NamedTuple):
    """What a rule yields; the engine stamps id, severity, confidence and persona on it."""

    span: Span
    message: str
    fixes: tuple[Fix | None, ...] = ()
    """The best first; None, for a fix that could not be made, is passed over."""
    severity: Severity | None = None
    confidence: Confidence | None = None
    persona: Persona | None = None
    related: tuple[Related, ...] = ()
    scope: Span | None = None
    """The step or job it is about, where that is wider than `span`."""


class Context(NamedTuple):
    """The outside world, as functions; the core itself opens nothing."""

    path: str
    """The file being checked, from the repository's root, with `/`."""
    repository: Repository
    today: str
    """ISO date."""
    online: Online | None = None
    """What the repositories of actions hold now, where the user allowed the network."""

    def related(self, message: str, path: str, span: Span) -> Related:
        """A place that a finding speaks of, in the file at `path`, which may be the checked one."""
        return Related(message, span, None if path == self.path else path)

    def way(self, places: Iterable[tuple[str, str, Span]]) -> tuple[Related, ...]:
        """The places on a way to what is found, each a message, a path and a span."""
        return tuple(self.related(*place) for place in places)


class Rule(NamedTuple):
    id: str
    severity: Severity
    confidence: Confidence
    persona: Persona
    enabled: bool
    """Whether it runs where the configuration does not name it."""
    doc: str
    targets: tuple[type, ...]
    check: Callable[..., Iterable[Finding]]
    parameters: tuple[str, ...]
    """Which of `context` and `options` the check takes, in order."""
    options: type | None
    words: tuple[str, ...] = ()
    """In small letters; a file in which none of them stands holds nothing for the rule. Empty for any file."""
    events: tuple[str, ...] = ()
    """A workflow that none of them starts holds nothing for the rule. Empty for any."""
    online: bool = False
    """Whether it asks the repositories of actions, and so is silent where nobody may."""

    @property
    def summary(self) -> str:
        return self.doc.partition("\n")[0]

    def arguments(self, context: Context, options: Any) -> tuple[Any, ...]:
        """What the check takes behind the view."""
        match self.parameters:
            case ():
                return ()
            case (_,):
                return (context,) if self.options is None else (options,)
        return (context, options)


Check = TypeVar("Check", bound=Callable[..., Iterator[Finding]])


def rule(
    severity: Severity,
    confidence: Confidence = Confidence.HIGH,
    persona: Persona = Persona.REGULAR,
    enabled: bool = True,
    words: tuple[str, ...] = (),
    events: Iterable[str] = (),
    online: bool = False,
) -> Callable[[Check], Rule]:
    """Make a generator a rule: its file names it, its first parameter's type says what it is called with.

    Further parameters: `context: Context`, and `options: Options`, a NamedTuple of the module whose
    fields are what the configuration may set.

    Args:
        persona: the first who wants to see what it finds; a finding may name a later one.
        words, events, online: see `Rule`. A word has no blanks, which YAML may fold. A cold hook does not even import a
            rule that is not needed.

    Raises:
        TypeError: when the signature is not of that form.
    """

    def decorate(check: Check) -> Rule:
        module = sys.modules[check.__module__]
        name = check.__module__.rpartition(".")[2].replace("_", "-")
        types = _annotations(check, vars(module))
        types.pop("return", None)
        if not types or not module.__doc__:
            raise TypeError(
                f"{module.__file__}: a rule needs a docstring and an annotated parameter"
            )
        target, *parameters = types
        if parameters not in ([], ["context"], ["options"], ["context", "options"]):
            raise TypeError(f"{module.__file__}: a rule takes a view, `context` and `options`")
        targets = getattr(types[target], "__args__", (types[target],))
        return Rule(
            name, severity, confidence, persona, enabled, module.__doc__.strip(), targets,
            check, tuple(parameters), types.get("options"),
            tuple(sorted(words)), tuple(sorted(events)), online,
        )  # fmt: skip

    return decorate


def _annotations(function: Callable[..., Any], names: Mapping[str, Any]) -> dict[str, Any]:
    # inspect.get_annotations does the same; importing inspect would cost a cold hook 7 ms, and evaluating what is a
    # plain name, as nearly all are, 1 ms.
    return {
        key: names[value]
        if value in names
        else (eval(value, dict(names)) if isinstance(value, str) else value)
        for key, value in function.__annotations__.items()
    }


def page(rule_id: str) -> str:
    """The address of a rule's manual page."""
    return f"{HOMEPAGE}/blob/main/core/RULES.md#{rule_id}"
