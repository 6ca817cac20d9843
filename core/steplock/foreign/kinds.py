"""What names and queries say of the parts of a pull request: its commit, its branch, its repository, its number."""

from __future__ import annotations

from functools import cache

from steplock.annotations import Literal
from steplock.lazy import pattern

Kind = Literal["commit", "branch", "repository", "number", "text", "merge"]

SAID: dict[Kind, str] = {
    "commit": "the head of the pull request",
    "branch": "the branch of the pull request",
    "repository": "the repository that the pull request comes from",
    "number": "the pull request's number",
    "text": "a text of somebody's choice",
    "merge": "the pull request",
}
_WORDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("repository", ("repo", "full_name", "fork")),
    ("commit", ("sha", "commit", "oid")),
    ("branch", ("ref", "branch", "head")),
    ("number", ("number", "pr", "pull", "issue", "id")),
    ("commit", ("result",)),
)
# Fields of answers, by their last name: https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
_FIELDS: dict[str, Kind] = {
    "sha": "commit",
    "oid": "commit",
    "ref": "branch",
    "label": "branch",
    "name": "repository",
    "full_name": "repository",
    "clone_url": "repository",
    "git_url": "repository",
    "html_url": "repository",
    "ssh_url": "repository",
    "login": "repository",
}
_ANYWHERE: dict[str, Kind] = {
    "merge_commit_sha": "commit",
    "headrefoid": "commit",
    "headrefname": "branch",
    "number": "number",
}
_OF_A_RUN: dict[str, Kind] = {"head_sha": "commit", "head_branch": "branch"}
_REPOSITORIES = frozenset({"headrepository", "headrepositoryowner", "head_repository"})
_QUERIES: tuple[tuple[Kind, str], ...] = (
    ("commit", r"\.head\.sha\b|headRefOid|\bhead_sha\b|merge_commit_sha"),
    ("branch", r"\.head\.ref\b|headRefName|\bhead_branch\b"),
    ("repository", r"\.head\.(?:repo|user)\b|headRepository|\bhead_repository\b"),
)
_ASKED = {kind: pattern(query) for kind, query in _QUERIES}
_OF_OURS = pattern(r"\.base\.(?:ref|sha|repo)\b|baseRef(?:Name|Oid)\b")
# What comes last of the fields that are asked for: `--json headRefName,headRefOid --jq .headRefOid`.
_PICKED = pattern(r".*(?:--jq|\s-q|\bjq\b)(.*)", 16)  # re.DOTALL


@cache
def named(name: str) -> Kind | None:
    """What an output, an input or a field of this name holds."""
    name = name.lower()
    if "base" in name:
        return None
    for kind, words in _WORDS:
        if any(word in name for word in words):
            return kind
    return None


def of_fields(call: str, fields: tuple[str, ...]) -> Kind | None:
    """What a field of an answer of GitHub's API is; call: `pulls.get`."""
    names = [field.lower() for field in fields if field != "*"]
    leaf = names[-1] if names else ""
    if "base" in names or ".create" in call:
        return None  # ours
    if call == "actions.getWorkflowRun" and leaf in _OF_A_RUN:
        return _OF_A_RUN[leaf]
    if not _REPOSITORIES.isdisjoint(names):
        return "repository"
    if leaf in _ANYWHERE:
        return _ANYWHERE[leaf]
    if "head" in names[:-1] or (call == "pulls.listCommits" and leaf == "sha"):
        return _FIELDS.get(leaf)
    return None


def asked(script: str) -> tuple[Kind, ...] | None:
    """What a command asks for, by its query; None where no query tells, nothing where it is of the base."""
    picked = _PICKED.match(script)
    for text in (picked[1], script) if picked else (script,):
        found = tuple(kind for kind, query in _ASKED.items() if query.search(text))
        if found or _OF_OURS.search(text):
            return found
    return None
