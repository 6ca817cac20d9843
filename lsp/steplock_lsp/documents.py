"""The texts that are open in the editor, as they are on the screen.

Kept here and not by pygls: its documents break lines where `str.splitlines` does, at form feeds and
U+2028 too, and an edit below such a character would land on the wrong line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from steplock.text import Lines
from steplock_lsp import uris
from steplock_lsp.positions import UTF16, Columns


class OpenDocument(NamedTuple):
    """One version of an open text."""

    uri: str
    version: int
    text: str
    path: str | None
    """Where it lies on the disk; None for a buffer without a file."""


class Change(NamedTuple):
    """New text for a range, in the editor's own lines and columns; for all of the text where there is none."""

    text: str
    range: tuple[int, int, int, int] | None = None
    """Start line and column, end line and column."""


class Documents:
    def __init__(self) -> None:
        self.encoding = UTF16
        self._open: dict[str, OpenDocument] = {}
        self._by_path: dict[str, str] = {}

    def __iter__(self) -> Iterator[OpenDocument]:
        return iter(tuple(self._open.values()))

    def get(self, uri: str) -> OpenDocument | None:
        return self._open.get(uri)

    def at(self, path: str) -> OpenDocument | None:
        """The open document of a file."""
        return self._open.get(self._by_path.get(path, ""))

    def uri(self, path: str) -> str:
        """The URI of a file, as the editor spells it where it has the file open."""
        return self._by_path.get(path) or uris.to_uri(path)

    def open(self, uri: str, version: int, text: str) -> OpenDocument:
        path = uris.to_path(uri)
        if path is not None:
            self._by_path[path] = uri
        self._open[uri] = document = OpenDocument(uri, version, text, path)
        return document

    def change(self, uri: str, version: int, changes: Iterable[Change]) -> OpenDocument | None:
        """Apply changes in their order; None where the document is not open."""
        document = self._open.get(uri)
        if document is None:
            return None
        text = document.text
        for change in changes:
            text = _apply(text, change, self.encoding)
        self._open[uri] = document = document._replace(version=version, text=text)
        return document

    def close(self, uri: str) -> None:
        document = self._open.pop(uri, None)
        if document and document.path and self._by_path.get(document.path) == uri:
            del self._by_path[document.path]


def _apply(text: str, change: Change, encoding: str) -> str:
    if change.range is None:
        return change.text
    columns = Columns(Lines(text), encoding)
    start_line, start_column, end_line, end_column = change.range
    start = columns.offset(start_line, start_column)
    end = max(columns.offset(end_line, end_column), start)
    return f"{text[:start]}{change.text}{text[end:]}"
