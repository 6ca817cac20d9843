"""The wiring: which message goes to which module."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from steplock_lsp import actions, uris
from steplock_lsp.actions import EXPLAIN, FIX_ALL, PIN_ONLINE, QUICK_FIX, REWRITE
from steplock_lsp.check import Checked
from steplock_lsp.client import Client
from steplock_lsp.completion import completions
from steplock_lsp.convert import change
from steplock_lsp.diagnostics import pull
from steplock_lsp.hints import hints
from steplock_lsp.hover import explanation, hover
from steplock_lsp.lens import lenses
from steplock_lsp.links import links
from steplock_lsp.pin_online import pin_online
from steplock_lsp.session import Session
from steplock_lsp.settings import SECTION
from steplock_lsp.workspace import WATCHED


def create_server() -> Session:
    server = Session()
    handlers: dict[str, Callable[..., Any]] = {
        lsp.INITIALIZE: initialize,
        lsp.INITIALIZED: initialized,
        lsp.TEXT_DOCUMENT_DID_OPEN: did_open,
        lsp.TEXT_DOCUMENT_DID_CHANGE: did_change,
        lsp.TEXT_DOCUMENT_DID_SAVE: did_save,
        lsp.TEXT_DOCUMENT_DID_CLOSE: did_close,
        lsp.WORKSPACE_DID_CHANGE_CONFIGURATION: did_change_configuration,
        lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES: did_change_watched_files,
        lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: did_change_workspace_folders,
        lsp.TEXT_DOCUMENT_HOVER: show_hover,
        lsp.TEXT_DOCUMENT_DOCUMENT_LINK: document_links,
        lsp.TEXT_DOCUMENT_INLAY_HINT: inlay_hints,
        lsp.TEXT_DOCUMENT_CODE_LENS: code_lenses,
        lsp.WORKSPACE_EXECUTE_COMMAND: execute,
    }
    for method, handler in handlers.items():
        server.feature(method)(handler)
    triggers = lsp.CompletionOptions(trigger_characters=[" ", "@", "/", "[", ":", "#"])
    server.feature(lsp.TEXT_DOCUMENT_COMPLETION, triggers)(complete)
    for command in (EXPLAIN, PIN_ONLINE):
        server.command(command)(execute)
    return server


# The session


def initialize(ls: Session, params: lsp.InitializeParams) -> None:
    client = Client.of(params.capabilities)
    encoding = ls.workspace.position_encoding
    ls.meet(client, str(getattr(encoding, "value", encoding)))
    folders = [folder.uri for folder in params.workspace_folders or ()]
    ls.files.folders = _paths(folders or [ls.workspace.root_uri or ""])
    for problem in ls.layers.start(params.initialization_options):
        ls.tell(problem)
    ls.files.editor = ls.layers.editor
    kinds: list[lsp.CodeActionKind | str] = [QUICK_FIX, FIX_ALL, REWRITE]
    options = lsp.CodeActionOptions(kinds, resolve_provider=client.resolves_edits)
    ls.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, options)(code_actions)
    if client.resolves_edits:
        ls.feature(lsp.CODE_ACTION_RESOLVE)(resolve_code_action)
    if client.pulls:
        provider = lsp.DiagnosticOptions(
            inter_file_dependencies=True, workspace_diagnostics=True, identifier=SECTION
        )
        ls.feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, provider)(document_diagnostic)
        ls.feature(lsp.WORKSPACE_DIAGNOSTIC)(workspace_diagnostic)


async def initialized(ls: Session, params: lsp.InitializedParams) -> None:
    registrations = []
    if ls.client.registers_watchers:
        watchers = [lsp.FileSystemWatcher(pattern) for pattern in WATCHED]
        registrations.append(
            lsp.Registration(
                "steplock-files",
                lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                lsp.DidChangeWatchedFilesRegistrationOptions(watchers),
            )
        )
    if ls.client.registers_configuration:
        registrations.append(
            lsp.Registration(
                "steplock-settings",
                lsp.WORKSPACE_DID_CHANGE_CONFIGURATION,
                lsp.DidChangeConfigurationRegistrationOptions(SECTION),
            )
        )
    if registrations:
        try:
            await ls.client_register_capability_async(lsp.RegistrationParams(registrations))
        except JsonRpcException as error:
            # A client may refuse; then it does not say what changes, and all else works.
            ls.tell(f"the editor does not watch files: {error}", lsp.MessageType.Log)
    await load_settings(ls)


async def load_settings(ls: Session) -> None:
    """Ask for the settings of each folder; an editor that has none, or fails, changes nothing."""
    if not ls.client.configuration:
        return
    folders = ls.files.folders
    scopes = [None, *map(uris.to_uri, folders)]
    items = [lsp.ConfigurationItem(scope, SECTION) for scope in scopes]
    try:
        answers = await ls.workspace_configuration_async(lsp.ConfigurationParams(items))
    except JsonRpcException as error:
        ls.tell(f"the editor does not tell its settings: {error}")
        return
    before = ls.files.editor, ls.files.folder_settings
    for problem in ls.layers.answered(folders, answers or ()):
        ls.tell(problem)
    ls.files.editor, ls.files.folder_settings = ls.layers.editor, ls.layers.by_folder
    if before != (ls.files.editor, ls.files.folder_settings):
        ls.refresh()


async def did_change_configuration(ls: Session, params: lsp.DidChangeConfigurationParams) -> None:
    for problem in ls.layers.sent(params.settings):
        ls.tell(problem)
    ls.files.editor, ls.files.folder_settings = ls.layers.editor, ls.layers.by_folder
    await load_settings(ls)
    ls.refresh()


def did_change_watched_files(ls: Session, params: lsp.DidChangeWatchedFilesParams) -> None:
    ls.refresh()


async def did_change_workspace_folders(
    ls: Session, params: lsp.DidChangeWorkspaceFoldersParams
) -> None:
    gone = _paths(folder.uri for folder in params.event.removed)
    new = _paths(folder.uri for folder in params.event.added)
    kept = (folder for folder in ls.files.folders if folder not in gone)
    ls.files.folders = tuple(dict.fromkeys((*kept, *new)))
    await load_settings(ls)
    ls.refresh()


def _paths(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(path for uri in found if (path := uris.to_path(uri)))


# Documents


def did_open(ls: Session, params: lsp.DidOpenTextDocumentParams) -> None:
    document = params.text_document
    ls.documents.open(document.uri, document.version, document.text)
    ls.changed(document.uri)


def did_change(ls: Session, params: lsp.DidChangeTextDocumentParams) -> None:
    document = params.text_document
    ls.documents.change(document.uri, document.version, map(change, params.content_changes))
    ls.changed(document.uri)


def did_save(ls: Session, params: lsp.DidSaveTextDocumentParams) -> None:
    ls.changed(params.text_document.uri)


def did_close(ls: Session, params: lsp.DidCloseTextDocumentParams) -> None:
    uri = params.text_document.uri
    ls.documents.close(uri)
    ls.changed(uri)
    ls.results.forget(uri)
    if not ls.client.pulls:
        ls.publisher.closed(uri)


# Requests


async def document_diagnostic(
    ls: Session, params: lsp.DocumentDiagnosticParams
) -> lsp.DocumentDiagnosticReport:
    pulled = await pull(ls.results, params.text_document.uri, params.previous_result_id)
    ls.tell_failures(pulled.checked)
    return ls.convert.document_report(pulled)


async def workspace_diagnostic(
    ls: Session, params: lsp.WorkspaceDiagnosticParams
) -> lsp.WorkspaceDiagnosticReport:
    previous = {one.uri: one.value for one in params.previous_result_ids}
    return ls.convert.workspace_report(await ls.whole.pull(previous))


async def code_actions(
    ls: Session, params: lsp.CodeActionParams
) -> list[lsp.Command | lsp.CodeAction]:
    sent = params.context.diagnostics

    def make(checked: Checked) -> list[lsp.Command | lsp.CodeAction]:
        asked = ls.convert.asked(checked, params)
        offered = actions.offered(ls.files, checked, asked, defer=ls.client.resolves_edits)
        return [ls.convert.action(checked, action, sent) for action in offered]

    return await ls.answer(params.text_document.uri, make) or []


async def resolve_code_action(ls: Session, action: lsp.CodeAction) -> lsp.CodeAction:
    # Neovim sends every action here, those that have their edit too.
    match action.data:
        case {"uri": str(uri), "kind": "source.fixAll.steplock"} if action.edit is None:
            action.edit = await ls.answer(
                uri,
                lambda checked: ls.convert.workspace_edit(
                    checked, actions.fix_all(ls.files, checked)
                ),
            )
    return action


async def show_hover(ls: Session, params: lsp.HoverParams) -> lsp.Hover | None:
    def make(checked: Checked) -> lsp.Hover | None:
        found = hover(checked, ls.convert.offset(checked, params.position))
        return ls.convert.hover(checked, found) if found else None

    return await ls.answer(params.text_document.uri, make)


async def complete(ls: Session, params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
    def make(checked: Checked) -> list[lsp.CompletionItem]:
        offset = ls.convert.offset(checked, params.position)
        return ls.convert.completions(checked, completions(checked, offset))

    return await ls.answer(params.text_document.uri, make) or []


async def document_links(ls: Session, params: lsp.DocumentLinkParams) -> list[lsp.DocumentLink]:
    def make(checked: Checked) -> list[lsp.DocumentLink]:
        return ls.convert.links(checked, links(checked))

    return await ls.answer(params.text_document.uri, make) or []


async def inlay_hints(ls: Session, params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
    def make(checked: Checked) -> list[lsp.InlayHint]:
        if not ls.files.editor_settings(checked.source.path).inlay_hints:
            return []
        return ls.convert.hints(checked, hints(checked, ls.convert.span(checked, params.range)))

    return await ls.answer(params.text_document.uri, make) or []


async def code_lenses(ls: Session, params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
    def make(checked: Checked) -> list[lsp.CodeLens]:
        if not ls.files.editor_settings(checked.source.path).code_lens:
            return []
        return ls.convert.lenses(checked, lenses(checked))

    return await ls.answer(params.text_document.uri, make) or []


async def execute(ls: Session, params: lsp.ExecuteCommandParams) -> str | None:
    match params.command, params.arguments or ():
        case "steplock.explain", (str(rule),):
            return await explain(ls, rule)
        case "steplock.pinOnline", (str(uri),) | (str(uri), None):
            return await pin_online(ls, uri, None, params.work_done_token)
        case "steplock.pinOnline", (str(uri), ("major" | "minor" | "patch") as level):
            return await pin_online(ls, uri, level, params.work_done_token)
    raise JsonRpcInvalidParams(f"no such command, or not with such arguments: {params.command}")


async def explain(ls: Session, rule: str) -> str | None:
    """Show a rule's page in the browser, or in a message where the editor opens none."""
    found = explanation(rule)
    if found is None:
        return None
    if ls.client.shows_documents:
        await ls.window_show_document_async(lsp.ShowDocumentParams(found.address, external=True))
    else:
        ls.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Info, found.text))
    return found.markdown
