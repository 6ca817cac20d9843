"""What of a stranger a job gets in touch with: his code, his text, the files of his run."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.annotations import Literal
from steplock.foreign.execution import executions
from steplock.foreign.sources import brought_in
from steplock.model import Action, Job, Step, Workflow
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.syntax import Scalar
from steplock.tables import agents, checkouts, outputs
from steplock.taint import Control, Who, analysis, evaluated
from steplock.text import Span
from steplock.trust import Gate, situation, step_exposures

_OWNERS = frozenset({"actions", "github", "dependabot"})
# Actions that read fields of the event or ask GitHub's API, and hand no text on to code. Read from their sources and
# manifests, 2026-11-21.
_HARMLESS = frozenset(
    [
        "actions-cool/check-user-permission", "actions-cool/issues-helper", "actions-ecosystem/action-add-labels",
        "amannn/action-semantic-pull-request", "aws-actions/closed-issue-message", "aws-actions/configure-aws-credentials", "bcoe/conventional-release-labels", "codelytv/pr-size-labeler",
        "contributor-assistant/github-action", "dessant/label-actions", "dessant/lock-threads", "dorny/paths-filter",
        "eps1lon/actions-label-merge-conflict", "google-github-actions/auth", "hmarr/auto-approve-action",
        "kentaro-m/auto-assign-action", "marocchino/sticky-pull-request-comment", "mheap/github-action-required-labels",
        "mshick/add-pr-comment", "pascalgn/size-label-action", "peter-evans/create-or-update-comment", "peter-evans/find-comment", "prince-chrismc/check-actor-permissions-action",
        "release-drafter/release-drafter", "srvaroa/labeler", "step-security/harden-runner",
        "thollander/actions-comment-pull-request", "tim-actions/get-pr-commits", "toshimaru/auto-author-assign", "xt0rted/slash-command-action",
    ]
)  # fmt: skip


class Touch(NamedTuple):
    kind: Literal["code", "files", "text", "agent", "unseen"]
    """`code` runs; `files` are there and nothing is seen to run them; `text` goes into a script; an `agent` reads it;
    `unseen`: what an action does with it is not known."""
    what: str
    """For people: the command, the context, the action."""
    path: str
    span: Span
    runs: str = ""
    """Of code, what runs it."""
    refused: bool = False
    """Whether checkout's own guard keeps the code out."""


def touches(job: Job, event: str, repository: Repository) -> Iterator[Touch]:
    """What the steps of a job touch in a run that a stranger caused, those of local workflows and actions too."""
    if job.uses is None:
        yield from _steps(job.steps, event, repository)
        return
    callee = repository.callee(job.uses)
    if isinstance(callee, Workflow) and callee is not job.workflow:
        for inner in callee.jobs:
            if inner.uses is None and not inner.is_dead:
                yield from _steps(inner.steps, event, repository)
    else:
        yield Touch("unseen", job.uses.name, job.workflow.path, job.uses.span)


def _steps(steps: tuple[Step, ...], event: str, repository: Repository) -> Iterator[Touch]:
    for step in steps:
        if any(e.event == event for e in step_exposures(step, repository)):
            yield from _step(step, event, repository)


def _step(step: Step, event: str, repository: Repository) -> Iterator[Touch]:
    yield from _foreign(step, event, repository)
    yield from _text(step, repository)
    uses = step.uses
    if uses is None or uses.is_docker:
        return
    if uses.is_local:
        action = repository.callee(uses)
        if isinstance(action, Action) and action.using == "composite":
            yield from _steps(action.steps, event, repository)
        else:
            yield Touch("unseen", uses.value, step.file.path, uses.span)
        return
    agent = agents.of(uses.action)
    if agent is not None:
        if agents.gated(agent, situation(step)._replace(events=(event,))) is not True:
            yield Touch("agent", uses.slug, step.file.path, uses.span)
    elif uses.owner not in _OWNERS and uses.slug not in _HARMLESS and not _is_known(uses.action):
        yield Touch("unseen", uses.slug, step.file.path, uses.span)


def _is_known(action: str) -> bool:
    """Whether it is known to do no more than to download files, to look a pull request up, or to change letters."""
    if checkouts.downloader(action) is not None or checkouts.resolver(action):
        return True
    return any(output.carries for output in outputs.of(action))


def _foreign(step: Step, event: str, repository: Repository) -> Iterator[Touch]:
    for foreign in brought_in(step, repository):
        ways = [exposure.gate for exposure in foreign.exposures if exposure.event == event]
        if not any(gate in (Gate.NONE, Gate.ENVIRONMENT) for gate in ways):
            continue  # somebody with rights has to let him
        ran = next(iter(executions(step, foreign.path, repository)), None)
        kind: Literal["code", "files"] = "code" if ran and ran.is_seen else "files"
        refused = foreign.is_refused(event)
        runs = ran.what if ran else ""
        yield Touch(kind, foreign.what, step.file.path, foreign.span, runs, refused)


def _text(step: Step, repository: Repository) -> Iterator[Touch]:
    if step.run is not None and "$" in step.run.value:
        for handed in evaluated(analysis(step.file, repository), step):
            span = step.document.locate(step.run, handed.expansion.span)
            yield Touch("text", handed.taint.what, step.file.path, span)
            break
    scalar = step.run
    if step.uses is not None and step.uses.action == "actions/github-script":
        scalar = step.input("script")
    if not isinstance(scalar, Scalar) or "${{" not in scalar.value:
        return
    for source in analysis(step.file, repository).sources(scalar, step):
        for taint in source.taints:
            if taint.who is Who.STRANGER and taint.control is Control.FREE:
                span = step.document.locate(scalar, source.span)
                yield Touch("text", taint.what, step.file.path, span)
                return
