"""The command `steplock`, and the entry of both hooks."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from steplock_hooks.complaint import Complaint


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; without one, that of this process, which then ends here.

    Returns:
        0: nothing to object to; 1: something found or fixed; 2: a mistake.
    """
    if argv is not None:
        return _run(argv)
    # A run makes many objects that live until its end: looking for garbage among them takes a fifth
    # of it, and freeing them one by one at the end as long as finding what was kept.
    gc.set_threshold(1_000_000, 50, 50)
    code = _run(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)


def _run(arguments: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        # File names may hold what the terminal's encoding cannot show.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _command(list(arguments))
        if not sys.stdout.closed:  # the server closes what it was given
            sys.stdout.flush()
        return code
    except Complaint as complaint:
        for line in str(complaint).splitlines():
            print(f"steplock: {line}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # `steplock check | head`: nobody reads on. What Python still holds has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _command(arguments: list[str]) -> int:
    if arguments[:1] == ["lsp"]:
        from steplock_hooks.commands import lsp

        return lsp.run(arguments[1:])
    from steplock_hooks.arguments import parse

    asked = parse(arguments or ["--help"])
    command = __import__(f"steplock_hooks.commands.{asked.command}", fromlist=("run",))
    code: int = command.run(asked)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
