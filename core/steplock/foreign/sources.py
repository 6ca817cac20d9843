"""The steps that bring strangers' code or files into the workspace."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.annotations import Literal
from steplock.foreign import artifacts, commands
from steplock.foreign.handed import handed_on
from steplock.foreign.origin import Origin, is_pull, origins
from steplock.foreign.workspace import folder
from steplock.model import Step
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.syntax import Scalar
from steplock.tables import checkouts, releases
from steplock.text import Span
from steplock.trust import SANDBOXED, STRANGERS_ACTIONS, Exposure, step_exposures
from steplock.trust.exposure import around

_CHECKOUT = "actions/checkout"
_GUARDED = ("pull_request_target", "workflow_run")
# Others cannot bring strangers' code into a run that has powers.
_EVENTS = (STRANGERS_ACTIONS.keys() - SANDBOXED) | {
    "workflow_call",
    "workflow_dispatch",
    "repository_dispatch",
}
_WORDS = (
    "pr checkout", "pr diff", "run download", "artifacts_url", "/artifacts", "git clone", "git fetch", "git pull", "git checkout", "git reset",
    "git merge", "git switch", "git rebase", "git cherry-pick", "repo clone", "git -C", "git -c",
)  # fmt: skip

# One of these stands in each of them.
_HINTS = ("git ", "pr ", "artifacts", "run download", "repo clone")


class Foreign(NamedTuple):
    """Strangers' code or files, where they come in."""

    step: Step
    span: Span
    """The reference, or the command."""
    what: str
    """For people: `the head of the pull request`."""
    kind: Literal["checkout", "command", "artifact"]
    mutable: bool
    """Whether what comes in can change after somebody looked at it."""
    path: str | None
    """Where in the workspace it lands, empty for its root; None if that is not known."""
    exposures: tuple[Exposure, ...]
    """The ways a stranger has his own brought in."""
    dispatched: bool = False
    """Whether people with write access choose it, in a form or through a program."""
    guarded: bool | None = False
    """Whether the checkout refuses a fork's head under the events that its guard knows; None: its release is unknown."""
    certain: bool = True

    def is_refused(self, event: str) -> bool:
        """Whether checkout's own guard ends the job before anything foreign comes in."""
        return self.guarded is True and event in _GUARDED


def brought_in(step: Step, repository: Repository) -> tuple[Foreign, ...]:
    """What a step brings in of strangers."""
    if not _is_candidate(step):
        return ()
    key = ("brought in", step, around(step.file, repository))
    return repository.once(key, lambda: tuple(_found(step, repository)))


def _is_candidate(step: Step) -> bool:
    """A cheap look, before tables load and workflows around are read."""
    if step.uses is not None and "download" in step.uses.slug:
        return True  # the newest artifact may be a stranger's, whatever started the run
    if step.workflow is not None and step.workflow.events.isdisjoint(_EVENTS):
        return False
    if step.uses is not None:
        slug = step.uses.slug
        known = "checkout" in slug or slug == "actions/github-script"
        return known or step.input_item("context") is not None
    text = step.run.value if step.run else ""
    return any(map(text.__contains__, _HINTS)) and any(map(text.__contains__, _WORDS))


def _found(step: Step, repository: Repository) -> Iterator[Foreign]:
    if step.uses is None:
        yield from _by_command(step, repository)
    elif step.uses.is_remote:
        known = checkouts.of(step.uses.action)
        if known is not None and known.kind == "checkout":
            yield from _checked_out(step, repository)
        elif known is not None and known.kind == "context":
            yield from _built(step, repository)
        else:
            yield from _downloaded(step, repository)


def _checked_out(step: Step, repository: Repository) -> Iterator[Foreign]:
    ref = step.input("ref")
    whose = step.input("repository")
    chosen = origins(ref, step, repository) if ref else ()
    forks = [o for o in (origins(whose, step, repository) if whose else ()) if o.kind in _PLACES]
    if ref is not None and is_pull(ref.value):
        number = next(iter(chosen), None)
        origin = Origin("merge", "the pull request", number.path if number else None)
        if number is not None:
            origin = number._replace(what="the pull request", kind=number.kind)
        yield from _checkout(step, ref, (origin,), repository, mutable=True)
    elif forks:
        what = "the fork that the pull request comes from"
        moves = not any(o.kind == "commit" for o in chosen) or any(o.mutable for o in chosen)
        scalar = ref if ref is not None and chosen else whose
        assert scalar is not None
        origin = forks[0]._replace(what=what)
        yield from _checkout(step, scalar, (origin,), repository, mutable=moves)
    else:
        # A text can name any commit; what the event names is in this repository only.
        kinds = _WHOLE if whose is None or not _is_other(whose) else ("text",)
        ours = [o for o in chosen if o.kind in kinds and (not o.dispatched or _moves(o))]
        if ref is not None and ours:
            yield from _checkout(step, ref, tuple(ours), repository, mutable=None)


def _moves(origin: Origin) -> bool:
    """Whether what a number names that somebody with write access gave can change after he looked at it."""
    return origin.mutable and origin.kind != "text"


_PLACES = ("repository", "text")
_WHOLE = ("commit", "merge", "text")


def _is_other(repository: Scalar) -> bool:
    """Whether a checkout names another repository of the project's choice."""
    return "github.repository" not in repository.value.replace("github.repository_owner", "")


def _checkout(
    step: Step,
    scalar: Scalar,
    found: tuple[Origin, ...],
    repository: Repository,
    mutable: bool | None,
) -> Iterator[Foreign]:
    exposures = _exposures(step, found, repository)
    dispatched = [origin for origin in found if origin.dispatched]
    if not exposures and not dispatched:
        return
    first = next((o for o in found if not o.dispatched), found[0])
    yield Foreign(
        step,
        scalar.span,
        first.what,
        "checkout",
        any(o.mutable for o in found) if mutable is None else mutable,
        folder(step.input("path")),
        exposures,
        bool(dispatched),
        _guarded(step, first),
        first.certain,
    )


def _guarded(step: Step, origin: Origin) -> bool | None:
    uses = step.uses
    if uses is None or uses.action != _CHECKOUT or origin.kind == "text":
        return False
    allowed = step.input("allow-unsafe-pr-checkout")
    if allowed is not None and allowed.value.strip().lower() != "false":
        return False
    if origin.path is None and origin.kind == "commit":
        return False  # it knows the commit of the event, not one that is looked up later
    known = releases.has_guard(uses.ref)
    return releases.has_guard(uses.version) if known is None and uses.version else known


def _exposures(
    step: Step, found: tuple[Origin, ...], repository: Repository
) -> tuple[Exposure, ...]:
    free = [origin for origin in found if not origin.dispatched]
    if not free:
        return ()
    return tuple(
        exposure
        for exposure in step_exposures(step, repository)
        if any(origin.comes_with(exposure.event) for origin in free)
    )


def _built(step: Step, repository: Repository) -> Iterator[Foreign]:
    """An image built straight from an address of git."""
    context = step.input("context")
    if context is None or not ("://" in context.value or is_pull(context.value)):
        return
    found = tuple(o for o in origins(context, step, repository) if o.kind != "branch")
    exposures = _exposures(step, found, repository)
    if exposures:
        mutable = is_pull(context.value) or any(o.mutable for o in found)
        yield Foreign(step, context.span, found[0].what, "checkout", mutable, None, exposures)


def _by_command(step: Step, repository: Repository) -> Iterator[Foreign]:
    if step.run is None or step.script is None:
        return
    for fetch in commands.fetches(step, repository):
        free = step_exposures(step, repository)
        if fetch.origin is not None:
            free = _exposures(step, (fetch.origin,), repository)
        dispatched = fetch.origin is not None and fetch.origin.dispatched
        if free or dispatched:
            yield Foreign(
                step,
                step.document.locate(step.run, fetch.command.span),
                fetch.what,
                "command",
                fetch.mutable,
                fetch.path,
                tuple(e for e in free if e.event not in ("issues", "discussion", "fork", "watch")),
                dispatched,
                certain=fetch.certain,
            )
    yield from _artifacts(step, repository)


def _downloaded(step: Step, repository: Repository) -> Iterator[Foreign]:
    yield from _artifacts(step, repository)
    events = step.workflow.events if step.workflow else frozenset[str]()
    for made in handed_on(step, repository) if not events.isdisjoint(_EVENTS) else ():
        free = tuple(e for e in step_exposures(step, repository) if e.event in made.events)
        if free and step.uses is not None:
            what = f"what the job `{made.job.id}` made while a stranger's code ran"
            yield Foreign(
                step, step.uses.span, what, "artifact", True, folder(step.input("path")), free
            )


def _artifacts(step: Step, repository: Repository) -> Iterator[Foreign]:
    for loaded in artifacts.downloads(step):
        free = step_exposures(step, repository)
        exposures = tuple(e for e in free if e.event == "workflow_run")
        if exposures or loaded.newest:
            yield Foreign(
                step,
                loaded.span,
                loaded.what,
                "artifact",
                True,
                loaded.path,
                exposures,
                certain=loaded.certain,
            )
