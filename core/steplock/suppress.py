"""Floor 5. Comments that silence findings."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.syntax import Document
from steplock.text import Span

_DIRECTIVE = pattern(
    r"#\s*(?P<tool>steplock|zizmor)\s*:\s*(?P<kind>ignore(?:-file)?)(?![\w-])"
    r"\s*(?:\[(?P<ids>[^\]\r\n]*)\])?(?P<reason>[^\r\n]*)"
)
_ID = pattern(r"[^\s,]+")


class Suppression(NamedTuple):
    """One `# steplock: ignore[...]`, `# steplock: ignore-file[...]` or `# zizmor: ignore[...]`."""

    span: Span
    """From its `#` to the closing bracket."""
    tool: str
    is_file: bool
    ids: tuple[tuple[str, Span], ...]
    """The rule ids it names, and where; empty where it names none, and then it silences nothing."""
    line: int
    """The zero-based line it stands on."""
    target: int
    """The zero-based line it is meant for: its own, or for a comment alone on its line the next written one."""
    reason: str


class Verdict(NamedTuple):
    """What the engine knows of a suppression after all rules ran; the view of `unused-suppression`."""

    suppression: Suppression
    used: frozenset[str]
    inactive: frozenset[str]
    """The ids of rules that exist but were not run, so that nothing can be said of them."""
    unknown: tuple[tuple[str, str | None], ...]
    """The ids that are no rule's, with the nearest that is."""


def suppressions(document: Document) -> tuple[Suppression, ...]:
    """All of a document, first to last."""
    if "ignore" not in document.text:
        return ()
    return tuple(_read(document))


def _read(document: Document) -> Iterator[Suppression]:
    lines = document.lines
    for comment in document.comments:
        for match in _DIRECTIVE.finditer(comment.text):
            shift = comment.span.start
            line = lines.line(shift)
            ids: tuple[tuple[str, Span], ...] = ()
            end = match.end("kind")
            if match["ids"] is not None:
                base = shift + match.start("ids")
                ids = tuple(
                    (m.group(), Span(base + m.start(), base + m.end()))
                    for m in _ID.finditer(match["ids"])
                )
                end = match.end("ids") + 1
            yield Suppression(
                Span(shift + match.start(), shift + end), match["tool"], match["kind"] == "ignore-file",
                ids, line, _target(document, line, comment.span.start), match["reason"].strip(),
            )  # fmt: skip


def _target(document: Document, line: int, start: int) -> int:
    lines = document.lines
    text = document.text
    if text[lines.span(line).start : start].strip():
        return line
    below = line + 1
    while below < len(lines):
        content = text[slice(*lines.span(below))].strip()
        if content and not content.startswith("#"):
            return below
        below += 1
    return line
