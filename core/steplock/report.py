"""Floor 7. What was found: the values that every door shows, apart from the engine that finds them.

A door whose results are all kept from an earlier run needs these, and no parser.
"""

from __future__ import annotations

from steplock.named import NamedTuple
from steplock.rule import Confidence, Fix, Persona, Related, Severity
from steplock.text import Span


class Diagnostic(NamedTuple):
    """A finding with all that its rule and the configuration say of it."""

    rule: str
    severity: Severity
    confidence: Confidence
    persona: Persona
    path: str
    span: Span
    message: str
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()
    suppressed: str | None = None
    """Why it is not counted: the comment or the configuration that says so."""


class Report(NamedTuple):
    """What was found in one text, by place; suppressed findings stand apart."""

    path: str
    text: str
    diagnostics: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...]
