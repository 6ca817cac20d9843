"""Who can fire a trigger, who can run a job, who controls a value: the core's answers as sentences."""

from __future__ import annotations

from steplock.expression import Reference
from steplock.model import Expression, Job, Trigger, Workflow
from steplock.repository import Repository
from steplock.tables.contexts import Control, capability
from steplock.taint import Hop, Taint, Taints, Who, analysis
from steplock.trust import CACHE_WRITERS, SANDBOXED, STRANGERS_ACTIONS, Tier, trust
from steplock.trust.events import strangers_actions
from steplock_lsp.granted import job_needs


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
    """Markdown: a job's trust tier and why, and what its token needs."""
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
    lines += job_needs(job, repository)
    return "\n".join(lines).rstrip()


_WHO = {
    Who.STRANGER: "**anybody** chooses it, in a run with the powers of the repository",
    Who.FORK: "**anybody** chooses it, in runs of a fork's pull request, which have no secrets",
    Who.CALLER: "whoever calls this chooses it",
    Who.AUTHOR: "whoever wrote the commits chose it, and somebody with write access let them in",
    Who.WRITER: "people with write access choose it",
    Who.OWNER: "who may change the repository's settings chooses it",
    Who.UNSEEN: "who chooses it cannot be seen here",
    Who.NOBODY: "it is empty here, or a mere word",
}


def reference_text(expression: Expression, reference: Reference, repository: Repository) -> str:
    """Markdown: where a value comes from and who controls it."""
    dotted = ".".join(reference.path)
    if reference.path[0] == "secrets":
        return (
            f"**`{dotted}`** is a secret. GitHub hides it in logs; code in the job that gets it "
            "can send it anywhere."
        )
    found = analysis(expression.file, repository)
    for source in found.sources(expression.scalar, expression.parent):
        if source.span == reference.node.span:
            return f"**`{dotted}`**: {_taints_text(source.taints, expression)}"
    return f"**`{dotted}`** {_control(expression, reference.path)}"


def _taints_text(taints: Taints, expression: Expression) -> str:
    if not taints:
        return "nobody has a say in it."
    worst = taints[0]
    lines = [f"{_WHO[worst.who]}{_freely(worst)}.", ""]
    lines += (f"- {hop.message}, {_where(hop, expression)}" for hop in worst.hops)
    return "\n".join(lines).rstrip()


def _freely(taint: Taint) -> str:
    if taint.who in (Who.NOBODY, Who.UNSEEN):
        return ""
    match taint.control:
        case Control.HARMLESS:
            return ". As text it is harmless; what it names is theirs"
        case Control.CONSTRAINED:
            return ", from letters, digits and a few signs"
    lines = " with line ends" if taint.lines else ""
    return (
        f": any text{lines}. In a script it is code: pass it through `env:` "
        "and use the variable in quotes"
    )


def _where(hop: Hop, expression: Expression) -> str:
    if hop.path != expression.file.path:
        return hop.path
    return f"line {expression.document.lines.line(hop.span.start) + 1}"


def _control(expression: Expression, path: tuple[str, ...]) -> str:
    """For a context whose text goes nowhere, as in a condition."""
    events = expression.file.events if isinstance(expression.file, Workflow) else None
    known = capability(path, events)
    if known is None:
        return "is worked out by this workflow."
    if known.control is Control.HARMLESS:
        return "is harmless: nobody can put text of his own into it."
    who = "anybody" if known.outsider else "people who can write to the repository"
    return f"is chosen by {who}."
