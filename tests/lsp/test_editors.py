"""The server as a process, under the capabilities of three editors and in all three encodings."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import converters
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from editing import apply, at, by_uri
from steplock import apply_fixes, lint
from steplock import fix as fix_text
from steplock.tables import pins

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = """\
# \U0001f600 漢字
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - {name: \U0001f600漢字, uses: actions/checkout@v4}
      - name: 漢字\U0001f600
        uses: actions/checkout@v4 # \U0001f600
  \U0001f600:
    runs-on: ubuntu-latest
    steps: [{run: 'echo "\U0001f600" ${{ github.event.head_commit.message }}'}, {uses: "actions/checkout@v4"}]
"""
RULE = "artipacked"
_CONVERTER = converters.get_converter()


def modern(name: str) -> lsp.ClientCapabilities:
    """What an editor says it can do; VS Code's list in pytest-lsp is from before it could pull."""
    capabilities = client_capabilities(name)
    if name == "visual-studio-code":
        assert capabilities.text_document
        capabilities.text_document.diagnostic = lsp.DiagnosticClientCapabilities()
    return capabilities


EDITORS = ("visual-studio-code", "neovim", "emacs")
ENCODINGS = ("utf-8", "utf-16", "utf-32")


class Editor:
    """One editor with one encoding, connected."""

    def __init__(self, client: LanguageClient, name: str, encoding: str, root: Path) -> None:
        self.client = client
        self.name = name
        self.encoding = encoding
        self.root = root
        self.pulls = name != "emacs"
        self.resolves = name != "emacs"
        self.published: list[lsp.PublishDiagnosticsParams] = []

    def open(self, name: str, text: str) -> str:
        uri = (self.root / name).as_uri()
        document = lsp.TextDocumentItem(uri, "yaml", 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(document))
        return uri

    async def diagnostics(self, uri: str, version: int = 1) -> list[Any]:
        if self.pulls:
            document = lsp.TextDocumentIdentifier(uri)
            report = await self.client.text_document_diagnostic_async(
                lsp.DocumentDiagnosticParams(document, identifier="steplock")
            )
            assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
            return [as_json(one) for one in report.items]
        params = await self._told(uri, version)
        return [as_json(one) for one in params.diagnostics]

    async def _told(self, uri: str, version: int | None) -> lsp.PublishDiagnosticsParams:
        for _ in range(2_000):
            for params in self.published:
                if params.uri == uri and params.version == version:
                    return params
            await asyncio.sleep(0.005)
        raise AssertionError(f"nothing was published for {uri} version {version}")

    async def actions(self, uri: str, found: list[Any], only: list[str] | None = None) -> list[Any]:
        diagnostics = [_CONVERTER.structure(one, lsp.Diagnostic) for one in found]
        actions = await self.client.text_document_code_action_async(
            lsp.CodeActionParams(
                lsp.TextDocumentIdentifier(uri),
                diagnostics[0].range,
                lsp.CodeActionContext(diagnostics, only),
            )
        )
        resolved = []
        for action in actions or []:
            if isinstance(action, lsp.Command):
                continue  # lsprotocol reads an action that has a command so
            if action.edit is None and action.command is None:
                assert self.resolves
                assert action.kind == "source.fixAll.steplock"
                action = await self.client.code_action_resolve_async(action)
            resolved.append(as_json(action))
        return resolved

    def edited(self, uri: str, text: str, action: Any) -> str:
        """The text of a document after an action of this editor."""
        form = "changes" if self.name == "neovim" else "documentChanges"
        assert list(action["edit"]) == [form]
        if form == "documentChanges":
            [change] = action["edit"][form]
            assert change["textDocument"] == {"uri": uri, "version": 1}
        return apply(text, by_uri(action["edit"])[uri], self.encoding)


def as_json(value: Any) -> Any:
    return _CONVERTER.unstructure(value)


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    config=ClientServerConfig([sys.executable, "-m", "steplock_lsp", "--stdio"]),
    params=[(name, encoding) for name in EDITORS for encoding in ENCODINGS],
    ids="-".join,
    scope="module",
)
async def client(
    lsp_client: LanguageClient,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[None]:
    name, encoding = request.param
    root = tmp_path_factory.mktemp("a folder")
    (root / ".github/workflows").mkdir(parents=True)
    (root / ".git").mkdir()
    capabilities = modern(name)
    capabilities.general = lsp.GeneralClientCapabilities(position_encodings=[encoding])
    editor = Editor(lsp_client, name, encoding, root)
    lsp_client.editor = editor  # type: ignore[attr-defined]
    handlers = lsp_client.protocol.fm.features
    handlers[lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = editor.published.append
    handlers[lsp.CLIENT_REGISTER_CAPABILITY] = lambda params: None
    result = await lsp_client.initialize_session(
        lsp.InitializeParams(
            capabilities=capabilities,
            workspace_folders=[lsp.WorkspaceFolder(root.as_uri(), "a folder")],
        )
    )
    assert result.capabilities.position_encoding == encoding
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client: LanguageClient) -> Editor:
    found: Editor = client.editor  # type: ignore[attr-defined]
    return found


async def test_findings_stand_where_they_are(editor: Editor) -> None:
    uri = editor.open(".github/workflows/places.yml", TEXT)
    found = await editor.diagnostics(uri)
    expected = lint(TEXT, ".github/workflows/places.yml").diagnostics
    assert [(one["code"], at(TEXT, one["range"], editor.encoding)) for one in found] == [
        (one.rule, TEXT[one.span.start : one.span.end]) for one in expected
    ]


async def test_a_quick_fix_changes_what_it_says(editor: Editor) -> None:
    uri = editor.open(".github/workflows/fix.yml", TEXT)
    found = [one for one in await editor.diagnostics(uri) if one["code"] == RULE]
    actions = await editor.actions(uri, found[:1])
    [fix] = [one for one in actions if one.get("isPreferred")]
    assert fix["kind"] == "quickfix"
    assert fix["diagnostics"] == found[:1]
    expected = TEXT.replace("checkout@v4}", "checkout@v4, with: {persist-credentials: false}}")
    assert editor.edited(uri, TEXT, fix) == expected


async def test_all_of_a_rule_are_fixed_at_once(editor: Editor) -> None:
    uri = editor.open(".github/workflows/fix-all-of.yml", TEXT)
    found = [one for one in await editor.diagnostics(uri) if one["code"] == RULE]
    actions = await editor.actions(uri, found[1:2])
    [fix] = [one for one in actions if one["title"] == f"Fix all `{RULE}` problems in this file"]
    name = ".github/workflows/fix-all-of.yml"
    of_rule = [one for one in lint(TEXT, name).diagnostics if one.rule == RULE]
    expected, fixed = apply_fixes(TEXT, of_rule)
    assert len(fixed) == 3
    assert editor.edited(uri, TEXT, fix) == expected


async def test_fix_all_on_save(editor: Editor) -> None:
    uri = editor.open(".github/workflows/fix-all.yml", TEXT)
    found = await editor.diagnostics(uri)
    [fix] = await editor.actions(uri, found, ["source.fixAll"])
    assert fix["kind"] == "source.fixAll.steplock"
    expected = fix_text(TEXT, ".github/workflows/fix-all.yml")
    assert expected.applied
    assert editor.edited(uri, TEXT, fix) == expected.text


async def test_ignoring_silences(editor: Editor) -> None:
    uri = editor.open(".github/workflows/ignore.yml", TEXT)
    for one in await editor.diagnostics(uri):
        actions = await editor.actions(uri, [one], ["quickfix"])
        title = f"Ignore `{one['code']}` here"
        for action in actions:
            if action["title"] == title and action["diagnostics"] == [one]:
                text = editor.edited(uri, TEXT, action)
                before = lint(TEXT, ".github/workflows/ignore.yml")
                after = lint(text, ".github/workflows/ignore.yml")
                assert len(after.diagnostics) < len(before.diagnostics)


async def test_a_reference_is_updated_from_the_table(editor: Editor) -> None:
    uri = editor.open(".github/workflows/update.yml", TEXT)
    found = [one for one in await editor.diagnostics(uri) if one["code"] == "unpinned-uses"]
    newest = pins.newest("actions/checkout")
    assert newest
    [update] = await editor.actions(uri, found[1:2], ["refactor.rewrite"])
    assert update["title"].startswith(f"Update to {newest.tag} (major), as of ")
    pinned = f"checkout@{newest.commit} # {newest.tag} # \U0001f600"
    expected = TEXT.replace("checkout@v4 # \U0001f600", pinned)
    assert editor.edited(uri, TEXT, update) == expected


async def test_an_action_that_has_its_edit_comes_back_as_it_is(editor: Editor) -> None:
    if not editor.resolves:
        return
    edit = lsp.WorkspaceEdit(changes={})
    action = lsp.CodeAction("Something else", edit=edit)
    assert await editor.client.code_action_resolve_async(action) == action
    assert await editor.client.code_action_resolve_async(lsp.CodeAction("x")) == lsp.CodeAction("x")


async def test_typing_moves_the_findings(editor: Editor) -> None:
    uri = editor.open(".github/workflows/typing.yml", TEXT)
    await editor.diagnostics(uri)
    place = lsp.Position(0, len("# ") + {"utf-8": 4, "utf-16": 2, "utf-32": 1}[editor.encoding])
    change = lsp.TextDocumentContentChangePartial(lsp.Range(place, place), "\n#\U0001f600")
    editor.client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(lsp.VersionedTextDocumentIdentifier(2, uri), [change])
    )
    text = TEXT.replace("# \U0001f600", "# \U0001f600\n#\U0001f600", 1)
    found = await editor.diagnostics(uri, 2)
    expected = lint(text, ".github/workflows/typing.yml").diagnostics
    assert [at(text, one["range"], editor.encoding) for one in found] == [
        text[one.span.start : one.span.end] for one in expected
    ]


async def test_pushed_or_pulled_but_never_both(editor: Editor) -> None:
    uri = editor.open(".github/workflows/never-both.yml", TEXT)
    await editor.diagnostics(uri)
    document = lsp.TextDocumentIdentifier(uri)
    editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
    if editor.pulls:
        await editor.diagnostics(editor.open(".github/workflows/after.yml", TEXT))
        assert editor.published == []
    else:
        cleared = await editor._told(uri, None)
        assert not cleared.diagnostics


async def test_other_files_are_left_alone(editor: Editor) -> None:
    uri = editor.open("values.yaml", TEXT)
    assert await editor.diagnostics(uri, 1 if editor.pulls else None) == []  # type: ignore[arg-type]


async def test_hover_tells_about_the_finding(editor: Editor) -> None:
    uri = editor.open(".github/workflows/hover.yml", TEXT)
    [first, *_] = [one for one in await editor.diagnostics(uri) if one["code"] == RULE]
    place = _CONVERTER.structure(first["range"]["start"], lsp.Position)
    shown = await editor.client.text_document_hover_async(
        lsp.HoverParams(lsp.TextDocumentIdentifier(uri), place)
    )
    assert shown is not None
    assert isinstance(shown.contents, lsp.MarkupContent)
    assert f"**`{RULE}`**" in shown.contents.value
