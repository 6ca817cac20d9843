"""What a reference to code leads back to: the head of somebody's pull request, a fork, a number of either."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.annotations import TYPE_CHECKING, TypeAlias
from steplock.foreign.blocks import given, variable
from steplock.foreign.kinds import SAID, Kind, named, of_fields
from steplock.foreign.queries import kinds_written
from steplock.lazy import pattern
from steplock.model import Action, Job, Step, Workflow
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.syntax import Scalar
from steplock.tables import checkouts
from steplock.tables.contexts import Control, capability
from steplock.taint import ARTIFACT, Hop, Place, Taint, Who, analysis
from steplock.trust import callers, users

if TYPE_CHECKING:
    from steplock.taint.javascript_values import Value

_Path: TypeAlias = "tuple[str, ...]"

_SCRIPT_ACTION = "actions/github-script"

_MAX_DEPTH = 8
_PULL = pattern(
    r"\bpull/[^\s'\"]*?[${}][^\n]*?/(?:head|merge)\b|\bpull/[^\s]*\{\d\}[^\n]*?/(?:head|merge)\b"
)
# What is taken of a JSON text: `fromJSON(steps.get.outputs.data).head.sha`.
_BEHIND = pattern(r"\s*\)((?:\s*\.\s*[\w-]+)+)")
_PULL_PLUS = pattern(r"\bpull/['\"]\s*\+")
_DOTS = pattern(r"[\s.]+")
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
    moves: bool | None = None
    """Whether it can change between a look and its use; None: as what it is tells."""

    @property
    def mutable(self) -> bool:
        """Whether what it names can change between a look at it and its use."""
        if self.moves is not None:
            return self.moves
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
        yield _whole(origin) if depth and is_pull(scalar.value) else origin


def _whole(origin: Origin) -> Origin:
    """What a number names in `refs/pull/<number>/head`."""
    if origin.kind not in ("number", "text"):
        return origin
    return origin._replace(kind="merge", what=SAID["merge"])


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
        kind = named(path[-1]) or "text"
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
            value = variable(name, place)
            if value is not None:
                yield from _origins(value, place, repository, depth + 1, hops)
            elif isinstance(place, Step):
                for step in place.parent.steps:
                    if step.index >= place.index:
                        break
                    yield from _written(step, "GITHUB_ENV", name, repository, depth, hops)
                    yield from _of_script(step, "variable", name, "", repository, depth, hops)
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
            output = given(job.node.mapping("outputs"), name) if job else None
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
            value = given(job.inputs, name)
            if isinstance(value, Scalar):
                yield from _origins(value, job, repository, depth + 1, hops)
    trigger = file.trigger("workflow_dispatch")
    inputs = trigger.config.mapping("inputs") if trigger and trigger.config else None
    if given(inputs, name) is not None:
        yield Origin(named(name) or "text", f"the input `{name}`", None, True, True, hops)


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
    if uses is None or not uses.is_remote:
        return
    if uses.action == _SCRIPT_ACTION:
        yield from _of_script(step, "output", name, field, repository, depth, hops)
        return
    known = checkouts.resolver(uses.action)
    control = next((c for key, c in known.items() if key.lower() == name), None)
    kind = named(field or name)
    if control is not None and kind is not None:
        # What is fixed, somebody with write access chose by starting it.
        yield Origin(kind, SAID[kind], None, control == "fixed", True, hops)


def _of_script(
    step: Step,
    channel: str,
    name: str,
    field: str,
    repository: Repository,
    depth: int,
    hops: tuple[Hop, ...],
) -> Iterator[Origin]:
    """What a script of actions/github-script puts out: by the expression, or by the name where that does not tell."""
    script = step.input("script")
    if script is None or step.uses is None or step.uses.action != _SCRIPT_ACTION:
        return
    from steplock.taint import javascript  # here, since few jobs run such scripts

    variable = channel == "variable"
    found = [w for w in javascript.writes(script.value) if (w.kind == "variable") == variable]
    ours = [w for w in found if w.name is not None and w.name.lower() == name]
    if not ours and (name == "result" or any(w.name is None for w in found)):
        yield from _by_name(script, name, field, hops)
    for one in ours:
        pull = is_pull(one.source) or _PULL_PLUS.search(one.source) is not None
        for value in one.values:
            if value.path:
                origins = _of_value(value, field, script, step, repository, depth, hops)
            elif pull:
                origins = iter((Origin("merge", SAID["merge"], None, False, False, hops),))
            else:
                origins = _by_name(script, name, field, hops)
            yield from (_whole(origin) if pull else origin for origin in origins)


def _by_name(script: Scalar, name: str, field: str, hops: tuple[Hop, ...]) -> Iterator[Origin]:
    kind = named(field or name)
    if kind is not None and checkouts.resolves(script.value):
        yield Origin(kind, SAID[kind], None, False, name == "result", hops)


def _of_value(
    value: Value,
    field: str,
    script: Scalar,
    step: Step,
    repository: Repository,
    depth: int,
    hops: tuple[Hop, ...],
) -> Iterator[Origin]:
    match value.path:
        case ("context", "payload", "inputs", name, *_):
            yield from _of_input(name.lower(), step, repository, depth, hops)
        case ("context", "payload", *rest):
            origin = _of_path(("github", "event", *(part.lower() for part in rest)))
            if origin is not None:
                yield origin._replace(hops=hops)
        case ("context", "issue", "number"):
            yield Origin("number", SAID["number"], None, hops=hops)
        case ("process", "env", name):
            yield from _indirect(("env", name.lower()), field, step, repository, depth + 1, hops)
        case ("fence",):
            text = script._replace(value=script.value[value.start : value.end])
            yield from _origins(text, step, repository, depth + 1, hops)
        case ("answer", call, *fields):
            kind = of_fields(call, (*fields, *filter(None, _DOTS.split(field))))
            from steplock.taint import javascript_checks

            insisted = javascript_checks.insisted(script.value)
            ours = any(of_fields("", path[2:]) == "repository" for path in insisted)
            if kind is not None and not ours:
                if kind == "commit" and value.path in insisted:
                    yield Origin(kind, SAID[kind], None, False, True, hops, False)
                    return
                by = (_of_value(v, "", script, step, repository, depth, ()) for v in value.asked)
                numbers = [origin for one in by for origin in one]
                yield from _looked_up(kind, numbers, step, True, hops)


def _looked_up(
    kind: Kind, numbers: list[Origin], step: Step, certain: bool, hops: tuple[Hop, ...]
) -> Iterator[Origin]:
    """A part of the pull request that GitHub is asked for; numbers: what its number leads back to."""
    chosen = [origin for origin in numbers if origin.dispatched]
    called = step.workflow is None or "workflow_call" in step.workflow.events
    if called or not chosen or len(chosen) < len(numbers):
        yield Origin(kind, SAID[kind], None, False, certain, hops)
    if chosen:
        yield Origin(kind, SAID[kind], None, True, certain, hops, True)


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
    entries = [
        e for e in analysis(step.file, repository).entries(step, file) if e.name.lower() == name
    ]
    if checkouts.resolves(run.value):
        numbers = list(_asked_with(step, repository, depth))
        if not entries and (file == "GITHUB_OUTPUT" or f"{name}=" in run.value.lower()):
            kind = named(name)
            if kind is not None:
                yield from _looked_up(kind, numbers, step, False, hops)
        kinds = [kind for entry in entries for kind in kinds_written(entry, name, step)]
        for kind in dict.fromkeys(kinds):
            yield from _looked_up(kind, numbers, step, False, hops)
    for entry in entries:
        for expansion in entry.expansions:
            value = None
            if expansion.kind == "fence":
                text = run.value[slice(*entry.span)]  # `ref=refs/pull/${{ ... }}/merge`
                text = text if is_pull(text) else run.value[slice(*expansion.span)]
                value = run._replace(value=text)
            elif expansion.kind == "variable":
                value = variable(expansion.name.lower(), step)
            if value is not None:
                yield from _origins(value, step, repository, depth + 1, hops)


def _asked_with(step: Step, repository: Repository, depth: int) -> Iterator[Origin]:
    """What the words lead back to that a script's questions to GitHub are made of."""
    run, script = step.run, step.script
    if run is None or script is None:
        return
    for command in script.commands:
        for word in command.words if command.name in _ASKING else ():
            for expansion in word.expansions:
                value = None
                if expansion.kind == "fence":
                    value = run._replace(value=run.value[slice(*expansion.span)])
                elif expansion.kind == "variable":
                    value = variable(expansion.name.lower(), step)
                if value is not None:
                    found = _origins(value, step, repository, depth + 1, ())
                    yield from (o for o in found if o.kind in ("number", "text"))


_ASKING = frozenset({"gh", "curl", "wget"})
