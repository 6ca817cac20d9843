"""Commands of a script that bring in the code of a pull request or a fork."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.foreign.origin import Origin, is_pull, origins
from steplock.foreign.workspace import inside, places
from steplock.model import Job, Step
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.shell import Command, Word
from steplock.syntax import Mapping, Scalar

_GIT_VALUED = ("-C", "-c", "--git-dir", "--work-tree")
_VALUED = (
    "--depth",
    "-b",
    "--branch",
    "--repo",
    "-R",
    "-o",
    "--origin",
    "--jobs",
    "-j",
    "--filter",
)
_TAKES = frozenset({"checkout", "switch", "merge", "reset", "rebase", "cherry-pick"})


class Fetch(NamedTuple):
    command: Command
    what: str
    mutable: bool
    path: str | None
    origin: Origin | None
    """Where its reference comes from; None where that is not seen."""
    certain: bool = True


def fetches(step: Step, repository: Repository) -> Iterator[Fetch]:
    """The commands after which code of a stranger lies in the workspace, as far as references go."""
    for command, at in places(step):
        match command.name:
            case "gh" | "hub":
                yield from _gh(step, command, at, repository)
            case "git":
                yield from _git(step, command, at, repository)


def _gh(step: Step, command: Command, at: str | None, repository: Repository) -> Iterator[Fetch]:
    words = command.operands(_VALUED)
    verbs = tuple(word.value for word in words[:2])
    if verbs == ("pr", "checkout"):
        which = words[2] if len(words) > 2 else None
        if which is not None and which.literal:
            return  # a pull request of the author's choice
        origin = _origin(which, step, repository) if which else None
        yield Fetch(command, "the pull request", True, at, origin)
    elif verbs == ("pr", "diff") and _is_applied(step, command):
        origin = _origin(words[2], step, repository) if len(words) > 2 else None
        yield Fetch(command, "the pull request, as a patch,", True, at, origin)
    elif verbs == ("repo", "clone") and len(words) > 2:
        yield from _cloned(step, command, words[2], words[3:], at, repository)


def _git(step: Step, command: Command, at: str | None, repository: Repository) -> Iterator[Fetch]:
    words = command.operands(_GIT_VALUED + _VALUED)
    verb = words[0].value if words else ""
    if not words or all(word.literal for word in words):
        return
    moved = command.option("-C")
    if moved is not None:
        at = inside(moved.value, at or "")
    if verb == "clone" and len(words) > 1:
        yield from _cloned(step, command, words[1], words[2:], at, repository)
    elif verb in ("fetch", "pull"):
        pull = next((word for word in words[1:] if is_pull(word.value)), None)
        url = next((w for w in words[1:2] if not w.literal), None)
        if verb == "fetch" and not _is_taken(step, command):
            return
        if pull is not None:
            yield Fetch(command, "the pull request", True, at, _origin(pull, step, repository))
        elif url is not None and (origin := _origin(url, step, repository)):
            if origin.kind in ("repository", "text"):
                yield Fetch(command, "the fork of the pull request", True, at, origin)
        else:
            yield from _commit(step, command, words[2:], at, repository)
    elif verb in _TAKES:
        yield from _commit(step, command, words[1:], at, repository)


def _commit(
    step: Step, command: Command, words: tuple[Word, ...], at: str | None, repository: Repository
) -> Iterator[Fetch]:
    """A commit of an outsider: it is reachable through the repository that the pull request is for."""
    for word in words:
        origin = _origin(word, step, repository)
        if origin is not None and origin.kind == "commit":
            yield Fetch(command, origin.what, origin.mutable, at, origin, origin.certain)
            return


def _cloned(
    step: Step,
    command: Command,
    url: Word,
    rest: tuple[Word, ...],
    at: str | None,
    repository: Repository,
) -> Iterator[Fetch]:
    origin = _origin(url, step, repository)
    if origin is None or origin.kind not in ("repository", "text"):
        return
    path = inside(rest[0].value, at or "") if rest else None
    yield Fetch(command, "the fork of the pull request", True, path, origin)


def _is_taken(step: Step, fetch: Command) -> bool:
    """Whether something fetched is checked out or merged afterwards; else it only lies in git's store."""
    later = False
    for other in step.parent.steps:
        if other.index < step.index or other.script is None:
            continue
        for command in other.script.commands:
            later = later or other is not step or command is fetch
            if later and command is not fetch and command.name == "git":
                words = command.operands(_GIT_VALUED)
                if words and words[0].value in _TAKES and "--" not in _values(command):
                    return True
    return False


def _values(command: Command) -> tuple[str, ...]:
    return tuple(word.value for word in command.argv)


def _is_applied(step: Step, command: Command) -> bool:
    """Whether what a command prints is applied to the work tree as a patch."""
    for pipeline in step.script.pipelines if step.script else ():
        if command in pipeline.commands:
            last = pipeline.commands[-1]
            return last.name == "patch" or last.runs("git", "apply") or last.runs("git", "am")
    return False


def _origin(word: Word, step: Step, repository: Repository) -> Origin | None:
    """What a word of a script leads back to: the first of its parts that names something of an outsider."""
    for expansion in word.expansions:
        found: tuple[Origin, ...] = ()
        if expansion.kind == "fence" and step.run is not None:
            text = step.run.value[expansion.span.start : expansion.span.end]
            found = origins(step.run._replace(value=text), step, repository)
        elif expansion.kind == "variable":
            for scalar in _set_to(expansion.name, step):
                found = found or origins(scalar, step, repository)
        if found:
            return found[0]
    return None


def _set_to(name: str, step: Step) -> Iterator[Scalar]:
    """The values of a variable as the `env:` blocks and the script itself set it."""
    run = step.run
    for assignment in step.script.assignments if step.script and run else ():
        if assignment.name == name and run is not None:
            yield run._replace(value=assignment.value.value)
            for expansion in assignment.value.expansions:
                if expansion.kind == "variable" and expansion.name != name:
                    yield from _in_env(expansion.name, step)
    yield from _in_env(name, step)
    if run is not None:
        yield run._replace(value=f"${{{{ env.{name} }}}}")  # what an earlier step set


def _in_env(name: str, step: Step) -> Iterator[Scalar]:
    owners: list[Step | Job] = [step, *([step.job] if step.job else [])]
    nodes = [owner.env for owner in owners] + [step.workflow.env if step.workflow else None]
    for node in nodes:
        found = node.get(name) if isinstance(node, Mapping) else None
        if isinstance(found, Scalar):
            yield found
            return
    built_in = _BUILT_IN.get(name)
    if built_in and step.run:
        yield step.run._replace(value=built_in)


_BUILT_IN = {"GITHUB_HEAD_REF": "${{ github.head_ref }}"}
