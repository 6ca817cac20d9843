"""From what the command line names to the files to check."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from steplock.named import NamedTuple
from steplock_hooks import place
from steplock_hooks.complaint import Complaint
from steplock_hooks.paths import is_read, may_be_yaml

STDIN = "-"

# Where there is no git to say what is ignored.
_SKIPPED = {".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "__pycache__", "node_modules"}


class Target(NamedTuple):
    """A file to check."""

    shown: str
    """Its name for people, with `/`."""
    file: str
    """Its absolute path; `-` for standard input."""
    root: str
    """The absolute path of its repository."""
    path: str
    """Its path from there, with `/`."""
    named: bool = True
    """Whether it was named itself, not found in a folder."""


class Found(NamedTuple):
    targets: tuple[Target, ...]
    notes: tuple[str, ...]
    """What was named and passed over, and why."""


def find(names: Iterable[str], stdin_name: str | None = None) -> Found:
    """The files that the names stand for, each once, in the order of the names.

    Raises:
        Complaint: where a name stands for nothing.
    """
    here = os.getcwd()
    root = cache(place.root)
    targets: dict[str, Target] = {}
    notes: list[str] = []
    for name in names:
        if name == STDIN:
            targets[STDIN] = _stdin(stdin_name, here, root)
        elif os.path.isdir(name):
            for inner in _within(os.path.join(here, name), notes):
                target = _target(os.path.join(name, inner), here, root)._replace(named=False)
                targets.setdefault(target.file, target)
        elif not os.path.lexists(name):
            raise Complaint(f"{name}: no such file or folder")
        elif may_be_yaml(name):
            target = _target(name, here, root)
            targets.setdefault(target.file, target)
        else:
            notes.append(f"{name}: not checked, since it is no YAML file")
    return Found(tuple(targets.values()), tuple(notes))


def _target(name: str, here: str, root_of: Callable[[str, str], str]) -> Target:
    file = os.path.normpath(os.path.join(here, name))
    root = root_of(os.path.dirname(file), here)
    shown = os.path.normpath(name).replace(os.sep, "/")
    inside = os.path.join(root, "")
    # relpath takes a fifth of the search for files; it is right for all others.
    path = file[len(inside) :] if file.startswith(inside) else os.path.relpath(file, root)
    return Target(shown, file, root, path.replace(os.sep, "/"))


def _stdin(name: str | None, here: str, root_of: Callable[[str, str], str]) -> Target:
    if name is not None:
        return _target(name, here, root_of)._replace(file=STDIN)
    return Target("<stdin>", STDIN, root_of(here, here), "stdin.yml")


def _within(folder: str, notes: list[str]) -> Iterator[str]:
    """The known files below a folder, from there, sorted."""
    folder = os.path.normpath(folder)
    if place.git_root(folder):
        from steplock_hooks import git

        # Nothing at all: the folder is ignored as a whole, and was named all the same.
        if names := git.listed(folder):
            yield from _listed(folder, names, notes)
            return
    yield from _walk(folder, notes)


def _listed(folder: str, names: Iterable[str], notes: list[str]) -> Iterator[str]:
    prefix = os.path.join(folder, "").replace(os.sep, "/")
    for name in names:
        if name.endswith("/"):
            yield from (name + inner for inner in _within(os.path.join(folder, name), notes))
        elif is_read(prefix + name) and _is_file(os.path.join(folder, name)):
            yield name


def _is_file(path: str) -> bool:
    """Whether something is there: git lists what is deleted but not committed, and submodules."""
    return os.path.lexists(path) and not os.path.isdir(path)


def _walk(folder: str, notes: list[str]) -> Iterator[str]:
    pending = [""]
    while pending:
        inner = pending.pop()
        try:
            with os.scandir(os.path.join(folder, inner)) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            notes.append(f"{os.path.join(folder, inner)}: not searched: {error.strerror}")
            continue
        folders = []
        for entry in found:
            name = os.path.join(inner, entry.name)
            if not entry.is_dir(follow_symlinks=False):
                if is_read(entry.path.replace(os.sep, "/")) and not entry.is_dir():
                    yield name
            elif entry.name not in _SKIPPED:
                folders.append(name)
        for name in reversed(folders):
            if os.path.lexists(os.path.join(folder, name, ".git")):
                yield from (
                    os.path.join(name, one) for one in _within(os.path.join(folder, name), notes)
                )
            else:
                pending.append(name)
