"""What runs, or is steered by, files of the work tree: foreign code, if the tree is foreign.

core/update/poisonable.py writes the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from steplock.annotations import Any, Literal
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.tables import commands, look_up
from steplock.tables.conditions import ANY, Situation, holds
from steplock.tables.rows import typed

_EMPTY: Mapping[str, Any] = {}
_LOCAL = pattern(r"(?:\.{1,2}[/\\]|\$\{?(?:GITHUB_WORKSPACE|PWD)\b)")
_PATH = pattern(r"\.(?:$|[/\\[.])|[\w.-]+/(?!/)")
_FILE = pattern(r"(?!https?:)[^-].*(?:[/\\]|\.\w{1,6}$)")


class Tool(NamedTuple):
    """A program or an action, and the files of the tree that it obeys."""

    effect: Literal["exec", "config", "write"]
    """`exec`: code from those files runs. `config`: they steer it, but are not known to run code. `write`: it
    puts files where the tree says."""
    name: str = ""
    action: str = ""
    files: tuple[str, ...] = ()
    """What an attacker would change, as globs; some are told in words."""
    subcommands: tuple[tuple[str, ...], ...] = ()
    """The words and flags with which it does. `*`: any. `<file>`: a file as the next word; `<path>`: a path among the
    next words; `<name>`: any next word."""
    not_affected: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    """Flags any of which makes it leave the tree alone."""
    safe_flags: tuple[str, ...] = ()
    """Flags which, all together, keep it from running code of the tree ..."""
    safe_for: tuple[str, ...] = ()
    """... with these subcommands."""
    env: tuple[str, ...] = ()
    """Variables that have it run code as well."""
    when: Mapping[str, Any] = _EMPTY
    note: str = ""
    source: str = ""
    sure: bool = False
    """Whether a list or document was read; otherwise it is general knowledge of the tool."""


def command(argv: Sequence[str]) -> Tool | None:
    """What a command line runs of the work tree: the words of a command, its name or path the first.

    A script of the tree called by its path is a `Tool` too. Runners are looked through (`uv run pytest`); what runs
    code counts before what is only steered. None for what is not known to look at the tree.
    """
    if argv and _LOCAL.match(argv[0]):
        return Tool("exec", name=argv[0], files=(argv[0],), sure=True)
    found: Tool | None = None
    for words in commands.readings(argv):
        for tool in of(words[0]):
            if not _reads_tree(tool, words):
                continue
            if tool.effect == "exec":
                return tool
            found = found or tool
    return found


@lru_cache(maxsize=1024)
def of(program: str) -> tuple[Tool, ...]:
    """What is known of a program, whatever its arguments."""
    return tuple(
        typed(Tool, {**row, "subcommands": list(map(tuple, row.get("subcommands", ())))})
        for row in (look_up("poisonable", program, "commands") or ())
    )


@lru_cache(maxsize=1024)
def of_action(action: str) -> Tool | None:
    """What is known of the action `owner/repo[/path]`, whatever its inputs."""
    row = look_up("poisonable", action.lower(), "actions")
    return typed(Tool, row) if row else None


def runs_tree(action: str, step: Situation = ANY) -> bool | None:
    """Whether a step with this action runs code of the work tree; None if the file does not show it."""
    tool = of_action(action)
    if tool is None or tool.effect != "exec":
        return False
    return holds(tool.when, step)


def _reads_tree(tool: Tool, argv: Sequence[str]) -> bool:
    operands = commands.operands(argv)
    if operands and operands[0] in tool.not_affected:
        return False
    if any(commands.has(argv, flag) for flag in tool.unless):
        return False
    spared = bool(operands) and operands[0] in tool.safe_for
    if spared and all(commands.has(argv, flag) for flag in tool.safe_flags):
        return False
    return any(_asks(argv, operands, words) for words in tool.subcommands)


def _asks(argv: Sequence[str], operands: Sequence[str], words: tuple[str, ...]) -> bool:
    if words == ("*",):
        return not _is_question(argv)
    if not words:
        return not operands and not _is_question(argv)
    plain = tuple(word for word in words if word[0] not in "-<")
    flags = [word for word in words if word.startswith("-")]
    if not commands.runs(argv, (argv[0], *plain)) or not all(commands.has(argv, f) for f in flags):
        return False
    behind = operands[len(plain) :]
    match words[-1]:
        case "<file>":
            return bool(behind) and _FILE.match(behind[0]) is not None
        case "<path>":
            return any(_PATH.match(word) for word in behind)
        case "<name>":
            return bool(behind)
    return True


def _is_question(argv: Sequence[str]) -> bool:
    """Whether it only asks the program about itself."""
    return len(argv) == 2 and argv[1] in (
        "--version",
        "-V",
        "-v",
        "--help",
        "-h",
        "version",
        "help",
    )
