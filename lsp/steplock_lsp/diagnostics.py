"""When diagnostics go to the editor: pushed to those that wait for them, pulled by those that ask.

A push is made at once where nothing is being checked. What is typed meanwhile makes that result stale:
it is dropped, and the next check waits until typing pauses. So a file that is checked faster than
it is typed is always up to date, and a slow one costs one check a pause.
"""

from __future__ import annotations

import asyncio
import hashlib
import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from steplock_lsp.check import Checked, check
from steplock_lsp.documents import OpenDocument
from steplock_lsp.results import Results

Send = Callable[[str, "Checked | None"], None]
"""Shows the diagnostics of a URI; with None it clears them."""


class Publisher:
    """Pushes the diagnostics of open documents."""

    def __init__(self, results: Results, send: Send) -> None:
        self._results = results
        self._send = send
        self._changed: dict[str, float] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def changed(self, uri: str) -> None:
        """A document, or something it depends on, is not what it was."""
        self._changed[uri] = asyncio.get_running_loop().time()
        if uri not in self._tasks:
            task = self._tasks[uri] = asyncio.ensure_future(self._publish(uri))
            task.add_done_callback(lambda _: self._tasks.pop(uri, None))

    def closed(self, uri: str) -> None:
        self._changed.pop(uri, None)
        self._send(uri, None)

    def close(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    async def settle(self) -> None:
        """Wait until all that is known is published."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())
            await asyncio.sleep(0)

    async def _publish(self, uri: str) -> None:
        while (changed := self._changed.get(uri)) is not None:
            checked = await self._results.of(uri)
            if self._changed.get(uri) == changed:
                self._send(uri, checked)
                return
            await self._pause(uri)

    async def _pause(self, uri: str) -> None:
        loop = asyncio.get_running_loop()
        while (changed := self._changed.get(uri)) is not None:
            quiet = self._results.workspace.editor.debounce / 1000
            left = changed + quiet - loop.time()
            if left <= 0:
                return
            await asyncio.sleep(left)


def dependents(results: Results, path: str) -> Iterator[str]:
    """The open documents whose last check looked at the file at `path`, that file's own excepted."""
    touched = {path, f"{posixpath.dirname(path)}/"}
    for document in results.workspace.documents:
        checked = results.last(document.uri)
        if checked is not None and document.path != path and touched & checked.reads:
            yield document.uri


def result_id(results: Results, checked: Checked | None) -> str:
    """The same for the same diagnostics at the same places, and for nothing else."""
    digest = hashlib.blake2b(digest_size=12)
    if checked is not None:
        digest.update(repr(checked.report.diagnostics).encode("utf-8", "surrogatepass"))
        digest.update(checked.source.text.encode("utf-8", "surrogatepass"))
        for path in sorted(related_paths(checked)):
            text = results.workspace.text(path) or ""
            digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def related_paths(checked: Checked) -> set[str]:
    """The other files that the diagnostics of this one point into."""
    found = {checked.place(r.path) for d in checked.report.diagnostics for r in d.related}
    return found - {None}  # type: ignore[return-value]


class Pulled(NamedTuple):
    """The answer to a request for diagnostics."""

    uri: str
    version: int | None
    result_id: str
    checked: Checked | None
    unchanged: bool


async def pull(results: Results, uri: str, previous: str | None) -> Pulled:
    """The diagnostics of an open document, or of one on the disk."""
    source = results.workspace.documents.get(uri)
    checked = await results.of(uri)
    new = result_id(results, checked)
    return Pulled(uri, source.version if source else None, new, checked, new == previous)


class WorkspacePull:
    """Diagnostics of all files of the workspace; a file that nothing has touched is not checked again."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._kept: dict[str, tuple[OpenDocument, tuple[object, ...], Checked | None]] = {}

    async def pull(self, previous: Mapping[str, str]) -> list[Pulled]:
        workspace = self._results.workspace
        paths = await self._results.run(lambda: list(workspace.checkable()))
        answers = []
        for path in paths:
            uri = workspace.documents.uri(path)
            if workspace.documents.get(uri):
                answers.append(await pull(self._results, uri, previous.get(uri)))
            else:
                checked = await self._results.run(lambda path=path: self._closed(path))  # type: ignore[misc]
                new = result_id(self._results, checked)
                answers.append(Pulled(uri, None, new, checked, new == previous.get(uri)))
        known = {answer.uri for answer in answers}
        gone = result_id(self._results, None)
        for uri in previous.keys() - known:
            answers.append(Pulled(uri, None, gone, None, previous[uri] == gone))
        self._kept = {path: kept for path, kept in self._kept.items() if path in set(paths)}
        return answers

    def _closed(self, path: str) -> Checked | None:
        """The check of a file on the disk."""
        workspace = self._results.workspace
        text = workspace.text(path)
        if text is None:
            return None
        kept = self._kept.get(path)
        if kept and kept[0].text == text and self._state(kept[2], path) == kept[1]:
            return kept[2]
        source = OpenDocument(workspace.documents.uri(path), 0, text, path)
        checked = check(workspace, source)
        self._kept[path] = source, self._state(checked, path), checked
        return checked

    def _state(self, checked: Checked | None, path: str) -> tuple[object, ...]:
        """What the check depends on but the file's own text."""
        workspace = self._results.workspace
        reads = sorted(checked.reads) if checked else ()
        return workspace.settings(path), *(workspace.state(read) for read in reads)
