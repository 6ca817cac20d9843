"""What every fix promises, and how to tell that it keeps its word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from steplock import (
    Diagnostic,
    Persona,
    Report,
    Repository,
    Safety,
    Settings,
    fix,
    lint,
    syntax,
)
from steplock.registry import all_rules
from steplock.rule import Fix
from steplock.settings import RuleSettings
from steplock.syntax import Document, Node, Scalar, Sequence
from steplock.text import Edit, Span, apply_edits

TODAY = "2026-11-21"
# What was there all the time, and is seen once the fix has made the text plain.
REVEALED = {
    "unsound-condition": {"spoofable-gate"},  # by a condition that is one at all
    "invalid-permissions": {"excessive-permissions"},  # by a level that exists
    "secrets-inherit": {"secrets-outside-env"},  # by the names of the secrets
    "mutable-download": {"unlocked-download"},  # by a version that a lock can hold
    "secrets-in-env": {"secrets-outside-env"},  # by each step that names the secret itself
}
EVERYTHING = Settings(
    persona=Persona.AUDITOR,
    rules={rule.id: RuleSettings(enabled=True) for rule in all_rules()},
)


class Files(NamedTuple):
    """A repository in memory: paths from its root to texts."""

    texts: Mapping[str, str]

    def report(self, path: str) -> Report:
        """What is found in one of its files."""
        return lint(self.texts[path], path, **self.how())

    def how(self) -> dict[str, Any]:
        repository = Repository(self.texts.get, self._folder)
        return {"repository": repository, "settings": EVERYTHING, "today": TODAY}

    def _folder(self, path: str) -> tuple[str, ...]:
        start = f"{path}/"
        below = (one[len(start) :] for one in self.texts if one.startswith(start))
        return tuple(name for name in below if "/" not in name)

    def fixed(self, path: str, fix: Fix) -> Files:
        """The files after a fix of a finding in one of them."""
        edits: dict[str, list[Edit]] = {path: [*fix.edits]}
        for other, edit in fix.elsewhere:
            edits.setdefault(other, []).append(edit)
        return Files(
            {**self.texts, **{one: apply_edits(self.texts[one], edits[one]) for one in edits}}
        )


def broken_promises(
    files: Files, path: str, only: str | None = None, most: int = 1000
) -> Iterator[str]:
    """What does not hold of the fixes of one file, of one rule or of all; nothing is right.

    most: how many findings of a rule are looked at one by one.
    """
    before = files.report(path)
    seen: Counter[str] = Counter()
    for diagnostic in before.diagnostics:
        seen[diagnostic.rule] += 1
        for one in diagnostic.fixes:
            if only in (None, diagnostic.rule) and seen[diagnostic.rule] <= most:
                for problem in _problems(files, before, diagnostic, one):
                    yield f"{path}: {diagnostic.rule}: {one.title} ({one.safety.name}): {problem}"
    for safety in (Safety.SAFE, Safety.UNSAFE) if only is None else ():
        yield from (
            f"{path}: {safety.name}: {problem}" for problem in _settles(files, path, safety)
        )


def _problems(files: Files, before: Report, diagnostic: Diagnostic, fix: Fix) -> Iterator[str]:
    fixed = files.fixed(before.path, fix)
    after = fixed.report(before.path)
    if after.text == before.text and not fix.elsewhere:
        yield "it changes nothing"
    for other in {before.path, *(edit.path for edit in fix.elsewhere)}:
        if (
            _count(fixed.report(other))["syntax-error"]
            > _count(files.report(other))["syntax-error"]
        ):
            yield f"{other} does not parse any more"
            return
    found, left = _count(before), _count(after)
    if left[diagnostic.rule] >= found[diagnostic.rule]:
        yield "the finding is still there"
    for rule, count in left.items():
        worst = max(d.severity for d in after.diagnostics if d.rule == rule)
        is_new = count > found[rule] and rule not in REVEALED.get(diagnostic.rule, ())
        if is_new and worst >= diagnostic.severity:
            said = [d.message for d in after.diagnostics if d.rule == rule]
            yield f"{rule} is new: {said[-1]}"
    if fix.safety is Safety.SAFE:
        yield from _strays(before.text, after.text, fix.edits)


def _count(report: Report) -> Counter[str]:
    return Counter(diagnostic.rule for diagnostic in report.diagnostics)


def _settles(files: Files, path: str, safety: Safety) -> Iterator[str]:
    """All fixes together: they hold, and a second run changes nothing."""
    first = fix(files.texts[path], path, safety, **files.how())
    if first.broken:
        yield f"fixes of {', '.join(first.broken)} did not hold"
    after = Files({**files.texts, path: first.text})
    second = fix(first.text, path, safety, **after.how())
    if second.text != first.text:
        yield "a second run changes more"


def _strays(before: str, after: str, edits: tuple[Edit, ...]) -> Iterator[str]:
    """Values that changed though no edit touches them."""
    touched = [edit.span for edit in edits]
    kept = Counter(_leaves(syntax.parse(before), touched))
    held = Counter(_leaves(syntax.parse(after), []))
    for leaf in kept - held:
        yield f"{' '.join(leaf[0])} was {leaf[1]!r}"
    inserted = _inserted(edits)
    for leaf in Counter(_leaves(syntax.parse(after), inserted)) - Counter(
        _leaves(syntax.parse(before), [])
    ):
        yield f"{' '.join(leaf[0])} is {leaf[1]!r}"


def _inserted(edits: tuple[Edit, ...]) -> list[Span]:
    """Where the new text of the edits stands afterwards."""
    spans = []
    shift = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        start = edit.span.start + shift
        spans.append(Span(start, start + len(edit.new)))
        shift += len(edit.new) - (edit.span.end - edit.span.start)
    return spans


def _leaves(document: Document, touched: list[Span]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """The scalars that none of the spans touches: their keys, value and style; indexes do not count."""
    stack: list[tuple[tuple[str, ...], Node]] = [((), root) for root in document.roots]
    while stack:
        way, node = stack.pop()
        match node:
            case Scalar():
                if not any(span.touches(_place(document, node)) for span in touched):
                    yield way, node.value, node.style
            case Sequence():
                stack += ((way, item) for item in node.items)
            case _:
                stack += (((*way, key.value), value) for key, value in node.items)


def _place(document: Document, node: Scalar) -> Span:
    """Where a value stands; one that is left out could stand anywhere on its line."""
    start, end = node.span
    return Span(start, end if end > start else document.lines.span(document.lines.line(end)).end)
