"""One connection to one editor: what it can do, what is open, what was found."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from steplock_lsp import uris
from steplock_lsp.check import Checked, failures
from steplock_lsp.client import Client
from steplock_lsp.convert import VERSION, Convert
from steplock_lsp.diagnostics import Publisher, WorkspacePull, dependents
from steplock_lsp.documents import Documents
from steplock_lsp.results import Results
from steplock_lsp.settings import Layers
from steplock_lsp.workspace import Workspace, is_configuration

_Answer = TypeVar("_Answer")

log = logging.getLogger(__name__)


class Session(LanguageServer):
    def __init__(self) -> None:
        super().__init__("steplock", VERSION)
        self.client = Client()
        self.documents = Documents()
        self.files = Workspace(self.documents)
        self.results = Results(self.files)
        self.publisher = Publisher(self.results, self.publish)
        self.whole = WorkspacePull(self.results)
        self.convert = Convert(self.files, self.client)
        self.layers = Layers()
        self.asked: set[str] = set()
        """The documents whose repositories are being asked."""
        self._told: set[str] = set()
        # pygls applies changes to documents of its own first; ours are in `documents`. And a command
        # that it calls runs on when the request is cancelled.
        for method in (
            lsp.WORKSPACE_EXECUTE_COMMAND,
            lsp.TEXT_DOCUMENT_DID_OPEN,
            lsp.TEXT_DOCUMENT_DID_CHANGE,
            lsp.TEXT_DOCUMENT_DID_CLOSE,
        ):
            del self.protocol.fm.builtin_features[method]

    def meet(self, client: Client, encoding: str) -> None:
        self.client = client
        self.documents.encoding = encoding
        self.convert = Convert(self.files, client)

    def publish(self, uri: str, checked: Checked | None) -> None:
        self.tell_failures(checked)
        self.text_document_publish_diagnostics(self.convert.published(uri, checked))

    def tell(self, message: str, type: lsp.MessageType = lsp.MessageType.Warning) -> None:
        self.window_log_message(lsp.LogMessageParams(type, message))

    def tell_failures(self, checked: Checked | None) -> None:
        """Log what failed inside, each once."""
        for message in failures(checked):
            if message not in self._told:
                self._told.add(message)
                self.tell(message, lsp.MessageType.Error)

    def changed(self, uri: str) -> None:
        """A document is not what it was, and what depends on it may not be."""
        path = uris.to_path(uri)
        if path and is_configuration(path):
            self.refresh()
        self.results.invalidate()
        if self.client.pulls:
            return  # it asks again by itself, for dependent files too
        if self.documents.get(uri) is not None:
            self.publisher.changed(uri)
        for other in dependents(self.results, path) if path else ():
            self.publisher.changed(other)

    def refresh(self) -> None:
        """No answer given before needs to hold any more: settings or files have changed."""
        self.results.invalidate()
        if not self.client.pulls:
            for document in self.documents:
                self.publisher.changed(document.uri)
        elif self.client.refreshes_diagnostics:
            self.workspace_diagnostic_refresh(None)
        if self.client.refreshes_hints:
            self.workspace_inlay_hint_refresh(None)
        if self.client.refreshes_lenses:
            self.workspace_code_lens_refresh(None)

    async def answer(self, uri: str, make: Callable[[Checked], _Answer]) -> _Answer | None:
        """What `make` makes of the newest version; None where the document is nothing of ours."""
        checked = await self.results.of(uri)
        if checked is None:
            return None
        try:
            return await self.results.run(lambda: make(checked))
        except Exception as error:
            # An editor shows a failed request as a message box, at each move of the cursor.
            log.exception("a request about %s failed", uri)
            self.tell(f"a request failed: {type(error).__name__}: {error}", lsp.MessageType.Error)
            return None

    def report_server_error(self, error: Exception, source: Any) -> None:
        self.tell(f"internal error: {error}", lsp.MessageType.Error)

    def shutdown(self) -> None:
        self.results.close()
        super().shutdown()  # type: ignore[no-untyped-call]
