"""Findings that two files make together: both doors give the same ones, whichever of the files they are asked about."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import mdtest
from commandline import put
from steplock.text import Lines
from steplock_hooks.cli import main
from steplock_lsp import uris
from steplock_lsp.check import check
from steplock_lsp.documents import Documents
from steplock_lsp.workspace import Workspace

CASES = [
    pytest.param(case, id=case.title)
    for case in mdtest.read(Path(__file__).parent / "two_files.md")
]
EVERY_CASE = pytest.mark.parametrize("case", CASES)


class Finding(NamedTuple):
    path: str
    rule: str
    start: int
    end: int
    severity: str
    message: str
    related: tuple[tuple[str | None, int], ...]


@EVERY_CASE
def test_the_command_line_finds_what_is_marked(
    case: mdtest.Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    together = command_line([file.path for file in case.files], capsys)
    assert mdtest.differences(case.expected, marked(case, together)) == []
    for file in case.files:
        alone = command_line([file.path], capsys)
        assert alone == [one for one in together if one.path == file.path]


@EVERY_CASE
def test_the_editor_shows_the_same(
    case: mdtest.Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    expected = command_line([file.path for file in case.files], capsys)
    for file in case.files:
        own = [one for one in expected if one.path == file.path]
        assert list(editor(case, tmp_path, file, opened=(file,))) == own


@EVERY_CASE
def test_what_is_not_saved_yet_counts(
    case: mdtest.Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All files are open, and empty on the disk."""
    write(case, tmp_path / "saved")
    monkeypatch.chdir(tmp_path / "saved")
    expected = command_line([file.path for file in case.files], capsys)
    root = tmp_path / "typed"
    write(case._replace(files=tuple(file._replace(text="") for file in case.files)), root)
    for file in case.files:
        own = [one for one in expected if one.path == file.path]
        assert list(editor(case, root, file, opened=case.files)) == own


def write(case: mdtest.Case, root: Path) -> None:
    (root / ".git").mkdir(parents=True)
    for file in case.files:
        put(root / file.path, file.text)


def command_line(paths: list[str], capsys: pytest.CaptureFixture[str]) -> list[Finding]:
    capsys.readouterr()
    code = main(["check", "--no-config", "--no-cache", "--format", "json", *paths])
    out, err = capsys.readouterr()
    assert code in (0, 1), err
    return sorted(
        Finding(
            one["path"],
            one["rule"],
            one["start"]["offset"],
            one["end"]["offset"],
            one["severity"],
            one["message"],
            tuple((r["path"], r["start"]["offset"]) for r in one["related"]),
        )
        for one in json.loads(out)["findings"]
        if one["suppressed"] is None
    )


def editor(
    case: mdtest.Case, root: Path, file: mdtest.File, opened: Iterable[mdtest.File]
) -> Iterator[Finding]:
    documents = Documents()
    workspace = Workspace(documents)
    workspace.folders = (root.as_posix(),)
    for other in opened:
        documents.open(uris.to_uri((root / other.path).as_posix()), 1, other.text)
    document = documents.at((root / file.path).as_posix())
    assert document is not None
    checked = check(workspace, document)
    assert checked is not None
    found = [
        Finding(
            d.path,
            d.rule,
            d.span.start,
            d.span.end,
            d.severity.name.lower(),
            d.message,
            tuple((r.path or d.path, r.span.start) for r in d.related),
        )
        for d in checked.report.diagnostics
    ]
    yield from sorted(found)


def marked(case: mdtest.Case, found: Iterable[Finding]) -> Iterator[mdtest.Found]:
    """The findings of the rules that a case is about."""
    rules = case.options["rules"]
    assert isinstance(rules, list)
    lines = {file.path: Lines(file.text) for file in case.files}
    for one in found:
        if one.rule in rules:
            line = lines[one.path].position(one.start).line
            yield mdtest.Found(one.path, line, one.message, one.severity)
