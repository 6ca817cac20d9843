"""Follow a text back to who chose it: through contexts, `env`, inputs, outputs and the matrix."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from steplock.expression import Fence, embedded
from steplock.model import Action, Job, Step, Workflow
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.syntax import Mapping, Node, Scalar, Sequence
from steplock.tables.contexts import Capability, Control, capability
from steplock.taint import fields, outputs, scripts
from steplock.taint.entries import Entry, entries
from steplock.taint.events import CALL, Place, Strangers, events, strangers
from steplock.taint.fields import Path
from steplock.taint.flow import Arrival, arrivals
from steplock.taint.inputs import given, inputs
from steplock.taint.told import told
from steplock.taint.value import Hop, Taint, Taints, Who, empty, union, unseen
from steplock.text import Span
from steplock.trust.events import SANDBOXED

_MAX_DEPTH = 24
_MAX_FENCES = 1000
# Fields of a payload that are written in a box of several lines.
_LINES = frozenset({"body", "message", "description", "text", "client_payload", "diff_hunk"})
_REF = {("github", "ref"), ("github", "ref_name"), ("github", "event", "ref")}
# What the person wrote or is who made the event happen.
_OF_THE_ASKING = {("comment",), ("review",), ("sender",)}
_HEAD = ("github", "event", "workflow_run", "head_branch")


class Source(NamedTuple):
    """A context in a text, and what is known of its value."""

    fence: Fence
    arrival: Arrival
    taints: Taints

    @property
    def span(self) -> Span:
        """In characters of the scalar's value."""
        return self.arrival.node.span


# By themselves, not through `toJSON`, these become the word `Object`.
_OBJECTS: set[Path] = {
    (name,) for name in ("env", "github", "inputs", "matrix", "needs", "steps", "vars")
}
_OBJECTS.add(("github", "event", "inputs"))


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
        self._events: dict[Place, frozenset[str]] = {}
        self._entries: dict[tuple[Step, str], list[Entry]] = {}
        self._strangers: dict[Place, Strangers] = {}

    def events(self, place: Place) -> frozenset[str]:
        """The events a place runs under."""
        place = _shared(place)
        if place not in self._events:
            self._events[place] = events(place, self.repository)
        return self._events[place]

    def strangers(self, place: Place) -> Strangers:
        """What strangers can cause at a place."""
        place = _shared(place)
        if place not in self._strangers:
            self._strangers[place] = strangers(place, self.repository)
        return self._strangers[place]

    def sources(
        self, scalar: Scalar, place: Place, outer: bool = False, whole: bool = False
    ) -> Iterator[Source]:
        """The contexts in a scalar that stands at a place; `outer`: in its own `env:`, which it does not see.

        whole: an object in it stays what it is, and does not become a word.
        """
        if "${{" not in scalar.value:
            return
        for count, (fence, parsed) in enumerate(embedded(scalar.value)):
            if parsed.root is None or count == _MAX_FENCES:
                continue
            text = scalar.value[fence.inner.start : fence.inner.end]
            under = self.events(place) if "event_name" in text else frozenset[str]()
            for arrival in arrivals(parsed.root, under):
                arrival = arrival._replace(whole=True) if whole else arrival
                yield Source(fence, arrival, self._resolve(arrival, place, outer))

    def text(
        self, scalar: Scalar, place: Place, into: str, outer: bool = False, whole: bool = False
    ) -> Taints:
        """Where the text of a scalar comes from; `into` says what it becomes."""
        parts = []
        for source in self.sources(scalar, place, outer, whole):
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

    def entries(self, step: Step, file: str) -> list[Entry]:
        """What a step's script writes to GITHUB_OUTPUT or GITHUB_ENV."""
        key = (step, file)
        if key not in self._entries:
            run = step.run.value if step.run else ""
            script = step.script if file in run.upper() else None
            self._entries[key] = entries(script, file, run) if script else []
        return self._entries[key]

    def _resolve(self, arrival: Arrival, place: Place, outer: bool) -> Taints:
        if not arrival.whole and arrival.path in _OBJECTS:
            return ()
        key = (arrival.path, arrival.events, arrival.whole, place, outer)
        found = self.once(key, self._contexts(arrival, place, outer))
        if found and not arrival.whole and arrival.is_list:
            return empty(f"`{'.'.join(arrival.path)}`")  # the word `Array`
        return () if found and arrival.path in told(place) else found

    def _contexts(self, arrival: Arrival, place: Place, outer: bool) -> Iterator[Taints]:
        match arrival.path:
            case ("github", "event", "inputs", name, *_) | ("inputs", name, *_):
                yield inputs(self, name, place.file)
            case ("github", "event", "inputs") | ("inputs",):
                yield inputs(self, "*", place.file)
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
                yield self.payload(path, place, arrival.events, arrival.whole)

    def payload(
        self,
        path: Path,
        place: Place,
        under: frozenset[str] | None = None,
        whole: bool = True,
    ) -> Taints:
        """What the event, the runner or the repository's settings put at `path`; whole: in all that an object there holds."""
        what = f"`{'.'.join(path)}`"
        worst = capability(path, whole=whole)
        if worst is None:
            return unseen(what)
        if worst.control is Control.HARMLESS and not worst.outsider:
            return ()
        if path[0] != "github":
            return _taint(worst, Who.OWNER, what)
        found = []
        for event in self.events(place) if under is None else self.events(place) & under:
            grade = capability(path, (event,), whole) or worst
            if grade.control is Control.HARMLESS and not grade.outsider:
                continue
            if path in _REF and event == "push" and fields.fixed_branches(place, event):
                continue
            if path[2:3] == ("changes",) and not fields.may_be_edited(event, place):
                continue
            if path == _HEAD and event == "workflow_run" and fields.fixed_branches(place, event):
                continue
            who = (
                self._author(path, event, place) if grade.outsider else fields.insider(path, event)
            )
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

    def _author(self, path: Path, event: str, place: Place) -> Who:
        """Who writes a field that is open to everybody."""
        if event == CALL:
            return Who.STRANGER
        strangers = self.strangers(place)
        if event not in strangers.events:
            return Who.WRITER
        if event in strangers.asked and (
            path[2:3] in _OF_THE_ASKING or fields.opens(path, event, place)
        ):
            return Who.WRITER
        # A stranger's review of a pull request that is no fork's runs with all powers.
        reviewed = event.startswith("pull_request_review") and path[2:3] in _OF_THE_ASKING
        return Who.FORK if event in SANDBOXED and not reviewed else Who.STRANGER

    def fetched(self, what: str, place: Place) -> Taints:
        """Text of strangers that a program asks GitHub for, whatever event started it."""
        powerless = self.events(place) <= self.strangers(place).sandboxed
        who = Who.FORK if powerless else Who.STRANGER
        return (Taint(Control.FREE, who, what, certain=False, lines=True),)

    def of_cause(self, what: str, place: Place) -> Taints:
        """Text of whoever caused the run."""
        strangers = self.strangers(place)
        who = Who.WRITER
        if strangers.powerful - strangers.asked:
            who = Who.STRANGER
        elif strangers.events - strangers.asked:
            who = Who.FORK
        return (Taint(Control.FREE, who, what, certain=False, lines=True),)

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
            value = given(job.node.mapping("outputs"), name)
            if isinstance(value, Scalar):
                yield self.text(value, job, f"the output `{name}` of the job `{job.id}`")
            return
        callee = self.repository.callee(job.uses)
        if not isinstance(callee, Workflow):
            yield unseen(f"an output of `{job.uses.value}`")
            return
        trigger = callee.trigger(CALL)
        declared = trigger.config.mapping("outputs") if trigger and trigger.config else None
        body = given(declared, name)
        value = body.scalar("value") if isinstance(body, Mapping) else None
        if value is not None:
            yield self.text(value, callee, f"the output `{name}` of `{callee.path}`")

    def _matrix(self, name: str, place: Place) -> Iterator[Taints]:
        job = place.job if isinstance(place, Step) else place
        if not isinstance(job, Job) or job.matrix is None:
            return
        for scalar in _matrix_scalars(job.matrix.node, name):
            yield self.text(scalar, job, f"`matrix.{name}`", whole=True)


def _shared(place: Place) -> Place:
    """The place that runs under the same events, for most steps of an action the action."""
    if isinstance(place, Step) and isinstance(place.parent, Action) and place.condition is None:
        return place.parent
    return place


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
