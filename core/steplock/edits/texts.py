"""Other text inside of a scalar, in the quotes that the scalar has."""

from __future__ import annotations

import re

from steplock.edits.places import column
from steplock.lazy import pattern
from steplock.syntax import Document, Scalar
from steplock.text import Edit, Span

_INDICATOR = pattern(r"[?:,\[\]{}#&*!|>'\"%@`]|-(?:\s|$)")


def replace_text(document: Document, scalar: Scalar, span: Span, new: str) -> Edit | None:
    """Put other text in the place of characters `span` of a scalar's value, in its own quoting."""
    if span.end > len(scalar.value):
        return None
    place = document.locate(scalar, span)
    lines = "\n" in new
    match scalar.style:
        case "'":
            new = new.replace("'", "''")
        case '"':
            new = new.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            lines = False
        case "":
            whole = scalar.value[: span.start] + new + scalar.value[span.end :]
            if not _plain_safe(whole, document.is_in_flow(scalar.span)):
                return None
        case "|":
            first = document.locate(scalar, Span(0, 1)).start
            if place.start == first and new[:1] in (" ", "\t", "\n"):
                return None  # the first line tells how far the others are indented
            new = new.replace("\n", document.newline + " " * column(document, first))
            lines = False
    return None if lines else Edit(place, new)


def _plain_safe(text: str, in_flow: bool) -> bool:
    """Whether a text may stand as a plain scalar of one line."""
    return (
        bool(text)
        and text == text.strip()
        and not re.search(r":(?:\s|$)|\s#|[\r\n]", text)
        and not _INDICATOR.match(text)
        and not (in_flow and re.search(r"[,\[\]{}]", text))
    )
