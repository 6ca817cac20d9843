"""Floor 7. Comments that silence findings, written where they count."""

from __future__ import annotations

from collections.abc import Iterable

from steplock import syntax
from steplock.edits import comment_above, set_comment
from steplock.report import Diagnostic
from steplock.suppress import suppressions
from steplock.syntax import Document, Scalar, walk
from steplock.text import Edit, Span, apply_edits

REASON = "reason"


def ignore_edit(document: Document, diagnostic: Diagnostic, reason: str = REASON) -> Edit | None:
    """Silence one finding at its place: in a comment that is there, at the end of its line, or above it.

    None where no comment can stand, in the middle of a text of several lines.
    """
    whole = document.whole_scalar(diagnostic.span)
    line = document.lines.line(whole.start)
    for comment in suppressions(document):
        extends = comment.tool == "steplock" and not comment.is_file and bool(comment.ids)
        if extends and line in (comment.line, comment.target):
            end = comment.ids[-1][1].end
            return Edit(Span(end, end), f", {diagnostic.rule}")
    text = f"# steplock: ignore[{diagnostic.rule}] {reason}"
    here = document.lines.span(line)
    if document.comment_on(line) is None and not _inside_scalar(document, here.end):
        return set_comment(document, line, text)
    if _inside_scalar(document, here.start):
        return None
    return comment_above(document, whole.start, text)


def _inside_scalar(document: Document, offset: int) -> bool:
    """Whether a scalar begins before an offset and goes on behind it: no comment can stand there."""
    return any(
        isinstance(node, Scalar) and node.span.start < offset < node.span.end
        for root in document.roots
        for node in walk(root)
    )


def ignore_all(
    text: str, diagnostics: Iterable[Diagnostic], reason: str
) -> tuple[str, tuple[Diagnostic, ...]]:
    """Silence findings of a text, each at its place; returns the new text, and those for which a comment was written."""
    done: list[Diagnostic] = []
    waiting = sorted(diagnostics, key=lambda one: one.span, reverse=True)
    while waiting:
        diagnostic = waiting.pop(0)
        document = syntax.parse(text)
        edit = ignore_edit(document, diagnostic, reason)
        if edit is None:
            continue
        text = apply_edits(text, [edit])
        done.append(diagnostic)
        # Others of this line, in front of which the comment may now stand.
        waiting = [_behind(edit, one) for one in waiting]
    return text, tuple(done)


def _behind(edit: Edit, diagnostic: Diagnostic) -> Diagnostic:
    """A finding where it stands after an edit."""
    if diagnostic.span.start < edit.span.end:
        return diagnostic
    moved = len(edit.new) - (edit.span.end - edit.span.start)
    start, end = diagnostic.span
    return diagnostic._replace(span=Span(start + moved, end + moved))
