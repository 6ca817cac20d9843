"""What the editor offers to do about findings. Values only; `convert` makes the protocol's of them."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from typing import NamedTuple

from steplock.engine import choose_fixes, fix
from steplock.ignoring import ignore_edit
from steplock.registry import by_id
from steplock.rule import Fix, Safety
from steplock.text import Edit, Span
from steplock_lsp.check import Checked
from steplock_lsp.difference import difference
from steplock_lsp.disabling import configuration_path, disable_edit
from steplock_lsp.updates import touched, updates
from steplock_lsp.workspace import Workspace

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.steplock"
REWRITE = "refactor.rewrite"
EXPLAIN = "steplock.explain"
PIN_ONLINE = "steplock.pinOnline"

# Their own text is the comment or the YAML that is wrong: a comment cannot silence them.
_NEVER_IGNORED = frozenset({"syntax-error", "unused-suppression"})


class FileEdits(NamedTuple):
    """Edits of one file, and the text that their offsets count in."""

    path: str | None
    """Absolute; None for the document that was asked about."""
    text: str
    edits: tuple[Edit, ...]
    create: bool = False
    """Whether the file is to be made first."""


class Call(NamedTuple):
    """A command of the server, and what it is given."""

    command: str
    argument: str


class Action(NamedTuple):
    title: str
    kind: str
    files: tuple[FileEdits, ...] | None = None
    """None where it is a command, or where the edits are worked out when they are asked for."""
    about: tuple[int, ...] = ()
    """Which diagnostics of the report it settles."""
    preferred: bool = False
    call: Call | None = None


def wants(only: Collection[str] | None, kind: str) -> bool:
    """Whether a client that asks for `only` these kinds is given one; a kind holds those below it."""
    return only is None or any(not one or kind == one or kind.startswith(f"{one}.") for one in only)


class Asked(NamedTuple):
    """What a client wants actions for."""

    span: Span
    only: tuple[str, ...] | None
    chosen: frozenset[int]
    """The findings that it names by their place in the report of this version."""
    named: frozenset[tuple[str, int]]
    """Those that it names by rule and zero-based line, from a report of another version."""


def offered(workspace: Workspace, checked: Checked, asked: Asked, defer: bool) -> Iterator[Action]:
    """All that can be done; `defer` leaves out the edits that take a while to work out."""
    if wants(asked.only, QUICK_FIX):
        yield from _quick_fixes(workspace, checked, _touched(checked, asked))
    if wants(asked.only, REWRITE):
        yield from _rewrites(checked, asked.span)
    if wants(asked.only, FIX_ALL) and choose_fixes(checked.report.diagnostics)[1]:
        files = None if defer else fix_all(workspace, checked)
        yield Action("Fix all safe problems in this file", FIX_ALL, files)


def _touched(checked: Checked, asked: Asked) -> tuple[int, ...]:
    """The findings at the place, and those that the client names."""
    return tuple(
        index
        for index, found in enumerate(checked.report.diagnostics)
        if index in asked.chosen
        or found.span.touches(asked.span)
        or (found.rule, checked.lines.line(found.span.start)) in asked.named
    )


def _quick_fixes(
    workspace: Workspace, checked: Checked, chosen: tuple[int, ...]
) -> Iterator[Action]:
    """For the findings with these indices: their fixes, then what else can be done about each rule."""
    found = checked.report.diagnostics
    preferred = False
    for index in chosen:
        for one in found[index].fixes:
            safe = one.safety is Safety.SAFE
            files = _files(workspace, checked, one)
            if files is not None:
                title = one.title if safe else f"{one.title} (unsafe)"
                yield Action(title, QUICK_FIX, files, (index,), safe and not preferred)
                preferred = preferred or safe
    rules = {found[index].rule: index for index in reversed(chosen)}
    for rule in sorted(rules, key=lambda rule: rules[rule]):
        yield from _for_rule(checked, rule)
    for index in chosen:
        yield from _ignore(checked, index)
    for rule, index in sorted(rules.items(), key=lambda pair: pair[1]):
        if rule in by_id():
            yield from _disable(workspace, checked, rule, index)
            yield Action(f"Explain `{rule}`", QUICK_FIX, None, (index,), call=Call(EXPLAIN, rule))


def _files(workspace: Workspace, checked: Checked, one: Fix) -> tuple[FileEdits, ...] | None:
    files = [FileEdits(None, checked.source.text, one.edits)] if one.edits else []
    for path in dict.fromkeys(there.path for there in one.elsewhere):
        absolute = checked.place(path)
        text = workspace.text(absolute) if absolute else None
        if absolute is None or text is None:
            return None
        edits = tuple(there.edit for there in one.elsewhere if there.path == path)
        files.append(FileEdits(absolute, text, edits))
    return tuple(files)


def _rewrites(checked: Checked, span: Span) -> Iterator[Action]:
    """What can be done about references that are no problem."""
    places = touched(checked, span)
    for update in updates(places):
        yield Action(update.title, REWRITE, (FileEdits(None, checked.source.text, update.edits),))
    if places:
        call = Call(PIN_ONLINE, checked.source.uri)
        yield Action("Pin all in this file, asking the repositories now", REWRITE, call=call)


def _for_rule(checked: Checked, rule: str) -> Iterator[Action]:
    of_rule = [d for d in checked.report.diagnostics if d.rule == rule]
    for safety, how in ((Safety.SAFE, ""), (Safety.UNSAFE, " (unsafe)")):
        edits, applied = choose_fixes(of_rule, safety)
        if len(applied) > 1:
            about = tuple(i for i, d in enumerate(checked.report.diagnostics) if d in applied)
            files = (FileEdits(None, checked.source.text, edits),)
            yield Action(f"Fix all `{rule}` problems in this file{how}", QUICK_FIX, files, about)
            return


def _ignore(checked: Checked, index: int) -> Iterator[Action]:
    diagnostic = checked.report.diagnostics[index]
    if diagnostic.rule in _NEVER_IGNORED or diagnostic.rule not in by_id():
        return
    edit = ignore_edit(checked.document, diagnostic)
    if edit is not None:
        files = (FileEdits(None, checked.source.text, (edit,)),)
        yield Action(f"Ignore `{diagnostic.rule}` here", QUICK_FIX, files, (index,))


def _disable(workspace: Workspace, checked: Checked, rule: str, index: int) -> Iterator[Action]:
    if not checked.root:
        return
    path = checked.settings.path or configuration_path(checked.root)
    text = workspace.text(path)
    edit = disable_edit(text or "", path, rule)
    if edit is not None:
        files = (FileEdits(path, text or "", (edit,), create=text is None),)
        title = f"Disable `{rule}` in {posixpath.relpath(path, checked.root)}"
        yield Action(title, QUICK_FIX, files, (index,))


def fix_all(workspace: Workspace, checked: Checked) -> tuple[FileEdits, ...]:
    """The edits of all safe fixes of a file, made until none is left."""
    repository = workspace.repository(checked.root) if checked.root else None
    text = checked.source.text
    fixed = fix(text, checked.report.path, settings=checked.settings, repository=repository)
    return (FileEdits(None, text, difference(text, fixed.text)),)
