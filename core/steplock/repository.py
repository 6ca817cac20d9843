"""Floor 2. The files around the one being checked: callers, callees, composite actions, lock files.

Reads through a function it is given, parses on demand, keeps what it parsed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from steplock import syntax
from steplock.annotations import Any, TypeVar
from steplock.lazy import cached_property
from steplock.model import Action, ActionsLock, File, Uses, Workflow, files, kind

WORKFLOWS = ".github/workflows"
_MAX_BYTES = 4_000_000

_Value = TypeVar("_Value")


def parse(path: str, text: str) -> tuple[File, ...]:
    """What a text at a path holds."""
    return tuple(files(path, syntax.parse(text)))


class Repository:
    """A tree of files, named by their paths from its root with `/` between the parts."""

    def __init__(
        self,
        read: Callable[[str], str | None] = lambda path: None,
        folder: Callable[[str], tuple[str, ...]] = lambda path: (),
        parse: Callable[[str, str], tuple[File, ...]] = parse,
    ) -> None:
        self._read = read
        self._folder = folder
        self._parse = parse
        self._texts: dict[str, str | None] = {}
        self._files: dict[str, tuple[File, ...]] = {}
        self._known: dict[object, Any] = {}
        self.asked: set[str] = set()
        """All paths that anything asked for so far, folders with `/` at the end: what results rest on."""
        self.changes = 0
        """How often a file was replaced by another version: part of the key of what rests on several files."""

    def once(self, key: object, work: Callable[[], _Value]) -> _Value:
        """What `work` gives, worked out once for a key and kept as long as these files are."""
        if key not in self._known:
            self._known[key] = work()
        found: _Value = self._known[key]
        return found

    def read(self, path: str) -> str | None:
        """A file's text; None where there is none, it is no text, or it lies outside."""
        path = posixpath.normpath(path)
        if path.startswith(("../", "/")) or path == "..":
            return None
        self.asked.add(path)
        if path not in self._texts:
            text = self._read(path)
            self._texts[path] = None if text is not None and len(text) > _MAX_BYTES else text
        return self._texts[path]

    def folder(self, path: str) -> tuple[str, ...]:
        """The names of the files in a folder, sorted."""
        path = posixpath.normpath(path)
        self.asked.add(f"{path}/")
        return self._folder(path)

    def held(self, path: str, text: str) -> tuple[File, ...]:
        """What `path` holds, where this very text of it is parsed already; else nothing."""
        held = self._files.get(posixpath.normpath(path), ())
        return held if held and held[0].document.text == text else ()

    def add(self, path: str, parsed: tuple[File, ...]) -> None:
        """Use these views for `path`, parsed already, instead of reading it."""
        path = posixpath.normpath(path)
        if path in self._files and _texts(self._files[path]) != _texts(parsed):
            self.changes += 1
            self.__dict__.pop("workflows", None)
            self.__dict__.pop("lock", None)
        self._files[path] = parsed

    def files(self, path: str) -> tuple[File, ...]:
        """What a file holds; empty where it cannot be read."""
        path = posixpath.normpath(path)
        self.asked.add(path)
        if path not in self._files:
            text = self.read(path)
            self._files[path] = () if text is None else self._parse(path, text)
        return self._files[path]

    def workflow(self, path: str) -> Workflow | None:
        return next((f for f in self.files(path) if isinstance(f, Workflow)), None)

    def action(self, folder: str) -> Action | None:
        """The action in a folder."""
        for name in ("action.yml", "action.yaml"):
            for file in self.files(posixpath.join(folder, name)):
                if isinstance(file, Action):
                    return file
        return None

    def callee(self, uses: Uses) -> Workflow | Action | None:
        """The local workflow or action that a `uses:` runs; None where it lies elsewhere or is missing."""
        if not uses.is_local:
            return None
        path = uses.value.removeprefix("$/").removeprefix("./").replace("\\", "/")
        return self.workflow(path) if kind(path) is Workflow else self.action(path)

    @cached_property
    def workflows(self) -> tuple[Workflow, ...]:
        """All workflows, by path."""
        found = map(self.workflow, self._workflow_paths())
        return tuple(workflow for workflow in found if workflow)

    def naming(self, word: str) -> Iterator[Workflow]:
        """The workflows in whose text `word` stands, by path; the others are read, and not parsed."""
        for path in self._workflow_paths():
            held = self._files.get(path)
            text = held[0].document.text if held else self.read(path)
            if text and word in text and (workflow := self.workflow(path)):
                yield workflow

    def _workflow_paths(self) -> list[str]:
        names = (name for name in self.folder(WORKFLOWS) if name.endswith((".yml", ".yaml")))
        return [f"{WORKFLOWS}/{name}" for name in sorted(names)]

    @cached_property
    def lock(self) -> ActionsLock | None:
        """GitHub's own lock file for actions."""
        held = self.files(f"{WORKFLOWS}/actions.lock")
        return next((f for f in held if isinstance(f, ActionsLock)), None)


def _texts(parsed: tuple[File, ...]) -> list[str]:
    return [file.document.text for file in parsed]
