"""Floor 4. Permissions blocks that grant what a job needs, with the reason behind each scope."""

from __future__ import annotations

from steplock.edits import add_key, replace_value
from steplock.model import Job, Workflow
from steplock.permissions import LEVELS, Certainty, Inference, infer
from steplock.repository import Repository
from steplock.rule import Fix, Safety
from steplock.text import Edit
from steplock.trust import callers

_ABOVE = ("concurrency", "env", "defaults", "jobs")


def narrow(view: Workflow | Job, repository: Repository) -> Fix | None:
    """What grants only what is needed."""
    if isinstance(view, Workflow):
        return _workflow(view, repository)
    return _job(view, repository)


def needs(job: Job, repository: Repository) -> str:
    """What a job needs, in words."""
    inference = infer(job, repository)
    if inference.certainty is Certainty.EXACT:
        return f"it needs {phrase(inference)}"
    if inference.unseen and not inference.grants:
        return "what it needs cannot be seen"
    return f"it needs {phrase(inference)}, as far as can be seen"


def _job(job: Job, repository: Repository) -> Fix | None:
    """A block of its own for a job, in the place of the one it has."""
    inference = infer(job, repository)
    if not _is_left(job, inference, repository):
        return None
    title = f"Grant {phrase(inference)}"
    return Fix.of(title + _doubts(inference), block(job, inference), safety=safety(job, inference))


def _workflow(workflow: Workflow, repository: Repository) -> Fix | None:
    """Nothing at the top, and for each job that has no block what it needs."""
    edits: list[Edit | None] = [
        add_key(workflow.document, workflow.node, ("permissions",), "{}", _ABOVE)
    ]
    surest = Safety.SAFE
    doubts = ""
    for job in workflow.jobs:
        if job.permissions is None:
            inference = infer(job, repository)
            if not _is_left(job, inference, repository):
                return None
            edits.append(block(job, inference))
            surest = min(surest, safety(job, inference))
            doubts = doubts or _doubts(inference)
    title = "Grant nothing at the top: `permissions: {}`"
    more = ", and each job what it needs" if len(edits) > 1 else ""
    return Fix.of(f"{title}{more}{doubts}", *edits, safety=surest)


def _is_left(job: Job, inference: Inference, repository: Repository) -> bool:
    """Whether each call of the workflow leaves it what is granted: GitHub does not start one that asks for more."""
    ceilings = [caller.effective_permissions for caller in callers(job.workflow, repository)]
    return all(
        ceiling.level(grant.scope) in LEVELS[LEVELS.index(grant.level) :]
        for ceiling in ceilings
        if ceiling is not None
        for grant in inference.grants
    )


def safety(job: Job, inference: Inference) -> Safety:
    """Safe where every step is seen into, and nobody calls the workflow who may grant less."""
    is_called = "workflow_call" in job.workflow.events
    exact = inference.certainty is Certainty.EXACT and not is_called
    return Safety.SAFE if exact else Safety.UNSAFE


def phrase(inference: Inference) -> str:
    """The scopes in words: "`contents: read` and `issues: write`"."""
    scopes = [f"`{grant.scope}: {grant.level}`" for grant in inference.grants]
    if len(scopes) < 2:
        return scopes[0] if scopes else "nothing"
    return f"{', '.join(scopes[:-1])} and {scopes[-1]}"


def _doubts(inference: Inference) -> str:
    if inference.unseen:
        return f" (what `{inference.unseen[0].what}` needs is not known)"
    if inference.maybe:
        grant = inference.maybe[0]
        return f" (`{grant.scope}: {grant.level}` to {grant.reasons[0].text} is left out)"
    return ""


def block(job: Job, inference: Inference) -> Edit | None:
    """The edit that gives a job its block, behind `runs-on:` or over its own."""
    lines = [
        f"{grant.scope}: {grant.level}" + _reason(grant.reasons[0].text, job)
        for grant in inference.grants
    ]
    held = job.node.item("permissions")
    if held is not None:
        return _over(job, lines)
    if not lines:
        return add_key(job.document, job.node, ("permissions",), "{}", _behind(job))
    if job.node.flow:
        return add_key(job.document, job.node, ("permissions",), f"{{{', '.join(lines)}}}")
    if len(lines) == 1:
        scope, _, rest = lines[0].partition(": ")
        return add_key(job.document, job.node, ("permissions", scope), rest, _behind(job))
    return add_key(job.document, job.node, ("permissions",), "\n".join(lines), _behind(job))


def _reason(text: str, job: Job) -> str:
    return "" if job.node.flow or not text else f"  # to {text}"


def _over(job: Job, lines: list[str]) -> Edit | None:
    """The place of `write-all` and the like takes a block in braces: there is room for one line only."""
    held = job.node.item("permissions")
    assert held is not None
    scopes = ", ".join(line.partition("  #")[0] for line in lines)
    return replace_value(job.document, held[0], held[1], f"{{{scopes}}}")


def _behind(job: Job) -> tuple[str, ...]:
    """The key that follows `runs-on:` or `uses:`."""
    keys = [key.value for key, _ in job.node.items]
    for name in ("runs-on", "uses"):
        if name in keys[:-1]:
            return (keys[keys.index(name) + 1],)
    return ()
