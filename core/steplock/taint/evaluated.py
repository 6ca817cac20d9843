"""Text of strangers that a script hands on as code: to a shell, to an interpreter, to `sed`."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.annotations import TYPE_CHECKING
from steplock.lazy import pattern
from steplock.model import Action, Step
from steplock.named import NamedTuple
from steplock.shell import Command, Expansion, Word
from steplock.tables.contexts import Control
from steplock.taint.scripts import in_word
from steplock.taint.value import Taint, Who

if TYPE_CHECKING:
    from steplock.taint.analysis import Analysis

_SHELLS = frozenset(["ash", "bash", "dash", "ksh", "sh", "zsh"])
_SHELL_FLAG = pattern(r"-[a-z]*c")
# By program: the flags behind which code stands.
_FLAGS = {
    "deno": ("eval",),
    "node": ("-e", "--eval", "-p", "--print", "-pe"),
    "perl": ("-e", "-E", "-ne", "-pe", "-lne", "-lpe"),
    "php": ("-r",),
    "powershell": ("-c", "-Command"),
    "pwsh": ("-c", "-Command"),
    "python": ("-c",),
    "python3": ("-c",),
    "ruby": ("-e", "-ne", "-pe"),
}
# Print what they are told, and change nothing of it.
_PRINTS = frozenset(["cat", "echo", "print", "printf", "tee", "write-output"])
_AWKS = frozenset(["awk", "gawk", "mawk", "nawk"])
SEDS = frozenset(["gsed", "sed"])
_SSH_VALUED = frozenset(f"-{letter}" for letter in "BbcDEeFIiJLlmOopQRSWw")
# Names of variables whose text was made harmless, as far as one can believe a name.
_CHECKED = pattern(r"\$\{?(\w+)\}?\"?\s*=~\s*\^[^\n]*?\$(?=\s)")
_ESCAPED = pattern(r"(?i)esc|quoted|safe|sanit|clean")


class Evaluated(NamedTuple):
    """A part of a command's code that strangers write."""

    command: Command
    expansion: Expansion
    taint: Taint


def evaluated(analysis: Analysis, step: Step) -> Iterator[Evaluated]:
    """What the commands of a step run of strangers' text, in runs that have powers; `${{ }}` is not looked at."""
    reached: bool | None = None
    for command in step.script.commands if step.script else ():
        for word in (*_code(command), *_piped(step, command)):
            if not word.expansions:
                continue
            if reached is None:
                called = isinstance(step.file, Action)
                reached = called or bool(analysis.strangers(step).powerful)
            if not reached:
                return
            if (found := _worst(analysis, step, word)) is not None:
                yield Evaluated(command, *found)
                break


def _worst(analysis: Analysis, step: Step, word: Word) -> tuple[Expansion, Taint] | None:
    """The first part of a word that is a stranger's text."""
    for expansion in word.expansions:
        if expansion.kind == "fence" or _ESCAPED.search(expansion.name):
            continue
        if expansion.name and _is_checked(step, expansion.name):
            continue
        for taint in in_word(analysis, step, word._replace(expansions=(expansion,))):
            if taint.who is Who.STRANGER and taint.control is Control.FREE:
                return expansion, taint
    return None


def _is_checked(step: Step, name: str) -> bool:
    """Whether the script holds a variable against a regular expression of the whole text: `[[ $x =~ ^[a-z]+$ ]]`."""
    text = step.run.value if step.run else ""
    return "=~" in text and any(found[1] == name for found in _CHECKED.finditer(text))


def _code(command: Command) -> Iterator[Word]:
    """The words of a command that are run as code."""
    name = command.name
    if name in ("eval", "iex", "invoke-expression"):
        yield from command.argv
    elif name in _AWKS:
        if not command.has_flag("-f", "--file"):
            yield from command.operands(("-F", "-v"))[:1]
    elif name in SEDS:
        yield from _of_sed(command)
    elif name == "ssh":
        yield from command.operands(_SSH_VALUED)[1:]
        yield from _read(command)
    elif name in _FLAGS:
        yield from _behind(command, _FLAGS[name])
    else:
        yield from _of_shells(command)


def _of_shells(command: Command) -> Iterator[Word]:
    """The code of a shell, started by another program too: `docker exec box sh -c "..."`."""
    words = (*command.words[command.head :],)
    for at, word in enumerate(words[:-2]):
        shell = word.value.rpartition("/")[2] in _SHELLS
        if shell and _SHELL_FLAG.fullmatch(words[at + 1].value):
            yield words[at + 2]
    if command.name in _SHELLS and not command.arguments:
        yield from _read(command)


def _piped(step: Step, command: Command) -> Iterator[Word]:
    """What is printed into a shell or an interpreter that is given no file: `echo "$BODY" | bash`."""
    fed = command.name in _SHELLS or command.name in _FLAGS
    if not fed or command.operator != "|" or any(w.value != "-" for w in command.arguments):
        return
    if command.name in _FLAGS and next(_behind(command, _FLAGS[command.name]), None) is not None:
        return
    assert step.script is not None
    before = step.script.before(command)
    for printing in before if all(one.name in _PRINTS for one in before) else ():
        yield from printing.argv
        yield from _read(printing)


def _of_sed(command: Command) -> Iterator[Word]:
    given = tuple(_behind(command, ("-e", "--expression")))
    if given or command.has_flag("-f", "--file"):
        yield from given
    else:
        yield from command.operands(("-l",))[:1]


def _read(command: Command) -> Iterator[Word]:
    """What it is given to read: a here-document, a here-string."""
    for redirect in (*command.redirects, *command.inherited):
        if redirect.op.startswith("<<"):
            yield redirect.body or redirect.target


def _behind(command: Command, flags: tuple[str, ...]) -> Iterator[Word]:
    argv = command.argv
    yield from (argv[at + 1] for at, word in enumerate(argv[:-1]) if word.value in flags)
