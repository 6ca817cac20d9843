"""The quick reading of a command line says what argparse says, or leaves it to argparse."""

import subprocess
import sys

import pytest

from steplock_hooks import arguments, parser, plain

LINES = [
    "check",
    "check .",
    "check -",
    "check a.yml b.yml",
    "check --format json --no-cache a.yml",
    "check --format=sarif --output out.sarif",
    "check --rule artipacked --rule=unpinned-uses",
    "check -q --show-suppressed --online --server ssh://host/x",
    "check --stdin-filename a.yml --persona auditor --fail-on never -",
    "check --jobs 2 --color never --config c.yml --cache-dir d --no-config",
    "fix",
    "fix --diff --unsafe -q a.yml",
    "fix --check --rule x",
]
UNUSUAL = [
    "check --help",
    "check -h",
    "check --form json",
    "check --format xml",
    "check --format",
    "check --no-cache=yes",
    "check --jobs 0",
    "check -- a.yml",
    "check -qq",
    "fix --output --diff",
]


@pytest.mark.parametrize("line", LINES)
def test_what_is_plain_reads_the_same(line: str) -> None:
    command, *rest = line.split()
    asked = plain.read(rest, arguments.OPTIONS[command])
    assert asked is not None
    assert {"command": command, **asked} == vars(parser.read(line.split()))
    assert arguments.parse(line.split()) == parser.read(line.split())


@pytest.mark.parametrize("line", UNUSUAL)
def test_what_is_not_plain_is_left_to_argparse(line: str) -> None:
    command, *rest = line.split()
    assert plain.read(rest, arguments.OPTIONS[command]) is None


def test_a_hook_never_imports_argparse() -> None:
    code = (
        "import sys; from steplock_hooks.cli import main; main(['check', '-']);"
        "print(sorted({'argparse', 'gettext', 'locale', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input="on: push\n", capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("[]\n")
