"""When a fact about an action holds: conditions on its inputs and on the run, answered yes, no or unknown.

{"input": "push", "equals": "true"}      also "in" (a list), "contains", "set", "expression"
{"env": "CR_TOKEN", "set": true}         "equals", "contains" too
{"event": "push"}                        one or a list
{"repo": "private"}  {"ref": "tag"}  {"version": {"major_lte": 4}}
{"job": {"login": "ghcr.io"}}            {"checkout": true}, {"uses": "owner/name"}
{"fact": "..."}                          a hint that no file tells
{"not": ...}  {"any": [...]}  {"all": [...]}
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from steplock import version
from steplock.annotations import Any
from steplock.named import NamedTuple

EXPRESSION = "${{"
_NO_TEXTS: Mapping[str, str] = {}


class Situation(NamedTuple):
    """What is known of a step and the run it is part of; None is unknown."""

    inputs: Mapping[str, str] = _NO_TEXTS
    """`with:` as written."""
    env: Mapping[str, str] = _NO_TEXTS
    """`env:` of the step, its job and the workflow."""
    defaults: Mapping[str, str] = _NO_TEXTS
    """What the inputs are that are not given."""
    version: str = ""
    """The tag that the action is used at, or that its commit stands for."""
    events: Collection[str] | None = None
    """The events that the job may run under."""
    private: bool | None = None
    tag: bool | None = None
    """Whether the run is for a tag."""
    logins: Collection[str] | None = None
    """The registries that the job logs in to with its own token."""
    checkout: bool | None = None
    """Whether the job checks the repository out."""
    uses: Collection[str] | None = None
    """The actions that the job uses, in lower case."""
    hosted: bool | None = None
    """Whether the job runs on a machine of GitHub."""


ANY = Situation()
"""Nothing is known, and no input is given."""


def holds(when: Mapping[str, Any] | None, known: Situation) -> bool | None:
    """Whether a condition holds; None where it cannot be told. No condition always holds."""
    if not when:
        return True
    match when:
        case {"not": inner}:
            answer = holds(inner, known)
            return None if answer is None else not answer
        case {"any": parts}:
            return any_of(holds(part, known) for part in parts)
        case {"all": parts}:
            return all_of(holds(part, known) for part in parts)
        case {"input": name}:
            return _text(when, given(known, name))
        case {"env": name}:
            return _text(when, known.env.get(name, ""))
        case {"event": events}:
            wanted = {events} if isinstance(events, str) else set(events)
            return None if known.events is None else bool(wanted.intersection(known.events))
        case {"repo": kind}:
            return None if known.private is None else known.private is (kind == "private")
        case {"ref": "tag"}:
            return known.tag
        case {"version": {"major_lte": major}}:
            parsed = version.parse(known.version)
            return None if parsed is None else parsed.major <= int(major)
        case {"job": {"login": registry}}:
            return None if known.logins is None else registry in known.logins
        case {"job": {"checkout": wanted}}:
            return None if known.checkout is None else known.checkout is bool(wanted)
        case {"job": {"uses": action}}:
            return None if known.uses is None else str(action).lower() in known.uses
    return None


def given(known: Situation, name: str) -> str:
    """The value of an input, its default where it is not given."""
    value = written(known.inputs, name)
    return (written(known.defaults, name) or "") if value is None else value


def written(inputs: Mapping[str, str], name: str) -> str | None:
    """The value of an input as written, None where it is not; names ignore case."""
    if name in inputs:
        return inputs[name]
    wanted = name.lower()
    return next((value for key, value in inputs.items() if key.lower() == wanted), None)


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Whether one is true; unknown if none is and one is unknown."""
    found = set(answers)
    return True if True in found else None if None in found else False


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """Whether none is false; unknown if none is and one is unknown."""
    found = set(answers)
    return False if False in found else None if None in found else True


def _text(when: Mapping[str, Any], value: str) -> bool | None:
    dynamic = EXPRESSION in value
    text = value.strip().lower()
    match when:
        case {"set": wanted}:
            return bool(text) is bool(wanted)
        case {"expression": wanted}:
            return dynamic is bool(wanted)
        case {"contains": part}:
            found = str(part).lower() in text
            return None if dynamic and not found else found
        case {"equals": wanted}:
            return None if dynamic else text == str(wanted).lower()
        case {"in": choices}:
            return None if dynamic else text in {str(choice).lower() for choice in choices}
    return None
