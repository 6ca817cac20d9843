"""Who wrote the files that a step finds."""

from __future__ import annotations

from collections.abc import Iterator

from steplock import version
from steplock.annotations import TYPE_CHECKING
from steplock.lazy import pattern
from steplock.model import Action, Step
from steplock.syntax import Scalar
from steplock.tables import checkouts
from steplock.tables.contexts import Control
from steplock.taint.value import Hop, Taint, Taints, Who, union, unseen
from steplock.text import Span
from steplock.trust.checks import situation
from steplock.trust.events import SANDBOXED

if TYPE_CHECKING:
    from steplock.taint.analysis import Analysis


_TREE = "the files of a pull request"
ARTIFACT = "an artifact of the run that started this one"
NEWEST = "the newest artifact of any run, a fork's too"
OF_STRANGERS = frozenset([_TREE, ARTIFACT, NEWEST])
_DAWIDD6 = "dawidd6/action-download-artifact"
_OUTPUT = pattern(r"\bsteps\.([\w-]+)\.outputs\.")
_PULL = pattern(r"\bpull/\$\{\{[^}]*\}\}/(?:head|merge)")


def contents(analysis: Analysis, step: Step, *, temporary: bool = False) -> Taints:
    """Where the text of a file comes from: a stranger's, where a step before fetched his files; else unseen.

    temporary: it lies outside of the work tree, where checkouts put nothing.
    """
    found = analysis.once(("files", step), _fetched(analysis, step))
    if temporary:
        found = tuple(taint for taint in found if taint.what != _TREE)
    return found or unseen("a file")


def _fetched(analysis: Analysis, step: Step) -> Iterator[Taints]:
    for earlier in steps_before(analysis, step):
        if earlier.uses is None:
            yield _by_script(analysis, earlier)
        elif checkouts.of(earlier.uses.action):
            yield _checked_out(analysis, earlier)
        elif loader := checkouts.downloader(earlier.uses.action):
            run = earlier.input(loader.run or "script")
            if run is not None and _of_starting_run(analysis, earlier, run):
                yield _taints(ARTIFACT, earlier)
            elif loader.foreign and loader.sure and takes_any_run(earlier):
                yield tuple(t._replace(certain=False) for t in _taints(NEWEST, earlier))


def takes_any_run(step: Step) -> bool:
    """Whether the newest run whose artifact a step looks for may be a fork's."""
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


def steps_before(analysis: Analysis, step: Step) -> Iterator[Step]:
    """The steps that ran before, those of local composite actions among them."""
    for earlier in step.parent.steps:
        if earlier.index >= step.index:
            return
        yield earlier
        if earlier.uses and earlier.uses.is_local:
            action = analysis.repository.callee(earlier.uses)
            if isinstance(action, Action):
                yield from action.steps


def _checked_out(analysis: Analysis, step: Step) -> Taints:
    """The files of a checkout, where a stranger can choose which."""
    chosen = [
        analysis.text(value, step, f"`{name}:`")
        for name in ("ref", "repository")
        if (value := step.input(name)) is not None
    ]
    worst = next((t for t in union(chosen) if t.who is Who.STRANGER), None)
    ref = step.input("ref")
    if worst is None and ref is not None and _names_pull(ref.value, step):
        return _taints(_TREE, step) if analysis.strangers(step).powerful - SANDBOXED else ()
    if worst is None:
        return ()
    return tuple(
        taint._replace(hops=(*worst.hops, *taint.hops), certain=worst.certain)
        for taint in _taints(_TREE, step)
    )


def _names_pull(ref: str, step: Step) -> bool:
    """Whether a reference is a pull request's head or merge, or what an earlier script makes of its number."""
    made = _OUTPUT.search(ref)
    for earlier in step.parent.steps if made else ():
        if made and earlier.id == made[1] and earlier.run is not None:
            ref = earlier.run.value
    return "pull/" in ref and _PULL.search(ref) is not None


def _by_script(analysis: Analysis, step: Step) -> Taints:
    text = step.run.value if step.run else ""
    fetches = any(part in text for part in ("pr checkout", "/head", "/merge"))
    downloads = "download" in text
    if not (fetches or downloads) or len(text) > 100_000:
        return ()
    powerful = analysis.strangers(step).powerful - SANDBOXED
    if powerful and fetches and checkouts.fetches(text):
        return _taints(_TREE, step)
    if "workflow_run" in powerful and downloads and checkouts.downloads(text):
        return _taints(ARTIFACT, step)
    return ()


def _of_starting_run(analysis: Analysis, step: Step, run: Scalar) -> bool:
    """Whether it names the run that started this one; a script of github-script, whether it downloads anything of it."""
    assert step.uses is not None
    if step.uses.action == "actions/github-script" and "downloadArtifact" not in run.value:
        return False
    return "workflow_run" in run.value and "workflow_run" in analysis.strangers(step).events


def _taints(what: str, step: Step) -> Taints:
    scalar = step.uses.scalar if step.uses else step.run
    span = step.uses.span if step.uses else Span(step.span.start, step.span.start)
    if scalar is step.run and scalar is not None:
        span = Span(scalar.span.start, scalar.span.start + 1)
    hop = Hop(f"{what} come in here", step.file.path, span)
    return (Taint(Control.FREE, Who.STRANGER, what, False, True, (hop,)),)
