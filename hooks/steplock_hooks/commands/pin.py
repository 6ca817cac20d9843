"""`steplock pin`: put commits in the place of tags, and keep them current."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from types import SimpleNamespace

from steplock.model import HookRepo, Uses, views
from steplock.named import NamedTuple
from steplock.pinning import Pinnable, Target, pin_edits
from steplock.repository import parse
from steplock.text import Edit, Lines, Span, apply_edits
from steplock_hooks import choosing, disk, subject, targets
from steplock_hooks.choosing import say
from steplock_hooks.complaint import Complaint
from steplock_hooks.configuration import Policy, Source
from steplock_hooks.diff import diff
from steplock_hooks.formats.terminal import BOLD, Pen, visible
from steplock_hooks.online import git_server
from steplock_hooks.style import style
from steplock_hooks.subject import Subject
from steplock_hooks.targets import STDIN

_NO_POLICY = Policy(None, (), ())


class Pinned(NamedTuple):
    """One change: where, and from what to what."""

    line: int
    """1-based."""
    place: Pinnable
    target: Target


class Change(NamedTuple):
    file: Subject
    after: str
    pinned: tuple[Pinned, ...]


def run(arguments: SimpleNamespace) -> int:
    """Pin and tell. 1 where something changed, or would."""
    if arguments.offline and arguments.min_age:
        raise Complaint("--min-age asks how old commits are: leave out --offline")
    found = targets.find(arguments.paths, arguments.stdin_filename)
    for note in found.notes:
        say(note)
    files = list(_read(found.targets))
    places = {one: tuple(_places(one)) for one in files}
    everything = [place for inside in places.values() for place in inside]
    chosen = _choose(everything, arguments)
    changes = [change for one in files if (change := _change(one, places[one], chosen))]
    dry = arguments.diff or arguments.check
    piped = not dry and any(one.target.file == STDIN for one in files)
    if not dry:
        _write(files, changes)
    if arguments.diff:
        look = style(sys.stdout, arguments.color)
        for one in changes:
            lines = diff(one.file.target.shown, one.file.text, one.after, look)
            sys.stdout.writelines(lines)
    stream = sys.stderr if arguments.diff or piped else sys.stdout
    if not arguments.diff and not arguments.quiet:
        for line in _told(changes, Pen(style(stream, arguments.color))):
            print(line, file=stream)
    left = sum(not place.is_commit and place not in chosen for place in everything)
    print(_summary(changes, left, dry), file=stream)
    return int(bool(changes))


def _read(found: Iterable[targets.Target]) -> Iterator[Subject]:
    for target in found:
        one = subject.read(target, Source(), _NO_POLICY)
        if isinstance(one, Subject):
            yield one
        elif target.file == STDIN:
            raise Complaint(f"{target.shown}: {one.report.diagnostics[0].message}")
        else:
            say(f"{target.shown} cannot be read")


def _places(one: Subject) -> Iterator[Pinnable]:
    """What it takes from other repositories, each place once, though aliases repeat it."""
    once: dict[Span, Pinnable] = {}
    for file in parse(one.target.path, one.text):
        for view in views(file):
            if isinstance(view, Uses) and view.slug.count("/") == 1 and view.ref:
                once.setdefault(view.span, view)
            elif isinstance(view, HookRepo) and view.rev and view.source and view.ref:
                once.setdefault(view.rev.span, view)
    yield from once.values()


def _choose(places: Sequence[Pinnable], arguments: SimpleNamespace) -> dict[Pinnable, Target]:
    if arguments.offline:
        return choosing.offline(places, arguments.update)
    age = timedelta(days=arguments.min_age)
    return choosing.online(places, arguments.update, git_server(arguments), age)


def _change(
    file: Subject, places: Iterable[Pinnable], chosen: dict[Pinnable, Target]
) -> Change | None:
    edits: list[Edit] = []
    pinned = []
    lines = Lines(file.text)
    for place in places:
        target = chosen.get(place)
        if target is None:
            continue
        line = lines.position(_start(place)).line + 1
        made = pin_edits(place, target)
        if made is None:
            where, what = f"{file.target.shown}:{line}", f"{place.name}@{place.ref}"
            say(f"{where}: no room for a comment; pin `{what}` by hand")
            continue
        edits += made
        pinned.append(Pinned(line, place, target))
    after = apply_edits(file.text, edits)
    return Change(file, after, tuple(pinned)) if after != file.text else None


def _start(place: Pinnable) -> int:
    scalar = place.rev if isinstance(place, HookRepo) else None
    return scalar.span.start if scalar else place.span.start


def _write(files: Iterable[Subject], changes: Iterable[Change]) -> None:
    after = {one.file.target.file: one.after for one in changes}
    before = {one.target.file: one.content for one in files}
    try:
        disk.write(
            {path: (before[path], text.encode()) for path, text in after.items() if path != STDIN}
        )
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Complaint(f"nothing was pinned: {error.filename}: {reason}") from error
    if STDIN in before:
        sys.stdout.buffer.write(after[STDIN].encode() if STDIN in after else before[STDIN])
        sys.stdout.flush()


def _told(changes: Iterable[Change], pen: Pen) -> Iterator[str]:
    for change in changes:
        name = pen.paint(visible(change.file.target.shown), BOLD)
        for line, place, target in change.pinned:
            before = visible(place.version or place.ref[:10])
            to = f"{target.version} ({target.commit[:10]})"
            since = f", as of {target.since}" if target.since else ""
            yield f"{name}:{line}: {visible(place.name)} {before} -> {to}{since}"


def _summary(changes: Sequence[Change], left: int, dry: bool) -> str:
    pinned = [one.place for change in changes for one in change.pinned]
    rest = f"; {left} not pinned" if left else ""
    if not pinned:
        return f"Nothing to pin{rest}."
    verb = "Would pin" if dry else "Pinned"
    hooks = sum(isinstance(one, HookRepo) for one in pinned)
    counts = (
        (len(pinned) - hooks, "use of actions", "uses of actions"),
        (hooks, "pre-commit repository", "pre-commit repositories"),
    )
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    files = f"{len(changes)} file{'' if len(changes) == 1 else 's'}"
    return f"{verb} {' and '.join(parts)} in {files}{rest}."
