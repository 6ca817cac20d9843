"""Comments: at the end of a line, or on a line of their own."""

from __future__ import annotations

from steplock.edits.places import start_of_line
from steplock.syntax import Document
from steplock.text import Edit, Span


def set_comment(document: Document, line: int, text: str, gap: str = "  ") -> Edit | None:
    """Make `text` (with its `#`) the comment at the end of a zero-based line.

    gap: what stands before it where the file shows no habit of its own.
    """
    comment = document.comment_on(line)
    if comment is not None:
        return Edit(comment.span, text)
    span = document.lines.span(line)
    if document.whole_scalar(Span(span.end, span.end)).start < span.end:
        return None  # in the middle of a text of several lines
    content = document.text[slice(*span)]
    at = span.start + len(content.rstrip())
    return Edit(Span(at, span.end), f"{_comment_gap(document) or gap}{text}")


def _comment_gap(document: Document) -> str:
    """What the file puts before its comments at the end of a line; empty where it has none."""
    for comment in document.comments:
        before = document.text[max(comment.span.start - 3, 0) : comment.span.start]
        # A comment at the very start of a line has the line above before it, and no gap.
        if before.strip() and before[-1] == " ":
            return " " * min(len(before) - len(before.rstrip(" ")), 2)
    return ""


def comment_above(document: Document, offset: int, text: str) -> Edit:
    """A comment on a line of its own above the line of `offset`, indented as that line is."""
    number = document.lines.line(offset)
    start = start_of_line(document, number)
    content = document.text[start : document.lines.span(number).end]
    lead = content[: len(content) - len(content.lstrip(" "))]
    return Edit(Span(start, start), f"{lead}{text}{document.newline}")
