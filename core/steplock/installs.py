"""Floor 3. What a command installs from elsewhere, and how exactly it says which.

The options are those of the tools' own help pages, read 2026-11-21.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from steplock import packages
from steplock.lazy import pattern
from steplock.model import parse_image
from steplock.named import NamedTuple
from steplock.packages import Exactness, Package
from steplock.shell import Command, Word


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
    _Form("go-get", "go", ("get",), "@", (), ("-tags", "-ldflags", "-C", "-mod", "-p")),
    _Form("dotnet", "dotnet", ("add", "package"), "@", ("--version", "-v"), ("--framework", "-f", "--source", "-s", "--package-directory", "--project")),
    _Form("dotnet", "dotnet", ("package", "add"), "@", ("--version", "-v"), ("--framework", "-f", "--source", "-s", "--package-directory", "--project")),
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
    _Form("conda", "conda mamba micromamba", ("install",), "=", (), ("-n", "--name", "-p", "--prefix", "-c", "--channel", "--file", "-f", "-r", "--root-prefix", "--solver", "--platform")),
    _Form("luarocks", "luarocks", ("install",), "", (), ("--server", "--only-server", "--from", "--only-from", "--tree", "--to", "--lua-version", "--lua-dir", "--deps-mode", "--namespace")),
    _Form("cpan", "cpanm", (), "@", (), ("-l", "-L", "--local-lib", "--local-lib-contained", "--mirror", "--mirror-index", "--from", "-M", "--cpanfile")),
    _Form("gh", "gh", ("extension extensions ext", "install"), "", ("--pin",)),
    _Form("galaxy", "ansible-galaxy", ("collection", "install"), ":", (), ("-p", "--collections-path", "-s", "--server", "-r", "--requirements-file", "--api-key", "--token", "--keyring", "--signature", "--timeout")),
    _Form("deno", "deno", ("install",), "@", (), ("-n", "--name", "--root", "-c", "--config", "--import-map")),
    _Form("mise", "mise", ("use u",), "@", (), ("-e", "--env", "-j", "--jobs", "-p", "--path", "-C", "--cd")),
    _Form("npx", "npx bunx pnpx", (), valued=("-p", "--package", "-c", "--call", "--prefix", "-w")),
    _Form("npx", "npm", ("exec x",), valued=("-p", "--package", "-c", "--call", "--prefix", "-w")),
    _Form("npx", "pnpm yarn bun", ("dlx x",), valued=("-p", "--package", "-C", "--dir")),
)  # fmt: skip
_ONE = frozenset({"choco", "go", "helm", "npx", "nuget", "uv", "dotnet"})
"""Managers that take one package; what follows is for it."""

_OWN = frozenset({"conda", "deno", "go-get", "luarocks", "mise"})
"""Managers whose packages are named in a way of their own."""
_ADDRESSED = frozenset({"bun", "cpan", "galaxy", "gem", "npm", "npx", "pnpm", "yarn"})
"""Managers that take the address of a package."""
_UNVERIFIED = frozenset({"brew", "dnf"})
"""Those whose addresses are `unverified-download`'s."""
_TAGGED = frozenset({"cpan", "gh"})
"""Managers to which `1.0` is one version."""
_INSTALLS = frozenset({"i", "install"})
_UNLOCKS = {
    "npm": ("--no-package-lock", "--package-lock=false"),
    "pnpm": (
        "--no-lockfile",
        "--lockfile=false",
        "--no-frozen-lockfile",
        "--frozen-lockfile=false",
    ),
    "yarn": ("--no-lockfile",),
}

_NAME = pattern(r"[a-z][a-z-]*")
_PIP_VALUED = [
    "-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-t", "--target", "-i", "--index-url",
    "--extra-index-url", "-f", "--find-links", "--prefix", "--root", "--platform", "--python", "--python-version",
    "--python-platform", "--config-settings", "-C", "--only-binary", "--no-binary", "--cache-dir",
    "--progress-bar", "--timeout", "--retries", "--trusted-host", "--group", "-p", "--torch-backend", "--index",
]  # fmt: skip
_DOCKER_VALUED = [
    "-v", "--volume", "-e", "--env", "--env-file", "-w", "--workdir", "-p", "--publish", "--name", "--network",
    "--net", "-u", "--user", "--entrypoint", "--mount", "--platform", "-l", "--label", "-m", "--memory", "--cpus",
    "--add-host", "--cap-add", "--cap-drop", "--device", "-h", "--hostname", "--ipc", "--pid", "--pull",
    "--restart", "--security-opt", "--shm-size", "--tmpfs", "--ulimit", "--volumes-from", "--gpus",
    "--log-driver", "--log-opt", "--dns", "--group-add", "--init-path", "--link", "--userns", "--cgroupns",
    "--cidfile", "--health-cmd", "--expose", "--runtime", "--stop-timeout",
]  # fmt: skip
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
            if (found := _read(command, form, words)) is not None:
                return found
            break
    return _without_lock(command)


def _without_lock(command: Command) -> Install | None:
    """What the project lists, where its lock file is told to be left aside."""
    words = command.arguments
    if len(words) > 1 or (words and words[0].value not in _INSTALLS):
        return None
    for word in command.argv:
        if word.value in _UNLOCKS.get(command.name, ()) and (words or command.name == "yarn"):
            # A lock file that need not fit is still followed where it does.
            grade = Exactness.RANGE if "frozen" in word.value else Exactness.ANY
            return Install("lock", (Package(f"{command.name} {word.value}", grade),))
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
    if command.name == "dotnet" and len(found) > 2 and found[0].value == "add":
        found = (found[0], *found[-2:])  # `dotnet add x.csproj package y`
    if len(found) < len(form.path):
        return None
    if any(w.value not in p.split() for w, p in zip(found, form.path, strict=False)):
        return None
    return found[len(form.path) :]


def _read(command: Command, form: _Form, words: Sequence[Word]) -> Install | None:
    runs = form.manager == "npx"
    if runs and command.has_flag("--no-install", "--no"):
        return None
    if form.manager == "cargo" and command.has_flag("--path"):
        return None
    if form.manager == "cargo" and (source := _cargo_git(command)):
        return Install("cargo", (source,))
    if form.manager in _OWN:
        named = tuple(_named(command, form, words))
        return Install(form.manager, named) if named else None
    if given := command.option("--from", "--spec", "--package", "-p" if runs else "--package"):
        words = (given,)
    elif form.manager in _ONE or form.path[-1:] == ("run",):
        words = words[:1]
    asked = command.option(*form.options) if form.options else None
    found = tuple(p for word in words if (p := _package(word, form, asked, command)))
    return Install(form.manager, found, runs=runs) if found else None


def _named(command: Command, form: _Form, words: Sequence[Word]) -> Iterator[Package]:
    """The packages of managers that name them in a way of their own."""
    texts = [word.value for word in words]
    match form.manager:
        case "conda":
            channels = command.option("-c", "--channel")
            here = channels is not None and (channels.value == "local" or not _is_channel(channels))
            if not here and not command.has_flag("--use-local", "--offline"):
                yield from filter(None, map(packages.conda, texts))
        case "deno":
            if command.has_flag("-g", "--global", clustered=True):
                texts = [text for text in texts[:1] if text.startswith(("npm:", "jsr:"))]
                yield from filter(None, map(packages.prefixed, texts))
        case "go-get":
            upgrade = command.has_flag("-u")
            yield from (p for t in texts if (p := packages.go(t, upgrade=upgrade)))
        case "luarocks" if texts and not packages.is_local(texts[0]) and words[0].literal:
            version = texts[1] if len(texts) > 1 and "=" not in texts[1] else ""
            text = " ".join(filter(None, (texts[0], version)))
            yield Package(text, packages.grade(version, packages.LOOSE_EXACT), texts[0])
        case "mise":
            if not command.has_flag("--rm", "--remove", "--unset"):
                yield from filter(None, map(packages.prefixed, texts))


def _is_channel(word: Word) -> bool:
    return word.literal and re.match(r"[./~]|file:", word.value) is None


def _cargo_git(command: Command) -> Package | None:
    address = command.option("--git")
    if address is None:
        return None
    rev, tag = command.option("--rev"), command.option("--tag")
    exactness = Exactness.HASH if rev else Exactness.VERSION if tag else Exactness.ANY
    return Package(address.value, exactness, address.value)


def _package(word: Word, form: _Form, asked: Word | None, command: Command) -> Package | None:
    text = word.value
    if text.startswith(("$", "%", "-")) or packages.is_local(text):
        return None
    if form.separator == "==":
        found = packages.python(word)
        if found is None or "@" not in text.partition("[")[0] or "://" in text:
            return found
        name, _, version = text.partition("@")  # uvx ruff@0.14.0
        return Package(text, packages.grade(version), name)
    if packages.is_address(text):
        if form.manager in _ADDRESSED:
            return packages.at_address(text)
        if form.manager in _UNVERIFIED:
            return None
    at = text.find(form.separator, 1) if form.separator else -1
    name, version = (text[:at], text[at + 1 :]) if at > 0 else (text, "")
    if any(mark in name for mark in "$`{(%"):
        return None
    if form.manager == "go" and at < 0:
        return None  # part of the module at hand
    if not version and asked is not None:
        version, text = asked.value, f"{text} {asked.value}"
    if "#" in text and packages.is_hashed(text):
        return Package(text, Exactness.HASH, name)  # npm install owner/repo#commit
    exact = packages.LOOSE_EXACT if form.manager in _TAGGED else packages.EXACT
    grade = packages.grade(version.removeprefix("=="), exact)
    if grade is Exactness.VERSION and (
        form.logged or (form.manager == "cargo" and command.has_flag("--locked"))
    ):
        grade = Exactness.HASH
    return Package(text, grade, name)


def _pip(manager: str, command: Command, words: Sequence[Word]) -> Install | None:
    if command.has_flag("--require-hashes", "--no-index", "--help"):
        return None
    lists = tuple(_values(command, "-r", "--requirement"))
    editable = [w for w in _values(command, "-e", "--editable") if "://" in w.value]
    found = [p for word in (*words, *editable) if (p := packages.python(word))]
    if command.has_flag("-c", "--constraint"):
        found = [p._replace(exactness=max(p.exactness, Exactness.VERSION)) for p in found]
    far = [w.value for w in lists if packages.is_address(w.value)]
    found += [packages.at_address(text) for text in far if not packages.is_local(text)]
    files = tuple(w.value for w in lists if w.value not in far)
    return Install(manager, tuple(found), files) if found or files else None


def _values(command: Command, short: str, long: str) -> Iterator[Word]:
    """The values of an option that may be given several times: `-r x`, `-rx`, `--long x`, `--long=x`."""
    for at, word in enumerate(command.argv):
        value = word.value
        if value in (short, long):
            yield from command.argv[at + 1 : at + 2]
        elif value.startswith(f"{long}=") and (behind := word.after("=")):
            yield behind
        elif value.startswith(short) and not value.startswith("--"):
            yield word._replace(text=word.text, value=value[len(short) :])
