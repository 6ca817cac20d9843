"""What can be said on the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from types import SimpleNamespace

from steplock.annotations import Any, Protocol
from steplock_hooks import plain
from steplock_hooks.complaint import Complaint
from steplock_hooks.formats import FORMATS

# The names of steplock.config's SEVERITIES and PERSONAS; a test compares them.
SEVERITIES = ("informational", "low", "medium", "high")
LEVELS = ("major", "minor", "patch")
PERSONAS = ("regular", "pedantic", "auditor")


class Group(Protocol):
    """Where options are declared, as `argparse` has it."""

    def add_argument(self, *names: str, **how: Any) -> Any: ...


class Parser(Group, Protocol):
    def add_mutually_exclusive_group(self) -> Group: ...


def parse(arguments: Sequence[str]) -> SimpleNamespace:
    """Read the command line; `--help` and `--version` end the process.

    Raises:
        Complaint: where it makes no sense.
    """
    first = next(iter(arguments), "")
    # What the hooks say; to import argparse, and build all its parsers, takes longer than to check a small file.
    if first in ("check", "fix"):
        asked = plain.read(arguments[1:], OPTIONS[first])
        if asked is not None:
            return SimpleNamespace(command=first, **asked)
    _hint(first)
    from steplock_hooks import parser

    return parser.read(arguments)


def _hint(first: str) -> None:
    """Say what a person most likely meant who did not name a command."""
    if not first or first.startswith("-") or first in COMMANDS:
        return
    if os.path.lexists(first):
        raise Complaint(f"name a command first: steplock check {first}")
    import difflib

    near = difflib.get_close_matches(first, COMMANDS, 1)
    known = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
    raise Complaint(f"no command {first!r}: {known}")


def _check(parser: Parser) -> None:
    _what(parser)
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="how to write findings (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to a file, not to standard output")
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="people get only the summary line"
    )
    parser.add_argument(
        "--show-suppressed", action="store_true", help="findings that are silenced, too"
    )


def _fix(parser: Parser) -> None:
    _what(parser)
    parser.add_argument("--unsafe", action="store_true", help="apply fixes that need a look, too")
    parser.add_argument("--diff", action="store_true", help="show what would change, write nothing")
    parser.add_argument(
        "--check", action="store_true", help="only say whether something would change"
    )
    parser.add_argument(
        "--add-ignores", metavar="REASON",
        help="silence what is left at the gate, by a comment with this reason at each",
    )  # fmt: skip
    parser.add_argument("-q", "--quiet", action="store_true", help="do not say what was fixed")


def _pin(parser: Parser) -> None:
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH",
        help="files, folders, or - for standard input, pinned on standard output (default: .)",
    )  # fmt: skip
    parser.add_argument("--stdin-filename", metavar="PATH", help="what - is called")
    parser.add_argument(
        "--update", nargs="?", const="major", choices=LEVELS, metavar="LEVEL",
        help="move to the newest release: any (major, the default), of its major, or of its minor"
        " version (minor, patch); commits too",
    )  # fmt: skip
    parser.add_argument(
        "--min-age", type=_days, default=0, metavar="DAYS",
        help="take no commit that is younger",
    )  # fmt: skip
    parser.add_argument("--offline", action="store_true", help="ask nobody, use the table of pins")
    _server(parser)
    parser.add_argument("--diff", action="store_true", help="show what would change, write nothing")
    parser.add_argument("--check", action="store_true", help="only say what would change")
    parser.add_argument("-q", "--quiet", action="store_true", help="do not say what was pinned")
    _color(parser)


def _lock(parser: Parser) -> None:
    parser.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="in the repository (default: .)"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="only look, offline")
    what.add_argument("--verify", action="store_true", help="download all again and compare")
    what.add_argument("--diff", action="store_true", help="show what would change, write nothing")
    parser.add_argument("--fetch", action="store_true", help="download what has no hash yet")
    parser.add_argument("--from", dest="folder", metavar="DIR", help="where such files lie already")
    _color(parser)


def _explain(parser: Parser) -> None:
    parser.add_argument("rules", nargs="*", metavar="RULE")
    parser.add_argument(
        "--job", action="append", default=[], metavar="FILE:JOB",
        help="who can run a job, with what powers, and what of strangers it touches",
    )  # fmt: skip
    _color(parser)


def _rules(parser: Parser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")
    _color(parser)


def _what(parser: Parser) -> None:
    """What `check` and `fix` share."""
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH",
        help="files, folders (what git ignores is left out), or - for standard input (default: .)",
    )  # fmt: skip
    parser.add_argument("--stdin-filename", metavar="PATH", help="what - is called")
    parser.add_argument(
        "--rule", action="append", metavar="ID", help="only this rule; may be given again"
    )
    parser.add_argument("--persona", choices=PERSONAS, help="who wants to see findings")
    parser.add_argument(
        "--fail-on", choices=(*SEVERITIES, "never"), metavar="SEVERITY",
        help=f"the gate: {', '.join(SEVERITIES)} or never (default: medium)",
    )  # fmt: skip
    parser.add_argument("--config", metavar="FILE", help="instead of the one of the repository")
    parser.add_argument("--no-config", action="store_true", help="read no configuration")
    parser.add_argument(
        "--online", action="store_true",
        help="ask the repositories of actions over git, for what no file here can tell",
    )  # fmt: skip
    _server(parser)
    parser.add_argument("--cache-dir", metavar="DIR", help="where results are kept")
    parser.add_argument("--no-cache", action="store_true", help="find everything anew")
    parser.add_argument(
        "--jobs", type=_jobs, metavar="N", help="processes to use (default: one a core)"
    )
    _color(parser)


def _server(parser: Parser) -> None:
    parser.add_argument(
        "--server", metavar="URL",
        help="the git server to ask (default: GITHUB_SERVER_URL, or GitHub)",
    )  # fmt: skip


def _color(parser: Parser) -> None:
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) > 36_500:
        raise _wrong(f"{text!r} is no number of days")
    return int(text)


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise _wrong(f"{text!r} is no number of processes")
    return int(text)


def _wrong(message: str) -> Exception:
    from argparse import ArgumentTypeError

    return ArgumentTypeError(message)


OPTIONS: dict[str, Callable[[Parser], None]] = {
    "check": _check,
    "fix": _fix,
    "pin": _pin,
    "lock": _lock,
    "explain": _explain,
    "rules": _rules,
    "lsp": lambda parser: None,
}
COMMANDS = tuple(OPTIONS)
