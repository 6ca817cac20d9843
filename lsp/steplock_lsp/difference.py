"""The edits that make one text of another, a few lines each, so that cursors and folds stay in place."""

from __future__ import annotations

from difflib import SequenceMatcher

from steplock.text import Edit, Lines, Span


def difference(before: str, after: str) -> tuple[Edit, ...]:
    """Edits of `before` that give `after`."""
    old, new = Lines(before), Lines(after)
    old_lines, new_lines = _lines(old), _lines(new)
    # What both begin and end with is most of a file, and comparing it costs much more than skipping it.
    head = _same(old_lines, new_lines)
    tail = _same(old_lines[head:][::-1], new_lines[head:][::-1])
    changed = old_lines[head : len(old_lines) - tail]
    matcher = SequenceMatcher(None, changed, new_lines[head : len(new_lines) - tail], False)
    edits = []
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            span = Span(_start(old, head + old_start), _start(old, head + old_end))
            text = after[_start(new, head + new_start) : _start(new, head + new_end)]
            edits.append(Edit(span, text))
    return tuple(edits)


def _lines(table: Lines) -> list[str]:
    return [table.text[_start(table, i) : _start(table, i + 1)] for i in range(len(table))]


def _start(table: Lines, line: int) -> int:
    return table.starts[line] if line < len(table) else len(table.text)


def _same(first: list[str], second: list[str]) -> int:
    count = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        count += 1
    return count
