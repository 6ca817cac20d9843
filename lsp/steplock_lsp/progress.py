"""Show that something takes a while, and let a person end it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from itertools import count
from typing import Any, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from steplock_lsp.session import Session

_Value = TypeVar("_Value")
_numbers = count(1)


class Ended(Exception):
    """A person does not want to wait."""


async def shown(
    ls: Session,
    title: str,
    work: Coroutine[Any, Any, _Value],
    token: lsp.ProgressToken | None = None,
) -> _Value:
    """Await work, with progress where the editor shows it.

    token: the editor's own, where it wants to hear under that.

    Raises:
        Ended: where it was ended there; the work is cancelled.
    """
    task = asyncio.ensure_future(work)
    try:
        token = token or await _create(ls)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if token is None:
        return await task
    progress = ls.work_done_progress
    progress.begin(token, lsp.WorkDoneProgressBegin(title, cancellable=True))
    progress.tokens[token].add_done_callback(lambda _: task.cancel())
    try:
        return await task
    except asyncio.CancelledError:
        if progress.tokens[token].cancelled():
            raise Ended from None
        raise
    finally:
        progress.end(token, lsp.WorkDoneProgressEnd())
        del progress.tokens[token]


async def _create(ls: Session) -> str | None:
    """The token of a progress that the editor has made room for; None where it has not."""
    if not ls.client.shows_progress:
        return None
    token = f"steplock-{next(_numbers)}"
    try:
        await ls.work_done_progress.create_async(token)
    except JsonRpcException:
        return None
    return token
