"""The edit of the configuration that turns a rule off."""

from __future__ import annotations

import posixpath

from steplock import config, syntax
from steplock.edits import set_key
from steplock.syntax import Document, Mapping, Scalar
from steplock.text import Edit, Span, newline


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
