"""Contexts and events, against what GitHub documents of them: who can write what where."""

from __future__ import annotations

import importlib
import json
import zipfile
from pathlib import Path

import pytest

from steplock import tables
from steplock.tables.contexts import Capability, Control, capability, outsiders

HARMLESS = Capability(Control.HARMLESS, False)
CHOSEN = Capability(Control.HARMLESS, True)
OURS = Capability(Control.CONSTRAINED, False)
THEIRS = Capability(Control.CONSTRAINED, True)
INSIDER = Capability(Control.FREE, False)
ATTACKER = Capability(Control.FREE, True)

CASES = """
# event                      context                                                    expected

# What an outsider writes.
issues                       github.event.issue.title                                   ATTACKER
issues                       github.event.issue.body                                    ATTACKER
issues                       github.event.changes.title.from                            ATTACKER
issues                       github.event.issue.pinned_comment.body                     ATTACKER
issue_comment                github.event.comment.body                                  ATTACKER
issue_comment                github.event.issue.title                                   ATTACKER
issue_comment                github.event.changes.body.from                             ATTACKER
discussion                   github.event.discussion.title                              ATTACKER
discussion                   github.event.discussion.body                               ATTACKER
discussion                   github.event.answer.body                                   ATTACKER
discussion_comment           github.event.comment.body                                  ATTACKER
discussion_comment           github.event.discussion.title                              ATTACKER
gollum                       github.event.pages.*.page_name                             ATTACKER
gollum                       github.event.pages.0.title                                 ATTACKER
fork                         github.event.forkee.description                            ATTACKER
status                       github.event.commit.commit.message                         ATTACKER
status                       github.event.commit.commit.author.name                     ATTACKER
check_suite                  github.event.check_suite.head_commit.message               ATTACKER
pull_request                 github.event.pull_request.title                            ATTACKER
pull_request                 github.event.pull_request.body                             ATTACKER
pull_request                 github.event.pull_request.head.ref                         ATTACKER
pull_request                 github.event.pull_request.head.label                       ATTACKER
pull_request                 github.event.pull_request.head.repo.description            ATTACKER
pull_request                 github.event.pull_request.head.repo.homepage               ATTACKER
pull_request                 github.event.pull_request.head.repo.default_branch         ATTACKER
pull_request_target          github.event.pull_request.title                            ATTACKER
pull_request_target          github.event.pull_request.head.ref                         ATTACKER
pull_request_review          github.event.review.body                                   ATTACKER
pull_request_review          github.event.pull_request.head.ref                         ATTACKER
pull_request_review_comment  github.event.comment.body                                  ATTACKER
pull_request_review_comment  github.event.comment.path                                  ATTACKER
pull_request_review_comment  github.event.comment.diff_hunk                             ATTACKER
workflow_run                 github.event.workflow_run.head_branch                      ATTACKER
workflow_run                 github.event.workflow_run.display_title                    ATTACKER
workflow_run                 github.event.workflow_run.name                             ATTACKER
workflow_run                 github.event.workflow_run.path                             ATTACKER
workflow_run                 github.event.workflow_run.head_commit.message              ATTACKER
workflow_run                 github.event.workflow_run.head_commit.author.name          ATTACKER
workflow_run                 github.event.workflow_run.head_commit.author.email         ATTACKER
workflow_run                 github.event.workflow_run.head_commit.committer.name       ATTACKER
workflow_run                 github.event.workflow_run.head_repository.description      ATTACKER
workflow_run                 github.event.workflow_run.pull_requests.*.head.ref         ATTACKER
pull_request                 github.head_ref                                            ATTACKER
pull_request_target          github.head_ref                                            ATTACKER
pull_request_review          github.head_ref                                            ATTACKER

# What the maintainers write, beside it.
issues                       github.event.issue.labels.*.name                           INSIDER
issues                       github.event.issue.labels.0.description                    INSIDER
issues                       github.event.label.name                                    INSIDER
issues                       github.event.issue.milestone.title                         INSIDER
issues                       github.event.issue.type.name                               INSIDER
issue_comment                github.event.repository.description                        INSIDER
discussion                   github.event.discussion.category.name                      INSIDER
pull_request                 github.event.pull_request.base.ref                         INSIDER
pull_request                 github.event.pull_request.base.label                       INSIDER
pull_request                 github.event.pull_request.base.repo.description            INSIDER
pull_request                 github.event.pull_request.labels.*.name                    INSIDER
pull_request                 github.event.pull_request.requested_teams.*.name           INSIDER
pull_request                 github.event.changes.base.ref.from                         INSIDER
pull_request                 github.base_ref                                            INSIDER
pull_request_target          github.ref_name                                            INSIDER
workflow_run                 github.event.workflow_run.repository.description           INSIDER
check_suite                  github.event.check_suite.head_branch                       INSIDER
check_run                    github.event.check_run.output.summary                      INSIDER
status                       github.event.branches.*.name                               INSIDER
status                       github.event.target_url                                    INSIDER

# Events that only a writer causes.
push                         github.event.head_commit.message                           INSIDER
push                         github.event.commits.*.author.email                        INSIDER
push                         github.event.commits.0.added.0                             INSIDER
push                         github.event.ref                                           INSIDER
push                         github.ref                                                 INSIDER
push                         github.ref_name                                            INSIDER
push                         github.workflow_ref                                        INSIDER
create                       github.event.ref                                           INSIDER
delete                       github.event.ref                                           INSIDER
release                      github.event.release.body                                  INSIDER
release                      github.event.release.tag_name                              INSIDER
release                      github.ref_name                                            INSIDER
deployment                   github.event.deployment.payload.anything                   INSIDER
deployment_status            github.event.deployment_status.environment_url             INSIDER
merge_group                  github.event.merge_group.head_ref                          INSIDER
merge_group                  github.event.merge_group.head_commit.message               INSIDER
milestone                    github.event.milestone.title                               INSIDER
label                        github.event.label.name                                    INSIDER
registry_package             github.event.registry_package.package_version.version      INSIDER
registry_package             github.event.registry_package.package_version.npm_metadata.scripts.test  INSIDER
repository_dispatch          github.event.client_payload.ref                            INSIDER
repository_dispatch          github.event.client_payload.a.b                            INSIDER
workflow_dispatch            github.event.inputs.version                                INSIDER
push                         vars.registry                                              INSIDER

# Names with few characters in them.
push                         github.actor                                               OURS
issues                       github.actor                                               THEIRS
issues                       github.triggering_actor                                    THEIRS
issues                       github.event.sender.login                                  THEIRS
issues                       github.event.issue.user.login                              THEIRS
issues                       github.event.issue.assignee.login                          OURS
pull_request                 github.event.pull_request.user.login                       THEIRS
pull_request                 github.event.pull_request.head.repo.full_name              THEIRS
pull_request                 github.event.pull_request.head.repo.name                   THEIRS
pull_request                 github.event.pull_request.base.repo.full_name              OURS
pull_request                 github.ref                                                 THEIRS
pull_request                 github.ref_name                                            THEIRS
issues                       github.ref_name                                            OURS
push                         github.repository                                          OURS
push                         github.repository_owner                                    OURS
push                         github.event.repository.name                               OURS
push                         github.event.repository.default_branch                     OURS
push                         github.event.organization.login                            OURS
push                         github.event.pusher.name                                   OURS
push                         github.event.commits.*.author.username                     OURS
release                      github.event.release.html_url                              OURS
repository_dispatch          github.event.action                                        OURS

# Made by GitHub, or one of a fixed list.
push                         github.ref_type                                            HARMLESS
push                         github.ref_protected                                       HARMLESS
push                         github.retention_days                                      HARMLESS
push                         github.actor_id                                            HARMLESS
push                         github.api_url                                             HARMLESS
push                         github.graphql_url                                         HARMLESS
push                         github.action                                              HARMLESS
push                         github.workflow                                            HARMLESS
push                         github.workflow_sha                                        HARMLESS
push                         github.workspace                                           HARMLESS
push                         github.event_path                                          HARMLESS
push                         github.event_name                                          HARMLESS
push                         github.env                                                 HARMLESS
push                         github.token                                               HARMLESS
push                         github.sha                                                 HARMLESS
issues                       github.event.action                                        HARMLESS
issues                       github.event.issue.number                                  HARMLESS
issues                       github.event.issue.node_id                                 HARMLESS
issues                       github.event.issue.html_url                                HARMLESS
issues                       github.event.issue.author_association                      HARMLESS
issues                       github.event.label.color                                   HARMLESS
pull_request                 github.event.number                                        HARMLESS
pull_request                 github.event.pull_request.html_url                         HARMLESS
pull_request                 github.event.pull_request.created_at                       HARMLESS
pull_request                 github.event.pull_request.author_association               HARMLESS
pull_request                 github.event.pull_request.draft                            HARMLESS
pull_request                 github.event.repository.html_url                           HARMLESS
pull_request                 github.event.sender.type                                   HARMLESS
workflow_run                 github.event.workflow_run.id                               HARMLESS
workflow_run                 github.event.workflow_run.conclusion                       HARMLESS
workflow_run                 github.event.workflow_run.event                            HARMLESS
schedule                     github.event.schedule                                      HARMLESS
push                         job.status                                                 HARMLESS
push                         job.container.id                                           HARMLESS
push                         runner.name                                                HARMLESS
push                         runner.temp                                                HARMLESS
push                         strategy.job-index                                         HARMLESS
push                         secrets.token                                              HARMLESS
push                         needs.build.result                                         HARMLESS
push                         steps.test.outcome                                         HARMLESS
push                         steps.test.conclusion                                      HARMLESS

# Harmless as text, but the outsider's commit.
pull_request                 github.sha                                                 CHOSEN
pull_request                 github.event.pull_request.head.sha                         CHOSEN
pull_request_target          github.event.pull_request.merge_commit_sha                 CHOSEN
pull_request                 github.event.pull_request.head.repo.clone_url              CHOSEN
pull_request                 github.event.pull_request.base.sha                         HARMLESS
workflow_run                 github.event.workflow_run.head_sha                         CHOSEN
workflow_run                 github.event.workflow_run.head_commit.id                   CHOSEN
check_suite                  github.event.check_suite.head_sha                          CHOSEN

# Fields that the event does not have are empty.
push                         github.event.issue.title                                   HARMLESS
push                         github.head_ref                                            HARMLESS
push                         github.event.pull_request.head.ref                         HARMLESS
issue_comment                github.event.pull_request.title                            HARMLESS
watch                        github.event.comment.body                                  HARMLESS
schedule                     github.event.head_commit.message                           HARMLESS
push                         github.event.commits.message                               HARMLESS
push                         github.no_such_thing                                       HARMLESS

# Objects stand for all that is in them.
push                         github                                                     INSIDER
issues                       github                                                     ATTACKER
issues                       github.event                                               ATTACKER
issues                       github.event.*                                             ATTACKER
issues                       github.event.issue                                         ATTACKER
issues                       github.event.*.title                                       ATTACKER
issues                       github.event.issue.labels                                  INSIDER
issues                       github.event.issue.user                                    THEIRS
issues                       github.event.sender                                        THEIRS
issues                       github.event.repository                                    INSIDER
push                         github.event.head_commit                                   INSIDER
pull_request                 github.event.pull_request                                  ATTACKER
pull_request                 github.event.pull_request.head.repo                        ATTACKER
pull_request                 github.event.pull_request.base                             INSIDER
watch                        github.event                                               INSIDER

# Left to others.
push                         inputs.version                                             None
push                         env.version                                                None
push                         matrix.os                                                  None
push                         steps.test.outputs.title                                   None
push                         steps.test                                                 None
push                         steps.*.outputs                                            None
push                         needs.build.outputs.title                                  None
push                         needs                                                      None
push                         nothing.of.this                                            None
"""

ROWS = [row.split() for row in CASES.splitlines() if row and not row.startswith("#")]


def path(context: str) -> tuple[str, ...]:
    return tuple(context.split("."))


@pytest.mark.parametrize(
    ("event", "context", "expected"), ROWS, ids=[f"{event} {context}" for event, context, _ in ROWS]
)
def test_capability(event: str, context: str, expected: str) -> None:
    expectations = {name: value for name, value in globals().items() if name.isupper()}
    assert capability(path(context), [event]) == {**expectations, "None": None}[expected]


@pytest.mark.parametrize(
    "context",
    [
        # The contexts for which zizmor 1.32.0 reports an injection, though no text of an attacker fits in.
        *("github.ref_type", "github.ref_protected", "github.retention_days", "github.actor_id"),
        *("github.actor", "github.api_url", "github.graphql_url", "github.action", "github.env"),
        *("github.workflow_sha", "github.event_path", "github.event.action"),
        *("github.event.sender.login", "github.event.pull_request.user.login"),
        *("github.event.pull_request.html_url", "github.event.pull_request.created_at"),
        *("github.event.pull_request.merge_commit_sha", "github.event.workflow_run.head_sha"),
        *("github.event.issue.node_id", "github.event.issue.author_association"),
        *("github.event.label.color", "github.event.repository.name"),
        *("github.event.repository.html_url", "github.event.repository.default_branch"),
        *("github.event.organization.login", "job.status", "runner.name", "strategy.job-index"),
    ],
)
def test_no_event_makes_these_free(context: str) -> None:
    grade = capability(path(context))
    assert grade is not None
    assert grade.control < Control.FREE


def test_the_worst_event_counts() -> None:
    title = path("github.event.issue.title")
    assert capability(title, ["push"]) == HARMLESS
    assert capability(title, ["push", "issues"]) == ATTACKER
    name = path("github.ref_name")
    assert capability(name, ["issues", "pull_request"]) == THEIRS
    assert capability(name, ["issues", "pull_request", "push"]) == INSIDER


@pytest.mark.parametrize(
    "events", [None, [], ["workflow_call"], ["push", "workflow_call"], ["new_event"]]
)
def test_unknown_events_are_every_event(events: list[str] | None) -> None:
    assert capability(path("github.event.comment.body"), events) == ATTACKER
    assert capability(path("github.head_ref"), events) == ATTACKER
    assert capability(path("github.event.inputs.version"), events) == INSIDER


def test_a_hostile_path_ends() -> None:
    assert capability(("github", *"*" * 5_000)) == ATTACKER
    assert capability(("github", *"x" * 5_000)) == HARMLESS


def test_an_empty_path_is_no_context() -> None:
    assert capability(()) is None


def test_a_worse_capability_is_greater() -> None:
    assert HARMLESS < CHOSEN < OURS < THEIRS < INSIDER < ATTACKER


OUTSIDERS = [
    "check_run",
    "check_suite",
    "discussion",
    "discussion_comment",
    "fork",
    "gollum",
    "issue_comment",
    "issues",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_target",
    "status",
    "watch",
    "workflow_call",
    "workflow_run",
]
WRITERS = [
    "branch_protection_rule",
    "create",
    "delete",
    "deployment",
    "deployment_status",
    "image_version",
    "label",
    "merge_group",
    "milestone",
    "page_build",
    "project",
    "project_card",
    "project_column",
    "public",
    "push",
    "registry_package",
    "release",
    "repository_dispatch",
    "schedule",
    "workflow_dispatch",
]


@pytest.mark.parametrize("event", OUTSIDERS)
def test_an_outsider_can_cause(event: str) -> None:
    assert outsiders(event)


@pytest.mark.parametrize("event", WRITERS)
def test_an_outsider_can_neither_cause_nor_fill(event: str) -> None:
    assert not outsiders(event)
    whole = capability(("github",), [event])
    assert whole is not None
    assert not whole.outsider


def test_the_table_has_every_trigger_and_says_where_it_is_from() -> None:
    document = json.loads(tables.data("contexts.json"))
    assert list(document) == ["licence", "read", "source", "rows"]
    assert {*document["rows"]["events"], "workflow_call"} == {*OUTSIDERS, *WRITERS}


def test_a_table_is_loaded_once() -> None:
    assert tables.load("contexts") is tables.load("contexts")


def test_a_table_is_found_in_a_zip_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "bundle.zip"
    with zipfile.ZipFile(archive, "w") as bundle:
        bundle.write(tables.__file__, "zipped_tables/__init__.py")
        bundle.writestr("zipped_tables/colours.json", '{"rows":["red"]}')
    monkeypatch.syspath_prepend(archive)
    assert importlib.import_module("zipped_tables").load("colours") == ["red"]
