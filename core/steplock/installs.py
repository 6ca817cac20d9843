"""Floor 3. What a command installs from elsewhere, and how exactly it says which.

The options are those of the tools' own help pages, read 2026-11-21.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from functools import cache

from steplock.lazy import pattern
from steplock.model import parse_image
from steplock.named import NamedTuple
from steplock.shell import Command, Word


class Exactness(enum.IntEnum):
    """How much of what will be installed is said."""

    ANY = 0
    """The newest there is."""
    RANGE = 1
    """One of several versions."""
    VERSION = 2
    """One version, as long as nobody replaces it."""
    HASH = 3
    """One content: a hash, a commit, or a lock file or log that has its hash."""


class Package(NamedTuple):
    text: str
    """As the command names it."""
    exactness: Exactness
    name: str = ""


class Install(NamedTuple):
    """What one command fetches."""

    manager: str
    packages: tuple[Package, ...]
    files: tuple[str, ...] = ()
    """Files that list more, as `pip -r` takes them."""
    runs: bool = False
    """Whether it is run at once, from the project's own installation if that has it: `npx`."""


class _Form(NamedTuple):
    """`program path... package...`, for the managers that are all alike."""

    manager: str
    programs: str
    path: tuple[str, ...]
    """Each a set of alternatives with blanks between."""
    separator: str = "@"
    """What stands between a package and its version."""
    options: tuple[str, ...] = ()
    """Options that give the version."""
    valued: tuple[str, ...] = ()
    """Other options with a value."""
    logged: bool = False
    """Whether a version's content is checked against a public log."""


_NPM = "install i in ins inst insta instal isnt isnta isntal isntall add"
_FORMS = (
    _Form("npm", "npm", (_NPM,), valued=("--prefix", "-C", "--registry", "-w", "--workspace", "--omit")),
    _Form("yarn", "yarn", ("add",), valued=("--cwd", "--mutex", "--cache-folder")),
    _Form("yarn", "yarn", ("global", "add"), valued=("--cwd", "--mutex", "--cache-folder")),
    _Form("pnpm", "pnpm", ("add",), valued=("-C", "--dir", "-F", "--filter", "--filter-prod")),
    _Form("pnpm", "pnpm", ("recursive multi m", "add"), valued=("-C", "--dir", "-F", "--filter", "--filter-prod")),
    _Form("bun", "bun", ("add install i a",), valued=("--cwd",)),
    _Form("gem", "gem", ("install i",), ":", ("-v", "--version"), ("-i", "-n", "--install-dir", "--source", "-s", "--bindir")),
    _Form("bundle", "bundle", ("add",), ":", ("-v", "--version"), ("--group", "-g", "--source", "-s", "--git", "--path")),
    _Form("cargo", "cargo", ("install binstall",), "@", ("--version", "--vers"), ("--root", "--features", "-F", "--target", "--profile", "-j", "--bin", "--registry", "--index", "--git", "--rev", "--tag", "--branch", "--path", "--disable-strategies", "--strategies", "--targets", "--pkg-url", "--install-path")),
    _Form("go", "go", ("install run",), "@", (), ("-tags", "-ldflags", "-C", "-mod", "-o"), logged=True),
    _Form("choco", "choco", ("install",), "", ("--version",), ("--source", "-s", "--params", "--package-parameters", "--install-arguments", "--ia")),
    _Form("nuget", "nuget", ("install",), "", ("-Version", "-version"), ("-Source", "-OutputDirectory", "-source", "-outputdirectory", "-o")),
    _Form("dotnet", "dotnet", ("tool", "install update"), "@", ("--version",), ("--tool-path", "--add-source", "--framework", "--configfile")),
    _Form("composer", "composer", ("require",), ":", (), ("--working-dir", "-d")),
    _Form("composer", "composer", ("global", "require"), ":", (), ("--working-dir", "-d")),
    _Form("helm", "helm", ("plugin", "install"), "", ("--version",)),
    _Form("psgallery", "install-module install-psresource", (), "", ("-requiredversion", "-version"), ("-scope", "-repository", "-minimumversion", "-maximumversion")),
    _Form("apt", "apt apt-get aptitude", ("install",), "=", (), ("-t", "-o", "--target-release", "--option")),
    _Form("apk", "apk", ("add",), "=", (), ("-t", "-X", "--virtual", "--repository", "-p")),
    _Form("dnf", "dnf yum microdnf zypper", ("install in",), "-\0", (), ("--repo", "--enablerepo", "--installroot")),
    _Form("brew", "brew", ("install upgrade",), "@"),
    _Form("snap", "snap", ("install",), "", (), ("--channel",)),
    _Form("winget", "winget", ("install",), "", ("--version", "-v"), ("--source", "-s")),
    _Form("pipx", "pipx", ("install upgrade",), "==", (), ("--python", "--pip-args", "--index-url", "-i", "--suffix")),
    _Form("pipx", "pipx", ("run",), "==", (), ("--python", "--pip-args", "--index-url", "-i", "--with", "--spec")),
    _Form("uv", "uv", ("tool", "install run upgrade"), "==", (), ("--python", "-p", "--with", "--index-url", "--from", "--generate-shell-completion")),
    _Form("uv", "uvx", (), "==", (), ("--python", "-p", "--with", "--index-url", "--from", "--generate-shell-completion")),
    _Form("npx", "npx bunx pnpx", (), valued=("-p", "--package", "-c", "--call", "--prefix", "-w")),
    _Form("npx", "npm", ("exec x",), valued=("-p", "--package", "-c", "--call", "--prefix", "-w")),
    _Form("npx", "pnpm yarn bun", ("dlx x",), valued=("-p", "--package", "-C", "--dir")),
)  # fmt: skip
_ONE = frozenset({"choco", "go", "helm", "npx", "nuget", "uv", "dotnet"})
"""Managers that take one package; what follows is for it."""

_EXACT = pattern(r"=?v?\d+(\.\d+){2,}([-+.][\w.+-]*)?")
_LOOSE_EXACT = pattern(r"=?v?\d+(\.\w+)*([-+.][\w.+-]*)?")  # what `==` names, however short
_COMMIT = pattern(r"[0-9a-f]{40}|v\d[\w.]*-\d{14}-[0-9a-f]{12}")
_NEWEST = frozenset(
    {"", "latest", "master", "main", "next", "HEAD", "head", "canary", "nightly", "upgrade"}
)
_LOCAL = pattern(
    r"[./~]|file:|[A-Za-z]:[\\/]|[^=<>~!]*\*|.*\.(whl|tgz|tar\.gz|gem|nupkg|zip|deb|rpm|apk|crate|config|nix)(\[[^]]*\])?$"
)
_PYTHON = pattern(r"(?P<name>[\w.-]+)(?:\[[^]]*\])?\s*(?P<version>(?:[=<>!~]=?|===).*|@\s*\S+)?")
_NAME = pattern(r"[a-z][a-z-]*")
_PIP_VALUED = [
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-e",
    "--editable",
    "-t",
    "--target",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "--prefix",
    "--root",
    "--platform",
    "--python",
    "--python-version",
    "--python-platform",
    "--config-settings",
    "-C",
    "--only-binary",
    "--no-binary",
    "--cache-dir",
    "--progress-bar",
    "--timeout",
    "--retries",
    "--trusted-host",
    "--group",
    "-p",
    "--torch-backend",
    "--index",
]
_DOCKER_VALUED = [
    "-v",
    "--volume",
    "-e",
    "--env",
    "--env-file",
    "-w",
    "--workdir",
    "-p",
    "--publish",
    "--name",
    "--network",
    "--net",
    "-u",
    "--user",
    "--entrypoint",
    "--mount",
    "--platform",
    "-l",
    "--label",
    "-m",
    "--memory",
    "--cpus",
    "--add-host",
    "--cap-add",
    "--cap-drop",
    "--device",
    "-h",
    "--hostname",
    "--ipc",
    "--pid",
    "--pull",
    "--restart",
    "--security-opt",
    "--shm-size",
    "--tmpfs",
    "--ulimit",
    "--volumes-from",
    "--gpus",
    "--log-driver",
    "--log-opt",
    "--dns",
    "--group-add",
    "--init-path",
    "--link",
    "--userns",
    "--cgroupns",
    "--cidfile",
    "--health-cmd",
    "--expose",
    "--runtime",
    "--stop-timeout",
]
_GH_VALUED = ["-R", "--repo", "-p", "--pattern", "-D", "--dir", "-A", "--archive", "-O", "--output"]


def mentioned(script: str) -> bool:
    """Whether a script names a program that installs: a cheap look, before it is read."""
    return not _programs().isdisjoint(_NAME.findall(script.lower())) or "pip" in script


@cache
def _programs() -> frozenset[str]:
    return frozenset({*_forms(), "docker", "gh", "podman", "uv"})


def install(command: Command) -> Install | None:
    """What a command installs from elsewhere; None where it installs nothing, or only what lies here."""
    command = command.module
    pip = command.name.startswith("pip") and re.fullmatch(r"pip[\d.]*", command.name) is not None
    if not pip and command.name not in _forms() and command.name not in ("docker", "podman", "gh"):
        return None
    if re.match(r"\.[\\/][^\\/]+$", command.path):
        return None  # `./uv pip install x` tries out a program that lies here
    if pip and command.runs(command.name, "install", valued=_PIP_VALUED):
        return _pip("pip", command, command.operands(_PIP_VALUED)[1:])
    if command.runs("uv", "pip", "install", valued=_PIP_VALUED):
        return _pip("uv", command, command.operands(_PIP_VALUED)[2:])
    if command.name in ("docker", "podman"):
        return _image(command)
    if command.runs("gh", "release", "download", valued=_GH_VALUED):
        return _release(command)
    for form in _forms().get(command.name, ()):
        words = _behind(command, form)
        if words is not None and not command.has_flag("--help"):
            return _read(command, form, words)
    return None


def _image(command: Command) -> Install | None:
    """`docker run image`, `docker pull image`."""
    found = command.operands(_DOCKER_VALUED)
    if len(found) < 2 or found[0].value not in ("create", "pull", "run") or not found[1].literal:
        return None
    name = parse_image(found[1].value)
    newest = name.tag in ("", "latest")
    grade = Exactness.HASH if name.digest else Exactness.ANY if newest else Exactness.VERSION
    return Install("docker", (Package(found[1].value, grade, name.name),))


def _release(command: Command) -> Install | None:
    """`gh release download` from another repository."""
    repository = command.option("-R", "--repo")
    if repository is None or not repository.literal:
        return None
    tag = command.operands(_GH_VALUED)[2:]
    grade = Exactness.VERSION if tag else Exactness.ANY
    text = " ".join((repository.value, *(word.value for word in tag)))
    return Install("gh", (Package(text, grade, repository.value),))


@cache
def _forms() -> dict[str, list[_Form]]:
    """By program."""
    found: dict[str, list[_Form]] = {}
    for form in _FORMS:
        for program in form.programs.split():
            found.setdefault(program, []).append(form)
    return found


def _behind(command: Command, form: _Form) -> tuple[Word, ...] | None:
    """The operands behind the subcommands of a form; None where those are others."""
    found = command.operands((*form.valued, *form.options))
    if command.name == "yarn" and found and found[0].value == "workspace":
        found = found[2:]
    if command.name == "cargo" and found and found[0].value.startswith("+"):
        found = found[1:]
    if len(found) < len(form.path):
        return None
    if any(w.value not in p.split() for w, p in zip(found, form.path, strict=False)):
        return None
    return found[len(form.path) :]


def _read(command: Command, form: _Form, words: Sequence[Word]) -> Install | None:
    runs = form.manager == "npx"
    if runs and command.has_flag("--no-install", "--no"):
        return None
    if given := command.option("--from", "--spec", "--package", "-p" if runs else "--package"):
        words = (given,)
    elif form.manager in _ONE or form.path[-1:] == ("run",):
        words = words[:1]
    if form.manager == "cargo" and (found := _cargo_git(command)):
        return Install("cargo", (found,))
    if form.manager == "cargo" and command.has_flag("--path"):
        return None
    asked = command.option(*form.options) if form.options else None
    packages = [p for word in words if (p := _package(word, form, asked, command))]
    return Install(form.manager, tuple(packages), runs=runs) if packages else None


def _cargo_git(command: Command) -> Package | None:
    address = command.option("--git")
    if address is None:
        return None
    rev, tag = command.option("--rev"), command.option("--tag")
    exactness = Exactness.HASH if rev else Exactness.VERSION if tag else Exactness.ANY
    return Package(address.value, exactness, address.value)


def _package(word: Word, form: _Form, asked: Word | None, command: Command) -> Package | None:
    text = word.value
    if _LOCAL.match(text) or text.startswith(("$", "%", "-")):
        return None
    if form.separator == "==":
        found = _python_package(word)
        if found is None or "@" not in text.partition("[")[0] or "://" in text:
            return found
        name, _, version = text.partition("@")  # uvx ruff@0.14.0
        return Package(text, _grade(version, _EXACT), name)
    at = text.find(form.separator, 1) if form.separator else -1
    name, version = (text[:at], text[at + 1 :]) if at > 0 else (text, "")
    if any(mark in name for mark in "$`{(%"):
        return None
    if form.manager == "go" and at < 0:
        return None  # part of the module at hand
    if not version and asked is not None:
        version, text = asked.value, f"{text} {asked.value}"
    grade = _grade(version, _EXACT)
    if grade is Exactness.VERSION and (
        form.logged or (form.manager == "cargo" and command.has_flag("--locked"))
    ):
        grade = Exactness.HASH
    return Package(text, grade, name)


def _grade(version: str, exact: re.Pattern[str]) -> Exactness:
    version = version.strip()
    if version in _NEWEST:
        return Exactness.ANY
    if _COMMIT.fullmatch(version):
        return Exactness.HASH
    if exact.fullmatch(version) or any(mark in version for mark in "$`{%"):
        return Exactness.VERSION
    return Exactness.RANGE


def _pip(manager: str, command: Command, words: Sequence[Word]) -> Install | None:
    if command.has_flag("--require-hashes", "--no-index", "--help"):
        return None
    files = tuple(
        command.argv[at + 1].value
        for at, word in enumerate(command.argv[:-1])
        if word.value in ("-r", "--requirement")
    ) + tuple(word.value[2:] for word in command.argv if re.match(r"-r\S", word.value))
    packages = [package for word in words if (package := _python_package(word))]
    if command.has_flag("-c", "--constraint"):
        packages = [p._replace(exactness=max(p.exactness, Exactness.VERSION)) for p in packages]
    return Install(manager, tuple(packages), files) if packages or files else None


def _python_package(word: Word) -> Package | None:
    """A requirement of PEP 508; None for paths and what is not known."""
    text = word.value.strip()
    if text.startswith(("git+", "hg+")) or " @ git+" in text:
        reference = text.partition("://")[2].partition("#")[0].rpartition("@")[2]
        return Package(text, _grade(reference if "/" not in reference else "", _EXACT), text)
    if text.startswith(("https://", "http://")):
        hashed = "#sha256=" in text
        return Package(text, Exactness.HASH if hashed else Exactness.VERSION, text)
    found = None if _LOCAL.match(text) else _PYTHON.match(text)
    if found is None or "/" in text.partition("@")[0] or any(m in found["name"] for m in "$`{%"):
        return None
    if text[found.end("name") :][:1] in ("$", "{", "\\"):
        return None
    version = (found["version"] or "").partition(";")[0].strip()
    if version.startswith("=="):
        grade = _grade(version.lstrip("="), _LOOSE_EXACT)
    else:
        grade = Exactness.RANGE if version else Exactness.ANY
    return Package(text, grade, found["name"])
