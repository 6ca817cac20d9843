"""Floor 3. Commands that download a file or a text, and commands that run one.

The options are those of curl 8, wget 1.24 and PowerShell 7, as their manuals have them on 2026-11-21.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from steplock.addresses import expanded
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.shell import Command, Script, Word, dialect, parse

_NONE: Mapping[str, str] = {}
_OUTPUT = pattern(r"-[a-zA-Z]*[oO]")
_SCHEME = pattern(r"(https?|ftp)://")
# `get.docker.com/x`: what curl and wget put `http://` before. A name without a dot is one of the machine or its network.
_BARE = pattern(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.([A-Za-z]{2,}|\d{1,3})(:\d+)?([/?]\S*)?")
# One-letter options that take no value; the next word is no file then, but an address.
_SWITCHES = {
    "curl": frozenset("#012346BfgGiIjJklLMnNOpqRsSvZaV"),
    "wget": frozenset("46bcdEFhHkKLmnNpqrSvVx"),
}
_LONG_SWITCHES = frozenset(
    [
        "--compressed",
        "--continue",
        "--create-dirs",
        "--fail",
        "--fail-with-body",
        "--globoff",
        "--http1.1",
        "--http2",
        "--https-only",
        "--insecure",
        "--ipv4",
        "--ipv6",
        "--location",
        "--location-trusted",
        "--no-cache",
        "--no-check-certificate",
        "--no-clobber",
        "--no-progress-meter",
        "--no-verbose",
        "--progress-bar",
        "--quiet",
        "--remote-header-name",
        "--remote-name",
        "--remote-name-all",
        "--retry-all-errors",
        "--retry-connrefused",
        "--show-error",
        "--show-progress",
        "--silent",
        "--verbose",
    ]
)
_WEB_REQUESTS = frozenset({"curl", "invoke-restmethod", "invoke-webrequest", "irm", "iwr", "start-bitstransfer", "wget"})  # fmt: skip
_HTTPIE = frozenset({"http", "https", "xh", "xhs"})
_SHELLS_OF_OTHERS = frozenset({"runuser", "su"})
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
# Installers of packages that take a file as well, and their subcommands that do.
_INSTALLERS: dict[str, tuple[str, ...]] = {
    "apk": ("add",),
    "dnf": ("install", "localinstall", "reinstall"),
    "gem": ("install", "i"),
    "microdnf": ("install",),
    "npm": ("install", "i", "add"),
    "pip": ("install",),
    "pnpm": ("add",),
    "snap": ("install",),
    "yarn": ("add",),
    "yum": ("install", "localinstall", "reinstall"),
    "zypper": ("install", "in"),
}
# And those that take an address, which no repository's key vouches for.
_TAKE_ADDRESSES = ("brew", "dnf", "microdnf", "pacman", "rpm", "yum", "zypper")
_PROGRAMS = pattern(r"(^|/)s?bin(/|$)|/GITHUB_PATH|\.local/bin|(^|/)opt(/|$)")
_ROOTS = pattern(r"/(usr(/local)?/?)?")


class Fetch(NamedTuple):
    """One download."""

    address: Word
    file: str
    """The file it goes to, without folders; empty for standard output."""
    url: str
    """The address with the scheme that a program adds, and with the variables replaced whose values are known."""


def fetch(command: Command, values: Mapping[str, str] = _NONE) -> Fetch | None:
    """What a command downloads; None where it downloads nothing.

    values: those of variables, as `addresses.known` has them.
    """
    if command.name not in (*_WEB_REQUESTS, *_HTTPIE, "aria2c", ""):
        return None
    found = _address(command, values)
    if found is None:
        return None
    address, url = found
    for redirect in command.redirects:
        if redirect.output:
            return Fetch(address, basename(redirect.target.value), url)
    powershell = command.name in _WEB_REQUESTS - {"curl", "wget"} or not command.name
    for file in _powershell_files(command) if powershell else _files(command, url):
        return Fetch(address, "" if file == "-" else basename(file), url)
    is_wget = command.name in ("wget", "aria2c")
    return Fetch(address, basename(url.partition("?")[0]) if is_wget else "", url)


def _address(command: Command, values: Mapping[str, str]) -> tuple[Word, str] | None:
    for word in command.argv:
        url, _ = expanded(word, values)
        if _SCHEME.match(url) or (command.name not in _HTTPIE and _names_address(word)):
            return word, url
    for word in _operands(command):
        url, unknown = expanded(word, values)
        if not unknown and _BARE.fullmatch(url):
            return word, f"http://{url}"
    return None


def _names_address(word: Word) -> bool:
    return (
        bool(word.expansions)
        and not word.value.startswith("-")
        and re.search(r"URL|://", word.value.upper()) is not None
    )


def _operands(command: Command) -> Iterator[Word]:
    """The words of curl and wget that are neither options nor, as far as is known, values of options."""
    switches = _SWITCHES.get(command.name)
    words = iter(command.argv if switches else ())
    for word in words:
        flag = word.value
        if not flag.startswith("-"):
            yield word
        elif flag.startswith("--"):
            if "=" not in flag and flag not in _LONG_SWITCHES:
                next(words, None)
        elif switches and not switches.issuperset(flag[1:-1]):
            continue  # the value is glued to its letter: `-qO-`
        elif switches and flag[-1] not in switches:
            next(words, None)


def _files(command: Command, url: str) -> Iterator[str]:
    """The file that an option names: `-o x`, `-fsSLo x`, `-qO- `, `-O`."""
    long = command.option("--output", "--output-document")
    if long is not None:
        yield long.value
    for at, word in enumerate(command.argv):
        flag = word.value
        if flag == "--remote-name" or (
            command.name == "curl" and re.fullmatch(r"-[a-zA-Z]*O", flag)
        ):
            yield url.partition("?")[0]
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


def runs_input(command: Command) -> bool:
    """Whether a command runs what it reads from its standard input: `sh`, `sudo bash -s -- -y`, `iex`."""
    if command.name in ("iex", "invoke-expression"):
        return not command.argv
    words = [word.value for word in command.argv]
    if command.name in (".", "source"):
        return words[:1] == ["/dev/stdin"]
    if command.name in _OTHER_INTERPRETERS:
        return not words or words[0] == "-"
    if not dialect(command.name):
        return False
    operands = [w for w in words if w == "-" or not w.startswith(("-", "+"))]
    return "-s" in words or not operands or operands[0] in ("-", "/dev/stdin")


def is_program_folder(path: str) -> bool:
    """Whether programs are found under a path: `/usr/local/bin`, and `/usr/local`, which has a `bin`."""
    return _PROGRAMS.search(path) is not None or _ROOTS.fullmatch(path) is not None


def runs_word(command: Command, word: Word) -> bool:
    """Whether a word of a command, which holds the output of another, is run: `sh -c "$(...)"`, `bash <(...)`."""
    if command.name in _RUNS_TEXT:
        return True
    if not command.name:
        return "[scriptblock]::create" in word.text.lower()
    others = _OTHER_INTERPRETERS | _SHELLS_OF_OTHERS
    if not dialect(command.name) and command.name not in others:
        return False
    at = command.argv.index(word)
    before = command.argv[at - 1].value if at else ""
    return word.text.startswith("<(") or re.fullmatch(r"-[a-zA-Z]*[ce]", before) is not None


def runs_address(command: Command) -> Word | None:
    """The address of something that a command itself downloads and runs or installs: `deno run https://...`."""
    if command.name == "deno":
        is_run = command.runs("deno", "run") or command.runs("deno", "install")
        if not is_run or command.has_flag("--lock", "--frozen"):
            return None
        words = command.arguments[1:2]
    elif command.name == "rpm":
        installs = command.has_flag("-i", "-U", "-F", "--install", "--upgrade", clustered=True)
        asks = command.has_flag("-q", "-K", "--query", "--checksig", clustered=True)
        words = command.arguments if installs and not asks else ()
    elif command.name == "pacman":
        words = command.arguments if command.has_flag("-U", "--upgrade", clustered=True) else ()
    elif command.name in _TAKE_ADDRESSES:
        subcommands = _INSTALLERS.get(command.name, ("install", "reinstall"))
        found = command.arguments
        words = found[1:] if found and found[0].value in subcommands else ()
    else:
        return None
    return next((word for word in words if word.value.startswith(("https://", "http://"))), None)


def runs_file(command: Command, file: str) -> bool:
    """Whether a command runs a file, or puts it where it is run later."""
    if ("/" in command.path or "\\" in command.path) and basename(command.path) == file:
        return True
    command = command.module
    named = any(basename(word.value) == file for word in command.argv)
    match command.name:
        case "chmod":
            return named and executes(command)
        case "mv" | "cp":
            target = command.arguments[-1:]
            return named and bool(target) and _PROGRAMS.search(target[0].value) is not None
        case name if name in _RUNNERS:
            return named
    if (first := interpreted(command)) is not None:
        return basename(first.value) == file
    return named and _installs(command, file)


def executes(command: Command) -> bool:
    """Whether `chmod` makes programs: `+x`, `755`."""
    return any(re.search(r"\+r?x|^[0-7]?[1357]", word.value) for word in command.argv[:1])


def interpreted(command: Command) -> Word | None:
    """The file that an interpreter runs: `bash -x install.sh`."""
    if not dialect(command.name) and command.name not in _OTHER_INTERPRETERS:
        return None
    return next((word for word in command.argv if not word.value.startswith("-")), None)


def _installs(command: Command, file: str) -> bool:
    """Whether it installs a package that lies in a file, or what a file lists: `pip install x.whl`, `-r x.txt`."""
    name = "pip" if re.fullmatch(r"pip[\d.]+", command.name) else command.name
    # A constraint only narrows what is asked for elsewhere.
    words = command.operands(("-c", "--constraint"))
    subcommands = _INSTALLERS.get(name, ())
    return (
        bool(words)
        and words[0].value in subcommands
        and any(basename(word.value) == file for word in words[1:])
    )


def as_others(script: Script) -> Iterator[Script]:
    """What `su -c '...'` runs, which the shell reader takes for a plain word."""
    for command in script.commands:
        if command.name in _SHELLS_OF_OTHERS and (word := command.option("-c", "--command")):
            quoted = word.text[:1] in ("'", '"') and word.text[-1:] == word.text[:1]
            if quoted and "\\" not in word.text:
                yield parse(word.text[1:-1], "sh", word.span.start + 1)


def basename(path: str) -> str:
    """The last part of a path or an address."""
    return re.split(r"[/\\]", path.strip())[-1]
