"""Steps that unpack what another run uploaded."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.foreign.workspace import inside, places, under
from steplock.model import Step
from steplock.named import NamedTuple
from steplock.syntax import Scalar
from steplock.tables import checkouts
from steplock.taint.files import NEWEST, takes_any_run
from steplock.text import Span


class Download(NamedTuple):
    span: Span
    what: str
    path: str | None
    """Where it is unpacked, from the root of the workspace; None outside of it."""
    newest: bool = False
    """Whether it takes the newest run there is, whatever started this one."""
    certain: bool = True


def downloads(step: Step) -> Iterator[Download]:
    """What a step takes from a run that a stranger may have caused: the one that started this one, or any."""
    uses = step.uses
    if uses is None:
        yield from _by_command(step)
    elif uses.is_remote:
        loader = checkouts.downloader(uses.action)
        if loader is None:
            return
        if loader.run and (run := step.input(loader.run)):
            if "workflow_run" in run.value:
                name = step.input("name")
                yield from _with_archives(
                    step, Download(run.span, _STARTER, _path(step)), step.input("path"), name
                )
        elif uses.action == "actions/github-script":
            yield from _by_script(step)
        elif loader.foreign and loader.sure and takes_any_run(step):
            yield Download(uses.span, f"{NEWEST},", _path(step), newest=True, certain=False)


_STARTER = "the artifact of the run that started this one"


def _path(step: Step) -> str | None:
    path = step.input("path")
    return "" if path is None else inside(path.value, "")


def _by_script(step: Step) -> Iterator[Download]:
    script = step.input("script")
    if script is None or "downloadArtifact" not in script.value:
        return
    # The script writes an archive, which a later step unpacks.
    for later in step.parent.steps:
        for _, path in _unpacked(later) if later.index > step.index else ():
            yield Download(step.uses.span if step.uses else script.span, _STARTER, path)
            return


def _with_archives(
    step: Step, download: Download, path: Scalar | None, name: Scalar | None
) -> Iterator[Download]:
    """A download, and where archives that lie in it are unpacked by the same step or later ones."""
    yield download
    if download.path == "":
        return  # all lies there already
    outside = path.value.strip().rstrip("/") if path and download.path is None else None
    called = name.value if name and "$" not in name.value else None
    seen = {download.path}
    for later in step.parent.steps:
        for archive, target in _unpacked(later) if later.index >= step.index else ():
            place = inside(archive, "")
            here = download.path is not None and place is not None and under(place, download.path)
            there = outside and archive.startswith(outside)
            named = called and archive.rpartition("/")[2].startswith(f"{called}.")
            if (here or there or named) and target not in seen:
                seen.add(target)
                yield download._replace(path=target)


def _unpacked(step: Step) -> Iterator[tuple[str, str | None]]:
    """The archives that a script unpacks, and where."""
    for command, at in places(step):
        if command.name not in _UNPACKERS:
            continue
        target = command.option("-d", "-DestinationPath", "-C", "--directory")
        words = [word for word in command.operands(("-d", "-C", "--directory")) if word != target]
        archive = next((w.value for w in words if "." in w.value or "/" in w.value), "")
        base = "" if archive.startswith("$") else f"{at}/" if at else ""
        yield base + archive, inside(target.value, at or "") if target else at


_UNPACKERS = frozenset({"7z", "bsdtar", "expand-archive", "tar", "unzip"})


def _by_command(step: Step) -> Iterator[Download]:
    if step.run is None:
        return
    text = step.run.value
    if "run download" not in text and "artifacts" not in text:
        return
    for command, at in places(step):
        if command.name == "gh" and command.runs("gh", "run", "download"):
            target, name = command.option("-D", "--dir"), command.option("-n", "--name")
            path = inside(target.value, at or "") if target else at
            span = step.document.locate(step.run, command.span)
            folder = step.run._replace(value=target.value) if target else None
            called = step.run._replace(value=name.value) if name else None
            yield from _with_archives(step, Download(span, _STARTER, path), folder, called)
        elif command.name in ("gh", "curl", "wget") and checkouts.downloads(step.run.value):
            # The answer is an archive.
            for later in step.parent.steps:
                for _, path in _unpacked(later) if later.index >= step.index else ():
                    span = step.document.locate(step.run, command.span)
                    yield Download(span, _STARTER, path)
                    return
