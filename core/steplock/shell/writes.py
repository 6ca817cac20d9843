"""Which commands write to the files that the runner reads after a step.

The files: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence

from steplock.lazy import pattern
from steplock.shell.tree import Command, EnvironmentWrite, Redirect, Script, Word

FILES = frozenset(f"GITHUB_{name}" for name in ("ENV", "PATH", "OUTPUT", "STATE", "STEP_SUMMARY"))
_FENCE = pattern(r"\$\{\{\s*(?:github\.|env\.GITHUB_)(\w+)\s*\}\}", re.IGNORECASE)
_PRINTS = frozenset(("echo", "printf", "print", "write-output", "write-host"))
_ECHO_FLAGS = frozenset(("-e", "-n", "-E", "-en", "-ne"))
_COPIES = frozenset(("cp", "mv", "install", "rsync", "copy", "move", "copy-item", "move-item"))
# Commands that print nothing: a group's redirection takes nothing from them.
_SILENT = frozenset(
    (
        ":",
        ".",
        "[",
        "[[",
        "break",
        "cd",
        "chmod",
        "continue",
        "eval",
        "exit",
        "export",
        "false",
        "local",
        "mkdir",
        "popd",
        "pushd",
        "read",
        "readonly",
        "return",
        "rm",
        "set",
        "shift",
        "shopt",
        "sleep",
        "source",
        "test",
        "touch",
        "trap",
        "true",
        "typeset",
        "unset",
        "wait",
    )
)
_CMDLETS = frozenset(("out-file", "add-content", "set-content", "tee-object", "tee", "ac", "sc"))
_PATHS = ("-filepath", "-path", "-literalpath")
_CMDLET_VALUES = frozenset(
    (*_PATHS, "-value", "-encoding", "-width", "-inputobject", "-delimiter", "-variable")
)
_HINT = pattern(r"github[_.]", re.IGNORECASE)
_NET = pattern(r"::(?:append|write)all(?:text|lines)", re.IGNORECASE)

_Content = tuple[tuple[Word, ...], bool]


def may_write(text: str) -> bool:
    """Whether a script may name one of the files at all."""
    return _HINT.search(text) is not None


def writes(script: Script) -> Iterator[EnvironmentWrite]:
    """The writes of a script of any shell, command by command."""
    aliases = {a.name: file for a in script.assignments if (file := _file(a.value, {}))}
    fed = {
        command.span: before
        for pipeline in script.pipelines
        for before, stage in zip(pipeline.stages, pipeline.stages[1:], strict=False)
        for command in stage
    }
    piped = {
        command.span: pipeline.span.end
        for pipeline in script.pipelines
        for stage in pipeline.stages[:-1]
        for command in stage
    }
    powershell = script.dialect == "powershell"
    for command in script.commands:
        before = fed.get(command.span, ())
        redirect = _output(command)
        file = _file(redirect.target, aliases) if redirect else ""
        own = redirect in command.redirects
        # A pipe inside of the group takes the output away before it gets to the group's file.
        away = piped.get(command.span, sys.maxsize) <= (redirect.span.start if redirect else 0)
        if redirect and file and (own or not (away or command.name in _SILENT)):
            content, opaque = _printed(command, before)
            yield EnvironmentWrite(file, content, opaque, command, command.span)
        for word, (content, opaque) in _targets(command, before, powershell=powershell):
            if file := _file(word, aliases):
                yield EnvironmentWrite(file, content, opaque, command, command.span)


def _file(word: Word, aliases: Mapping[str, str]) -> str:
    """The file that a word names, if it is nothing but the variable."""
    if len(word.expansions) != 1:
        return ""
    [expansion] = word.expansions
    if len(word.value) != expansion.span.end - expansion.span.start:
        return ""
    if match := _FENCE.fullmatch(word.value):
        name = f"GITHUB_{match.group(1).upper()}"
    else:
        name = aliases.get(expansion.name) or expansion.name.upper()
    return name if name in FILES else ""


def _output(command: Command) -> Redirect | None:
    """Where standard output goes: the last own redirection, else that of the nearest group."""
    for redirect in (*reversed(command.redirects), *command.inherited):
        if redirect.output:
            return redirect
    return None


def _printed(command: Command, before: Sequence[Command]) -> _Content:
    """What a command prints, as far as the script says it."""
    if command.name in _PRINTS:
        if command.has_flag("-v"):
            return (), False
        return tuple(
            w for w in command.argv if w.text not in ("-e", "-n", "-E", "-en", "-ne")
        ), False
    if not command.name and command.words:
        return command.words, False
    if not command.name and not command.words:
        return (), False
    if command.name in ("cat", "tee", "tee-object"):
        return _input(command, before)
    return (), True


def _input(command: Command, before: Sequence[Command]) -> _Content:
    """What a command that copies its input gets."""
    bodies = tuple(r.body or r.target for r in command.redirects if r.op.startswith("<<"))
    if bodies:
        return bodies, False
    if command.name == "cat" and command.operands() not in ((), ("-",)):
        return (), True
    parts = [_printed(c, ()) for c in before if c.name not in _SILENT]
    return tuple(w for words, _ in parts for w in words), not parts or any(o for _, o in parts)


def _targets(
    command: Command, before: Sequence[Command], *, powershell: bool
) -> Iterator[tuple[Word, _Content]]:
    """The files that a command writes by itself, and what it writes."""
    if powershell and command.name in _CMDLETS:
        operands = command.operands(_CMDLET_VALUES)
        path = _parameter(command, *_PATHS)
        rest = operands if path else operands[1:]
        value = _parameter(command, "-value", "-inputobject")
        content = _input(command._replace(name="tee"), before)
        if value or (rest and command.name in ("add-content", "set-content", "ac", "sc")):
            content = ((value,) if value else rest), False
        for word in (path,) if path else operands[:1]:
            yield word, content
    elif command.name == "tee":
        for word in command.operands():
            yield word, _input(command, before)
    elif command.name in _COPIES:
        for word in command.operands()[-1:]:
            yield word, ((), True)
    elif powershell and not command.name and any(_NET.search(w.text) for w in command.words):
        words = [w for w in command.words if not _NET.search(w.text)]
        for word in words[:1]:
            yield word, (tuple(words[1:]), False)


def _parameter(command: Command, *names: str) -> Word | None:
    """The value of a cmdlet's parameter; case does not matter and `-Path:x` is allowed."""
    for at, word in enumerate(command.argv):
        name, colon, _ = word.value.lower().partition(":")
        if name in names:
            following = command.argv[at + 1 : at + 2]
            return word.after(":") if colon else following[0] if following else None
    return None
