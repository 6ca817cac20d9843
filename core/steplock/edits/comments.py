"""Comments: at the end of a line, or on a line of their own."""

from __future__ import annotations

from functools import lru_cache

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
    return Edit(Span(at, span.end), f"{_habit(document, content) or gap}{text}")


def _habit(document: Document, line: str) -> str:
    """What the file puts before comments at the end of such a line, else of any; empty where it has none."""
    habits = _habits(document)
    return habits.get(_key(line)) or next(iter(habits.values()), "")


@lru_cache(maxsize=4)
def _habits(document: Document) -> dict[str, str]:
    """What stands before the first comment at the end of a line, by the key on the line, in their order."""
    found: dict[str, str] = {}
    for comment in document.comments:
        start = document.lines.starts[document.lines.line(comment.span.start)]
        before = document.text[start : comment.span.start]
        content = before.rstrip()
        if content:
            found.setdefault(_key(content), " " * min(len(before) - len(content), 2))
    return found


def _key(line: str) -> str:
    return line.lstrip("- ").partition(":")[0]


def comment_above(document: Document, offset: int, text: str) -> Edit:
    """A comment on a line of its own above the line of `offset`, indented as that line is."""
    number = document.lines.line(offset)
    start = start_of_line(document, number)
    content = document.text[start : document.lines.span(number).end]
    lead = content[: len(content) - len(content.lstrip(" "))]
    return Edit(Span(start, start), f"{lead}{text}{document.newline}")
