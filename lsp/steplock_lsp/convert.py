"""Core values to protocol types and back: the only file that knows both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lsprotocol import types as lsp

from steplock import __version__ as VERSION
from steplock.report import Diagnostic
from steplock.rule import Severity, page
from steplock.text import Edit, Lines, Span
from steplock_lsp.actions import Action, Asked, FileEdits
from steplock_lsp.check import CONFIGURATION, INTERNAL, Checked
from steplock_lsp.client import Client
from steplock_lsp.completion import Item
from steplock_lsp.diagnostics import Pulled
from steplock_lsp.documents import Change
from steplock_lsp.hints import Hint
from steplock_lsp.hover import Hover
from steplock_lsp.lens import Lens
from steplock_lsp.links import Link
from steplock_lsp.positions import Columns
from steplock_lsp.workspace import Workspace

__all__ = ["VERSION", "Convert", "change"]

SOURCE = "steplock"

_LEVELS = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "information": lsp.DiagnosticSeverity.Information,
    "hint": lsp.DiagnosticSeverity.Hint,
}
_USUAL = {
    Severity.HIGH: lsp.DiagnosticSeverity.Error,
    Severity.MEDIUM: lsp.DiagnosticSeverity.Warning,
    Severity.LOW: lsp.DiagnosticSeverity.Information,
    Severity.INFORMATIONAL: lsp.DiagnosticSeverity.Information,
}
_TAGS = {
    "unused-suppression": [lsp.DiagnosticTag.Unnecessary],
    "insecure-commands": [lsp.DiagnosticTag.Deprecated],
}
_WITHOUT_PAGE = frozenset({CONFIGURATION, INTERNAL})


def change(change: lsp.TextDocumentContentChangeEvent) -> Change:
    if isinstance(change, lsp.TextDocumentContentChangePartial):
        start, end = change.range.start, change.range.end
        return Change(change.text, (start.line, start.character, end.line, end.character))
    return Change(change.text)


class Convert:
    """For one client, whose columns and capabilities it knows."""

    def __init__(self, workspace: Workspace, client: Client) -> None:
        self.workspace = workspace
        self.client = client

    def columns(self, text: str) -> Columns:
        return Columns(Lines(text), self.workspace.documents.encoding)

    def _of(self, checked: Checked) -> Columns:
        return Columns(checked.lines, self.workspace.documents.encoding)

    def offset(self, checked: Checked, position: lsp.Position) -> int:
        return self._of(checked).offset(position.line, position.character)

    def span(self, checked: Checked, range: lsp.Range) -> Span:
        start = self.offset(checked, range.start)
        return Span(start, max(start, self.offset(checked, range.end)))

    # Diagnostics

    def diagnostics(self, checked: Checked | None) -> list[lsp.Diagnostic]:
        if checked is None:
            return []
        columns = self._of(checked)
        levels = self.workspace.editor_settings(checked.source.path).severities
        usual = {
            severity: _LEVELS.get(levels.get(severity.name.lower(), ""), level)
            for severity, level in _USUAL.items()
        }
        others: dict[str, Columns] = {}
        return [
            lsp.Diagnostic(
                range=_range(columns, found.span),
                message=found.message,
                severity=usual[found.severity],
                code=found.rule,
                code_description=_page(found.rule),
                source=SOURCE,
                tags=_TAGS.get(found.rule),
                related_information=self._related(checked, found, columns, others),
                data={"version": checked.source.version, "index": index},
            )
            for index, found in enumerate(checked.report.diagnostics)
        ]

    def _related(
        self, checked: Checked, found: Diagnostic, columns: Columns, others: dict[str, Columns]
    ) -> list[lsp.DiagnosticRelatedInformation] | None:
        made = []
        for related in found.related:
            path = checked.place(related.path)
            if path is not None and path not in others:
                others[path] = self.columns(self.workspace.text(path) or "")
            uri = checked.source.uri if path is None else self.workspace.documents.uri(path)
            where = _range(columns if path is None else others[path], related.span)
            made.append(lsp.DiagnosticRelatedInformation(lsp.Location(uri, where), related.message))
        return made or None

    def published(self, uri: str, checked: Checked | None) -> lsp.PublishDiagnosticsParams:
        version = checked.source.version if checked else None
        return lsp.PublishDiagnosticsParams(uri, self.diagnostics(checked), version)

    def document_report(self, pulled: Pulled) -> lsp.DocumentDiagnosticReport:
        if pulled.unchanged:
            return lsp.RelatedUnchangedDocumentDiagnosticReport(result_id=pulled.result_id)
        found = self.diagnostics(pulled.checked)
        return lsp.RelatedFullDocumentDiagnosticReport(items=found, result_id=pulled.result_id)

    def workspace_report(self, all: Iterable[Pulled]) -> lsp.WorkspaceDiagnosticReport:
        return lsp.WorkspaceDiagnosticReport([self._in_workspace(pulled) for pulled in all])

    def _in_workspace(self, pulled: Pulled) -> lsp.WorkspaceDocumentDiagnosticReport:
        if pulled.unchanged:
            return lsp.WorkspaceUnchangedDocumentDiagnosticReport(
                uri=pulled.uri, result_id=pulled.result_id, version=pulled.version
            )
        found = self.diagnostics(pulled.checked)
        return lsp.WorkspaceFullDocumentDiagnosticReport(
            uri=pulled.uri, items=found, version=pulled.version, result_id=pulled.result_id
        )

    # Code actions

    def asked(self, checked: Checked, params: lsp.CodeActionParams) -> Asked:
        named = set()
        chosen = set()
        version = checked.source.version
        for one in params.context.diagnostics:
            if one.source not in (SOURCE, None):
                continue
            match one.data:
                case {"version": held, "index": int(index)} if held == version:
                    chosen.add(index)
                case _:
                    named.add((str(one.code), one.range.start.line))
        only = params.context.only
        kinds = None if only is None else tuple(str(getattr(k, "value", k)) for k in only)
        return Asked(self.span(checked, params.range), kinds, frozenset(chosen), frozenset(named))

    def action(
        self, checked: Checked, action: Action, sent: Sequence[lsp.Diagnostic]
    ) -> lsp.CodeAction:
        made = lsp.CodeAction(action.title, kind=action.kind)
        if action.about:
            made.diagnostics = self._about(checked, action.about, sent)
        if action.preferred:
            made.is_preferred = True
        if action.call is not None:
            name, argument = action.call
            made.command = lsp.Command(action.title, name, arguments=[argument])
        elif action.files is not None:
            made.edit = self.workspace_edit(checked, action.files)
        else:
            made.data = {"uri": checked.source.uri, "kind": action.kind}
        return made

    def _about(
        self, checked: Checked, about: Iterable[int], sent: Sequence[lsp.Diagnostic]
    ) -> list[lsp.Diagnostic]:
        """As the client sent them, where it did: it compares them to its own."""
        ours = self.diagnostics(checked)
        by_place = {(one.code, one.range.start.line, one.message): one for one in sent}
        found = (ours[index] for index in about)
        return [by_place.get((one.code, one.range.start.line, one.message), one) for one in found]

    def workspace_edit(self, checked: Checked, files: Iterable[FileEdits]) -> lsp.WorkspaceEdit:
        if not self.client.document_changes:
            changes: dict[str, Sequence[lsp.TextEdit]] = {
                self._uri(checked, file): self._edits(file) for file in files
            }
            return lsp.WorkspaceEdit(changes=changes)
        made: list[lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile] = []
        for file in files:
            uri = self._uri(checked, file)
            if file.create and self.client.creates_files:
                options = lsp.CreateFileOptions(ignore_if_exists=True)
                made.append(lsp.CreateFile(uri, options=options))
            open_document = self.workspace.documents.get(uri)
            version = open_document.version if open_document else None
            document = lsp.OptionalVersionedTextDocumentIdentifier(uri, version)
            made.append(lsp.TextDocumentEdit(document, self._edits(file)))
        return lsp.WorkspaceEdit(document_changes=made)

    def _uri(self, checked: Checked, file: FileEdits) -> str:
        if file.path is None:
            return checked.source.uri
        return self.workspace.documents.uri(file.path)

    def _edits(self, file: FileEdits) -> list[lsp.TextEdit]:
        columns = self.columns(file.text)
        return [_edit(columns, edit) for edit in file.edits]

    # What is shown and offered at a place

    def hover(self, checked: Checked, hover: Hover) -> lsp.Hover:
        content = lsp.MarkupContent(lsp.MarkupKind.Markdown, hover.markdown)
        return lsp.Hover(content, _range(self._of(checked), hover.span))

    def completions(self, checked: Checked, items: Iterable[Item]) -> list[lsp.CompletionItem]:
        columns = self._of(checked)
        return [
            lsp.CompletionItem(
                item.label,
                kind=lsp.CompletionItemKind.Value,
                detail=item.detail or None,
                documentation=(
                    lsp.MarkupContent(lsp.MarkupKind.Markdown, item.documentation)
                    if item.documentation
                    else None
                ),
                # The order given is the order of use; editors would sort by label.
                sort_text=f"{place:04}",
                filter_text=item.label,
                text_edit=_edit(columns, Edit(item.span, item.new)),
            )
            for place, item in enumerate(items)
        ]

    def links(self, checked: Checked, links: Iterable[Link]) -> list[lsp.DocumentLink]:
        columns = self._of(checked)
        made = []
        for link in links:
            path = checked.place(link.path)
            target = link.address or (self.workspace.documents.uri(path) if path else None)
            if target is not None:
                where = _range(columns, link.span)
                made.append(lsp.DocumentLink(where, target, tooltip=link.tooltip))
        return made

    def hints(self, checked: Checked, hints: Iterable[Hint]) -> list[lsp.InlayHint]:
        columns = self._of(checked)
        return [
            lsp.InlayHint(
                lsp.Position(*columns.position(hint.offset)),
                hint.label,
                tooltip=lsp.MarkupContent(lsp.MarkupKind.Markdown, hint.tooltip),
                padding_left=True,
            )
            for hint in hints
        ]

    def lenses(self, checked: Checked, lenses: Iterable[Lens]) -> list[lsp.CodeLens]:
        columns = self._of(checked)
        # A command without a name is a text that cannot be clicked.
        return [
            lsp.CodeLens(_range(columns, lens.span), lsp.Command(lens.title, "")) for lens in lenses
        ]


def _range(columns: Columns, span: Span) -> lsp.Range:
    start = lsp.Position(*columns.position(span.start))
    return lsp.Range(start, lsp.Position(*columns.position(span.end)))


def _edit(columns: Columns, edit: Edit) -> lsp.TextEdit:
    return lsp.TextEdit(_range(columns, edit.span), edit.new)


def _page(rule: str) -> lsp.CodeDescription | None:
    return None if rule in _WITHOUT_PAGE else lsp.CodeDescription(page(rule))
