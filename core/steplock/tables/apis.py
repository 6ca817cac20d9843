"""Which permissions of the job's token commands, REST routes and calls of octokit need.

core/update/apis.py writes the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from steplock.annotations import Any, Literal
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.tables import commands, load
from steplock.tables.rows import typed

_REPOSITORY = pattern(
    r"\$\{\{\s*github\.repository\s*\}\}|\$\{?GITHUB_REPOSITORY\}?|\{owner\}/\{repo\}|:owner/:repo"
)
_EXPRESSION = pattern(r"\$\{\{[^}]*\}\}|\$\{[^}]*\}")
_HOST = pattern(r"^(?:https?://(?:api\.github\.com|[^/]*/api/v3)|\$\{?GITHUB_API_URL\}?)")
_BODY = ("-f", "-F", "--field", "--raw-field", "--input")
_VALUED = {
    "-X",
    "--method",
    "-H",
    "--header",
    "-q",
    "--jq",
    "-t",
    "--template",
    "--cache",
    "-p",
    "--preview",
    "--hostname",
    *_BODY,
}
_LONGEST = 400


class Call(NamedTuple):
    """What one command or call needs."""

    needs: tuple[tuple[tuple[str, str], ...], ...] = ()
    """All of these; of the (scope, level) pairs within one, any. Empty: no permission at all."""
    reason: str = ""
    """What it does, for people."""
    public: Literal["", "likely", "yes"] = ""
    """Whether a public repository can do without."""
    beyond: str = ""
    """Why the job's token cannot do it at all, for people."""
    beyond_if: str = ""
    """A circumstance in which alone that is so."""
    optional: bool = False
    """Only for some of what the command may do."""
    dynamic: bool = False
    """The permission depends on what is sent: a GraphQL query."""
    confidence: Literal["documented", "source", "inferred"] = "documented"


def command(argv: Sequence[str]) -> tuple[Call, ...]:
    """What a command line needs, other than of `gh` and plain requests: `git push`, `docker push ghcr.io/...`.

    argv: the words, the name of the command first. Runners (`npx`) are looked through. Empty for a command that is
    not known, which may need nothing. `publishers.command` tells those that sign in with OIDC.
    """
    rows = _by_program()
    for words in commands.readings(argv):
        found = tuple(_call(row) for row in rows.get(words[0], ()) if _fits(row, words))
        if found:
            return found
    return ()


def gh(argv: Sequence[str]) -> tuple[Call, ...] | None:
    """What a command line of `gh` needs; None where that is not known. `gh api` is looked up as a route."""
    words = ("gh", *argv[1:])
    if commands.runs(words, ("gh", "api")):
        method, path = route(argv)
        found = rest(method, path)
        return None if found is None else (found,)
    # Rows on flags add to the row of the subcommand; of subcommands the longest counts.
    fits = [row for row in load("apis")["gh"] if commands.runs(words, ("gh", *row["words"]))]
    longest = max((len(row["words"]) for row in fits), default=0)
    fits = [row for row in fits if len(row["words"]) == longest]
    if not fits:
        return None
    return tuple(_call(row) for row in fits if _fits(row, words, program=False))


def route(argv: Sequence[str]) -> tuple[str, str]:
    """The method and the path that `gh api ...` asks for."""
    method, path = "", ""
    words = iter(argv[2:])
    for word in words:
        name, equals, value = word.partition("=")
        if name in ("-X", "--method"):
            method = value if equals else next(words, "")
        elif word.startswith("-X") and len(word) > 2:
            method = word[2:]
        elif name in _BODY:
            method = method or "POST"
            if not equals:
                next(words, None)
        elif name in _VALUED and not equals:
            next(words, None)
        elif not word.startswith("-") and not path:
            path = word
    return method.upper() or "GET", path


def rest(method: str, path: str) -> Call | None:
    """What a request to GitHub's REST API needs; None for a route that is not known.

    path: with or without the host; expressions and variables may stand for parts of it.
    """
    parts = _parts(path)
    method = method.upper()
    best: tuple[int, Mapping[str, Any]] | None = None
    for row in load("apis")["rest"]:
        if row["method"] not in (method, "*") or not _matches(
            row["path"].strip("/").split("/"), parts
        ):
            continue
        # An `impossible` twin that depends on something only warns: the plain row counts.
        length = 2 * len(row["path"]) - bool(row.get("beyond_if"))
        if best is None or length > best[0]:
            best = length, row
    return _call(best[1]) if best else None


def octokit(method: str) -> Call | None:
    """What `github.rest.METHOD(...)` needs, `issues.createComment`; None for one that is not known."""
    name = method.lower()
    for row in load("apis")["octokit"]:
        wanted = row["name"]
        if name == wanted or (wanted.endswith("*") and name.startswith(wanted[:-1])):
            return _call(row)
    return None


def graphql(text: str) -> tuple[Call, ...]:
    """What the mutations named in a GraphQL document need."""
    return tuple(
        _call(row) for row in load("apis")["graphql"] if re.search(rf"\b{row['name']}\b", text)
    )


def octokit_methods(script: str) -> Iterator[str]:
    """The methods of octokit that a script calls, `issues.createComment` of `github.rest.issues.createComment(`."""
    for found in re.finditer(r"\.(?:rest\.)?([a-zA-Z]+\.[a-zA-Z]+)\s*[(,)]", script):
        if octokit(found[1]) is not None:
            yield found[1]


@cache
def _by_program() -> Mapping[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in load("apis")["commands"]:
        found.setdefault(row["words"][0], []).append(row)
    return found


def _fits(row: Mapping[str, Any], words: Sequence[str], *, program: bool = True) -> bool:
    if program and not commands.runs(words, row["words"]):
        return False
    flags, barred = row.get("flags", ()), row.get("without_flags", ())
    wanted = all if program else any  # of `gh` any of the flags, of other commands all
    if flags and not wanted(commands.has(words, flag) for flag in flags):
        return False
    if any(commands.has(words, flag) or flag in words[1:2] for flag in barred):
        return False
    return row.get("contains", "") in " ".join(words)


def _call(row: Mapping[str, Any]) -> Call:
    kept = {key: value for key, value in row.items() if key in Call._fields}
    return typed(
        Call, {**kept, "needs": [tuple(map(tuple, need)) for need in row.get("needs", ())]}
    )


def _parts(path: str) -> list[str]:
    path = _HOST.sub("", path.strip()[:_LONGEST]).partition("?")[0]
    return _EXPRESSION.sub("x", _REPOSITORY.sub("o/r", path)).strip("/").split("/")


def _matches(template: Sequence[str], parts: Sequence[str]) -> bool:
    for at, wanted in enumerate(template):
        # Names of references and paths of files have slashes of their own.
        if wanted == "*" or (wanted in ("{path}", "{ref}") and at == len(template) - 1):
            return len(parts) > at
        if at >= len(parts) or (not wanted.startswith("{") and wanted != parts[at]):
            return False
    return len(parts) == len(template)
