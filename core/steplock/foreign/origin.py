"""What a reference to code leads back to: the head of somebody's pull request, a fork, a number of either."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from steplock.annotations import Literal, TypeAlias
from steplock.lazy import pattern
from steplock.model import Action, Job, Step, Workflow
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.syntax import Mapping, Node, Scalar
from steplock.tables import checkouts
from steplock.tables.contexts import Control, capability
from steplock.taint import ARTIFACT, Hop, Place, Taint, Who, analysis
from steplock.trust import callers, users

Kind = Literal["commit", "branch", "repository", "number", "text", "merge"]
_Path: TypeAlias = "tuple[str, ...]"

_MAX_DEPTH = 8
_PULL = pattern(
    r"\bpull/[^\s'\"]*?[${}][^\n]*?/(?:head|merge)\b|\bpull/[^\s]*\{\d\}[^\n]*?/(?:head|merge)\b"
)
# What is taken of a JSON text: `fromJSON(steps.get.outputs.data).head.sha`.
_BEHIND = pattern(r"\s*\)((?:\s*\.\s*[\w-]+)+)")
# Which of the numbers in a payload is that of a pull request, by event.
_NUMBERS: dict[str, tuple[str, ...]] = {
    "number": ("pull_request", "pull_request_target"),
    "pull_request": (
        "pull_request",
        "pull_request_target",
        "pull_request_review",
        "pull_request_review_comment",
    ),
    "issue": ("issue_comment",),
}


class Origin(NamedTuple):
    """Where a part of a reference comes from."""

    kind: Kind
    what: str
    """For people."""
    path: _Path | None = None
    """The field of the payload; None where a step asks GitHub for it."""
    dispatched: bool = False
    """Whether somebody with write access writes it into a form, or a program sends it."""
    certain: bool = True
    hops: tuple[Hop, ...] = ()

    @property
    def mutable(self) -> bool:
        """Whether what it names can change between a look at it and its use."""
        return self.kind != "commit" or (self.path is None and not self.dispatched)

    def comes_with(self, event: str) -> bool:
        """Whether an event of a stranger brings it."""
        if self.dispatched:
            return False
        if self.path is None:
            return event == "workflow_run" or ARTIFACT not in self.what
        if self.kind in ("number", "merge"):
            return len(self.path) > 2 and event in _NUMBERS.get(self.path[2], ())
        grade = capability(self.path, (event,))
        return grade is not None and grade.outsider


def is_pull(text: str) -> bool:
    """Whether a text names the head or the merge of a pull request whose number is worked out at run time."""
    return "pull/" in text and _PULL.search(text) is not None


def origins(scalar: Scalar, place: Place, repository: Repository) -> tuple[Origin, ...]:
    """What the contexts in a scalar lead back to, as far as it names code of outsiders."""
    return tuple(_origins(scalar, place, repository, 0, ()))


def _origins(
    scalar: Scalar, place: Place, repository: Repository, depth: int, hops: tuple[Hop, ...]
) -> Iterator[Origin]:
    for origin in _named_in(scalar, place, repository, depth, hops):
        whole = depth and origin.kind == "number" and is_pull(scalar.value)
        yield origin._replace(kind="merge", what="the pull request") if whole else origin


def _named_in(
    scalar: Scalar, place: Place, repository: Repository, depth: int, hops: tuple[Hop, ...]
) -> Iterator[Origin]:
    if "${{" not in scalar.value or depth > _MAX_DEPTH:
        return
    for source in analysis(place.file, repository).sources(scalar, place):
        path = source.arrival.path
        behind = _BEHIND.match(scalar.value, source.span.end, source.fence.inner.end)
        field = behind[1].lower() if behind else ""
        found = [o for taint in source.taints if (o := _of_taint(taint))]
        if not found and (direct := _of_path(path)):
            found = [direct]
        if found:
            yield from (origin._replace(hops=(*origin.hops, *hops)) for origin in found)
        else:
            if depth:
                span = place.document.locate(scalar, source.span)
                hop = Hop(f"`{'.'.join(path)}` stands here", place.file.path, span)
                hops = (hop, *hops)
            yield from _indirect(path, field, place, repository, depth, hops)


def _of_taint(taint: Taint) -> Origin | None:
    if taint.who < Who.FORK:
        return None
    path = tuple(taint.what.strip("`").split("."))
    if taint.what == ARTIFACT:
        return Origin("text", f"what {taint.what} names", None, False, taint.certain, taint.hops)
    if path[0] != "github":
        # The text of a program's answer or of another file: a branch, if anything.
        return None
    origin = _of_path(path)
    if origin is None:
        if taint.control is not Control.FREE:
            return None
        origin = Origin("text", taint.what, path)
    return origin._replace(certain=taint.certain, hops=taint.hops)


def _of_path(path: _Path) -> Origin | None:
    """A field of the payload as a reference to code of outsiders."""
    if path[0] != "github" or "pull_requests" in path:
        # The pull requests of forks are not listed there.
        return None
    if "client_payload" in path:
        kind = _named(path[-1]) or "text"
        return Origin(kind, f"`{'.'.join(path)}`", path, dispatched=True)
    reference = checkouts.reference(".".join(path))
    if reference is None:
        return None
    brings = reference.brings
    if "number" in brings:
        return Origin("number", "the pull request's number", path)
    if "branch" in brings:
        return Origin("branch", "the branch of the pull request", path)
    if "repository" in brings:
        return Origin("repository", "the repository that the pull request comes from", path)
    return Origin("commit", "the head of the pull request", path)


def _indirect(
    path: _Path,
    field: str,
    place: Place,
    repository: Repository,
    depth: int,
    hops: tuple[Hop, ...],
) -> Iterator[Origin]:
    """field: what of its value is taken, `.head.sha`."""
    match path:
        case ("env", name):
            value = _variable(name, place)
            if value is not None:
                yield from _origins(value, place, repository, depth + 1, hops)
            elif isinstance(place, Step):
                for step in place.parent.steps:
                    if step.index < place.index:
                        yield from _written(step, "GITHUB_ENV", name, repository, depth, hops)
        case ("steps", id, "outputs", name) if isinstance(place, Step | Job):
            parent = place.parent if isinstance(place, Step) else place
            for step in parent.steps:
                if step.id and step.id.lower() == id:
                    yield from _of_output(step, name, field, repository, depth, hops)
        case ("steps", id, "outputs", name) if isinstance(place, Action):
            for step in place.steps:
                if step.id and step.id.lower() == id:
                    yield from _of_output(step, name, field, repository, depth, hops)
        case ("needs", id, "outputs", name) if isinstance(place.file, Workflow):
            job = next((job for job in place.file.jobs if job.id.lower() == id), None)
            output = _given(job.node.mapping("outputs"), name) if job else None
            if job is not None and isinstance(output, Scalar):
                yield from _origins(output, job, repository, depth + 1, hops)
        case ("inputs", name) | ("github", "event", "inputs", name):
            yield from _of_input(name, place, repository, depth, hops)


def _of_input(
    name: str, place: Place, repository: Repository, depth: int, hops: tuple[Hop, ...]
) -> Iterator[Origin]:
    file = place.file
    if isinstance(file, Action):
        for step in users(file, repository):
            item = step.input_item(name)
            if item and isinstance(item[1], Scalar):
                yield from _origins(item[1], step, repository, depth + 1, hops)
        return
    if "workflow_call" in file.events:
        for job in callers(file, repository):
            value = _given(job.inputs, name)
            if isinstance(value, Scalar):
                yield from _origins(value, job, repository, depth + 1, hops)
    trigger = file.trigger("workflow_dispatch")
    inputs = trigger.config.mapping("inputs") if trigger and trigger.config else None
    if _given(inputs, name) is not None:
        yield Origin(_named(name) or "text", f"the input `{name}`", None, True, True, hops)


def _of_output(
    step: Step,
    name: str,
    field: str,
    repository: Repository,
    depth: int,
    hops: tuple[Hop, ...],
) -> Iterator[Origin]:
    """An output of a step that asks GitHub for the head of a pull request, or hands on what an earlier one asked for."""
    if step.run is not None:
        yield from _written(step, "GITHUB_OUTPUT", name, repository, depth, hops)
        return
    uses = step.uses
    if uses is not None and uses.is_remote:
        known = checkouts.resolver(uses.action)
        control = next((c for key, c in known.items() if key.lower() == name), None)
        script = step.input("script")
        if control is None or (script is not None and not checkouts.resolves(script.value)):
            return
        kind = _named(field or name)
        if kind is not None:
            yield Origin(kind, _SAID[kind], None, False, True, hops)


def _written(
    step: Step,
    file: str,
    name: str,
    repository: Repository,
    depth: int,
    hops: tuple[Hop, ...],
) -> Iterator[Origin]:
    """What a script writes to GITHUB_OUTPUT or GITHUB_ENV, where it asks for the head or has it from elsewhere."""
    run = step.run
    if run is None or not (file in run.value or "::set-output" in run.value):
        return
    if checkouts.resolves(run.value):
        kind = _named(name)
        if kind is not None and (file == "GITHUB_OUTPUT" or f"{name}=" in run.value.lower()):
            yield Origin(kind, _SAID[kind], None, False, False, hops)
        return
    for entry in analysis(step.file, repository).entries(step, file):
        for expansion in entry.expansions if entry.name.lower() == name else ():
            value = None
            if expansion.kind == "fence":
                text = run.value[slice(*entry.span)]  # `ref=refs/pull/${{ ... }}/merge`
                text = text if is_pull(text) else run.value[slice(*expansion.span)]
                value = run._replace(value=text)
            elif expansion.kind == "variable":
                value = _variable(expansion.name.lower(), step)
            if value is not None:
                yield from _origins(value, step, repository, depth + 1, hops)


_SAID: dict[Kind, str] = {
    "commit": "the head of the pull request",
    "branch": "the branch of the pull request",
    "repository": "the repository that the pull request comes from",
    "number": "the pull request's number",
    "text": "a text of somebody's choice",
    "merge": "the pull request",
}


@cache
def _named(name: str) -> Kind | None:
    """What an output, an input or a field of this name holds."""
    name = name.lower()
    if "base" in name:
        return None
    for kind, words in _WORDS:
        if any(word in name for word in words):
            return kind
    return None


_WORDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("repository", ("repo", "full_name", "fork")),
    ("commit", ("sha", "commit", "oid")),
    ("branch", ("ref", "branch", "head")),
    ("number", ("number", "pr", "pull", "issue", "id")),
    ("commit", ("result",)),
)


def _variable(name: str, place: Place) -> Scalar | None:
    around: Place | None = place
    while around is not None:
        node = around.node.get("env")
        for key, value in node.items if isinstance(node, Mapping) else ():
            if key.value.lower() == name and isinstance(value, Scalar):
                return value
        match around:
            case Step():
                around = around.job
            case Job():
                around = around.workflow
            case _:
                around = None
    return None


def _given(mapping: Mapping | None, name: str) -> Node | None:
    for key, value in mapping.items if mapping else ():
        if key.value.lower() == name:
            return value
    return None
