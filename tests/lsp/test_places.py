"""Positions, URIs, documents and differences, by themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editing import offset
from steplock.text import Lines, apply_edits
from steplock_lsp import uris
from steplock_lsp.difference import difference
from steplock_lsp.documents import Change, Documents
from steplock_lsp.positions import Columns

TEXTS = st.text("ab \n\r\u00e9漢\U0001f600\u2028\x0c", max_size=40)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])


@given(TEXTS, ENCODINGS, st.data())
def test_positions_and_offsets_are_the_same_places(
    text: str, encoding: str, data: st.DataObject
) -> None:
    columns = Columns(Lines(text), encoding)
    at = data.draw(st.integers(0, len(text)))
    line, column = columns.position(at)
    if text[at - 1 : at + 1] != "\r\n":
        assert columns.offset(line, column) == at
        assert offset(text, {"line": line, "character": column}, encoding) == at


@given(TEXTS, ENCODINGS, st.integers(0, 50), st.integers(0, 100))
def test_any_position_is_some_offset(text: str, encoding: str, line: int, column: int) -> None:
    at = Columns(Lines(text), encoding).offset(line, column)
    assert 0 <= at <= len(text)
    if line < len(Lines(text)):
        span = Lines(text).span(line)
        assert span.start <= at <= span.end


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 2), ("utf-16", 1)])
def test_the_middle_of_a_character_is_its_start(encoding: str, column: int) -> None:
    assert Columns(Lines("\U0001f600a"), encoding).offset(0, column) == 0


def test_half_a_surrogate_pair_is_counted() -> None:
    assert Columns(Lines("\ud83da"), "utf-16").position(2).column == 2
    assert Columns(Lines("\ud83da"), "utf-8").offset(0, 4) == 2


@given(TEXTS, TEXTS)
def test_a_difference_makes_one_text_of_the_other(before: str, after: str) -> None:
    assert apply_edits(before, difference(before, after)) == after


def test_a_difference_leaves_alone_what_is_the_same() -> None:
    before = "".join(f"{n}\n" for n in range(100))
    after = before.replace("50\n", "fifty\n").replace("70\n", "")
    edits = difference(before, after)
    assert [(before[slice(*edit.span)], edit.new) for edit in edits] == [
        ("50\n", "fifty\n"),
        ("70\n", ""),
    ]


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///w%20s/.github/workflows/a.yml", "/w s/.github/workflows/a.yml"),
        ("file:///w/%C3%A9/%25.yml", "/w/\u00e9/%.yml"),
        ("file:///c%3A/Users/x/a.yml", "c:/Users/x/a.yml"),
        ("file:///C:/Users/x/a.yml", "c:/Users/x/a.yml"),
        ("file://localhost/w/a.yml", "/w/a.yml"),
        ("file://host/share/a.yml", "//host/share/a.yml"),
        ("file:///w/", "/w"),
        ("file:///", "/"),
        ("file:///w/a.yml?x#y", "/w/a.yml"),
        ("file://", None),
        ("untitled:Untitled-1", None),
        ("git:/w/a.yml", None),
        ("", None),
    ],
)
def test_a_uri_names_a_path(uri: str, path: str | None) -> None:
    assert uris.to_path(uri) == path


@pytest.mark.parametrize(
    "path", ["/w s/\u00e9%.yml", "c:/Users/x#/a.yml", "//host/share/a b.yml", "/w/?.yml"]
)
def test_a_path_has_a_uri(path: str) -> None:
    assert uris.to_path(uris.to_uri(path)) == path


def test_an_open_file_keeps_the_uri_that_the_editor_gave_it() -> None:
    documents = Documents()
    documents.open("file:///c%3A/w/a.yml", 1, "")
    assert documents.uri("c:/w/a.yml") == "file:///c%3A/w/a.yml"
    documents.close("file:///c%3A/w/a.yml")
    assert documents.uri("c:/w/a.yml") == "file:///c:/w/a.yml"


def test_changes_are_made_in_their_order() -> None:
    documents = Documents()
    documents.open("file:///a.yml", 1, "a\r\nb\r\n")
    changes = [
        Change("\U0001f600", (0, 1, 0, 1)),
        Change("!", (0, 3, 0, 3)),
        Change("", (0, 99, 1, 0)),
    ]
    document = documents.change("file:///a.yml", 2, changes)
    assert document is not None
    assert (document.version, document.text) == (2, "a\U0001f600!b\r\n")


def test_a_change_of_what_is_not_open_is_no_change() -> None:
    assert Documents().change("file:///a.yml", 2, [Change("a")]) is None
