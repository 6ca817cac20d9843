"""Where the texts come from that a script of actions/github-script puts out."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.annotations import TYPE_CHECKING
from steplock.model import Step
from steplock.syntax import Scalar
from steplock.tables.contexts import Control
from steplock.taint import javascript, javascript_checks
from steplock.taint.inputs import inputs
from steplock.taint.javascript_values import Value
from steplock.taint.value import Hop, Taint, Taints, Who, union, unseen
from steplock.text import Span

if TYPE_CHECKING:
    from steplock.taint.analysis import Analysis

# What github-script calls the fields of the context that are texts of people.
_CONTEXT = {"ref": "ref", "actor": "actor"}
# Calls whose answers are lists of, or are, what strangers wrote.
_OF_STRANGERS = ("pulls.get", "pulls.list", "issues.get", "issues.list", "search.issues", "request")
_OF_COMMITS = ("repos.getCommit", "repos.listCommits", "repos.compareCommits", "git.getCommit")
_FREE = frozenset({"title", "body", "diff_hunk", "filename", "previous_filename", "patch"})
_LINES = frozenset({"body", "message", "patch", "diff_hunk"})
# https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request: fields that hold nothing of an author's choice.
_PLAIN = frozenset({
    "id", "node_id", "number", "sha", "state", "draft", "merged", "locked", "mergeable", "mergeable_state", "rebaseable",
    "merge_commit_sha", "created_at", "updated_at", "closed_at", "merged_at", "pushed_at", "author_association", "additions",
    "deletions", "changed_files", "commits", "comments", "review_comments", "login", "type", "site_admin", "fork", "private",
    "full_name", "default_branch", "url", "html_url", "clone_url", "ssh_url", "git_url", "diff_url", "patch_url", "permission",
    "role_name", "status", "conclusion", "event", "run_id", "run_number", "run_attempt", "head_sha", "total_count", "visibility",
    "oid", "headRefOid", "isCrossRepository", "isDraft",
})  # fmt: skip


def put_out(analysis: Analysis, step: Step, name: str, variable: bool = False) -> Taints | None:
    """Where the text of an output, or of a variable for later steps, comes from; `name` in lower case.

    None where the script is not seen to put it out.
    """
    script = step.input("script")
    if script is None or not _may_put_out(script.value, variable):
        return None
    found = [w for w in javascript.writes(script.value) if (w.kind == "variable") == variable]
    ours = [w for w in found if w.name is not None and w.name.lower() == name]
    return union(_written(analysis, step, script, one, name) for one in ours) if ours else None


def _may_put_out(script: str, variable: bool) -> bool:
    """A cheap look, before a script is taken apart."""
    return "exportVariable" in script if variable else "setOutput" in script or "return" in script


def _written(
    analysis: Analysis, step: Step, script: Scalar, written: javascript.Written, name: str
) -> Taints:
    span = step.document.locate(script, Span(written.start, written.end))
    into = (
        f"the variable `{written.name}`" if written.kind == "variable" else f"the output `{name}`"
    )
    hop = Hop(f"written to {into}", step.file.path, span)
    encoding = step.input("result-encoding")
    # Without it a result is written as JSON, in one line.
    flat = written.kind == "result" and (encoding is None or encoding.value.strip() != "string")
    looked_at = javascript_checks.tested(script.value)
    parts = []
    for value in written.values:
        found = _of_value(analysis, step, script, value, into)
        if value.path in looked_at and any(t.control is Control.FREE for t in found):
            found = unseen(f"{into} of `{javascript.ACTION}`, which the script looks at before")
        parts.append(tuple(t._replace(lines=t.lines and not flat).then(hop) for t in found))
    return union(parts)


def _of_value(analysis: Analysis, step: Step, script: Scalar, value: Value, into: str) -> Taints:
    match value.path:
        case ("context", "payload", "inputs", name, *_):
            return inputs(analysis, name.lower(), step.file)
        case ("context", "payload", *rest):
            path = ("github", "event", *(part.lower() for part in rest))
            return _worth_telling(analysis.payload(path, step))
        case ("context", field) if field in _CONTEXT:
            return _worth_telling(analysis.payload(("github", _CONTEXT[field]), step))
        case ("context", *_):
            return ()
        case ("process", "env", name):
            return union(analysis.env(name.lower(), step))
        case ("fence",):
            return union(_fenced(analysis, step, script, value))
        case ("answer", call, *fields):
            return _answered(analysis, step, call, tuple(fields))
    return unseen(f"{into} of `{javascript.ACTION}`")


def _worth_telling(found: Taints) -> Taints:
    """Without names of accounts and the like, and fields that no event of the workflow has."""
    return tuple(
        t for t in found if t.control is not Control.CONSTRAINED and t.who is not Who.NOBODY
    )


def _fenced(analysis: Analysis, step: Step, script: Scalar, value: Value) -> Iterator[Taints]:
    for source in analysis.sources(script, step):
        if value.start <= source.span.start < value.end:
            yield source.taints


def _answered(analysis: Analysis, step: Step, call: str, fields: tuple[str, ...]) -> Taints:
    """The field of an answer of GitHub's API."""
    what = f"`{'.'.join(fields)}` of the answer to `{call}`"
    leaf = next((field for field in reversed(fields) if field != "*"), "")
    if "base" in fields or "user" in fields or leaf in _PLAIN:
        return ()
    free = leaf in _FREE and call.startswith(_OF_STRANGERS)
    free = free or (
        leaf in ("ref", "label") and "head" in fields and call.startswith(_OF_STRANGERS)
    )
    free = free or (leaf in ("message", "filename", "patch") and call.startswith(_OF_COMMITS))
    if not free or (call == "request" and leaf not in ("title", "ref", "label")):
        return unseen(what)
    found: tuple[Taint, ...] = analysis.fetched(what, step)
    return tuple(taint._replace(lines=leaf in _LINES) for taint in found)
