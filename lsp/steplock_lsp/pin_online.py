"""The command `steplock.pinOnline`: from a document to the edit that pins it to what its references stand for now."""

from __future__ import annotations

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from steplock_lsp import asking, uris
from steplock_lsp.actions import FileEdits
from steplock_lsp.asking import Answer, Failure, Level
from steplock_lsp.check import Checked
from steplock_lsp.difference import difference
from steplock_lsp.progress import Ended, shown
from steplock_lsp.session import Session

_TITLE = "Asking the repositories"
_NOTES = 5
"""How many notes a message shows; all are in the log."""


class _Unpinned(Exception):
    """Why nothing was pinned, for whoever asked."""


async def pin_online(
    ls: Session, uri: str, level: Level | None, token: lsp.ProgressToken | None
) -> str | None:
    """Pin an open document; with a level, to newer releases that are no further away.

    token: under which the editor wants to hear of the progress, where it said so.

    Returns:
        What was done, which the editor is shown too; None where nothing could be done.
    """
    try:
        answer = await _pin(ls, uri, level, token)
    except Ended:
        return None
    except _Unpinned as problem:
        message = f"steplock: {problem}"
        ls.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, message))
        return None
    _show(ls, answer)
    return answer.summary


async def _pin(
    ls: Session, uri: str, level: Level | None, token: lsp.ProgressToken | None
) -> Answer:
    checked = await ls.results.of(uri)
    if checked is None:
        raise _Unpinned("open what to pin first: a workflow, an action or pre-commit's hooks")
    if not ls.client.applies_edits:
        raise _Unpinned("this editor takes no edits from a command; run `steplock pin` instead")
    if uri in ls.asked:
        raise _Unpinned("the repositories of this file are being asked already")
    ls.asked.add(uri)
    try:
        name = checked.source.path or uris.name(uri)
        answer = await shown(ls, _TITLE, asking.pin(checked.source.text, name, level), token)
    finally:
        ls.asked.discard(uri)
    for note in answer.notes:
        ls.tell(note)
    if isinstance(answer, Failure):
        raise _Unpinned(answer.reason)
    if answer.text != checked.source.text:
        await _apply(ls, checked, answer.text)
    return answer


async def _apply(ls: Session, checked: Checked, text: str) -> None:
    """Have the editor change the document to this text."""
    source = checked.source
    if ls.documents.get(source.uri) is not source:
        raise _Unpinned("nothing was pinned: the file has changed meanwhile; try again")
    edits = difference(source.text, text)
    edit = ls.convert.workspace_edit(checked, (FileEdits(None, source.text, edits),))
    params = lsp.ApplyWorkspaceEditParams(edit, label="Pin to commits")
    try:
        result = await ls.workspace_apply_edit_async(params)
    except JsonRpcException as error:
        raise _Unpinned(f"nothing was pinned: the editor did not take the edit: {error}") from error
    if not result.applied:
        why = f": {result.failure_reason}" if result.failure_reason else ""
        raise _Unpinned(f"nothing was pinned: the editor did not take the edit{why}")


def _show(ls: Session, answer: Answer) -> None:
    notes = answer.notes[:_NOTES]
    rest = len(answer.notes) - len(notes)
    more = [f"and {rest} more, which are in the log"] if rest else []
    kind = lsp.MessageType.Warning if notes else lsp.MessageType.Info
    message = "\n".join([f"steplock: {answer.summary}", *notes, *more])
    ls.window_show_message(lsp.ShowMessageParams(kind, message))
