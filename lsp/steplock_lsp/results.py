"""The check of each open document's newest version, made once, off the event loop.

One thread does all checks: the interpreter runs one at a time anyway, and so nothing that is worked
out on demand is worked out twice. A check that nobody can use any more is not started.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from steplock_lsp.check import Checked, Last, check
from steplock_lsp.documents import OpenDocument
from steplock_lsp.garbage import Garbage
from steplock_lsp.workspace import Workspace

_Value = TypeVar("_Value")


class _Run(NamedTuple):
    """A check that is done or under way, and what it is of."""

    source: OpenDocument
    generation: int
    result: asyncio.Future[Checked | None]


class Results:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.generation = 0
        self._runs: dict[str, _Run] = {}
        self._done: dict[str, Checked | None] = {}
        self._memories: dict[str, Last] = {}
        self._garbage = Garbage()
        self._thread = ThreadPoolExecutor(1, "steplock-check")

    def invalidate(self) -> None:
        """Something that checks depend on has changed: a document, a file, a setting."""
        self.generation += 1

    async def of(self, uri: str) -> Checked | None:
        """The check of the newest version of an open document; None where it is nothing of ours."""
        source = self.workspace.documents.get(uri)
        if source is None:
            return None
        run = self._runs.get(uri)
        if run is None or run.source is not source or run.generation != self.generation:
            if run is not None:
                run.result.cancel()
            self._garbage.checking()
            last = self._memories.setdefault(uri, Last())
            result = self._start(lambda: check(self.workspace, source, last))
            run = self._runs[uri] = _Run(source, self.generation, result)
        # `wait` leaves the check alone when whoever asked goes away: others may wait for it too.
        await asyncio.wait({run.result})
        if run.result.cancelled():
            return await self.of(uri)  # a newer version took its place
        checked = self._done[uri] = run.result.result()
        self._garbage.checked()
        return checked

    def last(self, uri: str) -> Checked | None:
        """The last finished check of a document, of whatever version."""
        return self._done.get(uri)

    def forget(self, uri: str) -> None:
        self._runs.pop(uri, None)
        self._done.pop(uri, None)
        self._memories.pop(uri, None)

    async def run(self, work: Callable[[], _Value]) -> _Value:
        """Do other work on the thread that checks."""
        return await self._start(work)

    def _start(self, work: Callable[[], _Value]) -> asyncio.Future[_Value]:
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
