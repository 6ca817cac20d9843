"""Steps that unpack what another run uploaded."""

from __future__ import annotations

from collections.abc import Iterator

from steplock import version
from steplock.foreign.workspace import inside, places
from steplock.model import Step
from steplock.named import NamedTuple
from steplock.tables import checkouts
from steplock.text import Span
from steplock.trust import situation

_DAWIDD6 = "dawidd6/action-download-artifact"


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
                yield Download(run.span, _STARTER, _path(step))
        elif uses.action == "actions/github-script":
            yield from _by_script(step)
        elif loader.foreign and loader.sure and _takes_any(step):
            what = "the newest artifact of any run, a fork's too,"
            yield Download(uses.span, what, _path(step), newest=True, certain=False)


_STARTER = "the artifact of the run that started this one"


def _takes_any(step: Step) -> bool:
    """Whether the newest run that it looks for may be a fork's."""
    assert step.uses is not None
    if not checkouts.downloads_foreign(step.uses.action, situation(step)):
        return False
    if step.uses.action != _DAWIDD6:
        return True
    told = step.input("allow_forks")  # since version 6 it has to be told to look at forks
    if told is not None:
        return told.value.strip().lower() != "false"
    parsed = version.parse(step.uses.version or "")
    return parsed is not None and parsed.major < 6


def _path(step: Step) -> str | None:
    path = step.input("path")
    return "" if path is None else inside(path.value, "")


def _by_script(step: Step) -> Iterator[Download]:
    script = step.input("script")
    if script is None or "downloadArtifact" not in script.value:
        return
    # The script writes an archive, which a later step unpacks.
    for later in step.parent.steps:
        if later.index <= step.index:
            continue
        for command, at in places(later):
            if command.name in ("unzip", "expand-archive", "7z", "tar"):
                target = command.option("-d", "-DestinationPath", "-C")
                path = inside(target.value, at or "") if target else at
                yield Download(step.uses.span if step.uses else script.span, _STARTER, path)
                return


def _by_command(step: Step) -> Iterator[Download]:
    if step.run is None:
        return
    text = step.run.value
    if "run download" not in text and "artifacts" not in text:
        return
    for command, at in places(step):
        if command.name == "gh" and command.runs("gh", "run", "download"):
            target = command.option("-D", "--dir")
            path = inside(target.value, at or "") if target else at
            yield Download(step.document.locate(step.run, command.span), _STARTER, path)
