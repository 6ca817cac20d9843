"""Follow a text back to who chose it: through contexts, `env`, inputs, outputs and the matrix."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from steplock.expression import Fence, embedded
from steplock.model import Action, Job, Step, Workflow
from steplock.repository import Repository
from steplock.syntax import Mapping, Node, Scalar, Sequence
from steplock.tables.contexts import Capability, Control, capability
from steplock.taint import outputs, scripts
from steplock.taint.events import CALL, Cause, Place, calls, cause, is_published, users
from steplock.taint.flow import Arrival, arrivals
from steplock.taint.value import Hop, Taint, Taints, Who, empty, union, unseen
from steplock.text import Span

_MAX_DEPTH = 24
_MAX_FENCES = 1000
# Fields of a payload that are written in a box of several lines.
_LINES = frozenset({"body", "message", "description", "text", "client_payload", "diff_hunk"})
# Inputs of these types GitHub checks: nothing but what the workflow lists gets through.
_CHECKED_TYPES = frozenset({"boolean", "number", "choice", "environment"})
_REF = {("github", "ref"), ("github", "ref_name"), ("github", "event", "ref")}
# What the person wrote or is who made the event happen.
_OF_THE_ASKING = {("comment",), ("review",), ("sender",)}
_GLOB = frozenset("*?+[]!")

Path: TypeAlias = "tuple[str, ...]"


class Source(NamedTuple):
    """A context in a text, and what is known of its value."""

    fence: Fence
    arrival: Arrival
    taints: Taints

    @property
    def span(self) -> Span:
        """In characters of the scalar's value."""
        return self.arrival.node.span


@lru_cache(maxsize=4)
def analysis(file: Workflow | Action, repository: Repository) -> Analysis:
    """The analysis of one file, shared by all that ask about it."""
    return Analysis(repository)


class Analysis:
    """What is known so far; each question is answered once."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._known: dict[object, Taints] = {}
        self._open: set[object] = set()
        self._causes: dict[Place, Cause] = {}

    def cause(self, place: Place) -> Cause:
        if place not in self._causes:
            self._causes[place] = cause(place, self.repository)
        return self._causes[place]

    def sources(self, scalar: Scalar, place: Place, outer: bool = False) -> Iterator[Source]:
        """The contexts in a scalar that stands at a place; `outer`: in its own `env:`, which it does not see."""
        if "${{" not in scalar.value:
            return
        for count, (fence, parsed) in enumerate(embedded(scalar.value)):
            if parsed.root is None or count == _MAX_FENCES:
                continue
            text = scalar.value[fence.inner.start : fence.inner.end]
            for arrival in arrivals(parsed.root, text, self.cause(place).events):
                yield Source(fence, arrival, self._resolve(arrival, place, outer))

    def text(self, scalar: Scalar, place: Place, into: str, outer: bool = False) -> Taints:
        """Where the text of a scalar comes from; `into` says what it becomes."""
        parts = []
        for source in self.sources(scalar, place, outer):
            if source.taints:
                span = place.document.locate(scalar, source.span)
                written = scalar.value[source.span.start : source.span.end]
                hop = Hop(f"`{written}` goes into {into}", place.file.path, span)
                parts.append(tuple(taint.then(hop) for taint in source.taints))
        return union(parts)

    def once(self, key: object, work: Iterator[Taints]) -> Taints:
        """The union of `work`, done once for a key. What leads back to itself adds nothing."""
        if key in self._known:
            return self._known[key]
        if key in self._open:
            return ()
        if len(self._open) > _MAX_DEPTH:
            return unseen("what comes in over many steps")
        self._open.add(key)
        try:
            found = self._known[key] = union(work)
        finally:
            self._open.discard(key)
        return found

    def _resolve(self, arrival: Arrival, place: Place, outer: bool) -> Taints:
        key = (arrival.path, arrival.events, place, outer)
        return self.once(key, self._contexts(arrival, place, outer))

    def _contexts(self, arrival: Arrival, place: Place, outer: bool) -> Iterator[Taints]:
        match arrival.path:
            case ("github", "event", "inputs", name, *_) | ("inputs", name, *_):
                yield from self._inputs(name, place)
            case ("github", "event", "inputs") | ("inputs",):
                yield from self._inputs("*", place)
            case ("env", name, *_):
                yield from self.env(name, place, outer)
            case ("steps", id, "outputs", name, *_) if "*" not in (id, name):
                yield from self._step_output(id, name, place)
            case ("steps" | "needs" | "jobs", _, "outcome" | "conclusion" | "result"):
                return
            case ("needs" | "jobs", id, "outputs", name, *_) if "*" not in (id, name):
                yield from self._job_output(id, name, place)
            case ("matrix", name, *_):
                yield from self._matrix(name, place)
            case ("matrix",):
                yield from self._matrix("*", place)
            case path:
                yield self.payload(path, place, arrival.events)

    def payload(self, path: Path, place: Place, under: frozenset[str] | None = None) -> Taints:
        """What the event, the runner or the repository's settings put at `path`."""
        what = f"`{'.'.join(path)}`"
        if path[0] != "github":
            grade = capability(path)
            if grade is None:
                return unseen(what)
            return _taint(grade, Who.OWNER, what) if grade.control else ()
        cause = self.cause(place)
        found = []
        for event in cause.events if under is None else cause.events & under:
            grade = capability(path, (event,))
            if grade is None:
                return unseen(what)
            if grade.control is Control.HARMLESS and not grade.outsider:
                continue
            if path in _REF and event == "push" and _fixed_branches(place):
                continue
            who = Who.WRITER
            if grade.outsider and event == CALL:
                who = Who.STRANGER
            elif event in cause.asked and path[2:3] in _OF_THE_ASKING:
                who = Who.WRITER
            elif grade.outsider and event in cause.strangers:
                who = Who.FORK if event in cause.sandboxed else Who.STRANGER
            found.append(_taint(grade, who, what, event != CALL, path[-1] in _LINES))
        if not found and path[:2] == ("github", "event") and len(path) > 3:
            return self._missing(path, what, place)
        return union(found)

    def _missing(self, path: Path, what: str, place: Place) -> Taints:
        """A field that is free in some event, but that no event of the workflow has."""
        triggers = place.file.events if isinstance(place.file, Workflow) else ()
        if not triggers or CALL in triggers:
            return ()
        there = capability(path, triggers)
        anywhere = capability(path)
        if there is None or anywhere is None or there.control or anywhere.control < Control.FREE:
            return ()
        return empty(what)

    def fetched(self, what: str, place: Place) -> Taints:
        """Text of strangers that a program asks GitHub for, whatever event started it."""
        cause = self.cause(place)
        powerless = cause.events and cause.events <= cause.sandboxed
        who = Who.FORK if powerless else Who.STRANGER
        return (Taint(Control.FREE, who, what, certain=False, lines=True),)

    def of_cause(self, what: str, place: Place) -> Taints:
        """Text of whoever caused the run."""
        cause = self.cause(place)
        who = Who.WRITER
        strangers = cause.strangers - cause.asked
        if strangers:
            who = Who.STRANGER if strangers - cause.sandboxed else Who.FORK
        return (Taint(Control.FREE, who, what, certain=False, lines=True),)

    def _inputs(self, name: str, place: Place) -> Iterator[Taints]:
        file = place.file
        if isinstance(file, Action):
            yield from self._action_inputs(name, file)
            return
        if CALL in file.events:
            yield from self._call_inputs(name, file)
        for key, declared in _declared(file, "workflow_dispatch", name):
            if _type(declared) not in _CHECKED_TYPES:
                what = f"the input `{key.value}`"
                hop = Hop(f"{what} is declared", file.path, key.span)
                yield (Taint(Control.FREE, Who.WRITER, what, True, True, (hop,)),)

    def _call_inputs(self, name: str, file: Workflow) -> Iterator[Taints]:
        callers = calls(file, self.repository)
        for key, declared in _declared(file, CALL, name):
            if _type(declared) in _CHECKED_TYPES:
                continue
            into = f"the input `{key.value}` of `{file.path}`"
            given = [(_given(job.inputs, key.value), job) for job in callers]
            if not callers:
                yield _callers(f"the input `{key.value}`", "workflow", file, key)
            for value, job in given:
                if isinstance(value, Scalar):
                    yield self.text(value, job, into)
            if any(value is None for value, _ in given) or not callers:
                yield from self._default(declared, file, into)

    def _action_inputs(self, name: str, action: Action) -> Iterator[Taints]:
        steps = users(action, self.repository)
        declared = action.node.mapping("inputs")
        items = declared.items if declared else ()
        found = [item for item in items if name in ("*", item[0].value.lower())]
        if not found:
            yield unseen(f"the input `{name}`, which is not declared")
        for key, body in found:
            if not steps or is_published(action):
                yield _callers(f"the input `{key.value}`", "action", action, key)
            into = f"the input `{key.value}` of `{action.path}`"
            given = [(step.input_item(key.value), step) for step in steps]
            for item, step in given:
                if item and isinstance(item[1], Scalar):
                    yield self.text(item[1], step, into)
            if any(item is None for item, _ in given) or not steps:
                yield from self._default(body, action, into)

    def _default(self, declared: Node, file: Workflow | Action, into: str) -> Iterator[Taints]:
        default = declared.scalar("default") if isinstance(declared, Mapping) else None
        if default is not None:
            yield self.text(default, file, into)

    def env(self, name: str, place: Place, outer: bool = False) -> Iterator[Taints]:
        """Where a variable's text comes from; of several blocks the innermost counts."""
        name = name.lower()
        found = None if outer else self._block(place, name)
        if found is not None:
            yield found
            return
        if isinstance(place, Step):
            found = scripts.variable_set_before(self, place, name)
            if found is not None:
                yield found
        around = _around(place)
        while around is not None:
            block = self._block(around, name)
            if block is not None:
                yield block
                return
            around = _around(around)
        if found is None:
            yield self._undefined(name, place)

    def _undefined(self, name: str, place: Place) -> Taints:
        """A variable that the file does not define: the runner's, one of an action, or empty."""
        prefix, _, rest = name.partition("_")
        if prefix == "github" and rest:
            return self.payload(("github", rest), place)
        if prefix == "runner" or name == "ci":
            return ()
        return unseen(f"`env.{name}`")

    def _block(self, place: Place, name: str) -> Taints | None:
        node = place.node.get("env")
        if isinstance(node, Scalar) and "${{" in node.value:
            return unseen("an `env:` that is worked out when it runs")
        for key, value in node.items if isinstance(node, Mapping) else ():
            if name in ("*", key.value.lower()):
                if not isinstance(value, Scalar):
                    return ()
                return self.text(value, place, f"the variable `{key.value}`", outer=True)
        return None

    def _step_output(self, id: str, name: str, place: Place) -> Iterator[Taints]:
        parent = place.parent if isinstance(place, Step) else place
        if isinstance(parent, Workflow):
            return
        producers = [step for step in parent.steps if step.id and step.id.lower() == id]
        for step in producers:
            yield outputs.of_step(self, step, name)
        if not producers:
            yield empty(f"`steps.{id}.outputs.{name}`")

    def _job_output(self, id: str, name: str, place: Place) -> Iterator[Taints]:
        if not isinstance(place.file, Workflow):
            return
        job = next((job for job in place.file.jobs if job.id.lower() == id), None)
        if job is None:
            yield empty(f"`needs.{id}.outputs.{name}`")
            return
        if job.uses is None:
            value = _given(job.node.mapping("outputs"), name)
            if isinstance(value, Scalar):
                yield self.text(value, job, f"the output `{name}` of the job `{job.id}`")
            return
        callee = self.repository.callee(job.uses)
        if not isinstance(callee, Workflow):
            yield unseen(f"an output of `{job.uses.value}`")
            return
        trigger = callee.trigger(CALL)
        declared = trigger.config.mapping("outputs") if trigger and trigger.config else None
        body = _given(declared, name)
        value = body.scalar("value") if isinstance(body, Mapping) else None
        if value is not None:
            yield self.text(value, callee, f"the output `{name}` of `{callee.path}`")

    def _matrix(self, name: str, place: Place) -> Iterator[Taints]:
        job = place.job if isinstance(place, Step) else place
        if not isinstance(job, Job) or job.matrix is None:
            return
        for scalar in _matrix_scalars(job.matrix.node, name):
            yield self.text(scalar, job, f"`matrix.{name}`")


def _around(place: Place) -> Place | None:
    """What a place's variables come from when it has none of its own."""
    match place:
        case Step():
            return place.job
        case Job():
            return place.workflow
    return None


def _taint(
    grade: Capability, who: Who, what: str, certain: bool = True, lines: bool = False
) -> Taints:
    return (Taint(grade.control, who, what, certain, lines),)


def _callers(what: str, kind: str, file: Workflow | Action, key: Scalar) -> Taints:
    hop = Hop(f"{what} of this {kind} is declared", file.path, key.span)
    return (Taint(Control.FREE, Who.CALLER, what, False, True, (hop,)),)


def _declared(file: Workflow, event: str, name: str) -> Iterator[tuple[Scalar, Node]]:
    trigger = file.trigger(event)
    inputs = trigger.config.mapping("inputs") if trigger and trigger.config else None
    for key, node in inputs.items if inputs else ():
        if name in ("*", key.value.lower()):
            yield key, node


def _type(declared: Node) -> str:
    scalar = declared.scalar("type") if isinstance(declared, Mapping) else None
    return scalar.value if scalar else "string"


def _given(mapping: Mapping | None, name: str) -> Node | None:
    for key, value in mapping.items if mapping else ():
        if key.value.lower() == name.lower():
            return value
    return None


def _fixed_branches(place: Place) -> bool:
    """Whether pushes start the workflow on branches that are listed by their names only."""
    trigger = place.file.trigger("push") if isinstance(place.file, Workflow) else None
    if trigger is None or trigger.config is None or trigger.config.item("tags"):
        return False
    branches = trigger.listed("branches")
    return bool(branches) and not any(_GLOB & set(branch) for branch in branches or ())


def _matrix_scalars(node: Node, name: str) -> Iterator[Scalar]:
    """The scalars of a matrix that can become a value `matrix.<name>`."""
    match node:
        case Scalar():
            yield node
        case Mapping(items=pairs):
            for key, value in pairs:
                key_name = key.value.lower()
                if key_name in (name, "include") or (name == "*" and key_name != "exclude"):
                    yield from _included(value, name) if key_name == "include" else _scalars(value)


def _included(node: Node, name: str) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Sequence(items=items):
            for item in items:
                yield from _matrix_scalars(item, name)


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Mapping(items=pairs):
            for _, value in pairs:
                yield from _scalars(value)
        case Sequence(items=items):
            for item in items:
                yield from _scalars(item)
