"""What inputs hold: of a dispatch, of a called workflow, of a composite action."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.annotations import TYPE_CHECKING
from steplock.model import Action, Workflow
from steplock.syntax import Mapping, Node, Scalar
from steplock.tables.contexts import Control
from steplock.taint.events import CALL, is_published
from steplock.taint.value import Hop, Taint, Taints, Who, unseen
from steplock.trust.callers import callers, users

if TYPE_CHECKING:
    from steplock.taint.analysis import Analysis

# Inputs of these types GitHub checks: nothing but what the workflow lists gets through.
_CHECKED_TYPES = frozenset({"boolean", "number", "choice", "environment"})


def inputs(analysis: Analysis, name: str, file: Workflow | Action) -> Taints:
    """Where the text of an input of a file comes from; `*` is any."""
    return analysis.once(("input", name, file), _inputs(analysis, name, file))


def _inputs(analysis: Analysis, name: str, file: Workflow | Action) -> Iterator[Taints]:
    if isinstance(file, Action):
        yield from _action_inputs(analysis, name, file)
        return
    if CALL in file.events:
        yield from _call_inputs(analysis, name, file)
    for key, declared in _declared(file, "workflow_dispatch", name):
        if _type(declared) not in _CHECKED_TYPES:
            what = f"`inputs.{key.value}`"
            hop = Hop(f"the input `{key.value}` is declared", file.path, key.span)
            yield (Taint(Control.FREE, Who.WRITER, what, True, True, (hop,)),)


def _call_inputs(analysis: Analysis, name: str, file: Workflow) -> Iterator[Taints]:
    jobs = callers(file, analysis.repository)
    for key, declared in _declared(file, CALL, name):
        if _type(declared) in _CHECKED_TYPES:
            continue
        into = f"the input `{key.value}` of `{file.path}`"
        passed = [(given(job.inputs, key.value), job) for job in jobs]
        if not jobs:
            yield _callers("workflow", file, key)
        for value, job in passed:
            if isinstance(value, Scalar):
                yield analysis.text(value, job, into)
        if any(value is None for value, _ in passed) or not jobs:
            yield from _default(analysis, declared, file, into)


def _action_inputs(analysis: Analysis, name: str, action: Action) -> Iterator[Taints]:
    steps = users(action, analysis.repository)
    declared = action.node.mapping("inputs")
    items = declared.items if declared else ()
    found = [item for item in items if name in ("*", item[0].value.lower())]
    if not found:
        yield unseen(f"the input `{name}`, which is not declared")
    for key, body in found:
        if not steps or is_published(action):
            yield _callers("action", action, key)
        into = f"the input `{key.value}` of `{action.path}`"
        passed = [(given(step.inputs, key.value), step) for step in steps]
        for value, step in passed:
            if isinstance(value, Scalar):
                yield analysis.text(value, step, into)
        if any(value is None for value, _ in passed) or not steps:
            yield from _default(analysis, body, action, into)


def _default(
    analysis: Analysis, declared: Node, file: Workflow | Action, into: str
) -> Iterator[Taints]:
    default = declared.scalar("default") if isinstance(declared, Mapping) else None
    if default is not None:
        yield analysis.text(default, file, into)


def given(mapping: Mapping | None, name: str) -> Node | None:
    """The value of a key whose case does not matter."""
    for key, value in mapping.items if mapping else ():
        if key.value.lower() == name.lower():
            return value
    return None


def _callers(kind: str, file: Workflow | Action, key: Scalar) -> Taints:
    hop = Hop(f"the input `{key.value}` of this {kind} is declared", file.path, key.span)
    return (Taint(Control.FREE, Who.CALLER, f"`inputs.{key.value}`", False, True, (hop,)),)


def _declared(file: Workflow, event: str, name: str) -> Iterator[tuple[Scalar, Node]]:
    trigger = file.trigger(event)
    inputs = trigger.config.mapping("inputs") if trigger and trigger.config else None
    for key, node in inputs.items if inputs else ():
        if name in ("*", key.value.lower()):
            yield key, node


def _type(declared: Node) -> str:
    scalar = declared.scalar("type") if isinstance(declared, Mapping) else None
    return scalar.value if scalar else "string"
