"""What a `run:` script makes of the texts it gets, and which of them it hands on to the runner."""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.annotations import TYPE_CHECKING
from steplock.model import Step
from steplock.shell import Assignment, Command, Expansion, Script, Word
from steplock.syntax import Scalar
from steplock.tables import agents
from steplock.taint import files, programs
from steplock.taint.entries import Entry
from steplock.taint.value import Hop, Taints, union, unseen
from steplock.text import Span

if TYPE_CHECKING:
    from steplock.taint.analysis import Analysis

_MAX_COMMANDS = 2000
# Patterns, compiled when first needed: most files have no such script.
# `${name//[^a-z]/}`: what is not listed is taken away.
_KEEPS_ONLY = r"\$\{\w+//\[\^[\w.:\-\[\]]+\]/\w?\}"
# `${name//$'\n'/ }`, `${name%%$'\n'*}`
_ONE_LINE = r"\$\{\w+(?://|%%).*\\n"
_FIELD = r"\s*\.([\w.]+)\s*(?:$|//)"
_TEMPORARY = r"RUNNER_TEMP|runner\.temp|^/tmp/|^/dev/|TMPDIR|mktemp"
_SET_OUTPUT = r"::set-output name=(?P<name>[\w-]+)::"


def output(analysis: Analysis, step: Step, name: str) -> Iterator[Taints]:
    """Where the output `name` of a script step comes from."""
    script = step.script
    found = False
    for entry in analysis.entries(step, "GITHUB_OUTPUT"):
        if entry.name.lower() in ("", name):
            found = True
            yield written(analysis, step, entry, f"the output `{name}`")
    for word in _set_outputs(script, name) if script else ():
        found = True
        yield in_word(analysis, step, word)
    if not found:
        yield unseen(f"the output `{name}`, which no command of the script is seen to write")


def variable_set_before(analysis: Analysis, step: Step, name: str) -> Taints | None:
    """What steps before this one made of a variable through GITHUB_ENV; None where none sets it."""
    parts = []
    for earlier in files.steps_before(analysis, step):
        for entry in analysis.entries(earlier, "GITHUB_ENV"):
            if entry.name.lower() == name:
                parts.append(written(analysis, earlier, entry, f"the variable `{entry.name}`"))
    return union(parts) if parts else None


def source(step: Step) -> str:
    return step.run.value if step.run else ""


def written(analysis: Analysis, step: Step, entry: Entry, into: str) -> Taints:
    """Where the text comes from that one entry of GITHUB_OUTPUT or GITHUB_ENV holds."""
    run = step.run
    if run is None or entry.literal:
        return ()
    key = ("entry", step, entry.span, entry.name, into)
    found = analysis.once(key, _written(analysis, step, entry))
    hop = _hop(step, run, entry.span, f"written to {into}")
    return tuple(taint.then(hop) for taint in found)


def _written(analysis: Analysis, step: Step, entry: Entry) -> Iterator[Taints]:
    for expansion in entry.expansions:
        yield expanded(analysis, step, expansion)
    for command in entry.commands:
        yield printed(analysis, step, command)


def _hop(step: Step, run: Scalar, span: Span, message: str) -> Hop:
    return Hop(message, step.file.path, step.document.locate(run, span))


def in_word(analysis: Analysis, step: Step, word: Word) -> Taints:
    """Where the text of a word of a step's script comes from."""
    return union(expanded(analysis, step, one) for one in word.expansions)


def expanded(analysis: Analysis, step: Step, expansion: Expansion) -> Taints:
    """Where the text comes from that stands in the place of an expansion."""
    match expansion.kind:
        case "fence":
            return _fenced(analysis, step, expansion.span)
        case "variable":
            operator = expansion.operator
            text = source(step)[expansion.span.start : expansion.span.end]
            if operator == "#" and text.startswith("${#"):
                return ()
            if re.fullmatch(_KEEPS_ONLY, text) or operator.startswith("@Q"):
                return ()
            found = variable(analysis, step, expansion.name)
            if operator and re.match(_ONE_LINE, text):
                return tuple(taint._replace(lines=False) for taint in found)
            return found
        case "substitution":
            return analysis.once(
                ("substitution", step, expansion.span),
                _substituted(analysis, step, expansion.span),
            )
    return ()


def _fenced(analysis: Analysis, step: Step, span: Span) -> Taints:
    run = step.run
    if run is None:
        return ()
    return union(one.taints for one in analysis.sources(run, step) if span.holds(one.span))


def variable(analysis: Analysis, step: Step, name: str) -> Taints:
    """Where the text of a variable of the script comes from."""
    return analysis.once(("variable", step, name), _variable(analysis, step, name))


def _variable(analysis: Analysis, step: Step, name: str) -> Iterator[Taints]:
    assigned = _assignments(step, name)
    for assignment in assigned:
        yield in_word(analysis, step, assignment.value)
    if not assigned or any(name in one.value.variables or one.append for one in assigned):
        yield from analysis.env(name, step)


def _assignments(step: Step, name: str) -> list[Assignment]:
    if step.script is None:
        return []
    found = [a for a in step.script.assignments if a.name == name]
    if step.script.dialect == "powershell":
        found += [a for a in step.script.assignments if f"variable:{a.name}" == name]
    return found


def _substituted(analysis: Analysis, step: Step, span: Span) -> Iterator[Taints]:
    script = step.script or Script()
    if len(script.commands) > _MAX_COMMANDS:
        yield unseen("the answer of a program")
        return
    inside = [c for c in script.commands if span.holds(c.span) and c.span != span]
    yield pipeline_output(analysis, step, inside)


def printed(analysis: Analysis, step: Step, command: Command) -> Taints:
    """Where the text comes from that a command prints, what is piped into it counted in."""
    script = step.script or Script()
    return pipeline_output(analysis, step, (*script.before(command), command))


def piped(analysis: Analysis, step: Step, command: Command) -> Taints:
    """Where the text comes from that is piped into a command."""
    before = (step.script or Script()).before(command)
    return pipeline_output(analysis, step, before) if before else ()


def pipeline_output(
    analysis: Analysis, step: Step, commands: list[Command] | tuple[Command, ...]
) -> Taints:
    """Where the text comes from that the last of some commands prints."""
    if not commands:
        return unseen("the answer of a program")
    if programs.answers_nothing_free(commands[-1]):
        return ()
    parts = []
    split = any(programs.breaks_lines(command) for command in commands)
    for command in commands:
        if programs.passes_on(command):
            words = (in_word(analysis, step, word) for word in command.argv)
            parts += [tuple(t._replace(lines=t.lines or split) for t in word) for word in words]
            parts += [
                in_word(analysis, step, r.body or r.target)
                for r in command.redirects
                if r.op.startswith("<<")
            ]
        elif command.name or command.words:
            parts.append(_answer(analysis, step, command))
        for word in programs.files_read(command):
            parts.append(_file(analysis, step, command, word))
    found = union(parts)
    if programs.joins_lines(commands[-1]):
        return union([tuple(taint._replace(lines=False) for taint in found)])
    return found


def _file(analysis: Analysis, step: Step, command: Command, word: Word) -> Taints:
    """Where the text of a file comes from; the runner keeps the event in one."""
    if "GITHUB_EVENT_PATH" in word.value or "github.event_path" in word.value:
        field = re.match(_FIELD, programs.program_text(command))
        path = field[1].lower().split(".") if field else []
        if path:
            return analysis.payload(("github", "event", *path), step)
        return analysis.of_cause("the event", step)
    temporary = re.search(_TEMPORARY, word.value) is not None
    return files.contents(analysis, step, temporary=temporary)


def _answer(analysis: Analysis, step: Step, command: Command) -> Taints:
    match programs.asks(command):
        case programs.Asks.NOTHING:
            return ()
        case programs.Asks.GITHUB:
            words = " ".join(word.value for word in command.words[command.head :][:3])
            hop = _hop(step, step.run, command.span, f"`{words}` asks GitHub") if step.run else None
            found = analysis.fetched(f"the answer of `{words}`", step)
            return tuple(taint.then(hop) for taint in found) if hop else found
        case programs.Asks.TREE:
            return files.contents(analysis, step)
    if agents.command([word.value for word in command.words[command.head :]] or [""]):
        return analysis.of_cause(f"the answer of the AI agent `{command.name}`", step)
    return unseen(f"the answer of `{command.name or 'a program'}`")


def _set_outputs(script: Script, name: str) -> Iterator[Word]:
    for command in script.commands:
        if command.name != "echo":
            continue
        for word in command.argv:
            match = re.search(_SET_OUTPUT, word.value)
            if match and match["name"].lower() == name:
                yield word
