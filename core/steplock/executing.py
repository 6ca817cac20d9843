"""Floor 3. Where the steps of a job run what they have downloaded, and check nothing in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from steplock.addresses import known
from steplock.fetches import (
    Fetch,
    as_others,
    basename,
    fetch,
    is_program_folder,
    runs_address,
    runs_file,
    runs_input,
    runs_word,
)
from steplock.model import Step
from steplock.named import NamedTuple
from steplock.shell import Command, Pipeline, Script, Word
from steplock.text import Span
from steplock.unpacking import Unpacked, copies, poured, runs_member, unpack
from steplock.verifying import verifies

_MAX_DOWNLOADS = 50  # each is held against each command behind it
_PRINTERS = frozenset({"cat", "echo", "printf"})
# What they leave behind does not come from an archive.
_BUILDERS = frozenset(
    ["cargo", "cmake", "docker", "gcc", "go", "gradle", "gradlew", "make", "meson", "mvn", "ninja", "npm", "pnpm", "yarn"]
)  # fmt: skip


class Download(NamedTuple):
    """Something that was downloaded and is not checked yet."""

    step: Step
    command: Command
    fetch: Fetch
    unpacked: Unpacked | None = None
    """Where its files lie, if it is an archive that was unpacked."""


class Run(NamedTuple):
    """A place where it is run."""

    step: Step
    span: Span
    """In the script of the step."""
    who: str
    """What runs it: a clause without its object."""
    address: Word
    url: str
    """As `Fetch` has it."""
    download: Download | None = None
    """Where it was downloaded, if that is elsewhere."""


def runs(steps: Iterable[Step]) -> Iterator[Run]:
    """What the scripts of a job download and run."""
    waiting: list[Download] = []
    for step in steps:
        if step.run is None or not (waiting or _may_download(step.run.value.lower())):
            continue
        script = step.script
        if script is None or script.dialect in ("", "python"):
            continue
        for one in (script, *as_others(script)):
            yield from _script(step, one, waiting)


def _may_download(text: str) -> bool:
    return "://" in text or "url" in text or "wget" in text


def _script(step: Step, script: Script, waiting: list[Download]) -> Iterator[Run]:
    values = known(step, script)
    fetched = [
        Download(step, command, found)
        for command in script.commands
        if (found := fetch(command, values))
    ][:_MAX_DOWNLOADS]
    # By the command that leaves a file behind.
    files = {id(one.command): one for one in fetched if one.fetch.file}
    if fetched:
        yield from _in_pipelines(script, fetched, files)
        yield from _in_words(script, fetched)
    built = False
    for command in script.commands:
        built = built or command.name in _BUILDERS
        if verifies(command):
            waiting.clear()
        elif download := files.get(id(command)):
            del waiting[:-_MAX_DOWNLOADS]
            waiting.append(download)
        else:
            yield from _later(step, command, waiting, built)
        if address := runs_address(command):
            who = f"`{command.name}` runs"
            yield Run(step, command.span, who, address, address.value)


def _in_pipelines(
    script: Script, fetched: list[Download], files: dict[int, Download]
) -> Iterator[Run]:
    """What a pipeline runs; what it only writes or unpacks is added to `files`."""
    for pipeline in script.pipelines:
        last = pipeline.stages[-1][-1:]
        one = next((o for o in fetched if not o.fetch.file and _feeds(o.command, pipeline)), None)
        if one is None or not last or any(map(verifies, pipeline.commands)):
            continue
        unpacked = unpack(last[0], "")
        if runs_input(last[0]):
            yield _run(one, pipeline.span, f"`{last[0].name}` runs")
        elif unpacked and is_program_folder(unpacked.folder):
            yield _run(one, pipeline.span, "later commands run")
        elif file := basename(one.fetch.url) if unpacked else poured(last[0], ""):
            kept = one.fetch._replace(file=file)
            files[id(last[0])] = one._replace(fetch=kept, unpacked=unpacked)


def _feeds(command: Command, pipeline: Pipeline) -> bool:
    """Whether its output goes into a pipeline: `curl ... | sh`, `echo "$(curl ...)" | sh`, a here-document."""
    first = pipeline.stages[0]
    if any(command is other for other in first):
        return True
    return any(
        _puts_in(word, command, other)
        for other in first
        if other.name in _PRINTERS
        for word in (*other.argv, *_fed(other))
    )


def _fed(command: Command) -> Iterator[Word]:
    """The texts that a command gets as its standard input."""
    for redirect in command.redirects:
        if redirect.op == "<<<":
            yield redirect.target
        elif redirect.body is not None:
            yield redirect.body


def _puts_in(word: Word, inner: Command, outer: Command) -> bool:
    """Whether the output of a command becomes part of a word of another.

    What stands in a script inside of the word runs by itself: `bash -c 'curl ... | sh'`.
    """
    return (
        inner is not outer
        and word.span.holds(inner.span)
        and "script" not in inner.inside[len(outer.inside) :]
    )


def _in_words(script: Script, fetched: list[Download]) -> Iterator[Run]:
    kept = _kept(script, fetched)
    for command in script.commands:
        words = command.argv if command.name else command.words
        texts = tuple(_fed(command)) if runs_input(command) else ()
        for word in (*words, *texts):
            one = next((o for o in fetched if _puts_in(word, o.command, command)), None)
            one = one or next((kept[e.name] for e in word.expansions if e.name in kept), None)
            if one and not one.fetch.file and (word in texts or runs_word(command, word)):
                name = f"`{command.name}`" if command.name else "PowerShell"
                yield _run(one, command.span, f"{name} runs")
                break


def _kept(script: Script, fetched: list[Download]) -> dict[str, Download]:
    """The variables that hold what was downloaded: `answer=$(curl ...)`."""
    if not script.assignments or any(map(verifies, script.commands)):
        return {}
    return {
        assignment.name: one
        for assignment in script.assignments
        for one in fetched
        if assignment.value.span.holds(one.command.span) and not one.fetch.file
    }


def _later(step: Step, command: Command, waiting: list[Download], built: bool) -> Iterator[Run]:
    for at, one in enumerate(waiting):
        file = one.fetch.file
        if one.unpacked is not None:
            near = one.step is step and not built
            if not runs_member(command, one.unpacked, file, one.fetch.url, near=near):
                continue
        elif unpacked := unpack(command, file):
            if not is_program_folder(unpacked.folder):
                waiting[at] = one._replace(unpacked=unpacked)
                return
        elif written := poured(command, file):
            waiting[at] = one._replace(fetch=one.fetch._replace(file=written))
            return
        elif not runs_file(command, file):
            continue
        del waiting[at]
        yield _run(one, command.span, _who(command, one))._replace(step=step, download=one)
        return


def _who(command: Command, one: Download) -> str:
    if command.name == "chmod" or copies(command):
        return f"`{command.name}` makes a program of"
    return "later commands run" if unpack(command, one.fetch.file) else "this runs"


def _run(one: Download, span: Span, who: str) -> Run:
    return Run(one.step, span, who, one.fetch.address, one.fetch.url)
