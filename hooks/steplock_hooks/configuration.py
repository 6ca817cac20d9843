"""Which configuration holds for a file, and what it says."""

from __future__ import annotations

import os
from functools import cache

from steplock.annotations import TYPE_CHECKING
from steplock.named import NamedTuple
from steplock.rule import Severity
from steplock_hooks import disk, place
from steplock_hooks.complaint import Complaint
from steplock_hooks.targets import STDIN, Target

if TYPE_CHECKING:
    from steplock.settings import Settings

# As in steplock.config, which takes longer to import than to look for these; a test compares them.
NAMES = (".github/steplock.yml", ".github/steplock.yaml", "steplock.yml", "steplock.yaml")
PEER_NAMES = (".github/zizmor.yml", ".github/zizmor.yaml", "zizmor.yml", "zizmor.yaml")


class Source(NamedTuple):
    """A configuration file: its absolute path (empty for none, and then nothing is set) and its text."""

    file: str = ""
    text: str = ""


class Policy(NamedTuple):
    """What a configuration says of whole files; what it says of rules is `settings`' business."""

    fail_on: Severity | None
    exclude: tuple[str, ...]
    notes: tuple[str, ...]

    def excludes(self, path: str) -> bool:
        if not self.exclude:
            return False
        from steplock.glob import matches

        return any(matches(path, glob) for glob in self.exclude)


class Sources:
    """Finds the configuration for files; looks into each folder, and reads each file, once."""

    def __init__(self, file: str | None, off: bool) -> None:
        """`file` counts for all, where it is given; with `off`, none does."""
        self._file = file
        self._off = off
        self._nearest = cache(_nearest)
        self._load = cache(_load)

    def source(self, target: Target) -> Source:
        """The configuration that holds for a file.

        Raises:
            Complaint: where it cannot be read.
        """
        if self._off:
            return Source()
        folder = target.root if target.file == STDIN else os.path.dirname(target.file)
        file = self._file or self._nearest(folder, target.root)
        return self._load(file) if file else Source()


def _nearest(folder: str, root: str) -> str | None:
    """The nearest of ours from an absolute folder up to the root, else of the peer's."""
    inside = []
    for one in place.above(folder):
        inside.append(one)
        if one == root:
            break
    for names in (NAMES, PEER_NAMES):
        for one in inside:
            for name in names:
                if os.path.isfile(file := os.path.join(one, name)):
                    return file
    return None


def _load(file: str) -> Source:
    try:
        return Source(file, disk.decode(disk.read(file)))
    except disk.Unreadable as error:
        raise Complaint(f"the configuration {_name(file)} {error}") from error


@cache
def settings(source: Source) -> Settings:
    """All that a configuration says.

    Raises:
        Complaint: where it is wrong, with each place.
    """
    return _read(source)[0]


@cache
def policy(source: Source) -> Policy:
    """The part that decides about files. Raises Complaint as `settings` does."""
    settings, notes = _read(source)
    return Policy(settings.fail_on, settings.exclude, notes)


@cache
def _read(source: Source) -> tuple[Settings, tuple[str, ...]]:
    if not source.file:
        from steplock.settings import DEFAULTS

        return DEFAULTS, ()
    from steplock import config

    read = config.read(source.text, source.file.replace(os.sep, "/"))
    problems = []
    for problem in read.problems:
        line, column = read.document.lines.position(problem.span.start)
        problems.append(f"{_name(source.file)}:{line + 1}:{column + 1}: {problem.message}")
    if not problems:
        return read.settings, ()
    if os.path.basename(source.file).startswith("zizmor."):
        # Written for another tool: what we do not understand in it is no mistake.
        return read.settings, tuple(problems)
    raise Complaint("\n".join(problems))


def _name(file: str) -> str:
    try:
        near = os.path.relpath(file)
    except ValueError:  # another drive
        return file
    return file if near.startswith("..") else near.replace(os.sep, "/")
