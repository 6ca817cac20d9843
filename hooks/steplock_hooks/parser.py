"""The command line with its help, by argparse."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from types import SimpleNamespace

from steplock import HOMEPAGE, __version__
from steplock.annotations import NoReturn
from steplock_hooks.arguments import OPTIONS
from steplock_hooks.complaint import Complaint
from steplock_hooks.style import columns

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
  steplock fix --add-ignores "until we move to v5"
  steplock fix - < ci.yml > fixed.yml
"""


_PIN_EXAMPLES = """\
Asks the repositories over git, with your git's own access, and keeps the answers for an hour. What
cannot be reached is named and passed over. A tag is pinned to the exact release it stands for; the
`rev:` of a repository of pre-commit as `pre-commit autoupdate --freeze` does it.

examples:
  steplock pin --diff
  steplock pin --update minor --min-age 14
  steplock pin --check                say whether something is to be pinned, for CI
  steplock pin --offline              from the table that steplock carries
  steplock pin - --stdin-filename action.yml < action.yml
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


def read(arguments: Sequence[str]) -> SimpleNamespace:
    """Read the command line; `--help` and `--version` end the process.

    Raises:
        Complaint: where it makes no sense.
    """
    return _parser(arguments).parse_args(arguments, SimpleNamespace())


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
    for name, about, epilog in (
        ("check", "show what is unsafe", _CHECK_EXAMPLES),
        ("fix", "repair what is unsafe, in place", _FIX_EXAMPLES),
        ("pin", "put commits in the place of tags, and update them", _PIN_EXAMPLES),
        ("lock", "record by hash what workflows download", _LOCK_EXAMPLES),
        ("explain", "print the manual page of a rule, or what is known of a job", ""),
        ("rules", "list all rules", ""),
        ("lsp", "start the language server, for editors", ""),
    ):
        command = commands.add_parser(
            name, help=about, description=f"{about[0].upper()}{about[1:]}.", epilog=epilog,
            formatter_class=_layout, allow_abbrev=False,
        )  # fmt: skip
        # To prepare the options of the other commands, too, would take longer than to read the command line.
        if name in arguments:
            OPTIONS[name](command)
    return parser


def _layout(prog: str) -> argparse.HelpFormatter:
    # Left to find the width itself, argparse imports shutil and all its archive formats, in each run.
    return argparse.RawDescriptionHelpFormatter(prog, width=columns() - 2)
