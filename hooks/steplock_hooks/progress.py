"""Tell a person who waits how far a run is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PATIENCE = 2.0
"""Seconds before anything is said."""
_EVERY = 0.2


@contextmanager
def progress(total: int, text: str = "checking {} of {} files") -> Iterator[Callable[[int], None]]:
    """A function to call with how many are done; on a terminal, once a run takes long, that is shown."""
    on = sys.stderr.isatty()
    due = time.monotonic() + _PATIENCE
    shown = False

    def tell(done: int) -> None:
        nonlocal due, shown
        if on and time.monotonic() >= due:
            due = time.monotonic() + _EVERY
            shown = True
            sys.stderr.write(f"\r{text.format(done, total)}\033[K")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
