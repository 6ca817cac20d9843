"""What the editor at the other end can do, as far as answers depend on it."""

from __future__ import annotations

from typing import Any, NamedTuple

from lsprotocol import types as lsp
from pygls.capabilities import get_capability


class Client(NamedTuple):
    pulls: bool = False
    """Asks for diagnostics; they are then never pushed."""
    resolves_edits: bool = False
    """Asks for the edit of a code action that came without one, and sends its data back."""
    document_changes: bool = False
    """Takes edits with the version of the document they are for."""
    creates_files: bool = False
    configuration: bool = False
    """Answers `workspace/configuration`."""
    registers_configuration: bool = False
    registers_watchers: bool = False
    shows_documents: bool = False
    shows_progress: bool = False
    """Shows that something takes a while, and lets a person end it."""
    applies_edits: bool = False
    refreshes_diagnostics: bool = False
    refreshes_hints: bool = False
    refreshes_lenses: bool = False

    @classmethod
    def of(cls, capabilities: lsp.ClientCapabilities) -> Client:
        def has(path: str) -> bool:
            return bool(get_capability(capabilities, path, False))

        def listed(path: str) -> tuple[Any, ...]:
            return tuple(get_capability(capabilities, path, None) or ())

        edits = "workspace.workspace_edit"
        actions = "text_document.code_action"
        diagnostic = capabilities.text_document and capabilities.text_document.diagnostic
        return cls(
            pulls=diagnostic is not None,
            resolves_edits=has(f"{actions}.data_support")
            and "edit" in listed(f"{actions}.resolve_support.properties"),
            document_changes=has(f"{edits}.document_changes"),
            creates_files=has(f"{edits}.document_changes")
            and lsp.ResourceOperationKind.Create in listed(f"{edits}.resource_operations"),
            configuration=has("workspace.configuration"),
            registers_configuration=has("workspace.did_change_configuration.dynamic_registration"),
            registers_watchers=has("workspace.did_change_watched_files.dynamic_registration"),
            shows_documents=has("window.show_document.support"),
            shows_progress=has("window.work_done_progress"),
            applies_edits=has("workspace.apply_edit"),
            refreshes_diagnostics=has("workspace.diagnostics.refresh_support"),
            refreshes_hints=has("workspace.inlay_hint.refresh_support"),
            refreshes_lenses=has("workspace.code_lens.refresh_support"),
        )
