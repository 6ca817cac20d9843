"""The values a script is read into.

Every span counts characters of the script as it was given, plus the `base` given to `parse`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from steplock.annotations import Literal
from steplock.named import NamedTuple
from steplock.text import Span

Quoting = Literal[
    "plain",  # an unquoted argument: the shell splits it and expands globs
    "command",  # plain, and part of the name of the command
    "double",  # a string in which variables expand: "..." (Python: an f-string)
    "single",  # a string in which nothing expands: '...'
    "ansi",  # $'...'
    "heredoc",  # a here-document or here-string in which variables expand
    "heredoc-quoted",  # one in which nothing expands: <<'EOF', @'...'@
    "arithmetic",  # $((...)), ((...))
    "test",  # unquoted in [[ ]]: neither split nor globbed
    "assignment",  # unquoted value of an assignment: not split
    "pattern",  # unquoted in a case pattern or in ${name#pattern}
    "function",  # the name of a function that is defined
    "expression",  # code: PowerShell outside of arguments, Python outside of strings
    "comment",
    "unknown",  # the shell is not known
    "nested",  # text that two shells read, one after the other: bash -c '...'
]
Dialect = Literal["posix", "powershell", "cmd", "python", ""]


class Expansion(NamedTuple):
    """Text that is unknown until the script runs.

    `name` is that of the variable, empty for the other kinds. PowerShell keeps its own variables
    apart from the environment: `$env:X` is named `X`, and `$x` is `variable:x`.
    `operator` is what `${name...}` does to the value: `#` (length), `!`, `:-`, `//`, `@Q` ...
    """

    kind: Literal["variable", "substitution", "arithmetic", "fence"]
    name: str
    span: Span
    quoting: Quoting
    operator: str = ""


class Word(NamedTuple):
    """One word, argument, string or here-document.

    `text` is the source; `value` has its quotes and escapes taken away, and holds the source of
    each expansion in its place.
    """

    text: str
    value: str
    span: Span
    expansions: tuple[Expansion, ...] = ()

    @property
    def literal(self) -> bool:
        """Whether `value` is the whole truth: nothing expands in the word."""
        return not self.expansions

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables that expand in the word itself."""
        return tuple(e.name for e in self.expansions if e.kind == "variable")

    def after(self, separator: str) -> Word | None:
        """The part behind the first `separator` (`--opt=value`), None where there is none."""
        text, value = self.text.partition(separator), self.value.partition(separator)
        if not text[1] or not value[1]:
            return None
        span = Span(self.span.end - len(text[2]), self.span.end)
        inside = tuple(e for e in self.expansions if span.holds(e.span))
        return Word(text[2], value[2], span, inside)


class Redirect(NamedTuple):
    """`fd op target`; `fd` None is what `op` means by itself, -1 is every stream (`&>`, `*>`).

    `body` is the text of a here-document, whose delimiter is `target`.
    """

    op: str
    target: Word
    fd: int | None
    span: Span
    body: Word | None = None

    @property
    def output(self) -> bool:
        """Whether it sends standard output to a file."""
        return self.op.lstrip("&").startswith(">") and self.op != ">&" and self.fd in (None, 1, -1)


class Assignment(NamedTuple):
    """`name=value`; `exported` where programs started later see it; `append` for `+=`."""

    name: str
    value: Word
    span: Span
    exported: bool = False
    append: bool = False


class Command(NamedTuple):
    """One simple command, as the program that runs in the end.

    `sudo -E env A=1 /usr/bin/npm ci` has the name `npm`, the arguments `ci` and the wrappers
    `sudo, env`.

    name: last component of the path, without `.exe`; empty where it is known at run time only;
        in lower case where the shell ignores case.
    words: all words as written; `words[head]` holds the name.
    inherited: redirections of the groups round the command (`{ ...; } >> file`), innermost first.
    inside: what the command stands in, outermost first: `function`, `condition` (of an if or a
        loop), `branch`, `loop`, `subshell`, `substitution`, `script` (text run by another shell).
    operator: what joins it to the command before: `|`, `&&`, `||`, or nothing.
    """

    name: str
    words: tuple[Word, ...]
    span: Span
    head: int = 0
    redirects: tuple[Redirect, ...] = ()
    inherited: tuple[Redirect, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    inside: tuple[str, ...] = ()
    operator: str = ""
    wrappers: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The command as called: `./gradlew` where the name is `gradlew`."""
        return self.words[self.head].value if self.head < len(self.words) else ""

    @property
    def argv(self) -> tuple[Word, ...]:
        """The words behind the name, flags and all."""
        return self.words[self.head + 1 :]

    @property
    def arguments(self) -> tuple[Word, ...]:
        """The words behind the name that are no flags. See `operands`."""
        return self.operands()

    def operands(self, valued: Container[str] = ()) -> tuple[Word, ...]:
        """The words that are neither a flag nor the value of a flag named in `valued`."""
        return tuple(self._operands(valued))

    def _operands(self, valued: Container[str]) -> Iterator[Word]:
        words = iter(self.argv)
        for word in words:
            if word.value == "--":
                yield from words
            elif not word.value.startswith("-") or word.value == "-":
                yield word
            elif word.value in valued:
                next(words, None)

    def runs(self, name: str, *subcommands: str, valued: Container[str] = ()) -> bool:
        """Whether this is `name subcommand...`, whatever flags stand between.

        Flags named in `valued` take the next word (`pnpm --dir x install`).
        """
        if self.name != name:
            return False
        found = self.operands(valued)[: len(subcommands)]
        return tuple(w.value for w in found) == subcommands

    def has_flag(self, *names: str, clustered: bool = False) -> bool:
        """Whether a flag is given, alone or as `--flag=value`.

        clustered: one-letter flags count inside of others too (`-x` in `tar -czxf`).
        """
        letters = {n[1] for n in names if len(n) == 2} if clustered else set()
        for word in self.argv:
            flag = word.value
            if flag == "--":
                return False
            if flag.partition("=")[0] in names:
                return True
            if letters and flag[:1] == "-" != flag[1:2] and letters & set(flag[1:]):
                return True
        return False

    def option(self, *names: str) -> Word | None:
        """The value of an option: `-r x`, `--opt x`, `--opt=x` (PowerShell `-Opt:x` too)."""
        for at, word in enumerate(self.argv):
            if word.value in names:
                return self.argv[at + 1] if at + 1 < len(self.argv) else None
            for separator in "=:":
                if separator in word.value and word.value.partition(separator)[0] in names:
                    return word.after(separator)
        return None

    @property
    def module(self) -> Command:
        """`python -m pip install x` seen as `pip install x`; any other command is itself."""
        if not self.name.startswith(("python", "py", "pypy")):
            return self
        for at, word in enumerate(self.argv, self.head + 1):
            if word.value == "-m" and at + 1 < len(self.words):
                return self._replace(name=self.words[at + 1].value, head=at + 1)
            if not word.value.startswith("-"):
                break
        return self


class Pipeline(NamedTuple):
    """Two or more stages joined by `|`; a stage holds the commands of its group, if it is one."""

    stages: tuple[tuple[Command, ...], ...]
    span: Span

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of all stages in order."""
        return tuple(c for stage in self.stages for c in stage)


class EnvironmentWrite(NamedTuple):
    """Something written to a file that the runner reads after the step.

    file: `GITHUB_ENV`, `GITHUB_PATH`, `GITHUB_OUTPUT`, `GITHUB_STATE` or `GITHUB_STEP_SUMMARY`.
    content: what is written, where the script says it (`echo`, `printf`, a here-document).
    opaque: the content is (partly) the output of another program, a file, or a computed value.
    command: the command that writes or prints; None in Python.
    """

    file: str
    content: tuple[Word, ...]
    opaque: bool
    command: Command | None
    span: Span

    @property
    def literal(self) -> bool:
        """Whether everything written stands in the script."""
        return not self.opaque and all(w.literal for w in self.content)


class Region(NamedTuple):
    """A stretch of the script that stands in one kind of quotes; later ones lie deeper."""

    span: Span
    quoting: Quoting


class Script(NamedTuple):
    """A script; all tuples are in source order.

    assignments: those that outlast their command; the others stand in `Command.assignments`.
    variables: every place where a variable expands or is read.
    fences: the `${{ }}` in it.
    errors: where the script is not whole (an unclosed quote, an `if` without `fi`): what is
        said of the text behind may be wrong, so that a fix had better not touch it.
    """

    dialect: Dialect = ""
    commands: tuple[Command, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    variables: tuple[Expansion, ...] = ()
    pipelines: tuple[Pipeline, ...] = ()
    writes: tuple[EnvironmentWrite, ...] = ()
    fences: tuple[Span, ...] = ()
    regions: tuple[Region, ...] = ()
    errors: tuple[Span, ...] = ()

    def before(self, command: Command) -> tuple[Command, ...]:
        """The commands whose output goes into a command through its pipeline, in their order."""
        for pipeline in self.pipelines:
            if command in pipeline.commands:
                return pipeline.commands[: pipeline.commands.index(command)]
        return ()

    def placement(self, offset: int) -> Quoting:
        """How the character at `offset` is quoted; `plain` where nothing else is known."""
        if not self.dialect:
            return "unknown"
        found: Quoting = "expression" if self.dialect == "python" else "plain"
        for region in self.regions:
            if region.span.start > offset:
                break
            if offset < region.span.end:
                found = region.quoting
        if found != "plain":
            return found
        for command in self.commands:
            if command.head < len(command.words):
                head = command.words[command.head].span
                if head.start <= offset < head.end:
                    return "command"
        return "plain"
