"""Rewrite the table of contexts, `core/steplock/tables/contexts.json`.

    python core/update/contexts.py

Which fields an event has comes from the webhook schemas that GitHub publishes, fetched with `npm pack` at
a fixed version and hash. How free their text is, and whose it is, was judged by hand: that is this file.
A text field that no line here judges stops the script, so that a newer schema cannot slip in ungraded.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

TABLE = Path(__file__).parents[1] / "steplock" / "tables" / "contexts.json"
PACKAGE = "@octokit/openapi@23.0.2"
INTEGRITY = "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg=="
SCHEMA = "package/generated/api.github.com.json"

Schema: TypeAlias = Mapping[str, Any]
Tree: TypeAlias = "dict[str, Tree] | str"

# The codes of the table, from the least to the most dangerous: harmless, constrained, free; in capitals
# where an outsider sets it. `-` says that the value is worked out elsewhere (outputs, inputs, env, matrix).
CODES = "hHcCfF"


class Event(NamedTuple):
    """One trigger of workflows."""

    ref: str
    """What `github.ref` is: a key of REFS."""
    outsiders: bool = False
    """Whether somebody without write access to the repository can cause it."""
    theirs: str = ""
    """The parts of the payload that such a person writes."""
    payload: str | None = None
    """The event whose schema describes the payload, if not its own. `public` has what all have, and no more."""


_PULL_REQUEST = "pull_request review comment after changes.title changes.body"
_ISSUE = "issue comment changes.title changes.body changes.old_issue changes.new_issue"
_DISCUSSION = (
    "discussion comment answer old_answer changes.title changes.body changes.new_discussion"
)
# `ref` is the column GITHUB_REF of "Events that trigger workflows" (docs.github.com).
EVENTS: Mapping[str, Event] = {
    "branch_protection_rule": Event("default"),
    # Apps report on commits of forks too, and a commit brings its message and author. Branches it does not
    # bring: for a fork `head_branch` is null and `pull_requests` empty ("Using the REST API to interact with
    # checks", docs.github.com). Checks that Actions itself makes cause no event.
    "check_run": Event("default", True, "check_run.head_sha check_run.check_suite.head_sha"),
    "check_suite": Event(
        "default", True, "check_suite.head_commit check_suite.head_sha check_suite.after"
    ),
    "create": Event("named"),
    "delete": Event("default"),
    "deployment": Event("named"),
    "deployment_status": Event("named"),
    "discussion": Event("default", True, _DISCUSSION),
    "discussion_comment": Event("default", True, _DISCUSSION),
    "fork": Event("default", True, "forkee"),
    # A public wiki can be open to everyone, which nothing in the repository shows.
    "gollum": Event("default", True, "pages"),
    "image_version": Event("default", payload="public"),  # docs: "payload: not applicable"
    "issue_comment": Event("default", True, _ISSUE),
    "issues": Event("default", True, _ISSUE),
    "label": Event("default"),
    # A writer queues, or pushes: after review, though the commits may be an outsider's.
    "merge_group": Event("named"),
    "milestone": Event("default"),
    "page_build": Event("default"),
    "project": Event("default"),
    "project_card": Event("default"),
    "project_column": Event("default"),
    "public": Event("default"),
    "pull_request": Event("pull", True, _PULL_REQUEST),
    "pull_request_review": Event("pull", True, _PULL_REQUEST),
    "pull_request_review_comment": Event("pull", True, _PULL_REQUEST),
    "pull_request_target": Event("base", True, _PULL_REQUEST, "pull_request"),
    "push": Event("named"),
    "registry_package": Event("named"),
    "release": Event("named"),
    "repository_dispatch": Event("default"),
    "schedule": Event("default", payload="public"),
    "status": Event("default", True, "commit sha"),
    "watch": Event("default", True),
    "workflow_dispatch": Event("named"),
    # Its `path` and `name` too: a fork brings its own workflow files, and `run-name:` names the run.
    "workflow_run": Event("default", True, "workflow_run workflow"),
}


def _endings(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


# Inside an outsider's object, these are the maintainers' again.
OURS = _endings(
    "answer_chosen_by app assignee assignees base category enabled_by issue_field_values label labels",
    "merged_by milestone organization performed_via_github_app pinned_by repository requested_reviewer",
    "requested_reviewers requested_team requested_teams type",
)

# What a writer sends along: objects of any form, graded whole.
OPEN = _endings("client_payload inputs deployment.payload custom_properties")

# How free the text of a field is, by the end of its dotted path; the path begins with the event, and a list
# adds nothing to it. The longest ending decides.
FREE = OPEN | _endings(
    # Prose.
    "title display_title body body_html body_text message commit_title commit_message description note",
    "summary text readme",
    # Names with any character in them.
    "name label.url labels.url page_name pages.html_url context identifier external_id environment",
    "original_environment task required_status_checks ldap_dn issue_field_name issue_field_values.value",
    "issue_field_value.value issue_field_value.from.value",
    # Branches, tags, paths: git refuses space, ~ ^ : ? * [ \ and allows $ ` ( ) ; & | < > " '.
    "ref base_ref head_ref head_branch branch default_branch master_branch base.label head.label tag_name",
    "target_commitish path added removed modified diff_hunk compare tarball_url zipball_url",
    # Authors of commits: git takes any name and address.
    "email push.repository.owner.email verification.payload verification.signature",
    # Addresses that somebody typed.
    "homepage website_url external_url details_url target_url environment_url log_url mirror_url",
    # Files and packages.
    "assets.label content_type code_of_conduct.body npm_metadata.id nuget_metadata.id",
)
CONSTRAINED = _endings(
    # Logins: letters, digits, `-`; `_` for managed users; `[bot]` for apps.
    "login username push.pusher.name push.repository.owner.name authorized_actor_names namespace organization",
    # Repositories, teams, apps: letters, digits, `-`, `_`, `.`; `/` between owner and name.
    "repository.name repo.name forkee.name head_repository.name new_repository.name old_repository.name",
    "template_repository.name full_name status.name slug topics role_name emoji",
    # The repository's own default branch: in every payload, known to all who clone, named by its owner.
    "repository.default_branch repository.master_branch create.master_branch base.repo.default_branch",
    "base.repo.master_branch repository_dispatch.branch",
    # The `event_type` of a dispatch: whoever sends one has write access and a payload for his text.
    "repository_dispatch.action",
    # Percent-encoded by GitHub (tag, file, workflow); an asset's name keeps letters, digits, `-`, `_`, `.`.
    "release.html_url assets.browser_download_url assets.name badge_url workflow.html_url",
)
HARMLESS = _endings(
    # Of a fixed list, though the schema does not say so.
    "action active_lock_reason author_association color conclusion ecosystem event events language",
    "license.key license.name license.spdx_id mergeable_state notification_setting package_type permission",
    "permissions.* privacy pusher_type reason ref_type state state_reason status visibility type",
    "user_view_type permissions.checks permissions.contents permissions.deployments permissions.issues",
    "permissions.metadata code_of_conduct.key code_of_conduct.name registry.name registry.vendor",
    # Made by GitHub: numbers, hashes, times, and addresses of its own objects (login, repository, number).
    "id node_id sha before after commit temp_clone_token digest date timestamp due_on url href gravatar_id",
    # The path of this very workflow.
    "workflow_dispatch.workflow",
    # Null in the schemas before 23, absent from the examples.
    "deployment.workflow_run.head_commit deployment_status.workflow_run.head_commit",
)
GITHUB_MADE = re.compile(r".*_(?:at|id|oid|sha|url)")
# Beside a `login` the schemas allow them, but of the 1,384 accounts in @octokit/webhooks-examples 7.6.1 only
# a push's owner has them.
ACCOUNT_EXTRAS = _endings("email name")
# Harmless as text, yet an outsider chooses the commit or the repository: not harmless to check out.
CHOSEN = _endings(
    "after clone_url commit_id git_url head_commit.id head_sha merge_commit_sha original_commit_id sha",
    "ssh_url svn_url",
)
# The schema shows an example as if it were the only value.
EXAMPLES = _endings("repository_dispatch.action")

# The other contexts ("Contexts reference", docs.github.com). What is not named is harmless: made by GitHub
# and the runner, or written in the workflow itself (`github.workflow`, `github.job`, `github.action`).
CONTEXTS: Mapping[str, Tree] = {
    "env": "-",
    "inputs": "-",
    "job": {"workflow_ref": "f"},
    "jobs": {"*": {"outputs": "-"}},
    "matrix": "-",
    "needs": {"*": {"outputs": "-"}},
    "runner": "h",
    "secrets": "h",  # no text of an attacker
    "steps": {"*": {"outputs": "-"}},
    "strategy": "h",
    "vars": "f",
}
REFS: Mapping[str, Mapping[str, str]] = {
    # A branch or tag that a writer named.
    "named": {"ref": "f"},
    # The default branch, as in `repository.default_branch`.
    "default": {"ref": "c"},
    # refs/pull/1/merge; the base branch once the pull request is merged.
    "pull": {"ref": "C", "sha": "H", "head_ref": "F", "base_ref": "f"},
    # The base branch of a pull request.
    "base": {"ref": "f", "head_ref": "F", "base_ref": "f"},
}


def github(event: Event, payload: Tree) -> Tree:
    """The context `github` under an event."""
    refs = REFS[event.ref]
    actor = "C" if event.outsiders else "c"
    return {
        "actor": actor,
        "event": payload,
        "ref_name": refs["ref"],
        "repository": "c",
        "repository_owner": "c",
        "triggering_actor": actor,
        "workflow_ref": refs["ref"],  # owner/name/.github/workflows/ci.yml@ref
        **refs,
    }


def control(names: Sequence[str], schema: Schema, siblings: frozenset[str]) -> str:
    """`h`, `c` or `f` for a leaf; `names` begins with the event. Raises LookupError for an unjudged text."""
    if names[-1] == "from":  # changes.title.from is graded as a title
        names = names[:-1]
    types = schema.get("type", "string")
    if not {"string", "object"}.intersection([types] if isinstance(types, str) else types):
        return "h"
    if schema.get("format") in ("date", "date-time"):
        return "h"
    if ("enum" in schema or "const" in schema) and ".".join(names) not in EXAMPLES:
        return "h"
    for start in range(len(names)):
        ending = ".".join(names[start:])
        if "login" in siblings and ending in ACCOUNT_EXTRAS:
            return "h"
        for code, endings in ("f", FREE), ("c", CONSTRAINED), ("h", HARMLESS):
            if ending in endings:
                return code
    if GITHUB_MADE.fullmatch(names[-1]):
        return "h"
    if "package_version" in names:  # a publisher's manifest: dependencies, scripts, keywords, ...
        return "f"
    if "string" not in types:  # an object that may be null; its fields come with another variant
        return "h"
    raise LookupError(".".join(names))


def outsider(names: Sequence[str], event: Event) -> bool:
    """Whether somebody without write access sets the field at `names` (without the event)."""
    path = ".".join(names) + "."
    theirs = [*event.theirs.split(), "sender"] if event.outsiders else []
    return any(path.startswith(f"{root}.") for root in theirs) and OURS.isdisjoint(names[:-1])


def leaves(
    schema: Schema,
    schemas: Mapping[str, Schema],
    path: tuple[str, ...],
    siblings: frozenset[str] = frozenset(),
) -> Iterator[tuple[tuple[str, ...], Schema, frozenset[str]]]:
    """Every leaf below a schema: its path (`[]` for items of a list), its schema, the names beside it."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    names = [name for name in path if name != "[]"]
    if any(".".join(names[start:]) in OPEN for start in range(len(names))):
        yield path, {}, siblings
        return
    variants = [*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())]
    for variant in variants:
        yield from leaves(variant, schemas, path, siblings)
    properties = schema.get("properties", {})
    for name, value in properties.items():
        yield from leaves(value, schemas, (*path, name.lower()), frozenset(properties))
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict):
        yield from leaves(rest, schemas, (*path, "*"))
    if "items" in schema:
        yield from leaves(schema["items"], schemas, (*path, "[]"))
    if not (variants or properties or isinstance(rest, dict) or "items" in schema):
        yield path, schema, siblings


def insert(tree: dict[str, Tree], path: Sequence[str], code: str) -> None:
    """Put a leaf into the tree. Of two grades for a path the worse one stays; a text outdoes an object."""
    for name in path[:-1]:
        branch = tree.setdefault(name, {})
        if isinstance(branch, str):
            return
        tree = branch
    known = tree.get(path[-1], "h")
    tree[path[-1]] = max(known, code, key=CODES.index) if isinstance(known, str) else code


def payload(name: str, event: Event, document: Schema) -> Tree:
    """What `github.event` holds, without the harmless fields."""
    tree: dict[str, Tree] = {}
    schemas = document["components"]["schemas"]
    for webhook in document["x-webhooks"].values():
        post = webhook["post"]
        if post["x-github"]["subcategory"] != (event.payload or name):
            continue
        schema = post["requestBody"]["content"]["application/json"]["schema"]
        for path, leaf, siblings in leaves(schema, schemas, ()):
            names = [part for part in path if part != "[]"]
            code = control([event.payload or name, *names], leaf, siblings)
            if outsider(names, event) and (
                code != "h" or not CHOSEN.isdisjoint((names[-1], ".".join(names[-2:])))
            ):
                code = code.upper()
            if code != "h":
                insert(tree, path, code)
    if not tree:
        raise LookupError(f"no schema for {name}")
    return tree


def share(tree: Tree, shapes: dict[str, int]) -> str | int:
    """A tree as the number of its shape; `shapes` maps each shape, as JSON, to its number."""
    if isinstance(tree, str):
        return tree
    shape = compact({name: share(branch, shapes) for name, branch in tree.items()})
    return shapes.setdefault(shape, len(shapes))


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def fetch() -> Schema:
    """The schemas of all webhooks. Raises ValueError if the package is not the one that is pinned."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        (archive,) = Path(folder).glob("*.tgz")
        content = archive.read_bytes()
    if INTEGRITY != "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode():
        raise ValueError(f"{PACKAGE} is not the package whose hash is pinned here")
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        member = package.extractfile(SCHEMA)
        if member is None:
            raise ValueError(f"{PACKAGE} has no {SCHEMA}")
        document: Schema = json.load(member)
    return document


def main() -> int:
    document = fetch()
    shapes: dict[str, int] = {}
    events = {
        name: [event.outsiders, share(github(event, payload(name, event, document)), shapes)]
        for name, event in sorted(EVENTS.items())
    }
    contexts = {name: share(tree, shapes) for name, tree in CONTEXTS.items()}
    rows = ",\n".join(
        (f'"contexts":{compact(contexts)}', f'"events":{compact(events)}', '"shapes":[')
    )
    header = {
        "licence": "MIT (the schemas); the grades are ours",
        "read": datetime.date.today().isoformat(),
        "source": f"{PACKAGE}, graded by core/update/contexts.py",
    }
    text = f'{compact(header)[:-1]},\n"rows":{{{rows}\n' + ",\n".join(shapes) + "\n]}}\n"
    TABLE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
