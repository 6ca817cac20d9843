"""Floor 4. Take expressions out of a script: their values go into `env:`, the script reads variables.

How a variable is read depends on the shell and on the quotes that stand round the expression; where the
text is code (a command, a pattern, a program of another interpreter), there is no way, and None is the answer.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from steplock.edits import add_key, replace_text, set_key
from steplock.expression import contexts, embedded, flows, parse
from steplock.model import Job, Step
from steplock.shell import Command, Quoting, Script, dialect
from steplock.syntax import Mapping, Scalar
from steplock.text import Edit, Span

# What the runner sets in each step: https://docs.github.com/actions/reference/workflows-and-actions/variables
_DEFAULTS = frozenset(
    ["actor", "base_ref", "head_ref", "ref", "ref_name", "repository", "repository_owner", "workflow"]
)  # fmt: skip
# Names with a meaning of their own to shells and programs.
_TAKEN = frozenset(
    ["PATH", "HOME", "USER", "SHELL", "PWD", "IFS", "ENV", "LANG", "TERM", "TMPDIR", "CI", "HOSTNAME", "UID", "RANDOM"]
)  # fmt: skip
# They run their arguments as a program of another language, or hand them to another shell.
_INTERPRETERS = frozenset(
    ["awk", "bun", "deno", "eval", "gawk", "jq", "lua", "mysql", "node", "osascript", "perl", "php", "psql", "powershell", "pwsh", "python", "python2", "python3", "rscript", "ruby", "sed", "sqlite3", "ssh", "xargs", "yq", "bash", "sh", "zsh", "su", "docker", "podman", "kubectl", "nix-shell", "nix"]
)  # fmt: skip
# They take their arguments as text.
_PLAIN_PROGRAMS = frozenset(["echo", "printf", "test", "[", "[[", "git", "gh", "export", "tee"])
_MAX_PLACES = 200
_DROPPED = ("github", "event", "outputs")


class Move(NamedTuple):
    """Expressions of one script moved out."""

    variable: str
    edits: tuple[Edit, ...]
    exact: bool
    """Whether the script does the same for each value that is no shell syntax."""


class _Read(NamedTuple):
    """How the script reads the variable in the place of an expression: other text for a part of the script."""

    span: Span
    text: str
    exact: bool


def move_to_env(step: Step, scalar: Scalar, text: str) -> Move | None:
    """Move every `${{ }}` of a script whose inner text is `text` into a variable of the step.

    scalar: the value of `run:`, or a script input of actions/github-script.
    """
    places = [
        fence.span
        for fence, _ in embedded(scalar.value)
        if fence.closed and scalar.value[fence.inner.start : fence.inner.end].strip() == text
    ]
    if scalar.anchor is not None or not step.node.span.holds(scalar.span):
        return None  # other steps share it, which have not the variable
    chosen = _variable(step, text) if places else None
    if not 0 < len(places) <= _MAX_PLACES or chosen is None or "\n" in text:
        return None
    name, is_set = chosen
    if scalar is step.run:
        reads = _reads(step, scalar, places, name)
    else:
        reads = [_in_javascript(scalar.value, place, name) for place in places]
    edits = [
        replace_text(step.document, scalar, read.span, read.text) if read else None
        for read in reads
    ]
    if not is_set:
        edits.insert(0, _set(step, name, text))
    made = tuple(edit for edit in edits if edit is not None)
    if len(made) < len(edits):
        return None
    return Move(name, made, all(read is not None and read.exact for read in reads))


def _reads(step: Step, run: Scalar, places: list[Span], name: str) -> list[_Read | None]:
    if step.shell is None or step.script is None or step.script.errors:
        return [None]
    match dialect(step.shell):
        case "posix":
            return [_in_posix(step.script, run.value, place, name) for place in places]
        case "powershell":
            return [_in_powershell(step.script, run.value, place, name) for place in places]
        case "python":
            return [_in_python(step.script, run.value, place, name) for place in places]
    # cmd puts `%NAME%` in before it reads the line, so that the text is code as it was.
    return [None]


def _in_posix(script: Script, text: str, place: Span, name: str) -> _Read | None:
    command = _command_at(script, place)
    quoting = script.placement(place.start)
    if command is not None and command.name in _INTERPRETERS and quoting != "assignment":
        return None
    match quoting:
        case "double" | "heredoc":
            return _Read(place, f"${{{name}}}", True)
        case "assignment":
            return _Read(place, f'"${{{name}}}"', True)
        case "plain" | "test" if (
            "=~" not in text[text.rfind("\n", 0, place.start) + 1 : place.start]
        ):
            if command is None:
                return None
            return _Read(place, f'"${{{name}}}"', False)
        case "single" if command is None or command.name in _PLAIN_PROGRAMS:
            return _Read(place, f"'\"${{{name}}}\"'", True)
    return None


def _in_powershell(script: Script, text: str, place: Span, name: str) -> _Read | None:
    quoting: Quoting = script.placement(place.start)
    match quoting:
        case "double" | "heredoc":
            return _Read(place, f"${{env:{name}}}", True)
        case "single" if (whole := _whole_string(text, place, "'")) is not None:
            return _Read(whole, f"$env:{name}", True)
        case "plain":
            return _Read(place, f'"${{env:{name}}}"', False)
    return None


def _in_python(script: Script, text: str, place: Span, name: str) -> _Read | None:
    """A string that holds nothing else becomes a look-up; without `import os` there is no place for one."""
    if not re.search(r"^import os\b(?!\.)", text, re.MULTILINE):
        return None
    whole = _whole_string(text, place, "'\"")
    if whole is None or text[whole.start - 1 : whole.start].isalpha():
        return None
    return _Read(whole, f'os.environ["{name}"]', True)


def _in_javascript(text: str, place: Span, name: str) -> _Read | None:
    whole = _whole_string(text, place, "'\"`")
    if whole is None:
        return None
    return _Read(whole, f"process.env.{name}", True)


def _whole_string(text: str, place: Span, quotes: str) -> Span | None:
    """The string literal round an expression, where it holds nothing else."""
    before = text[place.start - 1 : place.start]
    if not before or before not in quotes or text[place.end : place.end + 1] != before:
        return None
    if text[place.start - 2 : place.start - 1] == before or text[place.end + 1 :][:1] == before:
        return None
    return Span(place.start - 1, place.end + 1)


def _command_at(script: Script, place: Span) -> Command | None:
    """The innermost command that a place belongs to."""
    found = [command for command in script.commands if command.span.holds(place)]
    return min(found, key=lambda c: c.span.end - c.span.start, default=None)


def _set(step: Step, name: str, text: str) -> Edit | None:
    value = f"${{{{ {text} }}}}"
    env = step.node.get("env")
    flow = step.node.flow or (isinstance(env, Mapping) and env.flow)
    if flow or re.search(r":\s|\s#", value):
        value = "'" + value.replace("'", "''") + "'"
    if env is None:
        return add_key(step.document, step.node, ("env", name), value, before=("run", "with"))
    return set_key(step.document, step.node, ("env", name), value)


def _variable(step: Step, text: str) -> tuple[str, bool] | None:
    """A name for the variable, and whether it is set already; None where none is free."""
    root = parse(text).root
    first = (next(flows(root), None) or next(contexts(root), None)) if root else None
    if first is None:
        return None
    if first.node is root:
        match first.path:
            case ("github", default) if default in _DEFAULTS:
                return f"GITHUB_{default.upper()}", True
            case ("env", _):
                name = text.partition(".")[2]
                return (name, True) if name.isidentifier() and name.isascii() else None
    name = _name(first.path)
    given = _given(step)
    used = {v.name for v in step.script.variables} if step.script else set()
    assigned = {a.name for a in step.script.assignments} if step.script else set()
    for number in range(1, 10):
        candidate = name if number == 1 else f"{name}_{number}"
        if candidate in assigned or candidate in _TAKEN:
            continue
        if candidate in given and _inner(given[candidate]) == text:
            return candidate, True
        if candidate not in given and candidate not in used:
            return candidate, False
    return None


def _name(path: tuple[str, ...]) -> str:
    """`PULL_REQUEST_TITLE` for `github.event.pull_request.title`."""
    parts = [part for part in path if part not in _DROPPED]
    if path[0] in ("steps", "needs", "jobs"):
        parts = parts[1:]
    words = [re.sub(r"\W+", "_", part, flags=re.ASCII).strip("_").upper() for part in parts]
    name = "_".join(word for word in words if word)
    name = name or path[-1].upper()
    return name if name.isidentifier() else f"VALUE_{name}".rstrip("_*")


def _inner(value: str) -> str:
    match = re.fullmatch(r"\$\{\{(.*)\}\}", value.strip())
    return match[1].strip() if match else ""


def _given(step: Step) -> dict[str, str]:
    """The variables that `env:` sets in and round a step."""
    owners = [step.env]
    if isinstance(step.parent, Job):
        owners += [step.parent.env, step.parent.workflow.env]
    found: dict[str, str] = {}
    for env in owners:
        for key, value in env.items if isinstance(env, Mapping) else ():
            found.setdefault(key.value, value.value if isinstance(value, Scalar) else "")
    return found
