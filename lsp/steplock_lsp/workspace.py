"""The files round a document: roots, configuration, other files; open buffers before the disk.

What was read from the disk is kept by size and time of change, so that nothing depends on an editor
that watches files. Used from the thread that checks, and from one thread only.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from steplock import config, repository
from steplock.model import File, kind
from steplock.repository import Repository
from steplock.settings import DEFAULTS, Settings
from steplock_lsp.documents import Documents
from steplock_lsp.settings import EditorSettings

WATCHED = (
    "**/.github/**/*.{yml,yaml,lock}",
    "**/{action,steplock,zizmor}.{yml,yaml}",
    "**/.pre-commit-config.yaml",
    "**/.pre-commit-hooks.yaml",
)
"""Globs of the files that results can depend on."""

_MAX_BYTES = 4_000_000
_MAX_FOLDERS = 2_000
_SKIPPED = frozenset({"node_modules", "vendor", "target", "dist", "build", "__pycache__"})


class _Kept(NamedTuple):
    """What a file held, and in which state it was then."""

    state: tuple[int, int, int]
    text: str | None


_OWN = frozenset(map(posixpath.basename, config.NAMES))
_PEER = frozenset(map(posixpath.basename, config.PEER_NAMES))


def is_own_configuration(path: str) -> bool:
    """Whether a file is a `steplock.yml`."""
    return posixpath.basename(path) in _OWN


def is_configuration(path: str) -> bool:
    """Whether a file is one that settings are read from, that of the other tool too."""
    return posixpath.basename(path) in _OWN | _PEER


class Workspace:
    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.folders: tuple[str, ...] = ()
        self.editor = EditorSettings()
        self.folder_settings: dict[str, EditorSettings] = {}
        self._texts: dict[str, _Kept] = {}
        self._configurations: dict[str, tuple[str, config.Read]] = {}
        self._parsed: dict[str, tuple[str, tuple[File, ...]]] = {}

    def folder(self, path: str) -> str | None:
        """The innermost folder of the workspace that holds a file."""
        holding = [folder for folder in self.folders if path.startswith(f"{folder}/")]
        return max(holding, key=len, default=None)

    def root(self, path: str) -> str:
        """The root of a file's repository, as the hooks find it.

        Where `.git` is; else the nearest folder that holds a `.github`, which need not be saved yet;
        else the workspace's folder; else the file's own.
        """
        above = list(_upwards(posixpath.dirname(path)))
        for folder in above:
            if os.path.exists(f"{folder}/.git"):
                return folder
        before, found, _ = path.rpartition("/.github/")
        for folder in above:
            if (found and folder == before) or os.path.isdir(f"{folder}/.github"):
                return folder
        return self.folder(path) or posixpath.dirname(path)

    def editor_settings(self, path: str | None) -> EditorSettings:
        folder = self.folder(path) if path else None
        return self.folder_settings.get(folder, self.editor) if folder else self.editor

    def settings(self, path: str | None) -> Settings:
        """The configuration nearest to a file, with the editor's laid over it."""
        settings = DEFAULTS
        found = self.configuration(path) if path else None
        if found is not None:
            settings = self._read_configuration(found).settings
        return self.editor_settings(path).over(settings)

    def configuration(self, path: str) -> str | None:
        """The nearest of our configuration files, upwards to the repository's root; else of the other tool's."""
        root = self.root(path)
        inside = [
            f for f in _upwards(posixpath.dirname(path)) if f == root or f.startswith(f"{root}/")
        ]
        for names in (config.NAMES, config.PEER_NAMES):
            for folder in inside:
                for name in names:
                    if self._is_file(candidate := f"{folder}/{name}"):
                        return candidate
        return None

    def _read_configuration(self, path: str) -> config.Read:
        text = self.text(path) or ""
        kept = self._configurations.get(path)
        if kept is None or kept[0] != text:
            kept = self._configurations[path] = text, config.read(text, path)
        return kept[1]

    def text(self, path: str) -> str | None:
        """A file's text, as the editor shows it or as it is on the disk; None where there is none."""
        document = self.documents.at(path)
        if document is not None:
            return document.text
        try:
            status = os.stat(path)
            state = status.st_mtime_ns, status.st_size, status.st_ino
            kept = self._texts.get(path)
            if kept is None or kept.state != state:
                kept = self._texts[path] = _Kept(state, _read(path, status))
        except (OSError, ValueError):
            self._texts.pop(path, None)
            return None
        return kept.text

    def state(self, path: str) -> object:
        """What a check sees of a file, or of a folder, whose path ends in `/`."""
        return self._names(path.rstrip("/")) if path.endswith("/") else self.text(path)

    def _is_file(self, path: str) -> bool:
        return self.documents.at(path) is not None or os.path.isfile(path)

    def repository(self, root: str) -> Repository:
        """The tree of files at `root`."""

        def read(path: str) -> str | None:
            absolute = f"{root}/{path}"
            return self.text(absolute) if _is_inside(absolute, root) else None

        def names(path: str) -> tuple[str, ...]:
            return self._names(f"{root}/{path}")

        def parse(path: str, text: str) -> tuple[File, ...]:
            kept = self._parsed.get(absolute := f"{root}/{path}")
            if kept is None or kept[0] != text:
                kept = self._parsed[absolute] = text, repository.parse(path, text)
            return kept[1]

        return Repository(read, names, parse)

    def _names(self, folder: str) -> tuple[str, ...]:
        try:
            names = set(os.listdir(folder))
        except (OSError, ValueError):
            names = set()
        for document in self.documents:
            if document.path and posixpath.dirname(document.path) == folder:
                names.add(posixpath.basename(document.path))
        return tuple(sorted(names))

    def checkable(self) -> Iterator[str]:
        """The files of the workspace that are of a known kind, `.github` first and bounded in number."""
        seen = set()
        for folder in self.folders:
            for top in (f"{folder}/.github", folder):
                for path in _walk(top):
                    if path not in seen and kind(path) is not None:
                        seen.add(path)
                        yield path


def _upwards(folder: str) -> Iterator[str]:
    while folder and folder != posixpath.dirname(folder):
        yield folder
        folder = posixpath.dirname(folder)


def _is_inside(path: str, root: str) -> bool:
    """Whether no link leads out of the repository: its content is not to be trusted."""
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(root), ""))


def _read(path: str, status: os.stat_result) -> str | None:
    if status.st_size > _MAX_BYTES or not stat.S_ISREG(status.st_mode):
        return None
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def _walk(top: str) -> Iterator[str]:
    for folder, below, names in islice(os.walk(top), _MAX_FOLDERS):
        hidden = not folder.startswith(f"{top}/.github") and not top.endswith("/.github")
        below[:] = sorted(
            name for name in below if name not in _SKIPPED and not (hidden and name.startswith("."))
        )
        for name in sorted(names):
            yield f"{folder}/{name}".replace("\\", "/")
