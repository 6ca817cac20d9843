"""What can be said on the command line."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import NoReturn

from steplock import HOMEPAGE, __version__
from steplock_hooks.complaint import Complaint
from steplock_hooks.formats import FORMATS
from steplock_hooks.style import columns

COMMANDS = ("check", "fix", "pin", "lock", "explain", "rules", "lsp")
# The names of steplock.config's SEVERITIES and PERSONAS; a test compares them.
SEVERITIES = ("informational", "low", "medium", "high")
LEVELS = ("major", "minor", "patch")
PERSONAS = ("regular", "pedantic", "auditor")

_ABOUT = """\
Find and fix security problems in GitHub Actions workflows, before they are committed."""

_EXAMPLES = f"""\
examples:
  steplock check                      all workflows, actions and the like below this folder
  steplock check ci.yml --persona pedantic
  steplock fix --diff                 show what would be repaired
  steplock fix                        repair what is safe to repair
  steplock pin                        put commits in the place of tags
  steplock explain artipacked         why it is bad, and what to write instead
  generate-workflow | steplock check -

exit codes:
  0  nothing found at or above --fail-on      1  something found, or fixed
  2  a mistake in the command or in the configuration

{HOMEPAGE}"""

_CHECK_EXAMPLES = """\
examples:
  steplock check .github action.yml
  steplock check --format sarif --output steplock.sarif
  steplock check --rule artipacked --rule unpinned-uses
  steplock check --fail-on never      show all, block nothing
"""

_FIX_EXAMPLES = """\
A safe fix leaves the workflow doing the same. An unsafe one may need a look: read the diff.
A fix after which the file does not parse, or its finding stands, is taken back.

examples:
  steplock fix --diff --unsafe .github/workflows/release.yml
  steplock fix --rule artipacked
  steplock fix - < ci.yml > fixed.yml
"""


_PIN_EXAMPLES = """\
Asks the repositories over git, with your git's own access, and keeps the answers for an hour. What
cannot be reached is named and passed over. A tag is pinned to the exact release it stands for.

examples:
  steplock pin --diff
  steplock pin --update minor --min-age 14
  steplock pin --check                say whether something is to be pinned, for CI
  steplock pin --offline              from the table that steplock carries
"""


_LOCK_EXAMPLES = """\
steplock.lock, at the top of the repository, holds the hashes of what scripts download, and the
versions of what actions install. Once it is there, what it does not hold is a finding.

examples:
  steplock lock --fetch               download what is new, and record its hash
  steplock lock --from ~/Downloads    take the hashes of files that you looked at
  steplock lock --check               offline: is all locked, and GitHub's actions.lock right?
  steplock lock --verify              download all again: has something been replaced?
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Complaint(f"{message}; see {self.prog} --help")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; `--help` and `--version` end the process.

    Raises:
        Complaint: where it makes no sense.
    """
    _hint(arguments)
    return _parser(arguments).parse_args(arguments)


def _hint(arguments: Sequence[str]) -> None:
    """Say what a person most likely meant who did not name a command."""
    first = next(iter(arguments), "")
    if not first or first.startswith("-") or first in COMMANDS:
        return
    if os.path.lexists(first):
        raise Complaint(f"name a command first: steplock check {first}")
    import difflib

    near = difflib.get_close_matches(first, COMMANDS, 1)
    known = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
    raise Complaint(f"no command {first!r}: {known}")


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        "steplock",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=_layout,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"steplock {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", parser_class=_Parser, required=True
    )
    for name, about, epilog, options in (
        ("check", "show what is unsafe", _CHECK_EXAMPLES, _check),
        ("fix", "repair what is unsafe, in place", _FIX_EXAMPLES, _fix),
        ("pin", "put commits in the place of tags, and update them", _PIN_EXAMPLES, _pin),
        ("lock", "record by hash what workflows download", _LOCK_EXAMPLES, _lock),
        ("explain", "print the manual page of a rule, or what is known of a job", "", _explain),
        ("rules", "list all rules", "", _rules),
        ("lsp", "start the language server, for editors", "", None),
    ):
        command = commands.add_parser(
            name, help=about, description=f"{about[0].upper()}{about[1:]}.", epilog=epilog,
            formatter_class=_layout, allow_abbrev=False,
        )  # fmt: skip
        # To prepare the options of the other commands, too, would take longer than to read the command line.
        if options and name in arguments:
            options(command)
    return parser


def _check(parser: argparse.ArgumentParser) -> None:
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


def _fix(parser: argparse.ArgumentParser) -> None:
    _what(parser)
    parser.add_argument("--unsafe", action="store_true", help="apply fixes that need a look, too")
    parser.add_argument("--diff", action="store_true", help="show what would change, write nothing")
    parser.add_argument(
        "--check", action="store_true", help="only say whether something would change"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="do not say what was fixed")


def _pin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH", help="files and folders (default: .)"
    )
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


def _lock(parser: argparse.ArgumentParser) -> None:
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


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rules", nargs="*", metavar="RULE")
    parser.add_argument(
        "--job", action="append", default=[], metavar="FILE:JOB",
        help="who can run a job, with what powers, and what of strangers it touches",
    )  # fmt: skip
    _color(parser)


def _rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")
    _color(parser)


def _layout(prog: str) -> argparse.HelpFormatter:
    # Left to find the width itself, argparse imports shutil and all its archive formats, in each run.
    return argparse.RawDescriptionHelpFormatter(prog, width=columns() - 2)


def _what(parser: argparse.ArgumentParser) -> None:
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


def _server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--server", metavar="URL",
        help="the git server to ask (default: GITHUB_SERVER_URL, or GitHub)",
    )  # fmt: skip


def _color(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) > 36_500:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days")
    return int(text)


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes")
    return int(text)
