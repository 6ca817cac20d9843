"""Commands while they are read, and the script that comes of them."""

from __future__ import annotations

from steplock.shell.building import Building
from steplock.shell.programs import program, reads_script, script_word
from steplock.shell.read import read
from steplock.shell.source import Source
from steplock.shell.tree import (
    Assignment,
    Command,
    Dialect,
    EnvironmentWrite,
    Expansion,
    Pipeline,
    Quoting,
    Redirect,
    Region,
    Script,
    Word,
)
from steplock.shell.writes import may_write, writes
from steplock.text import Span

# Text which one shell hands to another, and that one to a third, is followed so deep.
_HANDED_ON = 4
_INSIDE = 16
# Of regions with one span, those of a lower rank lie outside.
_RANK = {
    **dict.fromkeys(("expression", "assignment", "pattern", "heredoc", "arithmetic"), -1),
    "nested": 1,
}
_DECLARATIONS = frozenset(("export", "declare", "typeset", "readonly", "local"))


class Frame:
    """A list of commands: a script, a group, a branch, a substitution.

    level: how many substitutions it lies in. where: the start of the pipeline being read, -1
    between two. awaiting: an operator such as `|` stands at the end.
    """

    def __init__(
        self, kind: str, start: int, inside: tuple[str, ...], level: int, parent: Frame | None
    ) -> None:
        self.kind = kind
        self.start = self.stop = start
        self.outer = self.inside = inside
        self.level = level
        self.parent = parent
        self.redirects: list[Redirect] = []
        self.stages: list[list[Draft]] = []
        self.first = 0
        self._inherited: tuple[Redirect, ...] | None = None
        self.where = -1
        self.operator = ""
        self.awaiting = False
        self.patterns = False

    def enter(self, label: str) -> None:
        """Commands from here on stand in the part `label` of the frame."""
        if len(self.outer) < _INSIDE:
            self.inside = (*self.outer, label) if label else self.outer

    def inherited(self) -> tuple[Redirect, ...]:
        """The redirections of this group and those round it, once all are read."""
        if self._inherited is None:
            outer = self.parent.inherited() if self.parent else ()
            self._inherited = (*self.redirects, *outer)
        return self._inherited

    def begin(self, start: int) -> None:
        """A command or a group begins at `start`."""
        if self.where < 0:
            self.where = start
        self.awaiting = False


class Draft:
    """A command while it is read; `calls` is false for an expression, which has no name."""

    __slots__ = (
        "assignments",
        "calls",
        "end",
        "frame",
        "inside",
        "operator",
        "redirects",
        "start",
        "words",
    )

    def __init__(self, start: int, frame: Frame) -> None:
        self.start = self.end = start
        self.frame = frame
        self.inside = frame.inside
        self.operator = frame.operator
        self.calls = True
        self.words: list[Word] = []
        self.redirects: list[Redirect] = []
        self.assignments: list[Assignment] = []


class Reading:
    """What was read of one script so far."""

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self.source = source
        self.dialect = dialect
        self.drafts: list[Draft] = []
        self.pipelines: list[tuple[list[list[Draft]], Span]] = []
        self.assignments: list[Assignment] = []
        self.exported: set[str] = set()
        self.variables: list[Expansion] = []
        self.regions: list[Region] = []
        self.errors: list[Span] = []
        self.built: dict[Span, Building] = {}

    def region(self, start: int, end: int, quoting: Quoting) -> None:
        """What lies between two offsets is quoted like this."""
        self.regions.append(Region(self.source.span(start, end), quoting))

    def word(self, out: Building, start: int, end: int) -> Word:
        """The word that was built between two offsets."""
        word = out.finish(start, end)
        self.built[word.span] = out
        return word

    def draft(self, start: int, frame: Frame) -> Draft:
        """Begin a command."""
        frame.begin(start)
        draft = Draft(start, frame)
        self.drafts.append(draft)
        return draft

    def settle(self, draft: Draft) -> None:
        """A command is read: tell what it assigns for good from what its program gets."""
        name = draft.words[0].value if draft.words else ""
        if name and name not in _DECLARATIONS:
            draft.assignments = [a._replace(exported=True) for a in draft.assignments]
            return
        self.assignments += draft.assignments
        draft.assignments = []
        flags = [w.value for w in draft.words if w.value.startswith("-")]
        if name == "export" or any("x" in f for f in flags):
            self.exported.update(w.value.partition("=")[0] for w in draft.words[1:])

    def end_stage(self, frame: Frame) -> None:
        """A `|` stands here. A group is one stage, with all of its commands."""
        stage = self.drafts[frame.first :]
        frame.stages.append([d for d in stage if d.frame.level == frame.level])
        frame.first = len(self.drafts)

    def end_pipeline(self, frame: Frame) -> None:
        """What comes next is no part of the pipeline read in `frame`."""
        if frame.stages:
            self.end_stage(frame)
            start = frame.where if frame.where >= 0 else frame.stop
            span = self.source.span(start, max(frame.stop, start))
            self.pipelines.append((frame.stages, span))
            frame.stages = []
        frame.first = len(self.drafts)
        frame.where = -1
        frame.operator = ""
        frame.awaiting = False

    def script(self) -> Script:
        """The script as a value."""
        frozen: dict[int, Command] = {}
        nested: list[Script] = []
        for draft in self.drafts:
            if not draft.words and not draft.redirects:
                continue
            command = frozen[id(draft)] = self._command(draft)
            if inner := self._nested(command):
                nested.append(inner)
        pipelines = [
            Pipeline(tuple(tuple(frozen[id(d)] for d in s if id(d) in frozen) for s in stages), at)
            for stages, at in self.pipelines
        ]
        exported = self.exported
        assignments = [
            a._replace(exported=True) if a.name in exported else a for a in self.assignments
        ]
        commands = list(frozen.values())
        written: list[EnvironmentWrite] = []
        for inner in nested:
            commands += inner.commands
            assignments += inner.assignments
            self.variables += inner.variables
            pipelines += inner.pipelines
            written += inner.writes
        if nested:
            commands.sort(key=lambda c: (c.span.start, -c.span.end))
        script = Script(
            self.dialect,
            tuple(commands),
            tuple(sorted(assignments, key=lambda a: a.span)),
            tuple(sorted(self.variables, key=lambda v: v.span)),
            tuple(sorted(pipelines, key=lambda p: p.span)),
            (),
            tuple(self.source.span(*fence) for fence in self.source.unknown.items()),
            tuple(sorted(self.regions, key=_outer_first)),
            tuple(self.errors),
        )
        if self.source.depth == 0 and may_write(self.source.text):
            written += writes(script)
        return script._replace(writes=tuple(sorted(written, key=lambda w: w.span)))

    def _command(self, draft: Draft) -> Command:
        runs = program(
            draft.words if draft.calls else (), fold=self.dialect in ("powershell", "cmd")
        )
        return Command(
            runs.name,
            tuple(draft.words),
            self.source.span(draft.start, draft.end),
            runs.head,
            tuple(draft.redirects),
            draft.frame.inherited(),
            tuple(draft.assignments) + runs.assignments,
            draft.inside,
            draft.operator,
            runs.wrappers,
        )

    def _nested(self, command: Command) -> Script | None:
        """The script that a command hands to another shell."""
        if self.source.depth >= _HANDED_ON:
            return None
        words = command.words[command.head :]
        bodies = [r.body or r.target for r in command.redirects if r.op.startswith("<<")]
        if found := script_word(command.name, words):
            dialect, word = found
        elif bodies and (reader := reads_script(command.name, words)):
            dialect, word = reader, bodies[-1]
        else:
            return None
        if building := self.built.get(word.span):
            source = building.script()
        else:
            source = Source(word.value, [], base=word.span.start, depth=self.source.depth + 1)
        if source is None:
            return None
        self.regions.append(Region(word.span, "nested"))
        return read(source, dialect, (*command.inside, "script"))


def _outer_first(region: Region) -> tuple[int, int, int]:
    return region.span.start, -region.span.end, _RANK.get(region.quoting, 0)
