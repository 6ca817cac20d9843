"""Which events people without rights in the repository can cause, and what GitHub gives those runs.

Sources, read 2026-11-21:
https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows and
https://github.blog/changelog/2026-06-26-read-only-actions-cache-for-untrusted-triggers/.
"""

from __future__ import annotations

# What a stranger can do to a thing of his own, or by asking; `labeled`, `assigned`, `milestoned` and the like
# need at least the triage role. The first entry of each is what runs where `types:` says nothing.
STRANGERS_ACTIONS: dict[str, frozenset[str]] = {
    "pull_request": frozenset(
        [
            "opened",
            "synchronize",
            "reopened",
            "edited",
            "closed",
            "ready_for_review",
            "converted_to_draft",
            "auto_merge_disabled",
        ]
    ),
    "pull_request_target": frozenset(
        [
            "opened",
            "synchronize",
            "reopened",
            "edited",
            "closed",
            "ready_for_review",
            "converted_to_draft",
        ]
    ),
    "pull_request_review": frozenset(["submitted", "edited"]),
    "pull_request_review_comment": frozenset(["created", "edited", "deleted"]),
    "issues": frozenset(["opened", "edited", "closed", "reopened", "deleted"]),
    "issue_comment": frozenset(["created", "edited", "deleted"]),
    "discussion": frozenset(
        ["created", "edited", "closed", "reopened", "answered", "unanswered", "deleted"]
    ),
    "discussion_comment": frozenset(["created", "edited", "deleted"]),
    "fork": frozenset(),
    "watch": frozenset({"started"}),
    "gollum": frozenset(),
    "workflow_run": frozenset(["requested", "in_progress", "completed"]),
    "check_run": frozenset(["created", "rerequested", "completed"]),
    "check_suite": frozenset({"completed"}),
    "status": frozenset(),
}

# What runs where `types:` is absent, for the events that do not run on all of theirs.
DEFAULT_ACTIONS: dict[str, frozenset[str]] = {
    "pull_request": frozenset({"opened", "synchronize", "reopened"}),
    "pull_request_target": frozenset({"opened", "synchronize", "reopened"}),
}

# A stranger may review and comment on a pull request of the project's own too, whose run then has all powers:
# https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request_review
REVIEWS = frozenset({"pull_request_review", "pull_request_review_comment"})

# Runs that get no secrets and a read-only token when the pull request is a fork's.
SANDBOXED = REVIEWS | {"pull_request"}

# Who acts in these has written the text himself.
WRITTEN = frozenset({"discussion", "discussion_comment", "issue_comment", "issues"})

# The only events whose runs may write the cache of the default branch, since 2026-06-26.
CACHE_WRITERS = frozenset(
    {
        "push",
        "workflow_dispatch",
        "repository_dispatch",
        "delete",
        "registry_package",
        "page_build",
        "schedule",
    }
)

# Text of a comment is read, code of a pull request is not at hand, unless it is fetched.
COMMENTS = frozenset(
    {"issue_comment", "pull_request_review_comment", "pull_request_review", "discussion_comment"}
)


def strangers_actions(event: str, types: tuple[str, ...] | None) -> frozenset[str]:
    """The activity types a stranger can cause, of those that a trigger listens to."""
    possible = STRANGERS_ACTIONS.get(event, frozenset())
    if types is not None:
        return possible & set(types)
    return possible & DEFAULT_ACTIONS.get(event, possible)
