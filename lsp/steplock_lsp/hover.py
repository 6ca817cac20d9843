"""What the editor shows of the thing under the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from steplock.expression import contexts
from steplock.model import Action, Job, Workflow, expressions
from steplock.registry import by_id
from steplock.repository import Repository
from steplock.rule import Rule, page
from steplock.text import Span
from steplock_lsp.check import Checked
from steplock_lsp.granted import job_needs, scope_text
from steplock_lsp.outline import all_uses
from steplock_lsp.outsiders import job_text, reference_text, trigger_text
from steplock_lsp.pinned import uses_text


class Hover(NamedTuple):
    markdown: str
    span: Span


def hover(checked: Checked, offset: int) -> Hover | None:
    """Markdown for what stands at an offset: findings first, then what the thing is."""
    found = [*_findings(checked, offset), *_things(checked, offset)]
    if not found:
        return None
    innermost = min((one.span for one in found), key=lambda span: span.end - span.start)
    return Hover("\n\n---\n\n".join(one.markdown for one in found), innermost)


def _findings(checked: Checked, offset: int) -> Iterator[Hover]:
    told = set()
    for diagnostic in checked.report.diagnostics:
        rule = by_id().get(diagnostic.rule)
        if rule and rule.id not in told and _holds(diagnostic.span, offset):
            told.add(rule.id)
            yield Hover(manual(rule), diagnostic.span)


def manual(rule: Rule) -> str:
    """The part of a rule's manual page that says why, and where the rest is."""
    why = rule.doc.partition("## Why is this bad?\n")[2].partition("\n## ")[0].strip()
    return f"**`{rule.id}`** {rule.summary}\n\n{why}\n\n[All about `{rule.id}`]({page(rule.id)})"


class Explanation(NamedTuple):
    """A rule's manual, for an editor that shows addresses, plain text or Markdown."""

    address: str
    text: str
    markdown: str


def explanation(id: str) -> Explanation | None:
    """None where there is no such rule."""
    rule = by_id().get(id)
    if rule is None:
        return None
    text = f"{rule.id}: {rule.summary} {page(rule.id)}"
    return Explanation(page(rule.id), text, rule.doc)


def _things(checked: Checked, offset: int) -> Iterator[Hover]:
    for file in checked.files:
        if not isinstance(file, Workflow | Action):
            continue
        if isinstance(file, Workflow):
            yield from _workflow(file, offset, checked.repository)
        for uses in all_uses(file):
            if _holds(uses.span, offset) and (text := uses_text(uses)):
                yield Hover(text, uses.span)
        yield from _expressions(file, offset, checked.repository)


def _workflow(workflow: Workflow, offset: int, repository: Repository) -> Iterator[Hover]:
    for trigger in workflow.triggers:
        if _holds(trigger.span, offset):
            yield Hover(trigger_text(trigger), trigger.span)
    owners: tuple[Workflow | Job, ...] = (workflow, *workflow.jobs)
    for owner in owners:
        for scope in owner.permissions.scopes if owner.permissions else ():
            span = Span(scope.key.span.start, scope.value.span.end)
            if _holds(span, offset) and (text := scope_text(scope.name)):
                yield Hover(text, span)
    for job in workflow.jobs:
        if job.permissions and _holds(job.permissions.key.span, offset):
            needs = "\n".join(job_needs(job, repository))
            yield Hover(f"The token of job **`{job.id}`**\n\n{needs}", job.permissions.key.span)
        if _holds(job.key.span, offset):
            yield Hover(job_text(job, repository), job.key.span)


def _expressions(file: Workflow | Action, offset: int, repository: Repository) -> Iterator[Hover]:
    for expression in expressions(file):
        if not _holds(expression.span, offset):
            continue
        root = expression.parsed.root
        for reference in contexts(root) if root else ():
            span = expression.locate(reference.node.span)
            if _holds(span, offset):
                yield Hover(reference_text(expression, reference, repository), span)


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end
