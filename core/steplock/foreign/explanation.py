"""Who can run a job, with what, and what of theirs it touches, told to people."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.foreign.touches import Touch, touches
from steplock.model import Job
from steplock.repository import Repository
from steplock.text import Lines
from steplock.trust import Exposure, Gate, Place, Tier, Trust, checks_of_needed, trust

_TIERS = {
    Tier.UNTRUSTED: "untrusted: strangers reach it, and it holds nothing of worth",
    Tier.METADATA: "exposed: strangers cause it, and it has powers",
    Tier.PRIVILEGED: "privileged: only people with write access cause it",
}
_GATES = {
    Gate.NONE: "anybody",
    Gate.LABEL: "anybody, once somebody with rights put a label on",
    Gate.PERSON: "somebody with rights, for what a stranger sent",
    Gate.ENVIRONMENT: "anybody, if the environment asks for no approval",
}


def explanation(job: Job, repository: Repository) -> str:
    """What is known of a job, in lines: what starts it, who can, what it holds, what of strangers it touches."""
    return "\n".join(_lines(job, trust(job, repository), repository))


def _lines(job: Job, found: Trust, repository: Repository) -> Iterator[str]:
    yield f"job `{job.id}` of {job.workflow.path}"
    yield f"  {_TIERS[found.tier]}"
    yield ""
    yield "Started by"
    strangers = {exposure.event for exposure in found.exposures}
    for trigger in job.workflow.triggers:
        if trigger.name not in strangers and trigger.name != "workflow_call":
            yield f"  {trigger.name}: people with write access, or GitHub itself"
    for exposure in found.exposures:
        yield from _exposure(exposure, repository)
    if "workflow_call" in job.workflow.events and not any(
        e.way[0].path != job.workflow.path for e in found.exposures
    ):
        yield "  workflow_call: no caller in this repository that strangers reach"
    for check in checks_of_needed(job):
        yield f"  step {check.step.index + 1} of a job before it asks for the {check.gate.kind}"
    yield ""
    yield "Holds"
    for phrase in found.powers.phrases() or ("a token that can only read",):
        yield f"  {phrase}"
    if not any(exposure.has_powers for exposure in found.exposures) and found.exposures:
        yield "  but nothing of it in the runs that strangers cause"
    yield ""
    yield "Touches of strangers"
    said = list(dict.fromkeys(_touches(job, found, repository)))
    if any(not exposure.brings_code for exposure in found.exposures):
        said.insert(0, "  the code of pull requests, in runs that have no powers")
    yield from said or ("  nothing that is seen",)


def _exposure(exposure: Exposure, repository: Repository) -> Iterator[str]:
    sure = "" if exposure.certain else ", who changes the workflow it waits for"
    powers = "" if exposure.brings_code else ", without secrets and with a token that reads"
    fork = ", but for a fork's pull request" if powers and exposure.has_powers else ""
    yield f"  {exposure.event}: {_GATES[exposure.gate]}{sure}{fork}{powers}"
    for place in exposure.way:
        yield f"    {_at(place, repository)}  {place.message}"
    if exposure.again and exposure.gate is Gate.LABEL:
        yield "    and again, alone, with each push while the label is on"


def _touches(job: Job, found: Trust, repository: Repository) -> Iterator[str]:
    for exposure in found.exposures:
        for touch in touches(job, exposure.event, repository):
            place = _at(Place("", touch.path, touch.span), repository)
            yield f"  {place}  {_said(touch)}"


def _said(touch: Touch) -> str:
    match touch.kind:
        case "code" if touch.refused:
            return f"{touch.what}, which checkout's own guard refuses"
        case "code":
            return f"{touch.what}, and `{touch.runs}` runs it"
        case "files":
            return f"{touch.what}, which nothing is seen to run"
        case "text":
            return f"{touch.what} becomes part of a script"
        case "agent":
            return f"the agent `{touch.what}` reads what they wrote"
    return f"whatever `{touch.what}` looks at"


def _at(place: Place, repository: Repository) -> str:
    text = next((file.document.text for file in repository.files(place.path)), "")
    return f"{place.path}:{Lines(text).position(place.span.start).line + 1}"
