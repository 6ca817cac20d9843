"""Python: processes that are started, the environment, writes to the runner's files.

The tree is the one of the standard library. Where a script does not parse, its broken lines are
taken out one by one. Names are followed without regard to flow: `f = open(...)` holds everywhere.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from steplock.lazy import pattern
from steplock.shell.programs import program
from steplock.shell.read import read
from steplock.shell.source import MASK, Source
from steplock.shell.tree import (
    Assignment,
    Command,
    EnvironmentWrite,
    Expansion,
    Quoting,
    Region,
    Script,
    Word,
)
from steplock.shell.writes import FILES
from steplock.text import Span

_BROKEN_LINES = 20
_SIZE = 200_000

_SHELLS = frozenset(("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"))
_STARTS = frozenset(
    f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")
)
_READS = frozenset(("os.getenv", "getenv", "os.environ.get", "environ.get"))
_ENVIRONS = frozenset(("os.environ", "environ"))
_PATHS = frozenset(("Path", "pathlib.Path", "str", "os.fspath"))
_LINE = pattern(r"[^\n]*\n?")


class Python:
    """Reads a whole script."""

    def __init__(self, source: Source, inside: tuple[str, ...]) -> None:
        self.source = source
        self.inside = inside
        self.text = source.masked.replace(MASK, "_").replace("\r", " ")
        self.starts = [m.start() for m in _LINE.finditer(self.text)]
        self.tree, self.errors = self._parse()
        self.nodes = list(ast.walk(self.tree))
        self.files: dict[str, str] = {}
        self.nested: list[Script] = []

    def script(self) -> Script:
        """The script as a value."""
        # Twice: a handle may be opened by a name that is bound further down the walk.
        for _ in range(2):
            for node in self.nodes:
                self._bind(node)
        commands = list(self._commands())
        assignments = list(self._assignments())
        written = list(self._writes())
        variables = [e for node in self.nodes if (e := self._read(node))]
        for inner in self.nested:
            commands += inner.commands
            assignments += inner.assignments
            variables += inner.variables
        source = self.source
        return Script(
            "python",
            tuple(sorted(commands, key=lambda c: c.span)),
            tuple(sorted(assignments, key=lambda a: a.span)),
            tuple(sorted(variables, key=lambda v: v.span)),
            tuple(sorted((p for i in self.nested for p in i.pipelines), key=lambda p: p.span)),
            tuple(sorted(written, key=lambda w: w.span)),
            tuple(source.span(*fence) for fence in source.unknown.items()),
            tuple(self._regions()) if source.unknown else (),
            self.errors,
        )

    def _parse(self) -> tuple[ast.Module, tuple[Span, ...]]:
        text = self.text
        errors: list[Span] = []
        if len(text) > _SIZE:
            return ast.Module([], []), (self.source.span(0, len(text)),)
        for _ in range(_BROKEN_LINES):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    return ast.parse(text), tuple(errors)
            except SyntaxError as error:
                line = min(max(error.lineno or 1, 1), len(self.starts)) - 1
            except (ValueError, MemoryError, RecursionError):
                break
            start = self.starts[line]
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            errors.append(self.source.span(start, end))
            if not text[start:end].strip():
                break
            text = text[:start] + " " * (end - start) + text[end:]
        return ast.Module([], []), (*errors, self.source.span(0, len(text)))

    def _offset(self, line: int, column: int) -> int:
        """`ast` counts columns in bytes of UTF-8."""
        start = self.starts[min(line, len(self.starts)) - 1]
        end = self.text.find("\n", start)
        row = self.text[start : end if end >= 0 else None]
        if not row.isascii():
            column = len(row.encode()[:column].decode(errors="ignore"))
        return start + column

    def _range(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        start = self._offset(node.lineno, node.col_offset)
        end = self._offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return start, max(start, end)

    def _read(self, node: ast.AST, quoting: Quoting = "expression") -> Expansion | None:
        """The environment variable that an expression reads."""
        match node:
            case ast.Subscript(value=where, slice=ast.Constant(value=str(name))) if _dotted(
                where
            ) in _ENVIRONS and isinstance(node.ctx, ast.Load):
                pass
            case ast.Call(func=where, args=[ast.Constant(value=str(name)), *_]) if (
                _dotted(where) in _READS
            ):
                pass
            case _:
                return None
        return Expansion("variable", name, self.source.span(*self._range(node)), quoting)

    def _word(self, node: ast.expr) -> Word:
        """An expression; a string is decoded, anything else stays as it is written."""
        start, end = self._range(node)
        text, span = self.source.text[start:end], self.source.span(start, end)
        match node:
            case ast.Constant(value=str(value)):
                fences = tuple(self._fences(start, end, "single"))
                return Word(text, text[1:-1] if fences else value, span, fences)
            case ast.JoinedStr(values=values):
                value = "".join(_formatted(v) for v in values)
                found = (*self._fences(start, end, "double"), *self._found(node, "double"))
                return Word(text, value, span, found)
        found = tuple(self._found(node, "expression"))
        return Word(text, text, span, found or (Expansion("substitution", "", span, "expression"),))

    def _found(self, node: ast.expr, quoting: Quoting) -> Iterator[Expansion]:
        called = {id(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
        for child in ast.walk(node):
            if read := self._read(child, quoting):
                yield read
            elif isinstance(child, ast.Name) and id(child) not in called and child.id != "os":
                span = self.source.span(*self._range(child))
                yield Expansion("variable", f"variable:{child.id}", span, quoting)
            elif isinstance(child, ast.Call) and _dotted(child.func) not in _READS:
                yield Expansion("substitution", "", self.source.span(*self._range(child)), quoting)

    def _fences(self, start: int, end: int, quoting: Quoting) -> Iterator[Expansion]:
        for a, b in self.source.unknown.items():
            if start <= a and b <= end:
                yield Expansion("fence", "", self.source.span(a, b), quoting)

    def _assignments(self) -> Iterator[Assignment]:
        for node in self.nodes:
            if not isinstance(node, ast.Assign):
                continue
            span = self.source.span(*self._range(node))
            for target in node.targets:
                match target:
                    case ast.Name(id=name):
                        yield Assignment(f"variable:{name}", self._word(node.value), span)
                    case ast.Subscript(value=where, slice=ast.Constant(value=str(name))) if (
                        _dotted(where) in _ENVIRONS
                    ):
                        yield Assignment(name, self._word(node.value), span, exported=True)

    def _commands(self) -> Iterator[Command]:
        """The programs that are started with words that stand in the script."""
        for node in self.nodes:
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called, first = _dotted(node.func), node.args[0]
            if called not in _STARTS and called not in _SHELLS:
                continue
            match first:
                case ast.List(elts=parts) | ast.Tuple(elts=parts) if called in _STARTS:
                    words = tuple(self._word(e) for e in parts)
                    runs = program(words)
                    span = self.source.span(*self._range(node))
                    yield Command(
                        runs.name,
                        words,
                        span,
                        runs.head,
                        inside=self.inside,
                        wrappers=runs.wrappers,
                    )
                case ast.Constant(value=str()) | ast.JoinedStr():
                    self.nested.append(self._shell(first))

    def _shell(self, node: ast.expr) -> Script:
        """A string that a shell reads. Where it holds escapes, spans are those of the string."""
        start, end = self._range(node)
        word = self._word(node)
        at = self.text.find(word.value, start, end)
        if at >= 0 and not word.expansions:
            places = [self.source.span(p, p).start for p in range(at, at + len(word.value) + 1)]
        else:
            places = [word.span.start] * (len(word.value) + 1)
        unknown = [m.span() for m in re.finditer(r"\$\{\{.*?\}\}|\{[^}]*\}", word.value, re.DOTALL)]
        if word.literal:
            unknown = []
        inner = Source(word.value, unknown, at=places, depth=self.source.depth + 1)
        return read(inner, "posix", (*self.inside, "script"))

    def _file(self, node: ast.expr | None) -> str:
        """The runner's file that an expression names or holds open."""
        match node:
            case ast.Name(id=name):
                return self.files.get(name, "")
            case ast.Call(func=ast.Name(id="open"), args=[path, *_]):
                return self._file(path)
            case ast.Call(func=ast.Attribute(attr="open", value=path)):
                return self._file(path)
            case ast.Call(func=where, args=[path, *_]) if _dotted(where) in _PATHS:
                return self._file(path)
            case ast.expr() if read := self._read(node):
                return read.name if read.name in FILES else ""
        return ""

    def _bind(self, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
                pass
            case _:
                return
        if file := self._file(value):
            self.files[name] = file

    def _writes(self) -> Iterator[EnvironmentWrite]:
        for node in self.nodes:
            if not isinstance(node, ast.Call):
                continue
            content = node.args
            match node.func:
                case ast.Name(id="print"):
                    into = [k.value for k in node.keywords if k.arg == "file"]
                    file = self._file(into[0]) if into else ""
                case ast.Attribute(attr="write" | "writelines" | "write_text", value=handle):
                    file = self._file(handle)
                case _:
                    continue
            if file:
                words = tuple(self._word(c) for c in content)
                strings = all(isinstance(c, (ast.Constant, ast.JoinedStr)) for c in content)
                span = self.source.span(*self._range(node))
                yield EnvironmentWrite(file, words, not strings, None, span)

    def _regions(self) -> Iterator[Region]:
        """Strings and comments, for the placement of fences."""
        import io
        import tokenize

        starts: list[tuple[int, int]] = []
        try:
            for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
                start, end = (self.starts[row - 1] + col for row, col in (token.start, token.end))
                name = tokenize.tok_name[token.type]
                if name == "COMMENT":
                    yield Region(self.source.span(start, end), "comment")
                elif name == "FSTRING_START":
                    starts.append((start, end))
                elif name == "FSTRING_END" and starts:
                    yield Region(self.source.span(starts.pop()[0], end), "double")
                elif name == "STRING":
                    prefix = token.string[: re.search(r"['\"]", token.string).start()]  # type: ignore[union-attr]
                    quoting: Quoting = "double" if "f" in prefix.lower() else "single"
                    yield Region(self.source.span(start, end), quoting)
        except (tokenize.TokenError, SyntaxError, IndexError):
            return


def _formatted(node: ast.expr) -> str:
    """A part of an f-string: its text, or the source of what is put in."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=value):
            return "{" + ast.unparse(value) + "}"
    return ""


def _dotted(node: ast.expr) -> str:
    """`a.b.c` of a name or an attribute, empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def read_python(source: Source, inside: tuple[str, ...] = ()) -> Script:
    """Read a script of Python 3."""
    return Python(source, inside).script()
