"""Steps that ask who caused the run, and end it, or let later conditions end it, for people without rights."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.expression import contexts
from steplock.lazy import pattern
from steplock.model import Condition, Job, Step
from steplock.named import NamedTuple
from steplock.shell import Script
from steplock.tables import gates
from steplock.tables.conditions import Situation
from steplock.trust.needs import needed, runs_regardless

_SCRIPT_ACTION = "actions/github-script"
# An answer of 404 fails the step by itself.
_FAIL_ALONE = ("membership", "MembershipForUser", "checkCollaborator", "/members/", "(\\s|")

_FAILING = pattern(r"setFailed|\bthrow\b|process\.exit|exitCode")


class Check(NamedTuple):
    """A step that lets only some people's runs go on."""

    step: Step
    gate: gates.Gate

    @property
    def is_final(self) -> bool:
        """Whether no stranger's code gets past it, whoever helps him: it compares repositories."""
        return self.gate.kind == "repository" and self.gate.holds and bool(self.gate.action)

    def protects(self, event: str) -> bool:
        return not self.gate.events or event in self.gate.events


def checks_before(step: Step) -> tuple[Check, ...]:
    """The checks among the steps before one, in the same job or action."""
    found = []
    for earlier in step.parent.steps:
        if earlier.index >= step.index:
            break
        for gate in _gates(earlier):
            if _stops(earlier, gate, step):
                found.append(Check(earlier, gate))
    return tuple(found)


def checks_of_needed(job: Job) -> tuple[Check, ...]:
    """The checks in the jobs that have to succeed before one, or whose outputs its `if:` reads."""
    return tuple(_of_needed(job))


def _of_needed(job: Job) -> Iterator[Check]:
    for one in needed(job):
        bound = not runs_regardless(one)
        for id in one.needs:
            before = one.workflow.job(id)
            if before is None:
                continue
            read = one.condition is not None and _reads(one.condition, ("needs", id.lower()))
            for step in before.steps:
                for gate in _gates(step):
                    if read or (bound and (_fails(step, gate) or _ended_after(step))):
                        yield Check(step, gate)


def _gates(step: Step) -> tuple[gates.Gate, ...]:
    """What a step asks, as far as we know it."""
    found: tuple[gates.Gate, ...] = ()
    if step.uses is not None and step.uses.action == _SCRIPT_ACTION:
        script = step.input("script")
        found = gates.in_script(script.value, _SCRIPT_ACTION) if script else ()
    elif step.uses is not None and step.uses.is_remote:
        # The guard of checkout is judged where it checks out; a request asks for somebody only where its route does.
        if step.uses.action != "actions/checkout" and _routes_to_people(step):
            found = gates.of_step(step.uses.action, situation(step))
    elif step.run is not None and _asks_at_all(step.run.value):
        found = gates.in_script(step.run.value)
    # That a commit is an ancestor of another says little of who wrote the ones between.
    return tuple(g for g in found if not g.weak and "merge-base" not in g.pattern)


def _routes_to_people(step: Step) -> bool:
    route = step.input("route")
    return route is None or any(part in route.value for part in ("/collaborators/", "/members"))


def _asks_at_all(text: str) -> bool:
    words = (
        "gh ",
        "curl",
        "head.repo",
        "merge-base",
        "GITHUB_ACTOR",
        "GITHUB_TRIGG",
        "author_assoc",
    )
    return any(word in text for word in words)


def situation(step: Step) -> Situation:
    """A step as the tables ask about it."""
    version = step.uses.version if step.uses else None
    events = step.workflow.events if step.workflow else None
    return Situation(step.input_texts, version=version or "", events=events)


def _stops(check: Step, gate: gates.Gate, step: Step) -> bool:
    """Whether a run that the check refuses does not get to a later step."""
    if _fails(check, gate):
        return True
    if check.id is None:
        return False
    answer = ("steps", check.id.lower())
    if step.condition is not None and _reads(step.condition, answer):
        return True
    between = (s for s in step.parent.steps if check.index < s.index < step.index)
    return any(s.condition and _reads(s.condition, answer) and _ends(s) for s in between)


def _ended_after(check: Step) -> bool:
    """Whether a later step of the job looks at what a check found, and is written to end the job."""
    if check.id is None:
        return False
    answer = ("steps", check.id.lower())
    later = (step for step in check.parent.steps if step.index > check.index)
    return any(step.condition and _reads(step.condition, answer) and _ends(step) for step in later)


def _fails(step: Step, gate: gates.Gate) -> bool:
    """Whether the step fails for whom it refuses."""
    tolerant = step.node.scalar("continue-on-error")
    if tolerant is not None and tolerant.boolean is not False:
        return False
    if gate.action and gate.action != _SCRIPT_ACTION:
        return "failure" in gate.by
    if any(part in gate.pattern for part in _FAIL_ALONE):
        return not (step.run and "||" in step.run.value)
    return _ends(step)


def _ends(step: Step) -> bool:
    """Whether a step is written to end the job."""
    if step.run is not None:
        return step.script is not None and _exits(step.script)
    script = step.input("script")
    return script is not None and _FAILING.search(script.value) is not None


def _exits(script: Script) -> bool:
    for command in script.commands:
        match command.name:
            case "exit":
                return not any(word.value == "0" for word in command.argv)
            case "false" | "grep" | "[[" | "[" | "test":
                if "condition" not in command.inside:
                    return True
    return False


def _reads(condition: Condition, start: tuple[str, ...]) -> bool:
    """Whether a condition looks at something below a context."""
    return any(
        reference.path[: len(start)] == start
        for parsed in condition.parsed.expressions
        if parsed.root is not None
        for reference in contexts(parsed.root)
    )
