"""Garbage is collected while nobody types.

Each check leaves a tree whose parts know each other, and with long-lived tables beside it a full
collection takes longer than the check: in the midst of typing it would be felt.
"""

from __future__ import annotations

import asyncio
import gc

PAUSE = 0.05
"""Seconds without a check after which to collect."""
MOST = 50
"""Checks after which to collect all the same."""


class Garbage:
    """Does nothing where the process collects by itself."""

    def __init__(self) -> None:
        self._checks = 0
        self._frozen = False
        self._later: asyncio.TimerHandle | None = None

    def checking(self) -> None:
        """A check begins: not now."""
        if self._later is not None:
            self._later.cancel()
            self._later = None

    def checked(self) -> None:
        """A check has been made; its predecessor is garbage."""
        if gc.isenabled():
            return
        self.checking()
        self._checks += 1
        pause = PAUSE if self._checks < MOST else 0
        self._later = asyncio.get_running_loop().call_later(pause, self._collect)

    def _collect(self) -> None:
        gc.collect()
        if not self._frozen:
            # Modules, rules and tables stay: never look at them again.
            gc.freeze()
            self._frozen = True
        self._checks = 0
