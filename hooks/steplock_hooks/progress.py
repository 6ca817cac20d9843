"""Tell a person who waits how far a run is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

_PATIENCE = 2.0
"""Seconds before anything is said."""
_EVERY = 0.2


class progress:
    """Gives a function to call with how many are done; on a terminal, once a run takes long, that is shown."""

    def __init__(self, total: int, text: str = "checking {} of {} files") -> None:
        self._total, self._text = total, text
        self._on = sys.stderr.isatty()
        self._due = time.monotonic() + _PATIENCE
        self._is_shown = False

    def __enter__(self) -> Callable[[int], None]:
        return self._tell

    def _tell(self, done: int) -> None:
        if self._on and time.monotonic() >= self._due:
            self._due = time.monotonic() + _EVERY
            self._is_shown = True
            sys.stderr.write(f"\r{self._text.format(done, self._total)}\033[K")
            sys.stderr.flush()

    def __exit__(self, *error: object) -> None:
        if self._is_shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
