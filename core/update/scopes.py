"""Rewrite the table of permissions of the job's token, `core/steplock/tables/scopes.json`.

    python core/update/scopes.py

The scopes and their levels are those of the workflow syntax reference (docs.github.com, "permissions"); what each level
allows is told here in our own words.
"""

from __future__ import annotations

from collections.abc import Mapping

from update import facts

READ = "2026-11-21"
SOURCE = "docs.github.com: Workflow syntax, Use GITHUB_TOKEN for authentication"

# What `read` allows, and what `write` allows on top; empty where there is no such level.
SCOPES: Mapping[str, tuple[str, str]] = {
    "actions": (
        "See workflow runs, their logs, artifacts and caches.",
        "Cancel, re-run, approve and delete workflow runs, delete caches and artifacts, start workflows.",
    ),
    "artifact-metadata": (
        "Read the storage and deployment records of build artifacts.",
        "Create storage and deployment records for build artifacts.",
    ),
    "attestations": (
        "Read the attestations of artifacts.",
        "Sign for an artifact: attest in the repository's name where and how it was built.",
    ),
    "checks": (
        "Read check runs and check suites.",
        "Create check runs and set their results, so that a required check may pass.",
    ),
    "code-quality": (
        "Read the findings of code quality.",
        "Upload findings of code quality and change their state.",
    ),
    "contents": (
        "Read the code, commits, branches and releases; a private repository cannot be checked out without it.",
        "Push commits and tags, create and change releases, merge pull requests.",
    ),
    "deployments": (
        "Read deployments and their states.",
        "Create deployments and set their states.",
    ),
    "discussions": (
        "Read discussions and their comments.",
        "Open, edit, answer, close and delete discussions and comments.",
    ),
    "id-token": (
        "",
        "Ask GitHub for a signed OIDC token that says which job this is; clouds and package registries accept it.",
    ),
    "issues": (
        "Read issues, their comments, labels and milestones.",
        "Open, edit, label, close and comment on issues; comment on and label pull requests too.",
    ),
    "models": ("Send prompts to the models that GitHub hosts, at the repository's cost.", ""),
    "packages": (
        "Download packages of GitHub Packages, private images among them.",
        "Publish, change and delete versions of packages and images.",
    ),
    "pages": (
        "Read the settings and builds of the GitHub Pages site.",
        "Deploy the GitHub Pages site and change its settings.",
    ),
    "pull-requests": (
        "Read pull requests, their reviews and files.",
        "Open, edit, label, close, review and comment on pull requests; approve them, if the settings allow it.",
    ),
    "repository-projects": (
        "Read the classic projects of the repository.",
        "Change the classic projects of the repository.",
    ),
    "security-events": (
        "Read the alerts of code scanning.",
        "Upload results of code scanning, and dismiss its alerts.",
    ),
    "statuses": (
        "Read the statuses of commits.",
        "Set the statuses of commits, so that a required one may pass.",
    ),
    "vulnerability-alerts": ("Read the alerts of Dependabot.", ""),
}
# Still accepted, without effect: classic projects were removed in 2025.
OBSOLETE = {"repository-projects"}
# Gone from documentation and runner, or never there, but met in workflows.
MISTAKEN: Mapping[str, str] = {
    "administration": "no scope of the job's token reaches settings: use the token of an app",
    "code-scanning": "security-events",
    "dependabot": "vulnerability-alerts",
    "deployment": "deployments",
    "environments": "actions",
    "id_token": "id-token",
    "issue": "issues",
    "members": "no scope of the job's token reaches the organisation: use the token of an app",
    "metadata": "always granted",
    "organization-projects": "no scope of the job's token reaches projects: use the token of an app",
    "package": "packages",
    "page": "pages",
    "projects": "no scope of the job's token reaches projects: use the token of an app",
    "pull-request": "pull-requests",
    "pull_requests": "pull-requests",
    "releases": "contents",
    "repository_projects": "repository-projects",
    "secrets": "no scope of the job's token reaches secrets: use the token of an app",
    "security_events": "security-events",
    "status": "statuses",
    "workflows": "no scope of the job's token may change workflow files: use the token of an app",
}


def main() -> None:
    scopes = {
        name: facts.lean({"read": read, "write": write, "obsolete": name in OBSOLETE})
        for name, (read, write) in SCOPES.items()
    }
    table = {"mistaken": MISTAKEN, "scopes": scopes}
    facts.write("scopes", table, source=SOURCE, day=READ, sections=True)


if __name__ == "__main__":
    main()
