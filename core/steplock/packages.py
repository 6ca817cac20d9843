"""Floor 3. The ways to name a package, and how exactly each says which."""

from __future__ import annotations

import enum
import re

from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.shell import Word

EXACT = pattern(r"=?v?\d+(\.\d+){2,}([-+.][\w.+-]*)?")
LOOSE_EXACT = pattern(r"=?v?\d+(\.\w+)*([-+.][\w.+-]*)?")
"""What `==` and a tag name, however short."""
_COMMIT = pattern(r"[0-9a-f]{40}|v\d[\w.]*-\d{14}-[0-9a-f]{12}")
_HASHED = pattern(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])|#sha256=")
_VERSIONED = pattern(r"\d+\.\d+|[$%][{({]?\w|@v?\d")
# No upper end, so that the newest fits.
_OPEN = pattern(r"(?:>=?|!=)\s*[^<>=!~,|\s]+(?:\s*,\s*(?:>=?|!=)\s*[^<>=!~,|\s]+)*")
_NEWEST = frozenset(
    {"", "latest", "master", "main", "next", "HEAD", "head", "canary", "nightly", "upgrade"}
)
_LOCAL = pattern(
    r"[./~]|file:|[A-Za-z]:[\\/]|[^=<>~!]*\*|"
    r".*\.(whl|tgz|tar\.gz|tar\.bz2|conda|gem|nupkg|zip|deb|rpm|apk|crate|config|nix|rock|rockspec)(\[[^]]*\])?$"
)
_HERE = pattern(r"(git\+)?https?://(localhost|127\.|\[::1\]|0\.0\.0\.0|host\.docker\.internal)")
_PYTHON = pattern(r"(?P<name>[\w.-]+)(?:\[[^]]*\])?\s*(?P<version>(?:[=<>!~]=?|===).*|@\s*\S+)?")
_CONDA = pattern(r"(?:[^:]+::)?(?P<name>[\w.-]+)\s*(?P<version>[^\[]*)")
_BACKEND = pattern(r"[a-z]+:")
_UNKNOWN = "$`{(%"


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


def grade(version: str, exact: re.Pattern[str] = EXACT) -> Exactness:
    """How exact a version is; exact: what names a single one."""
    version = version.strip()
    if version in _NEWEST or _OPEN.fullmatch(version):
        return Exactness.ANY
    if _COMMIT.fullmatch(version):
        return Exactness.HASH
    if exact.fullmatch(version) or any(mark in version for mark in "$`{%"):
        return Exactness.VERSION
    return Exactness.RANGE


def is_local(text: str) -> bool:
    """Whether it is a path or of this machine's own services, and nothing that comes from elsewhere."""
    return (_HERE if "://" in text else _LOCAL).match(text) is not None


def is_address(text: str) -> bool:
    return re.match(r"(git\+)?(https?|git|ssh)://", text) is not None


def is_hashed(text: str) -> bool:
    """Whether a commit or a hash in it holds it to one content."""
    return _HASHED.search(text) is not None


def at_address(text: str) -> Package:
    """A package that is named by where it lies."""
    path = text.partition("://")[2].partition("/")[2]
    if is_hashed(text):
        exactness = Exactness.HASH
    elif _VERSIONED.search(path) and "/latest/" not in path:
        exactness = Exactness.VERSION
    else:
        exactness = Exactness.ANY
    return Package(text, exactness, text)


def python(word: Word) -> Package | None:
    """A requirement of PEP 508; None for paths and what is not known."""
    text = word.value.strip()
    if is_local(text):
        return None
    if text.startswith(("git+", "hg+")) or " @ git+" in text:
        reference = text.partition("://")[2].partition("#")[0].rpartition("@")[2]
        return Package(text, grade(reference if "/" not in reference else "", LOOSE_EXACT), text)
    if text.startswith(("https://", "http://")):
        return at_address(text)
    found = _PYTHON.match(text)
    if found is None or "/" in text.partition("@")[0] or any(m in found["name"] for m in "$`{%"):
        return None
    if text[found.end("name") :][:1] in ("$", "{", "\\"):
        return None
    version = (found["version"] or "").partition(";")[0].strip()
    if "://" in version:
        return at_address(version.lstrip("@ "))._replace(text=text, name=found["name"])
    if version.startswith("=="):
        return Package(text, grade(version.lstrip("="), LOOSE_EXACT), found["name"])
    return Package(text, grade(version), found["name"])


def conda(text: str) -> Package | None:
    """A match specification: `channel::name=1.2=build`, `name>=1`."""
    found = None if _unknown(text) else _CONDA.match(text)
    if found is None:
        return None
    version = found["version"].strip()
    if version.startswith("=="):
        return Package(text, grade(version[2:].partition("=")[0], LOOSE_EXACT), found["name"])
    if version.startswith("="):  # `=1.2` is `1.2.*`
        return Package(text, grade(version[1:].partition("=")[0]), found["name"])
    return Package(text, grade(version), found["name"])


def go(text: str, *, upgrade: bool) -> Package | None:
    """What `go get` is asked for; None for what the module has and for the toolchain."""
    name, _, version = text.partition("@")
    if version == "none" or any(mark in name for mark in _UNKNOWN):
        return None
    if upgrade:
        return Package(f"-u {text}", Exactness.ANY, name)
    if _LOCAL.match(name) or "." not in name.partition("/")[0]:
        return None
    # A public log has the content of each version.
    found = grade(version)
    return Package(text, Exactness.HASH if found is Exactness.VERSION else found, name)


def prefixed(text: str) -> Package | None:
    """`npm:@scope/name@1.2.3`, as mise and deno say where a package is from."""
    start = found.end() if (found := _BACKEND.match(text)) else 0
    at = text.find("@", start + 1)
    name, version = (text[:at], text[at + 1 :]) if at > 0 else (text, "")
    if _unknown(name) or version == "system":
        return None
    return Package(text, grade(version.partition("/")[0]), name)


def _unknown(name: str) -> bool:
    return any(mark in name for mark in _UNKNOWN) or _LOCAL.match(name) is not None
