"""Floor 3. Commands that download a file or a text, and commands that run one.

The options are those of curl 8, wget 1.24 and PowerShell 7, as their manuals have them on 2026-11-21.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.shell import Command, Word, dialect

_OUTPUT = pattern(r"-[a-zA-Z]*[oO]")
_WEB_REQUESTS = frozenset({"curl", "invoke-restmethod", "invoke-webrequest", "irm", "iwr", "start-bitstransfer", "wget"})  # fmt: skip
_RUNS_TEXT = frozenset({".", "eval", "iex", "invoke-expression", "source"})
# Interpreters that the shell reader knows no dialect of.
_OTHER_INTERPRETERS = frozenset({"node", "perl", "php", "ruby"})
# They run, install or make runnable the files that they name.
_RUNNERS = frozenset(
    [
        ".",
        "call",
        "chmod",
        "dpkg",
        "install",
        "installer",
        "java",
        "msiexec",
        "mv",
        "cp",
        "rpm",
        "source",
        "start",
        "start-process",
        "apt",
        "apt-get",
    ]
)
_PROGRAMS = pattern(r"(^|/)s?bin(/|$)|/GITHUB_PATH|\.local/bin|(^|/)opt(/|$)")


class Fetch(NamedTuple):
    """One download."""

    address: Word
    file: str
    """The file it goes to, without folders; empty for standard output."""


def fetch(command: Command) -> Fetch | None:
    """What a command downloads; None where it downloads nothing."""
    if command.name not in (*_WEB_REQUESTS, "aria2c", ""):
        return None
    address = next((word for word in command.argv if _is_address(word)), None)
    if address is None:
        return None
    for redirect in command.redirects:
        if redirect.output:
            return Fetch(address, _basename(redirect.target.value))
    powershell = command.name in _WEB_REQUESTS - {"curl", "wget"} or not command.name
    for file in _powershell_files(command) if powershell else _files(command, address):
        return Fetch(address, "" if file == "-" else _basename(file))
    is_wget = command.name in ("wget", "aria2c")
    return Fetch(address, _basename(address.value.partition("?")[0]) if is_wget else "")


def _files(command: Command, address: Word) -> Iterator[str]:
    """The file that an option names: `-o x`, `-fsSLo x`, `-qO- `, `-O`."""
    long = command.option("--output", "--output-document")
    if long is not None:
        yield long.value
    for at, word in enumerate(command.argv):
        flag = word.value
        if flag == "--remote-name" or (
            command.name == "curl" and re.fullmatch(r"-[a-zA-Z]*O", flag)
        ):
            yield address.value.partition("?")[0]
        elif flag.startswith("--"):
            continue
        elif _OUTPUT.fullmatch(flag) and at + 1 < len(command.argv):
            yield command.argv[at + 1].value
        elif (
            glued := re.fullmatch(r"-[a-zA-Z]*[oO](?P<file>[-./\w]+)", flag)
        ) and command.name == "wget":
            yield glued["file"]


def _powershell_files(command: Command) -> Iterator[str]:
    for at, word in enumerate(command.argv[:-1]):
        if word.value.lower() in ("-outfile", "-o", "-destination"):
            yield command.argv[at + 1].value
    if not command.name and len(command.argv) > 1:  # DownloadFile('address', 'file')
        yield command.argv[1].value


def _is_address(word: Word) -> bool:
    value = word.value
    if re.match(r"https?://|ftp://", value):
        return True
    return (
        bool(word.expansions)
        and not value.startswith("-")
        and re.search(r"URL|://", value.upper()) is not None
    )


def runs_input(command: Command) -> bool:
    """Whether a command runs what it reads from its standard input: `sh`, `sudo bash -s -- -y`, `iex`."""
    if command.name in ("iex", "invoke-expression"):
        return not command.argv
    words = [word.value for word in command.argv]
    if command.name in _OTHER_INTERPRETERS:
        return not words or words[0] == "-"
    if not dialect(command.name):
        return False
    operands = [w for w in words if w == "-" or not w.startswith(("-", "+"))]
    return "-s" in words or not operands or operands[0] in ("-", "/dev/stdin")


def unpacks_program(command: Command) -> bool:
    """Whether it unpacks its standard input where programs are found: `tar xz -C /usr/local/bin`."""
    folder = command.option("-C", "--directory") if command.name in ("tar", "bsdtar") else None
    return folder is not None and _PROGRAMS.search(folder.value) is not None


def runs_word(command: Command, word: Word) -> bool:
    """Whether a word of a command, which holds the output of another, is run: `sh -c "$(...)"`, `bash <(...)`."""
    if command.name in _RUNS_TEXT:
        return True
    if not command.name:
        return "[scriptblock]::create" in word.text.lower()
    if not dialect(command.name) and command.name not in _OTHER_INTERPRETERS:
        return False
    at = command.argv.index(word)
    before = command.argv[at - 1].value if at else ""
    return word.text.startswith("<(") or re.fullmatch(r"-[a-zA-Z]*[ce]", before) is not None


def runs_file(command: Command, file: str) -> bool:
    """Whether a command runs a file, or puts it where it is run later."""
    if ("/" in command.path or "\\" in command.path) and _basename(command.path) == file:
        return True
    named = any(_basename(word.value) == file for word in command.argv)
    match command.name:
        case "chmod":
            return named and any(
                re.search(r"\+r?x|^[0-7]?[1357]", w.value) for w in command.argv[:1]
            )
        case "mv" | "cp":
            target = command.arguments[-1:]
            return named and bool(target) and _PROGRAMS.search(target[0].value) is not None
        case name if name in _RUNNERS:
            return named
        case name if dialect(name) or name in _OTHER_INTERPRETERS:
            first = next((w for w in command.argv if not w.value.startswith("-")), None)
            return first is not None and _basename(first.value) == file
    return False


def _basename(path: str) -> str:
    return re.split(r"[/\\]", path.strip())[-1]
