"""The files of one repository, for rules that look beyond the file being checked."""

from __future__ import annotations

import os
from collections.abc import Mapping

from steplock_hooks import disk
from steplock_hooks.cache import digest


class Tree:
    """Reads below a root, through no link that leads out of it, and each file once."""

    def __init__(self, root: str, texts: Mapping[str, str] | None = None) -> None:
        """`texts` are read instead of the files at these paths."""
        self.root = root
        self._texts = texts or {}
        self._inside = os.path.join(os.path.realpath(root), "")
        self._contents: dict[str, bytes | None] = {}
        self._folders: dict[str, str | None] = {}
        self._states: dict[tuple[str, ...], bytes] = {}

    def read(self, path: str) -> str | None:
        """A file's text, by its path from the root with `/`; None where it cannot be read."""
        if path in self._texts:
            return self._texts[path]
        content = self.content(path)
        try:
            return None if content is None else disk.decode(content)
        except disk.Unreadable:
            return None

    def folder(self, path: str) -> tuple[str, ...]:
        """The names of the files in a folder, sorted; empty where there is none."""
        where = self.where(path)
        if where is None:
            return ()
        try:
            with os.scandir(where) as entries:
                return tuple(sorted(entry.name for entry in entries if entry.is_file()))
        except OSError:
            return ()

    def state(self, paths: tuple[str, ...]) -> bytes:
        """16 bytes that stand for what all these hold; folders end in `/`."""
        if paths not in self._states:
            contents = map(self.content, paths)
            self._states[paths] = digest(*(b"-" if one is None else b"+" + one for one in contents))
        return self._states[paths]

    def content(self, path: str) -> bytes | None:
        """A file's bytes, or for a path that ends in `/` the names in that folder."""
        if path not in self._contents:
            self._contents[path] = self._content(path)
        return self._contents[path]

    def _content(self, path: str) -> bytes | None:
        if path.endswith("/"):
            return "\0".join(self.folder(path)).encode("utf-8", "surrogateescape")
        where = self.where(path)
        try:
            return None if where is None else disk.read(where)
        except disk.Unreadable:
            return None

    def where(self, path: str) -> str | None:
        """The absolute path, through all links; None where it leads out."""
        folder, name = os.path.split(path)
        if folder not in self._folders:
            self._folders[folder] = _real(os.path.join(self.root, folder))
        real = self._folders[folder]
        if real is None or name == ".." or "\0" in name:
            return None
        # To ask of each part of each path whether it is a link takes longer than to read the files.
        where: str | None = os.path.join(real, name) if name else real
        if where is not None and os.path.islink(where):
            where = _real(where)
        return where if where and os.path.join(where, "").startswith(self._inside) else None


def _real(path: str) -> str | None:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return None
