"""Where a comment that silences a finding goes, and the configuration that turns a rule off."""

from __future__ import annotations

import posixpath

from steplock import config, syntax
from steplock.edits import comment_above, set_comment, set_key
from steplock.report import Diagnostic
from steplock.suppress import suppressions
from steplock.syntax import Document, Mapping, Scalar, walk
from steplock.text import Edit, Span, newline

REASON = "reason"


def ignore_edit(document: Document, diagnostic: Diagnostic) -> Edit | None:
    """Silence one finding at its place: in a comment that is there, at the end of its line, or above it.

    None where no comment can stand, in the middle of a text of several lines.
    """
    whole = document.whole_scalar(diagnostic.span)
    line = document.lines.line(whole.start)
    for comment in suppressions(document):
        extends = comment.tool == "steplock" and not comment.is_file and bool(comment.ids)
        if extends and line in (comment.line, comment.target):
            end = comment.ids[-1][1].end
            return Edit(Span(end, end), f", {diagnostic.rule}")
    text = f"# steplock: ignore[{diagnostic.rule}] {REASON}"
    here = document.lines.span(line)
    if document.comment_on(line) is None and not _inside_scalar(document, here.end):
        return set_comment(document, line, text)
    if _inside_scalar(document, here.start):
        return None
    return comment_above(document, whole.start, text)


def _inside_scalar(document: Document, offset: int) -> bool:
    """Whether a scalar begins before an offset and goes on behind it: no comment can stand there."""
    return any(
        isinstance(node, Scalar) and node.span.start < offset < node.span.end
        for root in document.roots
        for node in walk(root)
    )


def disable_edit(text: str, path: str, rule: str) -> Edit | None:
    """Turn a rule off in the text of a configuration file, which may be empty."""
    peer = posixpath.basename(path).startswith("zizmor.")
    document = syntax.parse(text)
    match document.root:
        case Mapping(items=(_, *_)) as root:
            return _set(document, root, rule, peer)
        case None | Scalar(is_null=True):
            body = f"rules:\n  {rule}:\n    disable: true\n" if peer else f"rules:\n  {rule}: off\n"
            lead = "" if not text or text.endswith("\n") else "\n"
            return Edit(Span(len(text), len(text)), (lead + body).replace("\n", newline(text)))
    return None


def _set(document: Document, root: Mapping, rule: str, peer: bool) -> Edit | None:
    rules = root.mapping("rules")
    settings = rules.get(rule) if rules else None
    if peer:
        return set_key(document, root, ("rules", rule, "disable"), "true")
    if isinstance(settings, Mapping):
        return set_key(document, root, ("rules", rule, "enabled"), "false")
    return set_key(document, root, ("rules", rule), "off")


def configuration_path(root: str) -> str:
    """Where a repository's configuration is made that has none."""
    return f"{root}/{config.NAMES[0]}"
