"""Which program a list of words runs: wrappers are seen through, interpreters known.

The options are those of the manual pages (sudo 1.9, coreutils 9, findutils 4.9, util-linux 2.38).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.shell.tree import Assignment, Dialect, Word

# A wrapper runs the words behind its options; the value names its options that take the next
# word, and how many operands of its own it has.
_WRAPPERS: dict[str, tuple[frozenset[str], int]] = {
    name: (frozenset(valued.split()), operands)
    for name, valued, operands in (
        ("sudo", "-C -D -g -h -p -R -r -T -t -U -u --user --group --prompt --chdir --host", 0),
        ("doas", "-C -u", 0),
        ("env", "-u -C -S --unset --chdir", 0),
        ("command", "", 0),
        ("builtin", "", 0),
        ("exec", "-a", 0),
        ("time", "-f -o --format --output", 0),
        ("nice", "-n --adjustment", 0),
        ("ionice", "-c -n -p --class --classdata", 0),
        ("nohup", "", 0),
        ("setsid", "", 0),
        ("stdbuf", "-i -o -e --input --output --error", 0),
        ("timeout", "-k -s --kill-after --signal", 1),
        ("gtimeout", "-k -s --kill-after --signal", 1),
        ("xargs", "-a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-procs", 0),
        ("xvfb-run", "-e -f -n -p -s -w --server-args --server-num", 0),
        ("arch", "", 0),
        ("unbuffer", "", 0),
        ("winpty", "", 0),
    )
}
_ASSIGNED = pattern(r"[A-Za-z_]\w*=", re.ASCII)
_SUFFIXES = (".exe", ".cmd", ".bat", ".com")
_LITERAL_NAME = pattern(r"[^$`{}()]+")

_DIALECTS: dict[str, Dialect] = {
    **dict.fromkeys(("posix", "bash", "sh", "dash", "ash", "ksh", "zsh", "busybox"), "posix"),
    **dict.fromkeys(("pwsh", "powershell"), "powershell"),
    "cmd": "cmd",
    **dict.fromkeys(("python", "python2", "python3", "pypy3", "py"), "python"),
}
_COMMAND_FLAGS: dict[Dialect, re.Pattern[str]] = {
    "posix": pattern(r"-[a-zA-Z]*c"),
    "powershell": pattern(r"(?i)-c(o(m(m(a(n(d)?)?)?)?)?)?"),
    "cmd": pattern(r"(?i)/[ck]"),
    "python": pattern(r"-[a-zA-Z]*c"),
}


class Program(NamedTuple):
    """What runs: `words[head]` under `name`, seen through `wrappers`."""

    name: str
    head: int
    wrappers: tuple[str, ...]
    assignments: tuple[Assignment, ...]


def dialect(shell: str) -> Dialect:
    """The dialect of a `shell:` value (`bash -e {0}`, `/bin/sh`, `pwsh`), empty if unknown."""
    first = shell.strip().split(maxsplit=1)
    return _dialect(basename(first[0])) if first and "${{" not in first[0] else ""


def _dialect(name: str) -> Dialect:
    found = _DIALECTS.get(name)
    if found is None and name.startswith("python"):
        return "python" if re.fullmatch(r"python[\d.]+", name) else ""
    return found or ""


def basename(path: str) -> str:
    """The name of a program, without folders and without what Windows adds to it."""
    name = path[max(path.rfind("/"), path.rfind("\\")) + 1 :]
    return name[:-4] if "." in name and name.lower().endswith(_SUFFIXES) else name


def program(words: Sequence[Word], *, fold: bool = False) -> Program:
    """See through the wrappers of a command; fold: the shell ignores case in names."""
    at = 0
    wrappers: list[str] = []
    assignments: list[Assignment] = []
    while True:
        name = _name(words[at], fold=fold) if at < len(words) else ""
        if name not in _WRAPPERS:
            break
        inner = _behind(words, at, name, assignments)
        if inner is None:
            break
        wrappers.append(name)
        at = inner
    return Program(name, at, tuple(wrappers), tuple(assignments))


def _name(word: Word, *, fold: bool) -> str:
    name = basename(word.value)
    if not word.literal and not _LITERAL_NAME.fullmatch(name):
        return ""
    return name.lower() if fold else name


def _behind(words: Sequence[Word], at: int, name: str, assignments: list[Assignment]) -> int | None:
    """Where the command run by a wrapper begins, None where it runs none."""
    valued, operands = _WRAPPERS[name]
    at += 1
    while at < len(words):
        value = words[at].value
        if name == "command" and value in ("-v", "-V"):
            return None
        if _ASSIGNED.match(value) and name in ("env", "sudo", "doas"):
            inner = words[at].after("=")
            if inner:
                key = value.partition("=")[0]
                assignments.append(Assignment(key, inner, words[at].span, exported=True))
        elif value.startswith("-") and value != "-":
            at += value in valued
        elif operands:
            operands -= 1
        else:
            return at
        at += 1
    return None


def script_word(name: str, words: Sequence[Word]) -> tuple[Dialect, Word] | None:
    """The word of a command that some interpreter runs as a script: `bash -c WORD`, `eval WORD`.

    The interpreter may stand anywhere, as in `docker run image sh -c WORD`.
    """
    if name == "trap":
        return ("posix", words[1]) if len(words) > 2 and words[1].value[:1] != "-" else None
    if name in ("eval", "iex", "invoke-expression"):
        return ("posix" if name == "eval" else "powershell", words[1]) if len(words) == 2 else None
    for at, word in enumerate(words):
        if not word.literal or not _may_be_shell(word.value):
            continue
        found = _dialect(basename(word.value))
        if not found:
            continue
        behind = at + 1
        while behind < len(words) - 1 and words[behind].value.startswith(("-", "+", "/")):
            if _COMMAND_FLAGS[found].fullmatch(words[behind].value):
                return found, words[behind + 1]
            # `bash -eo pipefail -c WORD`: the name of an option stands behind its letter.
            named = found == "posix" and words[behind].value.endswith("o")
            behind += 2 if named else 1
    return None


def _may_be_shell(value: str) -> bool:
    """A cheap look, since nearly no word is the name of an interpreter."""
    return value in _DIALECTS or "/" in value or "\\" in value or "." in value


def reads_script(name: str, words: Sequence[Word]) -> Dialect:
    """The dialect that a command reads from its standard input as a script, empty if none."""
    found = _dialect(name)
    operands = [w.value for w in words[1:] if not w.value.startswith(("-", "+")) or w.value == "-"]
    fed = any(w.value == "-s" for w in words[1:]) or operands in ([], ["-"], ["/dev/stdin"])
    return found if fed else ""
