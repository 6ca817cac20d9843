"""Choose what `steplock pin` puts in the place of references: from the repositories themselves, or from the table."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone

from steplock.named import NamedTuple
from steplock.online import Refs
from steplock.pinning import Level, Pinnable, Target, known, known_newer, newer
from steplock_hooks import remote
from steplock_hooks.complaint import Complaint
from steplock_hooks.online import Asking, Reference
from steplock_hooks.progress import progress
from steplock_hooks.remote import Remote

# Releases whose age is asked, before it is said that none is old enough.
_CANDIDATES = 20


class Choice(NamedTuple):
    """What one place could be pinned to, which may take more questions to choose from."""

    place: Pinnable
    targets: tuple[Target, ...]


def offline(places: Iterable[Pinnable], level: Level | None) -> dict[Pinnable, Target]:
    """From the table of pins."""
    chosen = {}
    for one in places:
        found = known_newer(one, level) if level else ()
        target = found[0] if found else None if one.is_commit else known(one)
        if target:
            chosen[one] = target
    return chosen


def online(
    places: Iterable[Pinnable], level: Level | None, server: Remote, age: timedelta
) -> dict[Pinnable, Target]:
    """From the repositories themselves; what cannot be had is said on standard error.

    age: how long ago a commit must have been made.

    Raises:
        Complaint: where not one repository could be asked.
    """
    asking = Asking(server)
    wanted = [one for one in places if level or not one.is_commit]
    asking.ahead((Reference(one.source, "-", "") for one in wanted), rules=())
    asking.say()
    if wanted and not any(asking.refs(one.source) for one in wanted):
        raise Complaint(
            "no repository could be asked, and nothing was pinned; is there a network? "
            "steplock pin --offline takes what its own table knows"
        )
    choices = [Choice(one, newer(one, asking.online(), level)) for one in wanted]
    for place, targets in choices:
        if not targets and not place.is_commit and (refs := asking.refs(place.source)):
            say(f"{place.name}@{place.ref}: {_why(place.ref, refs)}")
    if not age:
        return {one.place: one.targets[0] for one in choices if one.targets}
    return _old_enough(choices, asking, age)


def say(note: str) -> None:
    """Tell on standard error."""
    print(f"steplock: {note}", file=sys.stderr)


def _why(ref: str, refs: Refs) -> str:
    """Why a repository that answered gives nothing to pin to."""
    both = ref in refs.tags and ref in refs.heads
    return "is a branch and a tag; pin the one you mean by hand" if both else "there is no such tag"


def _old_enough(
    choices: Sequence[Choice], asking: Asking, age: timedelta
) -> dict[Pinnable, Target]:
    """The best of each that was committed so long ago; each commit is asked for its date."""
    latest = datetime.now(timezone.utc) - age

    def choose(question: tuple[str, tuple[Target, ...]]) -> Target | None:
        repo, candidates = question
        for target in candidates[:_CANDIDATES]:
            date = asking.date(repo, target.commit)
            if date is not None and date <= latest:
                return target
        return None

    questions = {(one.place.source, one.targets) for one in choices if one.targets}
    answers = {}
    with progress(len(questions), "asked for the age of {} of {} repositories") as tell:
        for question, target in remote.every(choose, questions):
            answers[question] = target
            tell(len(answers))
    chosen = {}
    for place, targets in choices:
        if target := answers.get((place.source, targets)):
            chosen[place] = target
        elif targets:
            say(f"{place.name}@{place.ref}: nothing is {age.days} days old")
    return chosen
