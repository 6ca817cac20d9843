"""Read the cases of a fixture: a small repository in Markdown, and what is to be found in it.

A `## heading` begins a case and names it; the prose under it says why the case exists. Its blocks:

    ```yaml [PATH]             a file; no PATH means .github/workflows/test.yml
    ```toml PATH               a file of another kind (text, json, ...)
    ```fixed [unsafe] [PATH]   the file after its safe, or also its unsafe, fixes;
                               no PATH means the first file of the case
    ```options                 options of the rule, as YAML or JSON

A block whose body has fences of its own opens with more backticks. In a file

    text  # error: message            a finding on this line; its message contains `message`
    text  # error[high]: message      ... and it has this severity
    text  # error: one # error: two   two findings on this line
    # error-below: message            a finding on the next line that is no such marker

Markers are comments, and stay in the text that the rule reads and that a fix leaves: a fix that
swallows a comment fails. Where the rule itself reads comments, the marker goes above.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML

DEFAULT_PATH = ".github/workflows/test.yml"
SEVERITIES = ("informational", "low", "medium", "high")

_FENCE = re.compile(r"(?P<ticks>`{3,})(?P<info>[^`]*)")
_MARKER = re.compile(
    r"# error(?P<below>-below)?(?:\[(?P<severity>\w+)\])?:(?P<message>.*?)(?=\s# error|$)"
)


class File(NamedTuple):
    """A file of the case's repository: its path from the root, with `/`, and its text."""

    path: str
    text: str


class Expected(NamedTuple):
    """A finding to be found: lines count from 0, `message` is a part of its message.

    Severity None means any.
    """

    path: str
    line: int
    message: str
    severity: str | None = None


class Found(NamedTuple):
    """A finding that was found, in the same terms; `severity` in lower case."""

    path: str
    line: int
    message: str
    severity: str


class Fixed(NamedTuple):
    """What a file becomes when its safe fixes, or with `unsafe` all that change it, are applied."""

    path: str
    text: str
    unsafe: bool


class Case(NamedTuple):
    title: str
    files: tuple[File, ...]
    expected: tuple[Expected, ...]
    fixed: tuple[Fixed, ...]
    options: Mapping[str, object]


class _Block(NamedTuple):
    line: int
    info: tuple[str, ...]
    text: str


def read(path: Path) -> list[Case]:
    """The cases of a fixture file. Raises ValueError, with file and line, where it is malformed."""
    return parse(path.read_text("utf-8"), path.name)


def parse(text: str, name: str = "fixture") -> list[Case]:
    """The cases in `text`; `name` is what an error calls it."""
    cases = []
    for title, line, blocks in _sections(text, name):
        try:
            cases.append(_case(title, blocks))
        except ValueError as error:
            raise ValueError(f"{name}:{line}: {title}: {error}") from error
    return cases


def differences(expected: Iterable[Expected], found: Iterable[Found]) -> list[str]:
    """What to say of each line whose findings are not the expected ones; [] if all are."""
    places: dict[tuple[str, int], tuple[list[Expected], list[Found]]]
    places = defaultdict(lambda: ([], []))
    for wanted in expected:
        places[wanted.path, wanted.line][0].append(wanted)
    for finding in found:
        places[finding.path, finding.line][1].append(finding)
    return [
        f"{path}:{line + 1}: expected {_terms(wanted)}, found {_terms(findings)}"
        for (path, line), (wanted, findings) in sorted(places.items())
        if not _pair(wanted, findings)
    ]


def _sections(text: str, name: str) -> Iterator[tuple[str, int, list[_Block]]]:
    title, start = "", 0
    blocks: list[_Block] = []
    lines = enumerate(text.splitlines(keepends=True), 1)
    for number, line in lines:
        if opening := _FENCE.fullmatch(line.strip()):
            if not title:
                raise ValueError(f"{name}:{number}: a block before the first case")
            body = []
            for _, inner in lines:
                if inner.rstrip() == opening["ticks"]:
                    break
                body.append(inner)
            else:
                raise ValueError(f"{name}:{number}: this block is not closed")
            info = tuple(opening["info"].split())
            blocks.append(_Block(number, info, "".join(body)))
        elif line.startswith("## "):
            if title:
                yield title, start, blocks
            title, start, blocks = line[3:].strip(), number, []
    if title:
        yield title, start, blocks


def _case(title: str, blocks: Sequence[_Block]) -> Case:
    files: list[File] = []
    fixed: list[Fixed] = []
    options: Mapping[str, object] = {}
    for block in blocks:
        match block.info:
            case ("fixed", *rest):
                unsafe = rest[:1] == ["unsafe"]
                path = _path(rest[unsafe:], files[0].path if files else None, block)
                fixed.append(Fixed(path, block.text, unsafe))
            case ("options",):
                options = _options(block)
            case ("yaml", *rest):
                files.append(File(_path(rest, DEFAULT_PATH, block), block.text))
            case (_, *rest):
                files.append(File(_path(rest, None, block), block.text))
            case _:
                raise ValueError(f"the block on line {block.line} does not say what it is")
    paths = [file.path for file in files]
    if not files:
        raise ValueError("no file to read")
    if len(paths) != len(set(paths)):
        raise ValueError("two files with one path")
    if unknown := {fix.path for fix in fixed} - set(paths):
        raise ValueError(f"no such file to fix: {', '.join(sorted(unknown))}")
    expected = tuple(e for file in files for e in _markers(file))
    return Case(title, tuple(files), expected, tuple(fixed), options)


def _path(words: Sequence[str], default: str | None, block: _Block) -> str:
    match [*words, *([default] if default and not words else [])]:
        case [path]:
            return path
        case []:
            raise ValueError(f"the block on line {block.line} needs a path")
        case more:
            raise ValueError(f"line {block.line}: one path, not {' '.join(more)!r}")


def _options(block: _Block) -> Mapping[str, object]:
    match YAML(typ="safe", pure=True).load(block.text):
        case dict() as options:
            return options
        case other:
            raise ValueError(f"the options on line {block.line} are no mapping: {other!r}")


def _markers(file: File) -> Iterator[Expected]:
    waiting: list[tuple[str, str | None]] = []
    for number, line in enumerate(file.text.removesuffix("\n").split("\n")):
        here: list[tuple[str, str | None]] = []
        below: list[tuple[str, str | None]] = []
        for marker in _MARKER.finditer(line.rstrip("\r")):
            severity = marker["severity"]
            if severity is not None and severity not in SEVERITIES:
                raise ValueError(f"{file.path}:{number + 1}: no severity {severity!r}")
            (below if marker["below"] else here).append((marker["message"].strip(), severity))
        if not below:
            here, waiting = waiting + here, []
        waiting += below
        yield from (Expected(file.path, number, *marker) for marker in here)
    if waiting:
        raise ValueError(f"{file.path}: nothing below the marker {waiting[0][0]!r}")


def _pair(expected: Sequence[Expected], found: Sequence[Found]) -> bool:
    """Whether each expectation has a finding of its own, and no finding is left over."""
    if not expected:
        return not found
    first, *rest = expected
    return any(
        _meets(first, finding) and _pair(rest, [*found[:n], *found[n + 1 :]])
        for n, finding in enumerate(found)
    )


def _meets(expected: Expected, found: Found) -> bool:
    return expected.message in found.message and expected.severity in (
        None,
        found.severity,
    )


def _terms(items: Iterable[Expected | Found]) -> str:
    terms = [
        f"{item.message!r}" + (f" [{item.severity}]" if item.severity else "") for item in items
    ]
    return " and ".join(terms) or "nothing"
