"""What each scope of `permissions:` lets a job's token do, for people.

In own words, after
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions (read 2026-11-21).
"""

from __future__ import annotations

from typing import NamedTuple


class Meaning(NamedTuple):
    read: str | None
    """What `read` lets it do; None where the scope has no such level."""
    write: str | None
    """What `write` lets it do beside."""


MEANINGS = {
    "actions": Meaning(
        "see workflow runs, their logs and artifacts",
        "start, cancel and delete runs, and delete logs, artifacts and caches",
    ),
    "artifact-metadata": Meaning(
        "see where artifacts are stored and deployed",
        "record where artifacts are stored and deployed",
    ),
    "attestations": Meaning(
        "see attestations", "attest that an artifact was built by this workflow"
    ),
    "checks": Meaning(
        "see check runs and suites",
        "create check runs and say whether they pass, required ones too",
    ),
    "contents": Meaning(
        "read the code, which in a public repository anybody can",
        "push commits and tags, move branches that are not protected, and publish releases",
    ),
    "deployments": Meaning("see deployments", "create deployments and say how they went"),
    "discussions": Meaning("see discussions", "write, close and delete discussions"),
    "id-token": Meaning(
        None,
        "prove to clouds and registries that it is this workflow, and get the rights they give to it",
    ),
    "issues": Meaning("see issues", "open, change, label, close and comment on issues"),
    "models": Meaning("use GitHub Models at the repository's cost", None),
    "packages": Meaning("download packages", "publish packages and overwrite container tags"),
    "pages": Meaning("see how Pages is set up", "build and deploy the site on Pages"),
    "pull-requests": Meaning(
        "see pull requests", "open, label, comment on, approve and close pull requests"
    ),
    "repository-projects": Meaning("see classic projects", "change classic projects"),
    "security-events": Meaning(
        "see code scanning alerts", "upload code scanning results, and dismiss alerts"
    ),
    "statuses": Meaning("see commit statuses", "set commit statuses, required ones too"),
    "vulnerability-alerts": Meaning("see Dependabot alerts", None),
}


def levels(scope: str) -> tuple[str, ...]:
    """The levels a scope can have, the least first."""
    meaning = MEANINGS.get(scope)
    if meaning is None:
        return ()
    return tuple(
        level
        for level, has in (("none", True), ("read", meaning.read), ("write", meaning.write))
        if has
    )


def describe(scope: str) -> str | None:
    """Markdown; None for what is no scope."""
    meaning = MEANINGS.get(scope)
    if meaning is None:
        return None
    lines = [f"**`{scope}`** in `permissions:` lets the job's token", ""]
    if meaning.read:
        lines.append(f"- `read`: {meaning.read}")
    if meaning.write:
        lines.append(f"- `write`: {meaning.write}")
    return "\n".join(lines)
