"""What a `run:` script makes of the texts it gets, and which of them it hands on to the runner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from steplock.annotations import TYPE_CHECKING
from steplock.model import Step
from steplock.shell import Assignment, Command, Expansion, Script, Word
from steplock.syntax import Scalar
from steplock.tables import agents
from steplock.tables.contexts import Control
from steplock.taint import files, letters, programs
from steplock.taint.entries import Entry
from steplock.taint.value import Hop, Taints, Who, union, unseen
from steplock.text import Span

if TYPE_CHECKING:
    from steplock.taint.analysis import Analysis

_MAX_COMMANDS = 2000
# Patterns, compiled when first needed: most files have no such script.
# `${name//[^a-z]/}`: what is not listed is taken away.
_KEEPS_ONLY = r"\$\{\w+//\[\^[\w.:\-\[\]]+\]/\w?\}"
# `${name//$'\n'/ }`, `${name%%$'\n'*}`
_ONE_LINE = r"\$\{\w+(?://|%%)[^/]*\\n"
# `${name//,/$'\n'}`
_MANY_LINES = r"\$\{\w+//?[^/]+/.*\\n"
_FIELD = r"\s*\.([\w.]+)\s*(?:$|//)"
_READERS = frozenset(["mapfile", "read", "readarray"])
_TEMPORARY = r"RUNNER_TEMP|runner\.temp|^/tmp/|^/dev/|TMPDIR|mktemp"
_SET_OUTPUT = r"::set-output name=(?P<name>[\w-]+)::"
# What a script holds a variable against a pattern with.
_CHECKS = ("=~", "case ", "grep", "[ ", "test ")


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
        if earlier.uses is not None and earlier.uses.action == "actions/github-script":
            from steplock.taint import scripted  # here, since few jobs run such scripts

            exported = scripted.put_out(analysis, earlier, name, variable=True)
            parts += [] if exported is None else [exported]
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
        found = as_argument(analysis, step, expansion)
        read = expansion in entry.escaped or (expansion in entry.echoed and _is_dash(step))
        yield tuple(taint._replace(lines=True) for taint in found) if read else found
    for command in entry.commands:
        yield printed(analysis, step, command)


def _hop(step: Step, run: Scalar, span: Span, message: str) -> Hop:
    return Hop(message, step.file.path, step.document.locate(run, span))


def in_word(analysis: Analysis, step: Step, word: Word) -> Taints:
    """Where the text of a word of a step's script comes from."""
    return union(expanded(analysis, step, one) for one in word.expansions)


def as_argument(analysis: Analysis, step: Step, expansion: Expansion) -> Taints:
    """Where the text comes from that an expansion brings into the words of a command: unquoted, one line."""
    found = expanded(analysis, step, expansion)
    if expansion.quoting != "plain" or expansion.kind == "fence" or _keeps_lines(step):
        return found
    return tuple(taint._replace(lines=False) for taint in found)


def _keeps_lines(step: Step) -> bool:
    """Whether the shell may leave line ends in what is not quoted."""
    script = step.script
    return script is None or script.dialect != "posix" or "IFS=" in source(step)


def _is_dash(step: Step) -> bool:
    """Whether `echo` reads backslashes, as that of `sh` does on the runners."""
    return (step.shell or "").split(" ")[0].rpartition("/")[2] in ("sh", "dash")


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
            if operator and re.match(_MANY_LINES, text):
                found = tuple(taint._replace(lines=True) for taint in found)
            elif operator and re.match(_ONE_LINE, text):
                found = tuple(taint._replace(lines=False) for taint in found)
            return _held(step, expansion, found)
        case "substitution":
            return analysis.once(
                ("substitution", step, expansion.span),
                _substituted(analysis, step, expansion.span),
            )
    return ()


def _held(step: Step, expansion: Expansion, found: Taints) -> Taints:
    """What is left of a variable's texts where the script has held it against a pattern."""
    if step.run is None or not any(taint.who > Who.UNSEEN for taint in found):
        return found
    if not any(map(step.run.value.__contains__, _CHECKS)):
        return found
    from steplock.taint.narrowed import narrowed  # here, since most scripts check nothing

    span, name = expansion.span, expansion.name
    return union(
        letters.left((taint,), narrowed(step, span, name, lines=taint.lines)) for taint in found
    )


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
    reads = _reads(step, name)
    for command in reads:
        yield _read(analysis, step, command)
    if not (assigned or reads) or any(
        name in one.value.variables or one.append for one in assigned
    ):
        yield from analysis.env(name, step)


def _assignments(step: Step, name: str) -> list[Assignment]:
    if step.script is None:
        return []
    found = [a for a in step.script.assignments if a.name == name]
    if step.script.dialect == "powershell":
        found += [a for a in step.script.assignments if f"variable:{a.name}" == name]
    return found


def _reads(step: Step, name: str) -> list[Command]:
    """The commands that read a variable from a file or a pipe."""
    commands = step.script.commands if step.script and "read" in source(step) else ()
    return [c for c in commands if c.name in _READERS and any(w.value == name for w in c.argv)]


def _read(analysis: Analysis, step: Step, command: Command) -> Taints:
    inputs = [r for r in (*command.redirects, *command.inherited) if r.op.startswith("<")][:1]
    if not inputs:
        found = piped(analysis, step, command)
    elif inputs[0].op != "<" or not inputs[0].target.literal:
        found = in_word(analysis, step, inputs[0].body or inputs[0].target)
    else:
        found = _file(analysis, step, command, inputs[0].target)
    if command.name != "read" or command.has_flag("-d", "-N", clustered=True):
        return found
    return tuple(taint._replace(lines=False) for taint in found)


def _substituted(analysis: Analysis, step: Step, span: Span) -> Iterator[Taints]:
    script = step.script or Script()
    if len(script.commands) > _MAX_COMMANDS:
        yield unseen("the answer of a program")
        return
    inside = [c for c in script.commands if span.holds(c.span) and c.span != span]
    depth = min((c.inside.count("substitution") for c in inside), default=0)
    own = [c for c in inside if c.inside.count("substitution") == depth]
    yield pipeline_output(analysis, step, own)


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
    fed = _fed(step)
    parts: list[tuple[int, Taints]] = []  # by where they come from
    for command in commands:
        start, end = fed.get(command.span, (0, 0))
        through = union(taints for at, taints in parts if start <= at < end)
        if through:
            parts = [part for part in parts if not start <= part[0] < end]
            parts.append((start, _through(step, command, through)))
        own = _through(step, command, _put_in(analysis, step, command))
        if own:
            parts.append((command.span.start, own))
    return union(taints for _, taints in parts)


@lru_cache(maxsize=16)
def _fed(step: Step) -> dict[Span, tuple[int, int]]:
    """For the commands behind a pipe, where that begins which is piped into them, and where it ends."""
    found: dict[Span, tuple[int, int]] = {}
    for pipeline in step.script.pipelines if step.script else ():
        for stage in pipeline.stages[1:]:
            for command in stage:
                found.setdefault(command.span, (pipeline.span.start, stage[0].span.start))
    return found


def _put_in(analysis: Analysis, step: Step, command: Command) -> Taints:
    """What a command gets that is not piped into it."""
    parts = []
    if programs.passes_on(command):
        expansions = [one for word in command.argv for one in word.expansions]
        parts += [as_argument(analysis, step, one) for one in expansions]
        parts += [
            in_word(analysis, step, r.body or r.target)
            for r in command.redirects
            if r.op.startswith("<<")
        ]
    elif command.name or command.words:
        parts.append(_answer(analysis, step, command))
    for word in programs.files_read(command):
        parts.append(_file(analysis, step, command, word))
    return union(parts)


def _through(step: Step, command: Command, found: Taints) -> Taints:
    """What comes of texts that go through a command."""
    if not found or programs.answers_nothing_free(command):
        return ()
    if programs.picks_plain(command):  # of a stranger's file it can be anything
        found = tuple(taint for taint in found if taint.what in files.OF_STRANGERS)
    kept = programs.left(command)
    if letters.control(kept) is not Control.FREE:
        found = letters.left(found, kept)
    if programs.joins_lines(command):
        strings = programs.prints_strings(command)
        return tuple(
            taint._replace(lines=strings and taint.what in files.OF_STRANGERS) for taint in found
        )
    if not kept & {"=", "<"}:  # its lines set nothing
        return tuple(taint._replace(lines=False) for taint in found)
    if programs.breaks_lines(command, dash=_is_dash(step)):
        return tuple(taint._replace(lines=True) for taint in found)
    return found


def _file(analysis: Analysis, step: Step, command: Command, word: Word) -> Taints:
    """Where the text of a file comes from; the runner keeps the event in one."""
    if "GITHUB_EVENT_PATH" in word.value or "github.event_path" in word.value:
        field = re.match(_FIELD, programs.program_text(command))
        path = field[1].lower().split(".") if field else []
        if path:
            return analysis.payload(("github", "event", *path), step)
        return analysis.of_cause("the event", step)
    made = [one for one in _makers(step, word) if one.span.end <= command.span.start]
    if made:
        key = ("made", step, made[-1].span)
        return analysis.once(key, (printed(analysis, step, one) for one in made[-1:]))
    temporary = re.search(_TEMPORARY, word.value) is not None
    return files.contents(analysis, step, temporary=temporary)


def _makers(step: Step, word: Word) -> Iterator[Command]:
    """The commands of a script whose output is put into a file."""
    for command in step.script.commands if step.script and ">" in source(step) else ():
        outputs = [r.target.value for r in command.redirects if r.op == ">" and r.output]
        if word.value in outputs:
            yield command


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
