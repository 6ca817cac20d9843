"""Findings as plain tuples, which `marshal` writes and reads many times faster than pickle or JSON."""

from __future__ import annotations

import marshal

from steplock.annotations import Any
from steplock.named import NamedTuple
from steplock.report import Diagnostic, Report
from steplock.rule import Confidence, FileEdit, Fix, Persona, Related, Safety, Severity
from steplock.text import Edit, Span


class Packed(NamedTuple):
    """A report without its text, and what it rests on."""

    asked: tuple[str, ...]
    """The other files of the repository that were asked for (folders end in `/`), whether they exist or not."""
    shown: tuple[Any, ...]
    hidden: tuple[Any, ...]

    def report(self, path: str, text: str) -> Report:
        """The report on `text`. Raises ValueError or TypeError where it was not packed by `pack`."""
        return Report(
            path, text, tuple(map(_diagnostic, self.shown)), tuple(map(_diagnostic, self.hidden))
        )


def pack(report: Report, asked: tuple[str, ...] = (), state: bytes = b"") -> bytes:
    """A report in bytes; `state` stands for what the files asked for held."""
    return marshal.dumps((state, *_plain(Packed(asked, report.diagnostics, report.suppressed))))


def load(content: bytes) -> tuple[bytes, Packed]:
    """The state and the report that were packed.

    Raises:
        ValueError, TypeError, EOFError: where this is not what `pack` gave.
    """
    state, *packed = marshal.loads(content)
    return state, Packed(*packed)


def _plain(value: Any) -> Any:
    match value:
        case tuple():
            return tuple(map(_plain, value))
        case int():
            return int(value)
    return value


def _diagnostic(packed: Any) -> Diagnostic:
    rule, severity, confidence, persona, path, span, message, fixes, related, suppressed = packed
    return Diagnostic(
        rule, Severity(severity), Confidence(confidence), Persona(persona), path, Span(*span),
        message, tuple(map(_fix, fixes)), tuple(map(_related, related)), suppressed,
    )  # fmt: skip


def _fix(packed: Any) -> Fix:
    title, edits, safety, elsewhere = packed
    return Fix(
        title,
        tuple(map(_edit, edits)),
        Safety(safety),
        tuple(FileEdit(path, _edit(edit)) for path, edit in elsewhere),
    )


def _edit(packed: Any) -> Edit:
    span, new = packed
    return Edit(Span(*span), new)


def _related(packed: Any) -> Related:
    message, span, path = packed
    return Related(message, Span(*span), path)
