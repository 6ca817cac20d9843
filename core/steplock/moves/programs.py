"""Which arguments are programs in turn: there a variable's text would be code again."""

from __future__ import annotations

import re

from steplock.lazy import pattern
from steplock.shell import Command, Redirect, Script, Word
from steplock.shell.programs import basename
from steplock.text import Span

# They run what they are given as a shell does, on this machine or another, or as a rule of their own.
_ALWAYS = frozenset(
    [".", "alias", "at", "complete", "concurrently", "crontab", "entr", "eval", "expect", "flock", "getopts", "gmake",
     "duckdb", "hyperfine", "iex", "invoke-expression", "just", "let", "make", "mapfile", "nix-shell", "parallel", "read",
     "readarray", "runuser", "screen", "script", "source", "sqlite3", "ssh", "su", "systemd-run", "tmux", "trap", "unset", "watch",
     "wsl"]
)  # fmt: skip
# They run the argument behind one of these options.
_BY_FLAG = frozenset(
    ["bash", "bun", "cmd", "dash", "deno", "julia", "ksh", "lua", "mysql", "node", "osascript", "perl", "php",
     "powershell", "psql", "pwsh", "pypy3", "python", "rscript", "ruby", "sh", "sqlplus", "zsh"]
)  # fmt: skip
_CODE_FLAG = pattern(
    r"(?:-[A-Za-z]*[ceEpr]|(?:--?)?eval|--?(?:exec|execute|print|run|[cC]ommand)|/[cCkK])(?:=|$)"
)
# They start the program that is named behind them.
_LAUNCHERS = frozenset(
    ["bundle", "chroot", "conda", "docker", "hatch", "kubectl", "lxc", "mamba", "micromamba", "mise", "nerdctl", "nix",
     "npx", "pdm", "pipx", "pixi", "pnpm", "podman", "poetry", "rye", "uv", "uvx", "vagrant", "yarn"]
)  # fmt: skip
# The first operand is a program; the options take so many words that are none.
_AWK = {"-v": 1, "-F": 1, "--assign": 1}
_JQ = {
    **dict.fromkeys(("--arg", "--argjson", "--rawfile", "--slurpfile"), 2),
    **dict.fromkeys(("--indent", "-L"), 1),
    **dict.fromkeys(("e", "ea", "eval", "eval-all"), 0),
}
_FIRST = {
    "awk": _AWK,
    "gawk": _AWK,
    "mawk": _AWK,
    "gojq": _JQ,
    "jaq": _JQ,
    "jq": _JQ,
    "yq": _JQ,
    "gsed": {"-l": 1},
    "sed": {"-l": 1},
}
_GIVES_PROGRAM = frozenset(["-e", "-f", "--expression", "--file", "--from-file", "-E", "--source"])
_GIT = frozenset(["bisect", "filter-branch", "foreach", "rebase"])
_DECLARATIONS = frozenset(["declare", "export", "local", "readonly", "typeset"])
_SHELLS = frozenset(["bash", "dash", "ksh", "sh", "zsh"])
# They run what comes in, whatever operands they have.
_RUN_INPUT = frozenset(["mysql", "psql", "sqlite3", "sqlplus", "ssh", "parallel", "at", "crontab"])
_NAMED = pattern(r"[A-Za-z_]\w*\+?=", re.ASCII)


def is_code(script: Script, place: Span) -> bool:
    """Whether some program runs, as code, the text that a place of a shell script becomes part of."""
    if any(_takes(command, place) for command in script.commands if command.span.holds(place)):
        return True
    for command in script.commands:
        for redirect in (*command.redirects, *command.inherited):
            if holds(redirect, place) and _runs_input(command):
                return True
    return any(_is_piped(script, command) for command in _writers(script, place))


def holds(redirect: Redirect, place: Span) -> bool:
    """Whether a place stands in a here-document or a here-string."""
    body = redirect.body or (redirect.target if redirect.op == "<<<" else None)
    return body is not None and body.span.holds(place)


def _writers(script: Script, place: Span) -> list[Command]:
    """The commands that have the text, as argument or input, and may pass it on."""
    return [
        command
        for command in script.commands
        if command.span.holds(place) or any(holds(r, place) for r in command.redirects)
    ]


def _is_piped(script: Script, writer: Command) -> bool:
    """Whether something behind a command in its pipeline runs what comes in."""
    for pipeline in script.pipelines:
        for number, stage in enumerate(pipeline.stages):
            if writer in stage:
                later = pipeline.stages[number + 1 :]
                return any(_runs_input(command) for stage in later for command in stage)
    return False


def _runs_input(command: Command) -> bool:
    names = {basename(word.value).lower() for word in command.words[: command.head + 1]}
    if names & _RUN_INPUT:
        return True
    if "xargs" in command.wrappers:
        return command.name in _BY_FLAG or command.name in _ALWAYS
    operands = [word.value for word in command.operands() if word.value not in ("-", "/dev/stdin")]
    by_flag = any(_CODE_FLAG.match(word.value) for word in command.argv)
    reads = command.name in _BY_FLAG or command.name.startswith("python")
    # `docker run -i image bash`: the last word is what reads.
    last = basename(operands[-1]).lower() if operands else ""
    return (reads and not operands and not by_flag) or last in _SHELLS


def _takes(command: Command, place: Span) -> bool:
    """Whether a command runs the word that holds a place."""
    at = next((i for i, word in enumerate(command.words) if word.span.holds(place)), None)
    if at is None:
        return False
    words = command.words
    if command.name in _DECLARATIONS:
        return not _names_first(words, at, place)
    if command.name in ("test", "[", "[["):
        return _is_evaluated(command, at)
    if command.name == "printf" and words[at - 1].value == "-v":
        return True
    if command.name == "git" and any(word.value in _GIT for word in words[:at]):
        return True
    head = command.head
    if at == head:
        return True
    starts = range(head, at) if command.name in _LAUNCHERS else (head,)
    return any(_runs_word(words, number, at, number == head) for number in starts)


def _runs_word(words: tuple[Word, ...], number: int, at: int, is_head: bool) -> bool:
    """Whether the word `number`, seen as a program, runs the word `at`."""
    name = basename(words[number].value).lower()
    before = words[at - 1].value if at - 1 > number else ""
    if not words[number].literal:
        # A program that is known at run time only.
        return is_head and _CODE_FLAG.fullmatch(before) is not None
    if name in _ALWAYS:
        return is_head
    if name.startswith(("python", "pypy")):
        between = words[number + 1 : at - 1]
        script = any(word.value == "-m" or word.value[:1] != "-" for word in between)
        return not script and re.fullmatch(r"-[A-Za-z]*c", before) is not None
    if name in _BY_FLAG or name.startswith("ruby"):
        return bool(_CODE_FLAG.fullmatch(before) or _CODE_FLAG.match(words[at].value))
    if name in _FIRST:
        return _is_program(words[number + 1 :], at - number - 1, _FIRST[name])
    return False


def _is_program(words: tuple[Word, ...], at: int, options: dict[str, int]) -> bool:
    """Whether the word `at` behind awk, sed or jq is the program."""
    given = False
    skip = 0
    for word in words[:at]:
        if skip:
            skip -= 1
        elif word.value in _GIVES_PROGRAM:
            if word is words[at - 1]:
                return True
            given, skip = True, 1
        elif word.value in options:
            skip = options[word.value]
        elif not word.value.startswith("-"):
            given = True
    value = words[at].value
    if value.startswith("-"):
        return value.startswith(tuple(_GIVES_PROGRAM))
    return not skip and not given


def _names_first(words: tuple[Word, ...], at: int, place: Span) -> bool:
    """Whether a declaration names the variable itself, and takes what follows as text."""
    word = words[at]
    is_number = any(re.match(r"-\w*[in]", other.value) for other in words[1:at])
    match = _NAMED.match(word.text)
    return not is_number and match is not None and word.span.start + match.end() <= place.start


# Both sides are evaluated as arithmetic by `[[ ]]`, and arithmetic runs `a[$(command)]`.
_ARITHMETIC = frozenset(["-eq", "-ne", "-lt", "-le", "-gt", "-ge"])


def _is_evaluated(command: Command, at: int) -> bool:
    near = {word.value for word in command.words[max(at - 1, 0) : at + 2]}
    return bool(near & {"-v", "-R"}) or (command.name == "[[" and bool(near & _ARITHMETIC))
