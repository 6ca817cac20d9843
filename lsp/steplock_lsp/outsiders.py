"""Who can fire a trigger, who can run a job, who controls a value: the core's answers as sentences."""

from __future__ import annotations

from steplock.expression import Reference
from steplock.model import Expression, Job, Trigger, Workflow
from steplock.repository import Repository
from steplock.tables.contexts import Control, capability
from steplock.trust import CACHE_WRITERS, SANDBOXED, Tier, trust
from steplock.trust.events import STRANGERS_ACTIONS, strangers_actions


def trigger_text(trigger: Trigger) -> str:
    """Markdown: who can fire a trigger, and what GitHub gives the run."""
    name = trigger.name
    lines = [f"**`{name}`** can be fired by {_who(trigger)}.", ""]
    if name == "workflow_call":
        return f"**`{name}`** runs with the event, the token and at most the secrets of its caller."
    if name in SANDBOXED:
        lines.append("- From a fork, the run gets no secrets and a token that can only read.")
    elif name in STRANGERS_ACTIONS:
        lines.append(
            "- The run gets the repository's secrets and the token that `permissions:` asks for, "
            "whoever fired it."
        )
    if name in CACHE_WRITERS:
        lines.append("- The run may write the cache that other branches read.")
    return "\n".join(lines).rstrip()


def _who(trigger: Trigger) -> str:
    if trigger.name not in STRANGERS_ACTIONS:
        return "people who can write to the repository, or by GitHub itself"
    types = trigger.listed("types")
    if types is not None and not strangers_actions(trigger.name, types):
        return "people with at least the triage role, of the types that are listed"
    return "**anybody**"


_TIERS = {
    Tier.UNTRUSTED: "untrusted: strangers reach it, and it holds nothing of worth",
    Tier.METADATA: "at risk: strangers can make it run, and it has powers",
    Tier.PRIVILEGED: "trusted: only people who can write to the repository make it run",
}


def tier_name(job: Job, repository: Repository) -> str:
    """One word for a job's tier."""
    return _TIERS[trust(job, repository).tier].partition(":")[0]


def job_text(job: Job, repository: Repository) -> str:
    """Markdown: a job's trust tier and why."""
    known = trust(job, repository)
    lines = [f"Job **`{job.id}`** is {_TIERS[known.tier]}.", ""]
    for exposure in dict.fromkeys((e.event, e.gate.value, e.has_powers) for e in known.exposures):
        event, gate, has_powers = exposure
        needs = "" if gate == "nothing" else f", who needs {gate}"
        gets = (
            "" if has_powers else "; from a fork without secrets, and with a token that only reads"
        )
        lines.append(f"- `{event}`: by anybody{needs}{gets}")
    phrases = known.powers.phrases()
    if phrases:
        lines.append(f"- It holds {', '.join(phrases)}.")
    return "\n".join(lines).rstrip()


def reference_text(expression: Expression, reference: Reference) -> str:
    """Markdown: where a value comes from and who controls it."""
    path = reference.path
    dotted = ".".join(path)
    origin = _origin(expression, path)
    if origin:
        return f"**`{dotted}`** {origin}"
    return f"**`{dotted}`** {_control(expression, path)}"


def _control(expression: Expression, path: tuple[str, ...]) -> str:
    if path[0] == "secrets":
        return "is a secret: GitHub masks it in logs, and any code in the job that gets it can send it away."
    events = expression.file.events if isinstance(expression.file, Workflow) else None
    known = capability(path, events)
    if known is None:
        return "is worked out by this workflow."
    if known.control is Control.HARMLESS:
        if known.outsider:
            return "is harmless as text; what it names, an outsider chose."
        return "is harmless: nobody can put text of his own into it."
    who = "**anybody**" if known.outsider else "people who can write to the repository"
    if known.control is Control.CONSTRAINED:
        return f"is set by {who}, to letters, digits and a few signs only."
    return (
        f"is set by {who}, to any text. In a script it is code: pass it through `env:` "
        "and use the variable in quotes."
    )


def _origin(expression: Expression, path: tuple[str, ...]) -> str | None:
    job = expression.job
    match path:
        case ("steps", id, "outputs", name) if job is not None:
            step = next((s for s in job.all_steps if s.id and s.id.lower() == id), None)
            if step is None:
                return f"is an output of a step `{id}`, which this job does not have."
            what = f"`{step.uses.value}`" if step.uses else "its script"
            line = step.document.lines.line(step.span.start) + 1
            return f"is the output `{name}` of the step on line {line}, set by {what}."
        case ("needs", id, *_) if job is not None:
            other = next((j for j in job.workflow.jobs if j.id.lower() == id), None)
            if other is None:
                return f"is of a job `{id}`, which this workflow does not have."
            return f"comes from job `{other.id}` on line {_line(other)}."
        case ("env", name):
            return f"is the environment variable that `env:` of this file, or an earlier step, sets as `{name}`."
        case ("matrix", name, *_):
            return f"is the entry `{name}` of the job's matrix."
        case ("inputs", name, *_):
            return (
                f"is the input `{name}` that the caller, or who starts the workflow by hand, gives."
            )
    return None


def _line(job: Job) -> int:
    return job.document.lines.line(job.key.span.start) + 1
