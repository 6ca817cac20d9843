"""Floor 3. Commands that unpack an archive, and those that run what was in it.

What is in an archive nobody knows before it is there, so that a program of it is known by its name or its place.
The options are those of GNU tar 1.35, Info-ZIP 6.0 and 7-Zip 24.
"""

from __future__ import annotations

import re
from functools import lru_cache

from steplock.fetches import basename, executes, interpreted, is_program_folder
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.shell import Command

_TARS = frozenset({"bsdtar", "gtar", "tar"})
_SINGLE = frozenset({"bunzip2", "bzip2", "gunzip", "gzip", "unxz", "unzstd", "xz", "zcat", "zstd"})
_UNPACKERS = _TARS | _SINGLE | {"7z", "7za", "7zz", "expand-archive", "unzip"}
_POURERS = _SINGLE | {"cat", "funzip"}
_ENDINGS = pattern(r"\.(bz2|gz|xz|zst)$")
_COPIES = frozenset({"cp", "install", "ln", "mv"})
_COPY_VALUED = ("-g", "-m", "-o", "-t", "--group", "--mode", "--owner", "--target-directory")
_ABSOLUTE = pattern(r"[/~$]|[A-Za-z]:")
# Where other files lie as well.
_SHARED = pattern(r"(/tmp|~|\.|\$\{?(HOME|PWD|RUNNER_TEMP|GITHUB_WORKSPACE)\}?|)/*")
_VERSION = pattern(r"v?\d\w*")
# Names that many archives and many repositories have.
_ANYONES = frozenset(
    [
        "archive",
        "bin",
        "build",
        "ci",
        "data",
        "dist",
        "download",
        "file",
        "lib",
        "linux",
        "main",
        "master",
        "out",
        "release",
        "releases",
        "script",
        "scripts",
        "setup",
        "src",
        "target",
        "temp",
        "test",
        "tests",
        "tmp",
        "tool",
        "tools",
        "install",
        "latest",
    ]
)


class Unpacked(NamedTuple):
    """Where the files of an archive lie."""

    folder: str
    """Empty for the working directory."""
    members: frozenset[str]
    """Those that were asked for by name, without folders; empty for all."""


def unpack(command: Command, archive: str) -> Unpacked | None:
    """What comes of an archive, which is piped in where it has no name; None where a command does not unpack it."""
    name = command.name
    if name not in _UNPACKERS or (archive and not _names(command, archive)):
        return None
    match name:
        case "unzip" if archive and not command.has_flag(
            "-l", "-p", "-t", "-v", "-Z", clustered=True
        ):
            folder = command.option("-d")
            return _unpacked(command, archive, folder.value if folder else "", ("-d", "-x"))
        case "7z" | "7za" | "7zz" if archive and command.argv[0].value in ("e", "x"):
            to = next((w.value[2:] for w in command.argv if w.value.startswith("-o")), "")
            return Unpacked(to, frozenset())
        case "expand-archive" if archive:
            return Unpacked(_insensitive(command, "-destinationpath"), frozenset())
        case _ if name in _TARS and _extracts(command):
            return _unpacked(command, archive, _tar_folder(command), ("-C", "-f", "--directory"))
        case _ if name in _SINGLE and archive and not _target(command):
            return Unpacked("", frozenset({_ENDINGS.sub("", archive)}))
    return None


def poured(command: Command, archive: str) -> str:
    """The file that the only content of an archive, or what is piped in, goes to; empty where there is none."""
    if command.name == "tee" and not archive:
        return basename(command.arguments[0].value) if command.arguments else ""
    if command.name not in _POURERS or (archive and not _names(command, archive)):
        return ""
    return _target(command)


def runs_member(command: Command, one: Unpacked, archive: str, address: str, *, near: bool) -> bool:
    """Whether a command runs what was in an archive, or puts it where programs are found.

    near: whether what comes from nowhere else in the script may be taken to come from the archive.
    """
    names = _first_words(archive, address)
    if copies(command):
        words = [w.value for w in command.operands(_COPY_VALUED)]
        folder = command.option("-t", "--target-directory")
        target = folder.value if folder else words.pop() if words else ""
        if not is_program_folder(target):
            return False
        near = near and _ABSOLUTE.match(target) is not None
        return any(_is_like(w, one, names) or (near and _is_bare(w, one)) for w in words)
    if command.name == "chmod":
        return executes(command) and any(_is_like(w.value, one, names) for w in command.argv[1:])
    path = first.value if (first := interpreted(command)) is not None else command.path
    return ("/" in path or "\\" in path) and _is_like(path, one, names)


def copies(command: Command) -> bool:
    """Whether it is one of the system's programs that put a file elsewhere; `./aws/install` is none."""
    return command.name in _COPIES and not command.path.startswith(".")


def _names(command: Command, file: str) -> bool:
    return any(basename(word.value) == file for word in command.argv)


def _target(command: Command) -> str:
    found = next((r for r in command.redirects if r.output), None)
    return basename(found.target.value) if found else ""


def _unpacked(command: Command, archive: str, folder: str, valued: tuple[str, ...]) -> Unpacked:
    words = [w.value for w in command.operands(valued)]
    if command.name in _TARS and not command.argv[0].value.startswith("-"):
        del words[:1]
    members = {basename(w) for w in words if w != folder and basename(w) not in (archive, "-", "")}
    return Unpacked(folder, frozenset(members))


def _extracts(command: Command) -> bool:
    if command.has_flag("--extract", "--get"):
        return not command.has_flag("--to-stdout")
    for at, word in enumerate(command.argv):
        if re.fullmatch(r"-[a-zA-Z]*" if at else r"-?[a-zA-Z]*", word.value) and "x" in word.value:
            return "O" not in word.value
    return False


def _tar_folder(command: Command) -> str:
    """`-C x`, `--directory=x`, `-xzC x`, `-Cx`, and `Cxzf x archive`, whose letters take the next words in turn."""
    given = command.option("-C", "--directory")
    if given is not None:
        return given.value
    for at, word in enumerate(command.argv):
        letters, behind = word.value, command.argv[at + 1 :]
        if at == 0 and re.fullmatch(r"[a-zA-Z]*C[a-zA-Z]*", letters):
            turn = sum(letter in "fTXb" for letter in letters.partition("C")[0])
            return behind[turn].value if turn < len(behind) else ""
        if re.fullmatch(r"-[a-zA-Z]+C", letters):
            return behind[0].value if behind else ""
        if re.match(r"-C[^a-zA-Z]", letters):
            return letters[2:]
    return ""


def _insensitive(command: Command, option: str) -> str:
    """The value of an option of PowerShell."""
    for at, word in enumerate(command.argv[:-1]):
        if word.value.lower() == option:
            return command.argv[at + 1].value
    return ""


@lru_cache(maxsize=64)  # asked for with each command behind an archive
def _first_words(archive: str, address: str) -> frozenset[str]:
    """`kind` for `kind-linux-amd64.tar.gz`, and for an archive that GitHub makes of `owner/kind`."""
    path = address.partition("://")[2].partition("?")[0].split("/")
    names = [archive, path[-1]]
    if path[0] == "github.com" and len(path) > 3:
        names.append(path[2])
    return frozenset(word for name in names if (word := _first_word(name)))


def _first_word(name: str) -> str:
    word = re.split(r"[^A-Za-z0-9]", name, maxsplit=1)[0].lower()
    return "" if _VERSION.fullmatch(word) or word in _ANYONES else word


def _is_like(path: str, one: Unpacked, names: frozenset[str]) -> bool:
    """Whether a path is one of an archive, by its place or by the names in it."""
    if path.startswith("-"):
        return False
    path, folder = path.replace("\\", "/"), one.folder.replace("\\", "/").rstrip("/")
    if not _SHARED.fullmatch(folder) and path.removeprefix("./").startswith(f"{folder}/"):
        return True
    if basename(path) in one.members:
        return True
    if path.startswith(("/usr/", "/bin/", "/opt/")):
        return False  # what is installed
    words = [word for part in path.split("/") if (word := _first_word(part))]
    # `./aws/install` comes from `awscliv2.zip`.
    return any(w in names or (len(w) > 2 and any(n.startswith(w) for n in names)) for w in words)


def _is_bare(path: str, one: Unpacked) -> bool:
    """Whether it is a program in the folder where the archive was unpacked: `mv tool /usr/local/bin`."""
    return (
        not one.members
        and one.folder in ("", ".")
        and re.fullmatch(r"(\./)?[\w-]+", path) is not None
    )
