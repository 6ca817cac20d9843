"""Floor 7. What the check of a text's last version still says of this one.

Somebody who types in a `run:` script changes one job. The others keep their findings, at places moved along, where
nothing can have changed for them: the edit lies within one line of scripts, everything else is the same text, and
neither job speaks of the other. Whatever is not like that is checked as if nothing were known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from steplock.annotations import TypeAlias
from steplock.lazy import pattern
from steplock.model import Job, Workflow
from steplock.named import NamedTuple
from steplock.report import Diagnostic
from steplock.rule import FileEdit, Fix, Related
from steplock.text import Edit, Span

Found: TypeAlias = "tuple[Diagnostic, Span | None]"
"""What a rule found, and its scope."""

_LINE_END = pattern(r"[\r\n]")


class _Change(NamedTuple):
    """Where two texts differ: from `start` on, to `old_end` in the one and `new_end` in the other."""

    start: int
    old_end: int
    new_end: int

    def holds(self, span: Span) -> bool:
        """Whether a span of the old text holds the change, with a character before and behind it."""
        return span.start < self.start and self.old_end < span.end

    def moved(self, span: Span) -> Span | None:
        """Where a span of the old text stands in the new one; None where the change touches its border."""
        shift = self.new_end - self.old_end
        if span.end < self.start:
            return span
        if span.start > self.old_end:
            return Span(span.start + shift, span.end + shift)
        return Span(span.start, span.end + shift) if self.holds(span) else None


class _Part(NamedTuple):
    """A job of the last version."""

    id: str
    span: Span
    scripts: tuple[Span, ...]
    found: tuple[Found, ...]


class Memory:
    """The findings of one text by job, from one check to the next.

    Good as long as nothing but the text is another: not the path, the settings or the files around.
    """

    def __init__(self) -> None:
        self._text = ""
        self._parts: tuple[_Part, ...] = ()
        self.reused = 0
        """How many jobs the last check took from here."""

    def recall(self, workflow: Workflow) -> dict[Job, tuple[Found, ...]]:
        """The jobs that need no check, with their findings where they now stand."""
        kept = self._recall(workflow)
        self.reused = len(kept)
        return kept

    def keep(self, workflow: Workflow, found: dict[Job | None, list[Found]]) -> None:
        """Remember what was found in this version."""
        self.forget()
        if not workflow.document.problems and not _shares_scripts(workflow):
            self._text = workflow.document.text
            self._parts = tuple(
                _Part(job.id, job.span, _scripts(job), tuple(found.get(job, ())))
                for job in workflow.jobs
            )

    def forget(self) -> None:
        self._parts = ()

    def _recall(self, workflow: Workflow) -> dict[Job, tuple[Found, ...]]:
        document = workflow.document
        parts, jobs = self._parts, workflow.jobs
        if not parts or document.problems or [p.id for p in parts] != [job.id for job in jobs]:
            return {}
        if self._text == document.text:
            return {job: part.found for part, job in zip(parts, jobs, strict=True)}
        change = _difference(self._text, document.text)
        removed = self._text[change.start : change.old_end]
        written = document.text[change.start : change.new_end]
        if _LINE_END.search(removed + written) or not _same_shape(parts, jobs, change):
            return {}
        touched = {part.id for part in parts if any(map(change.holds, part.scripts))}
        dirty = _reached(touched, workflow)
        found = {}
        for part, job in zip(parts, jobs, strict=True):
            moved = [_moved(one, change) for one in part.found] if job.id not in dirty else [None]
            if None not in moved:
                found[job] = tuple(one for one in moved if one is not None)
        return found if touched else {}


def job_of(view: object) -> Job | None:
    """The job that a view is of or stands in."""
    while view is not None and not isinstance(view, Job):
        view = getattr(view, "parent", None)
    return view


def _scripts(job: Job) -> tuple[Span, ...]:
    return tuple(step.run.span for step in job.all_steps if step.run is not None)


def _shares_scripts(workflow: Workflow) -> bool:
    """Whether the text of a script is that of something else too, by an alias."""
    return any(
        step.run is not None and step.run.anchor is not None
        for job in workflow.jobs
        for step in job.all_steps
    )


def _same_shape(parts: tuple[_Part, ...], jobs: tuple[Job, ...], change: _Change) -> bool:
    """Whether the same jobs and scripts stand where the change leaves them."""
    return all(
        change.moved(part.span) == job.span
        and tuple(map(change.moved, part.scripts)) == _scripts(job)
        for part, job in zip(parts, jobs, strict=True)
    )


def _reached(touched: set[str], workflow: Workflow) -> set[str]:
    """The jobs of a script that changed, and all that speak of them, directly or through others."""
    text = workflow.document.text
    waiting = {job.id: text[job.span.start : job.span.end].lower() for job in workflow.jobs}
    reached = set(touched)
    last: set[str] = set()
    while reached != last:
        last = set(reached)
        for id, of_job in waiting.items():
            if "needs" in of_job and any(other.lower() in of_job for other in last):
                reached.add(id)
    return reached


def _difference(old: str, new: str) -> _Change:
    most = min(len(old), len(new))
    start = _longest(most, lambda size: old.startswith(new[:size]))
    most -= start
    tail = _longest(most, lambda size: size == 0 or old.endswith(new[-size:]))
    return _Change(start, len(old) - tail, len(new) - tail)


def _longest(most: int, fits: Callable[[int], bool]) -> int:
    """The largest size up to `most` that fits, where all that are smaller do."""
    low = 0
    while low < most:
        middle = (low + most + 1) // 2
        low, most = (middle, most) if fits(middle) else (low, middle - 1)
    return low


class _Torn(Exception):
    """A place that the change touches."""


def _moved(found: Found, change: _Change) -> Found | None:
    diagnostic, scope = found

    def here(span: Span, path: str | None = None) -> Span:
        if path not in (None, diagnostic.path):
            return span
        moved = change.moved(span)
        if moved is None:
            raise _Torn
        return moved

    try:
        fixes = tuple(
            Fix(
                fix.title, tuple(_edits(fix.edits, change, here)), fix.safety, _elsewhere(fix, here)
            )
            for fix in diagnostic.fixes
        )
        related = tuple(
            Related(r.message, here(r.span, r.path), r.path) for r in diagnostic.related
        )
        moved = diagnostic._replace(span=here(diagnostic.span), fixes=fixes, related=related)
        return moved, here(scope) if scope is not None else None
    except _Torn:
        return None


def _edits(
    edits: tuple[Edit, ...], change: _Change, here: Callable[[Span], Span]
) -> Iterator[Edit]:
    for edit in edits:
        if change.holds(edit.span):
            raise _Torn  # it would write the old text back
        yield Edit(here(edit.span), edit.new)


def _elsewhere(fix: Fix, here: Callable[[Span, str | None], Span]) -> tuple[FileEdit, ...]:
    return tuple(
        FileEdit(one.path, Edit(here(one.edit.span, one.path), one.edit.new))
        for one in fix.elsewhere
    )
