"""Floor 3. Which steps use the token that `actions/checkout` leaves in git's configuration."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Job, Step
from steplock.named import NamedTuple
from steplock.shell import Command

# What of git talks to the remote; https://git-scm.com/docs, read 2026-11-21.
_REMOTE = frozenset(
    {
        "push",
        "pull",
        "fetch",
        "clone",
        "ls-remote",
        "submodule",
        "lfs",
        "remote",
        "send-pack",
        "subtree",
        "archive",
    }
)
_GIT_VALUED = ("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path")

# Actions that push with what they find in git's configuration: their documentation asks for a checkout
# that keeps its credentials. Read from their manifests and READMEs, 2026-11-21.
PUSHING_ACTIONS = frozenset(
    {
        "ad-m/github-push-action",
        "anothrnick/github-tag-action",
        "changesets/action",
        "cycjimmy/semantic-release-action",
        "devops-infra/action-commit-push",
        "endbug/add-and-commit",
        "endbug/latest-tag",
        "helm/chart-releaser-action",
        "jamesives/github-pages-deploy-action",
        "lerna/lerna",
        "mathieudutour/github-tag-action",
        "mikepenz/action-junit-report",
        "peter-evans/create-pull-request",
        "phips28/gh-action-bump-version",
        "planetscale/ghcommit-action",
        "pre-commit-ci/lite-action",
        "python-semantic-release/python-semantic-release",
        "relekang/python-semantic-release",
        "rickstaa/action-create-tag",
        "stefanzweifel/git-auto-commit-action",
        "tj-actions/changed-files",
        "tj-actions/verify-changed-files",
        "willnorris/action-git-auto-commit",
    }
)

# Commands that run git themselves, with the subcommand that does.
_PUSHING_COMMANDS = (
    ("semantic-release", ()), ("changeset", ("publish",)), ("lerna", ("publish",)), ("lerna", ("version",)),
    ("mkdocs", ("gh-deploy",)), ("mike", ("deploy",)), ("ghp-import", ()), ("gh-pages", ()),
    ("cargo", ("release",)), ("release-plz", ()), ("standard-version", ()), ("release-it", ()),
    ("bump2version", ()), ("bumpversion", ()), ("bump-my-version", ()), ("cz", ("bump",)),
    ("gh", ("pr", "checkout")), ("gh", ("repo", "sync")), ("hub", ()), ("jekyll", ("deploy",)),
    ("mvn", ("release:perform",)), ("mvn", ("release:prepare",)), ("svu", ()), ("cr", ("upload",)), ("cr", ("index",)),
    ("pnpm", ("changeset",)), ("yarn", ("changeset",)), ("nbdev_deploy", ()),
)  # fmt: skip
# What starts a program of the repository, which may do anything.
_LAUNCHERS = frozenset(
    [
        "make",
        "just",
        "task",
        "npm",
        "pnpm",
        "yarn",
        "bun",
        "npx",
        "node",
        "deno",
        "python",
        "python3",
        "ruby",
        "rake",
        "bundle",
        "php",
        "composer",
        "bash",
        "sh",
        "zsh",
        "pwsh",
        "gradle",
        "gradlew",
        "mvn",
        "mvnw",
        "sbt",
        "ant",
        "nox",
        "tox",
        "invoke",
        "poetry",
        "uv",
        "hatch",
        "pdm",
        "go",
        "cargo",
        "bazel",
        "cmake",
        "ninja",
    ]
)


class Use(NamedTuple):
    """A step that uses, or may use, git's credentials."""

    step: Step
    what: str
    is_certain: bool
    """Whether it is seen to; else it runs something that cannot be seen from here."""


def uses_of_credentials(step: Step) -> Iterator[Use]:
    """How the steps after a checkout use the credentials that it left."""
    steps = step.parent.steps
    for later in steps:
        beside = step.group is not None and later.group == step.group and later is not step
        if later.index > step.index or beside:
            yield from _step(later)


def may_write(job: Job | None) -> bool:
    """Whether the job's token may, for all that can be seen, push."""
    permissions = job.effective_permissions if job else None
    return permissions is None or permissions.level("contents") == "write"


def _step(step: Step) -> Iterator[Use]:
    uses = step.uses
    if uses is not None:
        if uses.is_local:
            yield Use(step, uses.value, False)
        elif uses.slug in PUSHING_ACTIONS:
            yield Use(step, uses.slug, True)
        elif uses.is_remote and not uses.slug.startswith(("actions/", "github/")):
            yield Use(step, uses.slug, False)
    for command in step.script.commands if step.script else ():
        yield from _command(step, command)


def _command(step: Step, command: Command) -> Iterator[Use]:
    match command.name:
        case "git":
            words = command.operands(_GIT_VALUED)
            if not words or not words[0].literal or words[0].value in _REMOTE:
                yield Use(step, " ".join(["git", *(w.value for w in words[:1])]), True)
        case name if any(command.runs(n, *sub) for n, sub in _PUSHING_COMMANDS if n == name):
            yield Use(step, name, True)
        case "npx" | "bunx" | "pnpm" | "yarn" if any(
            word.value == name for word in command.argv for name, _ in _PUSHING_COMMANDS
        ):
            yield Use(step, command.name, True)
        case name if not name or name in _LAUNCHERS or "/" in command.path:
            yield Use(step, command.path or "a command that is known at run time only", False)
