"""Which program a command line runs in the end, and which of its subcommands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

# What runs the program named behind it.
_RUNNERS = """
npx | bunx | pnpx | uvx | npm exec | npm x | pnpm exec | pnpm dlx | yarn exec | yarn dlx | bun x | uv run
uv tool run | pipx run | poetry run | pdm run | pipenv run | hatch run | rye run | bundle exec | pixi run
mise exec | mise x | corepack | python -m | php
"""
# Those that also run a script or a program of the project by its bare name: `pnpm changeset publish`.
_SCRIPTS = {"bun", "pnpm", "yarn"}
_VALUED = {
    "--package",
    "-p",
    "--with",
    "--from",
    "--python",
    "--project",
    "--directory",
    "-C",
    "--dir",
    "--",
}
_NAMES = {
    "gradlew": "gradle",
    "mvnw": "mvn",
    "pip3": "pip",
    "python3": "python",
    "py": "python",
    "nodejs": "node",
    "@changesets/cli": "changeset",
    "@vscode/vsce": "vsce",
    "@google/gemini-cli": "gemini",
    "@anthropic-ai/claude-code": "claude",
    "@openai/codex": "codex",
    "@github/copilot": "copilot",
    "@qwen-code/qwen-code": "qwen",
    "opencode-ai": "opencode",
}


def name(word: str) -> str:
    """The program that a word calls: `./gradlew` is `gradle`, `@vscode/vsce@3` is `vsce`."""
    if word.startswith("@"):
        package = "@" + word[1:].partition("@")[0]
        return _NAMES.get(package, package.rpartition("/")[2])
    base = word.replace("\\", "/").rpartition("/")[2].partition("@")[0]
    for ending in (".exe", ".cmd", ".bat", ".phar"):
        base = base.removesuffix(ending)
    if base.startswith(("python2", "python3.")):
        return "python"
    return _NAMES.get(base, base)


def readings(argv: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """What a command line may run, the outer program first: `npx vsce publish`, `vsce publish`.

    The first word of each is the name of a program, the others are as they were.
    """
    return _readings(tuple(argv))


@lru_cache(maxsize=512)  # several rules ask about one command after another
def _readings(rest: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(_read(rest))


def _read(rest: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for _ in range(4):  # uv run python -m twine ...
        if not rest:
            return
        rest = (name(rest[0]), *rest[1:])
        yield rest
        rest = _inner(rest)


def runs(argv: Sequence[str], words: Sequence[str], *, anywhere: bool = False) -> bool:
    """Whether `argv` is the program `words[0]` with the subcommands behind it, whatever flags stand between.

    anywhere: the subcommand is one of many tasks (`gradle clean publish`), and may end in `*`.
    """
    if not argv or argv[0] != words[0]:
        return False
    wanted = tuple(words[1:])
    if anywhere:
        found = operands(argv)
        return all(any(_is(word, w) for word in found) for w in wanted)
    return any(
        len(found) >= len(wanted) and all(map(_is, found, wanted))
        for found in (operands(argv), operands(argv, valued=True))
    )


def operands(argv: Sequence[str], *, valued: bool = False) -> tuple[str, ...]:
    """The words that are no flags; with `valued`, nor follow one."""
    return _operands(tuple(argv), valued)


@lru_cache(maxsize=512)
def _operands(argv: tuple[str, ...], valued: bool) -> tuple[str, ...]:
    found: list[str] = []
    words = iter(argv[1:])
    for word in words:
        if word == "--":
            found += words
        elif not word.startswith("-"):
            found.append(word)
        elif valued and "=" not in word:
            next(words, None)
    return tuple(found)


def has(argv: Sequence[str], flag: str) -> bool:
    """Whether a flag is given: `--flag`, `--flag=value`, or with the value `flag` asks for."""
    wanted, _, value = flag.partition(" ")
    for at, word in enumerate(argv[1:], 1):
        if word == wanted and (
            not value or argv[at + 1 : at + 2] == [value] or argv[at + 1 : at + 2] == (value,)
        ):
            return True
        if word.startswith(wanted + "=") and (not value or word == f"{wanted}={value}"):
            return True
    return False


def _is(word: str, wanted: str) -> bool:
    # `:lib:publish` is the task `publish` of a project.
    word = word.rpartition(":")[2] if ":" not in wanted else word
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _inner(argv: tuple[str, ...]) -> tuple[str, ...]:
    for runner in _runners().get(argv[0], ()):
        if argv[: len(runner)] == runner:
            return _behind(argv[len(runner) :])
    return _behind(argv[1:]) if argv[0] in _SCRIPTS else ()


def _behind(words: tuple[str, ...]) -> tuple[str, ...]:
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in _VALUED - {"--"} else 1
    return words[at:]


@cache
def _runners() -> dict[str, list[tuple[str, ...]]]:
    """By program."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in _RUNNERS.replace("\n", " | ").split(" | "):
        if runner := tuple(line.split()):
            found.setdefault(runner[0], []).append(runner)
    return found
