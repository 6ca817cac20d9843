"""What the editor offers to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from steplock import config, version
from steplock.ignoring import REASON
from steplock.model import Action, Job, Workflow
from steplock.options import fields
from steplock.presets import PRESETS
from steplock.registry import all_rules, by_id
from steplock.settings import PERSONAS, SEVERITIES
from steplock.tables import pins, scopes
from steplock.text import Span
from steplock_lsp.check import Checked
from steplock_lsp.cursor import Cursor, cursor
from steplock_lsp.granted import needed, scope_text

_COMMENT = re.compile(r"(?:^|\s)#\s*(?P<word>[\w:-]*)$")
_IDS = re.compile(
    r"#\s*(?:steplock|zizmor)\s*:\s*ignore(?:-file)?\[(?:[^\]]*,)?\s*(?P<word>[\w-]*)$"
)
_MAJORS_BACK = 3
_MOST_ACTIONS = 50


class Item(NamedTuple):
    label: str
    new: str
    span: Span
    """What it takes the place of."""
    detail: str = ""
    documentation: str = ""


def completions(checked: Checked, offset: int) -> Iterator[Item]:
    """What fits at an offset, the likeliest first."""
    line = checked.lines.span(checked.lines.line(offset))
    before = checked.source.text[line.start : offset]
    if match := _IDS.search(before):
        yield from _rule_ids(checked, Span(offset - len(match["word"]), offset), line)
    elif match := _COMMENT.search(before):
        yield from _suppressions(checked, Span(offset - len(match["word"]), offset), line)
    elif checked.is_configuration:
        yield from _configuration(cursor(checked.lines, offset))
    elif not checked.files or isinstance(checked.files[0], Workflow | Action):
        yield from _workflow(cursor(checked.lines, offset), checked, offset)


def _found_on(checked: Checked, line: Span) -> list[str]:
    """The rules that find something on a line, or on the next where the line is a comment."""
    here = checked.lines.line(line.start)
    alone = checked.source.text[line.start : line.end].lstrip().startswith("#")
    wanted = here + alone
    found = (d for d in checked.report.diagnostics if d.rule in by_id())
    return list(dict.fromkeys(d.rule for d in found if checked.lines.line(d.span.start) == wanted))


def _rule_ids(checked: Checked, span: Span, line: Span) -> Iterator[Item]:
    for id in dict.fromkeys([*_found_on(checked, line), *by_id()]):
        yield Item(id, id, span, by_id()[id].summary)


def _suppressions(checked: Checked, span: Span, line: Span) -> Iterator[Item]:
    for id in _found_on(checked, line):
        text = f"steplock: ignore[{id}] {REASON}"
        yield Item(text, text, span, by_id()[id].summary)


def _workflow(at: Cursor, checked: Checked, offset: int) -> Iterator[Item]:
    if at.in_text:
        return
    match at.key:
        case "permissions":
            for value, means in (
                ("{}", "the token can do nothing"),
                ("read-all", "reads everything"),
            ):
                yield Item(value, value, at.span, means)
        case "uses":
            yield from _uses(at, checked, offset)
        case str(name) if at.parents[-1:] == ("permissions",):
            scope = scopes.of(name)
            for level in scope.levels if scope else ():
                yield Item(level, level, at.span, documentation=scope_text(name) or "")
        case None if at.parents[-1:] == ("permissions",):
            yield from _scopes(at, checked, offset)
        case None if at.parents[-1:] == ("with",) and _is_checkout(at.above):
            if "persist-credentials" not in at.siblings:
                line = "persist-credentials: false"
                yield Item(line, line, at.span, "do not leave the job's token in .git/config")


def _scopes(at: Cursor, checked: Checked, offset: int) -> Iterator[Item]:
    """Those that are needed here first, at the level that is needed."""
    uses = needed(_jobs(checked, offset), checked.repository)
    for name in dict.fromkeys([*uses, *scopes.names()]):
        scope = scopes.of(name)
        if scope is None or scope.obsolete or name in at.siblings:
            continue
        level = uses.get(name) or scope.levels[1]
        detail = "needed here" if name in uses else ""
        yield Item(name, f"{name}: {level}", at.span, detail, scope_text(name) or "")


def _jobs(checked: Checked, offset: int) -> tuple[Job, ...]:
    """The job that an offset lies in; all where it lies above them."""
    jobs = [job for file in checked.files if isinstance(file, Workflow) for job in file.jobs]
    before = [job for job in jobs if job.key.span.start < offset]
    return (before[-1],) if before else tuple(jobs)


def _is_checkout(step: dict[str, str]) -> bool:
    return step.get("uses", "").lower().startswith("actions/checkout@")


def _uses(at: Cursor, checked: Checked, offset: int) -> Iterator[Item]:
    """Actions that are known, at their newest versions: by commit, with the version as a comment."""
    name, _, _ = at.word.partition("@")
    slug = "/".join(name.split("/")[:2])
    end = checked.lines.span(checked.lines.line(offset)).end
    span = Span(at.span.start, end)
    if pins.known(slug):
        for pin in _newest(slug):
            yield _pinned(name, pin, span)
        return
    start = name.lower()
    matching = (known for known in pins.names() if known.lower().startswith(start))
    for known in islice(matching, _MOST_ACTIONS):
        if newest := pins.newest(known):
            yield _pinned(known, newest, span)


def _newest(slug: str) -> Iterator[pins.Pin]:
    """The newest version of the newest major versions."""
    newest = pins.newest(slug)
    known = version.parse(newest.tag) if newest else None
    if newest is None or known is None:
        return
    yield newest
    for major in range(known.major - 1, max(known.major - _MAJORS_BACK, 0), -1):
        if older := pins.newest(slug, major):
            yield older


def _pinned(name: str, pin: pins.Pin, span: Span) -> Item:
    new = f"{name}@{pin.commit} # {pin.tag}"
    return Item(f"{name}@{pin.tag}", new, span, f"pinned to {pin.commit[:12]}")


def _configuration(at: Cursor) -> Iterator[Item]:
    match at.parents, at.key:
        case (), None:
            yield from _keys(config.KEYS, at)
        case (), "preset":
            yield from _values(PRESETS, at)
        case (), "persona":
            yield from _values(PERSONAS, at)
        case (), "fail-on":
            yield from _values((*SEVERITIES, "never"), at)
        case ("rules",), None:
            for rule in all_rules():
                if rule.id not in at.siblings:
                    yield Item(rule.id, f"{rule.id}: ", at.span, rule.summary)
        case ("rules",), _:
            yield from _values(("on", "off", *SEVERITIES), at)
        case ("rules", id), None:
            rule_options = by_id()[id].options if id in by_id() else None
            yield from _keys(
                (*config.RULE_KEYS, *(fields(rule_options) if rule_options else ())), at
            )
        case ("rules", _), "severity":
            yield from _values(SEVERITIES, at)
        case ("rules", _), "enabled":
            yield from _values(("true", "false"), at)


def _keys(names: tuple[str, ...], at: Cursor) -> Iterator[Item]:
    for name in names:
        if name not in at.siblings:
            yield Item(name, f"{name}: ", at.span)


def _values(names: Iterable[str], at: Cursor) -> Iterator[Item]:
    for name in names:
        yield Item(name, name, at.span)
