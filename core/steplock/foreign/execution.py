"""Steps that run, or obey, files of a folder of the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from steplock.foreign.workspace import folder, inside, places, under
from steplock.lazy import pattern
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
_SCRIPT_ACTION = "actions/github-script"
_LOADS = pattern(
    r"""\b(?:require|import)\(\s*['"`]((?:\.{1,2}|\$\{process\.env\.GITHUB_WORKSPACE\}|\$\{\{ *github\.workspace *\}\})/[^'"`]+)['"`]\)?"""
)


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
    if uses.action == _SCRIPT_ACTION:
        yield from _by_script(step, path, ours)
        return
    runs = poisonable.runs_tree(uses.action, situation(step))
    if runs is False:
        known = poisonable.of_action(uses.action) is not None or uses.owner in _HARMLESS_OWNERS
        if not known and not path and checkouts.downloader(uses.action) is None:
            yield Execution(step, uses.span, uses.slug, is_seen=False)
        return
    if not path or _mentions(step, path):
        yield Execution(step, uses.span, uses.slug, is_seen=True)


def _by_script(step: Step, path: str, ours: list[str]) -> Iterator[Execution]:
    """A script of actions/github-script loads modules from the work tree."""
    script = step.input("script")
    for found in _LOADS.finditer(script.value) if script else ():
        place = inside(found[1].replace("process.env.", ""), "")
        if script and place is not None and under(place, path) and not _is_ours(place, path, ours):
            span = step.document.locate(script, Span(*found.span()))
            yield Execution(step, span, found[0].replace("`", "'"))


def _mentions(step: Step, path: str) -> bool:
    values = (value for _, value in step.inputs.items) if step.inputs else ()
    return any(isinstance(value, Scalar) and path in value.value for value in values)


def _runs(command: Command, at: str | None, path: str, ours: list[str]) -> bool:
    """Whether a command that works in the folder `at` runs files below `path`."""
    if not command.words or not command.path or command.name in ("cat", "echo", "ls", "grep"):
        return False
    argv = (command.path, *(word.value for word in command.argv))
    tool = poisonable.command(argv)
    if tool is None and (script := _script(command)) is not None:
        file = inside(script, at or "")
        return file is not None and under(file, path) and not _is_ours(file, path, ours)
    if tool is None or tool.effect != "exec":
        return False
    named = [inside(word, at or "") for word in argv if "/" in word or word.endswith(_SCRIPTS)]
    if _is_script(tool) and named:
        file = named[0]
        return file is not None and under(file, path) and not _is_ours(file, path, ours)
    if at is not None and under(at, path):
        return not _is_ours(at, path, ours)
    if not path:
        return False
    named += [inside(word, at or "") for word in _folders(argv)]
    return any(place is not None and under(place, path) for place in named)


def _folders(argv: tuple[str, ...]) -> Iterator[str]:
    """The folders that flags tell a program to work in: `make -C docs`."""
    for flag, word in pairwise(argv):
        name, _, value = flag.partition("=")
        if name in _MOVES:
            yield value or word


_MOVES = frozenset(["-C", "--chdir", "--cwd", "--dir", "--directory", "--prefix", "--project"])


_INTERPRETERS = frozenset(
    [".", "bash", "dash", "ksh", "node", "perl", "php", "python", "python2", "python3", "ruby", "sh", "source", "zsh"]
)  # fmt: skip


def _script(command: Command) -> str | None:
    """The file that a shell or an interpreter is told to run: `sh build`. That of a virtual environment is made here."""
    if command.name not in _INTERPRETERS:
        return None
    for word in command.argv:
        if not word.value.startswith(("-", "+")):
            return None if word.value.endswith("/activate") else word.value
        if word.value not in ("-e", "-u", "-x", "-eu", "-ex", "-eux"):
            return None
    return None


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
