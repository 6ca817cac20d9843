"""Steps that run, or obey, files of a folder of the workspace."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.foreign.workspace import folder, inside, places, under
from steplock.model import Action, Step
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.shell import Command
from steplock.syntax import Scalar
from steplock.tables import checkouts, poisonable
from steplock.text import Span
from steplock.trust import situation, users

_HARMLESS_OWNERS = ("actions", "github")
_MAX_WORDS = 6


class Execution(NamedTuple):
    """A step that runs what lies in a folder."""

    step: Step
    span: Span
    what: str
    """The command or action, as people call it."""
    is_seen: bool = True
    """False for an action of which it is not known what it does with the files."""


def executions(step: Step, path: str | None, repository: Repository) -> Iterator[Execution]:
    """What runs files of a folder after a step put them there; what is seen to, first."""
    if path is None:
        return
    yield from sorted(_executions(step, path, repository), key=_doubt)


def _doubt(execution: Execution) -> int:
    """How hard it is to believe, at a glance, that files of the folder are run."""
    if not execution.is_seen:
        return 2
    # A module of that name in the work tree is found before the installed one: true, but not plain to see.
    return int(execution.what.startswith("python") and " -" in execution.what)


def _executions(step: Step, path: str, repository: Repository) -> Iterator[Execution]:
    ours: list[str] = []
    for later in _after(step, repository):
        if later is not step and (placed := checkout_folder(later)) is not None:
            if under(path, placed):
                return  # our own files are put in their place
            ours.append(placed)
            continue
        if later.uses is not None:
            yield from _by_action(later, path, ours)
        else:
            for command, at in places(later):
                if later is step and command.name in ("gh", "git", "hub"):
                    continue
                if _runs(command, at, path, ours):
                    assert later.run is not None
                    span = later.document.locate(later.run, command.span)
                    yield Execution(later, span, _said(command))


def _after(step: Step, repository: Repository) -> Iterator[Step]:
    """The step itself, which may do more than fetch, and those that run after it, where its action is used too."""
    for later in step.parent.steps:
        beside = step.group is not None and later.group == step.group
        if later.index >= step.index or beside:
            yield later
    if isinstance(step.parent, Action):
        for user in users(step.parent, repository):
            yield from (s for s in user.parent.steps if s.index > user.index)


def checkout_folder(step: Step) -> str | None:
    """The folder that a checkout of the repository itself fills, which empties it first."""
    if step.uses is None or not step.uses.is_remote:
        return None
    known = checkouts.of(step.uses.action)
    if known is None or known.kind != "checkout":
        return None
    ref = step.input("ref")
    if ref is not None and ("head" in ref.value or "pull" in ref.value):
        return None
    return folder(step.input("path"))


def _by_action(step: Step, path: str, ours: list[str]) -> Iterator[Execution]:
    uses = step.uses
    assert uses is not None
    if uses.is_local:
        # `$/` names this repository at the commit of the workflow, wherever the workspace came from.
        if uses.value.startswith("$/"):
            return
        place = inside(uses.value, "")
        if place is not None and under(place, path) and not _is_ours(place, path, ours):
            yield Execution(step, uses.span, uses.value)
        return
    if not uses.is_remote:
        return
    runs = poisonable.runs_tree(uses.action, situation(step))
    if runs is False:
        known = poisonable.of_action(uses.action) is not None or uses.owner in _HARMLESS_OWNERS
        if not known and not path and checkouts.downloader(uses.action) is None:
            yield Execution(step, uses.span, uses.slug, is_seen=False)
        return
    if not path or _mentions(step, path):
        yield Execution(step, uses.span, uses.slug, is_seen=True)


def _mentions(step: Step, path: str) -> bool:
    values = (value for _, value in step.inputs.items) if step.inputs else ()
    return any(isinstance(value, Scalar) and path in value.value for value in values)


def _runs(command: Command, at: str | None, path: str, ours: list[str]) -> bool:
    """Whether a command that works in the folder `at` runs files below `path`."""
    if not command.words or not command.path or command.name in ("cat", "echo", "ls", "grep"):
        return False
    argv = (command.path, *(word.value for word in command.argv))
    tool = poisonable.command(argv)
    if tool is None or tool.effect != "exec":
        return False
    named = [inside(word, at or "") for word in argv if "/" in word or word.endswith(_SCRIPTS)]
    if _is_script(tool) and named:
        file = named[0]
        return file is not None and under(file, path) and not _is_ours(file, path, ours)
    if at is not None and under(at, path):
        return not _is_ours(at, path, ours)
    return bool(path) and any(place is not None and under(place, path) for place in named)


_SCRIPTS = (".sh", ".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".php", ".ps1", ".bash")


def _is_script(tool: poisonable.Tool) -> bool:
    return "<file>" in tool.files or "/" in tool.name or tool.name.startswith("$")


def _is_ours(place: str, path: str, ours: list[str]) -> bool:
    """Whether a folder lies in a checkout of our own inside of the foreign one."""
    return any(under(place, own) and not under(path, own) for own in ours if own)


def _said(command: Command) -> str:
    words = [command.path, *(word.value for word in command.argv)]
    short = " ".join(words[:_MAX_WORDS]).replace("\n", " ")
    return short if len(short) <= 50 else f"{short[:47]}..."
