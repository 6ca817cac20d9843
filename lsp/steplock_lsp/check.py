"""One version of one document, checked: all that the features of the editor are made from."""

from __future__ import annotations

import logging
import posixpath
import time
from functools import cached_property

from steplock import config, syntax
from steplock.engine import lint
from steplock.model import kind
from steplock.report import Diagnostic, Report
from steplock.repository import Repository
from steplock.reuse import Memory
from steplock.rule import Confidence, Persona, Severity
from steplock.settings import DEFAULTS, Settings
from steplock.syntax import Document
from steplock.text import Lines, Span
from steplock_lsp import uris
from steplock_lsp.documents import OpenDocument
from steplock_lsp.workspace import Workspace, is_own_configuration

INTERNAL = "internal-error"
CONFIGURATION = "configuration"
_UNTITLED = ("untitled", "")

log = logging.getLogger(__name__)


class Checked:
    """What is known of one version of a text. Immutable but for what is worked out on demand."""

    def __init__(
        self,
        source: OpenDocument,
        report: Report,
        settings: Settings,
        *,
        root: str = "",
        repository: Repository | None = None,
        reads: frozenset[str] = frozenset(),
        document: Document | None = None,
    ) -> None:
        self.source = source
        self.report = report
        self.settings = settings
        self.root = root
        """The repository's root; empty for a buffer without a file."""
        self.repository = repository or Repository()
        """The files round it, as they were then."""
        self.files = self.repository.files(report.path) if repository else ()
        self.reads = reads
        """Absolute paths of what else it depends on: files, missing ones too, and folders, with `/` at the end."""
        self._document = document

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.source.text)

    @cached_property
    def document(self) -> Document:
        if self._document is not None:
            return self._document
        return self.files[0].document if self.files else syntax.parse(self.source.text)

    @property
    def is_configuration(self) -> bool:
        return self.source.path is not None and is_own_configuration(self.source.path)

    def place(self, path: str | None) -> str | None:
        """The absolute path of a file of the repository; None for this one."""
        if path is None or path == self.report.path or not self.root:
            return None
        return f"{self.root}/{path}"


class Last:
    """What the check of a document's last version leaves for the next."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.reads: frozenset[str] = frozenset()
        self.state: object = None
        """All that results depend on but the text, as it was then."""


def check(workspace: Workspace, source: OpenDocument, last: Last | None = None) -> Checked | None:
    """Check one version of a document; None where it is nothing of ours. Never raises."""
    try:
        return _check(workspace, source, last or Last())
    except Exception as error:
        # The editor goes on with the next keystroke; an exception here would end all checks.
        log.exception("checking %s failed", source.uri)
        return _failed(source, error)


def failures(checked: Checked | None) -> tuple[str, ...]:
    """What went wrong inside, of no concern to whoever writes the file."""
    found = checked.report.diagnostics if checked else ()
    return tuple(one.message for one in found if one.rule == INTERNAL)


def _check(workspace: Workspace, source: OpenDocument, last: Last) -> Checked | None:
    if source.path is None:
        return _untitled(workspace, source)
    if is_own_configuration(source.path):
        return _configuration(source)
    if kind(source.path) is None:
        return None
    root = workspace.root(source.path)
    path = posixpath.relpath(source.path, root)
    settings = workspace.settings(source.path)
    if settings.excludes(path):
        return None
    today = _today()
    outside = root, path, settings, today
    if last.state != (outside, _states(workspace, last.reads)):
        last.memory, last.reads = Memory(), frozenset()
    repository = workspace.repository(root)
    report = lint(
        source.text,
        path,
        settings=settings,
        repository=repository,
        today=today,
        memory=last.memory,
    )
    asked = frozenset(f"{root}/{one}" for one in repository.asked if one != path)
    # What was not checked again still rests on what was read then.
    last.reads = asked | last.reads if last.memory.reused else asked
    last.state = outside, _states(workspace, last.reads)
    return Checked(source, report, settings, root=root, repository=repository, reads=last.reads)


def _states(workspace: Workspace, paths: frozenset[str]) -> dict[str, object]:
    return {path: workspace.state(path) for path in paths}


def _untitled(workspace: Workspace, source: OpenDocument) -> Checked | None:
    """A buffer without a file is what its name says, or its content."""
    if uris.scheme(source.uri) not in (*_UNTITLED, "file"):
        return None
    path = uris.name(source.uri)
    settings = workspace.settings(None)
    alone = Repository()
    report = lint(source.text, path, settings=settings, repository=alone, today=_today())
    if kind(path) is None and not alone.files(path):
        return None
    return Checked(source, report, settings, repository=alone)


def _configuration(source: OpenDocument) -> Checked:
    read = config.read(source.text, posixpath.basename(source.path or ""))
    found = tuple(
        _diagnostic(CONFIGURATION, Severity.MEDIUM, source, problem.span, problem.message)
        for problem in read.problems
    )
    report = Report(source.path or "", source.text, found, ())
    return Checked(source, report, read.settings, document=read.document)


def _failed(source: OpenDocument, error: Exception) -> Checked:
    message = f"this file could not be checked: {type(error).__name__}: {error}"
    found = _diagnostic(INTERNAL, Severity.INFORMATIONAL, source, Span(0, 0), message)
    report = Report(source.path or "", source.text, (found,), ())
    return Checked(source, report, DEFAULTS)


def _diagnostic(
    rule: str, severity: Severity, source: OpenDocument, span: Span, message: str
) -> Diagnostic:
    return Diagnostic(
        rule, severity, Confidence.HIGH, Persona.REGULAR, source.path or "", span, message
    )


def _today() -> str:
    return time.strftime("%Y-%m-%d")
