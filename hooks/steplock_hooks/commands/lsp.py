"""`steplock lsp`: the language server, which is another package with needs of its own."""

from __future__ import annotations

from collections.abc import Sequence

from steplock_hooks.complaint import Complaint


def run(arguments: Sequence[str]) -> int:
    """Start the server.

    Raises:
        Complaint: where the libraries that it needs are not installed.
    """
    try:
        from steplock_lsp.__main__ import main
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("lsprotocol", "pygls"):
            raise
        raise Complaint("the language server needs pygls: pip install 'steplock[lsp]'") from error
    return main(arguments)
