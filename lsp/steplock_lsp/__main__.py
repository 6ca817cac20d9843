"""`steplock-lsp`, and `python -m steplock_lsp`."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from collections.abc import Sequence

from steplock import __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Serve one editor on standard input and output until it leaves; the exit code is 0."""
    parser = argparse.ArgumentParser(
        prog="steplock lsp",
        description="The language server: an editor starts it and talks to it on standard input and output.",
        epilog="Settings come from the editor, and from the nearest steplock.yml or zizmor.yml.",
    )
    parser.add_argument("--version", action="version", version=f"steplock {__version__}")
    parser.add_argument(
        "--stdio", action="store_true", help="the only way to talk; accepted, since editors say it"
    )
    parser.parse_args(argv)
    gc.disable()  # `garbage` collects, at better times
    try:
        from steplock_lsp.server import create_server
    except ModuleNotFoundError as error:
        if error.name not in ("lsprotocol", "pygls"):
            raise
        sys.stderr.write(
            "steplock: the language server needs its extra: pip install 'steplock[lsp]'\n"
        )
        return 2
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    create_server().start_io()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
