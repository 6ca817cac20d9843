"""`steplock lsp`: the language server, which is another package with needs of its own."""

from __future__ import annotations

from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Serve an editor until it leaves."""
    from steplock_lsp.__main__ import main

    return main(arguments)
