"""`steplock pin`: put commits in the place of tags, and keep them current."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone

from steplock.model import Uses, views
from steplock.named import NamedTuple
from steplock.pinning import Level, Target, known, newer, pin_edits
from steplock.repository import parse
from steplock.text import Edit, Lines, Span, apply_edits
from steplock_hooks import disk, remote, subject, targets
from steplock_hooks.complaint import Complaint
from steplock_hooks.configuration import Policy, Source
from steplock_hooks.diff import diff
from steplock_hooks.formats.terminal import BOLD, Pen, visible
from steplock_hooks.online import Asking, Reference, git_server
from steplock_hooks.progress import progress
from steplock_hooks.style import style
from steplock_hooks.subject import Subject
from steplock_hooks.targets import STDIN

# Releases whose age is asked, before it is said that none is old enough.
_CANDIDATES = 20
_NO_POLICY = Policy(None, (), ())


class Asked(NamedTuple):
    """What one `uses:` could be pinned to, which may take more questions to choose from."""

    uses: Uses
    targets: tuple[Target, ...]


class Pinned(NamedTuple):
    """One change: where, and from what to what."""

    line: int
    """1-based."""
    action: str
    before: str
    target: Target


class Change(NamedTuple):
    file: Subject
    after: str
    pinned: tuple[Pinned, ...]


def run(arguments: argparse.Namespace) -> int:
    """Pin and tell. 1 where something changed, or would."""
    if STDIN in arguments.paths:
        raise Complaint("pin changes files in place: name them")
    found = targets.find(arguments.paths)
    for note in found.notes:
        print(f"steplock: {note}", file=sys.stderr)
    files = list(_read(found.targets))
    uses = {one: tuple(_uses(one)) for one in files}
    everything = [view for views in uses.values() for view in views]
    chosen = _offline(everything) if arguments.offline else _online(everything, arguments)
    changes = [change for one in files if (change := _change(one, uses[one], chosen))]
    dry = arguments.diff or arguments.check
    if not dry:
        _write(changes)
    look = style(sys.stdout, arguments.color)
    if arguments.diff:
        for one in changes:
            lines = diff(one.file.target.shown, one.file.text, one.after, look)
            sys.stdout.writelines(lines)
    elif not arguments.quiet:
        for line in _told(changes, Pen(look)):
            print(line)
    left = sum(not view.is_commit and view not in chosen for view in everything)
    print(_summary(changes, left, dry), file=sys.stderr if arguments.diff else sys.stdout)
    return int(bool(changes))


def _read(found: Iterable[targets.Target]) -> Iterator[Subject]:
    for target in found:
        one = subject.read(target, Source(), _NO_POLICY)
        if isinstance(one, Subject):
            yield one
        else:
            print(f"steplock: {target.shown} cannot be read", file=sys.stderr)


def _uses(one: Subject) -> Iterator[Uses]:
    """What it takes from other repositories, each place once, though aliases repeat it."""
    once: dict[Span, Uses] = {}
    for file in parse(one.target.path, one.text):
        for view in views(file):
            if isinstance(view, Uses) and view.slug.count("/") == 1 and view.ref:
                once.setdefault(view.span, view)
    yield from once.values()


def _offline(uses: Iterable[Uses]) -> dict[Uses, Target]:
    """From the table of pins."""
    found = {one: known(one) for one in uses if not one.is_commit}
    return {one: target for one, target in found.items() if target}


def _online(uses: Sequence[Uses], arguments: argparse.Namespace) -> dict[Uses, Target]:
    """From the repositories themselves."""
    asking = Asking(git_server(arguments))
    wanted = [one for one in uses if arguments.update or not one.is_commit]
    slugs = {one.slug for one in wanted}
    asking.ahead((Reference(slug, "-", "") for slug in slugs), rules=())
    asking.say()
    if slugs and len(asking.failed) == len(slugs):
        raise Complaint(
            "no repository could be asked, and nothing was pinned; is there a network? "
            "--offline pins what the table of steplock knows"
        )
    level: Level | None = arguments.update
    asked = [Asked(one, newer(one, asking.online(), level)) for one in wanted]
    for one in asked:
        if not one.targets and not one.uses.is_commit and one.uses.slug not in asking.failed:
            _say(f"{one.uses.slug}@{one.uses.ref}: {_why(one.uses, asking)}")
    if not arguments.min_age:
        return {one.uses: one.targets[0] for one in asked if one.targets}
    return _old_enough(asked, asking, timedelta(days=arguments.min_age))


def _why(uses: Uses, asking: Asking) -> str:
    """Why a repository that answered gives nothing to pin to."""
    refs = asking.refs(uses.slug)
    both = refs and uses.ref in refs.tags and uses.ref in refs.heads
    return "is a branch and a tag; pin the one you mean by hand" if both else "there is no such tag"


def _old_enough(asked: Sequence[Asked], asking: Asking, age: timedelta) -> dict[Uses, Target]:
    """The best of each that was committed so long ago; each commit is asked for its date."""
    latest = datetime.now(timezone.utc) - age

    def choose(question: tuple[str, tuple[Target, ...]]) -> Target | None:
        repo, candidates = question
        for target in candidates[:_CANDIDATES]:
            date = remote.commit_date(asking.server, repo, target.commit)
            if isinstance(date, datetime) and date <= latest:
                return target
        return None

    questions = {(one.uses.slug, one.targets) for one in asked if one.targets}
    answers = {}
    with progress(len(questions), "asked for the age of {} of {} actions") as tell:
        for question, target in remote.every(choose, questions):
            answers[question] = target
            tell(len(answers))
    chosen = {}
    for one in asked:
        if target := answers.get((one.uses.slug, one.targets)):
            chosen[one.uses] = target
        elif one.targets:
            _say(f"{one.uses.slug}@{one.uses.ref}: nothing is {age.days} days old")
    return chosen


def _change(file: Subject, uses: Iterable[Uses], chosen: dict[Uses, Target]) -> Change | None:
    edits: list[Edit] = []
    pinned = []
    lines = Lines(file.text)
    for one in uses:
        target = chosen.get(one)
        if target is None:
            continue
        made = pin_edits(one, target)
        line = lines.position(one.span.start).line + 1
        if made is None:
            _say(f"{file.target.shown}:{line}: no room for a comment; pin `{one.value}` by hand")
            continue
        edits += made
        pinned.append(Pinned(line, one.name, one.version or one.ref[:10], target))
    after = apply_edits(file.text, edits)
    return Change(file, after, tuple(pinned)) if after != file.text else None


def _write(changes: Iterable[Change]) -> None:
    contents = {one.file.target.file: (one.file.content, one.after.encode()) for one in changes}
    try:
        disk.write(contents)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Complaint(f"nothing was pinned: {error.filename}: {reason}") from error


def _told(changes: Iterable[Change], pen: Pen) -> Iterator[str]:
    for change in changes:
        name = pen.paint(visible(change.file.target.shown), BOLD)
        for one in change.pinned:
            to = f"{one.target.version} ({one.target.commit[:10]})"
            since = f", as of {one.target.since}" if one.target.since else ""
            yield f"{name}:{one.line}: {visible(one.action)} {visible(one.before)} -> {to}{since}"


def _summary(changes: Sequence[Change], left: int, dry: bool) -> str:
    count = sum(len(one.pinned) for one in changes)
    rest = f"; {left} not pinned" if left else ""
    if not count:
        return f"Nothing to pin{rest}."
    verb = "Would pin" if dry else "Pinned"
    actions = f"{count} use{'' if count == 1 else 's'} of actions"
    return f"{verb} {actions} in {len(changes)} file{'' if len(changes) == 1 else 's'}{rest}."


def _say(note: str) -> None:
    print(f"steplock: {note}", file=sys.stderr)
