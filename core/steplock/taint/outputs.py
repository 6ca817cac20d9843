"""What steps put out: their scripts' writes, local actions, and actions we know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.annotations import TYPE_CHECKING
from steplock.model import Action, Step, Uses
from steplock.syntax import Mapping
from steplock.tables import agents, gates, outputs
from steplock.tables.conditions import Situation, holds
from steplock.taint import files, scripts
from steplock.taint.value import Hop, Taints, Who, union, unseen
from steplock.trust.checks import situation

if TYPE_CHECKING:
    from steplock.taint.analysis import Analysis

_SCRIPT_ACTION = "actions/github-script"
# What an action reads from the work tree is as free as the tree is.
_OF_THE_TREE = ("file of the tree", "in the tree's", "of the tree", "value of a")


def of_step(analysis: Analysis, step: Step, name: str) -> Taints:
    """Where the text of a step's output comes from; `name` in lower case."""
    return analysis.once(("output", step, name), _of_step(analysis, step, name))


def _of_step(analysis: Analysis, step: Step, name: str) -> Iterator[Taints]:
    if step.run is not None:
        yield from scripts.output(analysis, step, name)
    elif step.uses is None or step.uses.is_docker:
        yield unseen(f"the output `{name}`")
    elif step.uses.is_local:
        yield from _of_local(analysis, step.uses, name)
    else:
        found = None
        if step.uses.action == _SCRIPT_ACTION:
            from steplock.taint import scripted  # here, since few jobs run such scripts

            found = scripted.put_out(analysis, step, name)
        yield _of_known(analysis, step, step.uses, name) if found is None else found


def _of_local(analysis: Analysis, uses: Uses, name: str) -> Iterator[Taints]:
    action = analysis.repository.callee(uses)
    if not isinstance(action, Action) or action.using != "composite" or action.outputs is None:
        yield unseen(f"the output `{name}` of `{uses.value}`")
        return
    for key, body in action.outputs.items:
        value = body.scalar("value") if isinstance(body, Mapping) else None
        if key.value.lower() == name and value is not None:
            yield analysis.text(value, action, f"the output `{key.value}` of `{action.path}`")


def _of_known(analysis: Analysis, step: Step, uses: Uses, name: str) -> Taints:
    known = outputs.find(uses.action, name)
    what = f"the output `{name}` of `{uses.name}`"
    if known is None and name == "cache-hit":
        return ()
    if known is None:
        agent = agents.of(uses.action)
        if agent is None or name not in agent.outputs:
            return unseen(what)
        return _caused(analysis, step, uses, what, "model text")
    run = Situation(step.input_texts, version=uses.version or "")
    if known.control == "constrained":
        return ()
    if known.carries:
        return _carried(analysis, step, known, what)
    if uses.action == "actions/checkout":
        ref = step.input("ref")
        return analysis.text(ref, step, what) if ref else ()
    free = outputs.is_free(uses.action, name, run)
    if free is False and (known.escaped or uses.action == "dorny/paths-filter"):
        return ()
    if not free or (known.only_when and not known.when):
        return unseen(what)
    if any(text in known.text for text in _OF_THE_TREE):
        return files.contents(analysis, step)
    found = _caused(analysis, step, uses, what, known.text)
    if known.quoted and holds(known.quoted, run):
        found = tuple(taint._replace(quoted=True) for taint in found)
    return found


def _carried(analysis: Analysis, step: Step, known: outputs.Output, what: str) -> Taints:
    """What comes of the texts that an action takes apart or puts together."""
    asked = step.input("regex") or step.input("pattern")
    if known.matches and asked is not None and not _lets_through(asked.value):
        return ()
    values = [value for name in known.carries if (value := step.input(name)) is not None]
    return union(analysis.text(value, step, what) for value in values)


def _lets_through(regex: str) -> bool:
    """Whether what a regular expression matches can hold letters that a shell acts on."""
    return re.search(r"(?<!\\)\.|\[\^|\\[SWD]|\$\{\{", regex) is not None


def _caused(analysis: Analysis, step: Step, uses: Uses, what: str, text: str) -> Taints:
    if text == "API answer":
        return analysis.fetched(what, step)
    hop = Hop(f"puts out {text or 'text'} of whoever caused the run", step.file.path, uses.span)
    found = analysis.of_cause(what, step)
    if any("failure" in gate.by for gate in gates.of_step(uses.action, situation(step))):
        # It fails for people without rights, whose text it then does not put out.
        found = tuple(taint._replace(who=min(taint.who, Who.WRITER)) for taint in found)
    return tuple(taint.then(hop) for taint in found)
