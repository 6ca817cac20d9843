"""Floor 3. What a step does that changes more than a label or a comment."""

from __future__ import annotations

from steplock.lazy import pattern
from steplock.model import Step
from steplock.named import NamedTuple
from steplock.syntax import Mapping, Scalar
from steplock.tables import agents, poisonable, publishers
from steplock.text import Span
from steplock.trust import Powers, situation

# The scopes with which a run answers.
_ANSWERS = frozenset({"checks", "discussions", "issues", "pull-requests", "statuses"})
_TOKEN = pattern(r"github\.token|secrets\.GITHUB_TOKEN\b")
# What of `gh` changes more than a label or a comment.
_GH = (
    ("workflow", "run"), ("pr", "merge"), ("release", "create"), ("release", "upload"), ("release", "delete"),
    ("repo", "sync"), ("run", "rerun"), ("secret", "set"), ("variable", "set"),
)  # fmt: skip


class Deed(NamedTuple):
    step: Step
    span: Span
    what: str
    """For people: the command or the action."""


def deed(step: Step, held: Powers) -> Deed | None:
    """The first of what a step does beyond an answer; `held` are the powers of its job."""
    uses = step.uses
    if uses is not None:
        if agents.of(uses.action) is not None or uses.owner in ("actions", "github"):
            return None
        publishes = publishers.publishes(uses.action, situation(step))
        return Deed(step, uses.span, uses.name) if publishes or _secret(step) else None
    if step.run is None or step.script is None:
        return None
    run = step.run
    for command in step.script.commands:
        argv = (command.name, *(word.value for word in command.argv))
        acts = any(command.runs("gh", *words) for words in _GH) or command.runs("git", "push")
        if command.name and (acts or publishers.command(argv)):
            return Deed(step, step.document.locate(run, command.span), " ".join(argv[:3]))
    if not _secret(step) and not _reaches_further(step, held):
        return None
    for command in step.script.commands:
        if command.path or poisonable.command((command.name, *(w.value for w in command.argv))):
            return Deed(step, step.document.locate(run, command.span), command.path or command.name)
    return None


def _reaches_further(step: Step, held: Powers) -> bool:
    """Whether what a step starts may do more than answer: as somebody at a cloud, or with the token it is given."""
    if held.oidc:
        return True
    return bool(set(held.writes) - _ANSWERS) and any(map(_TOKEN.search, _texts(step)))


def _secret(step: Step) -> bool:
    """Whether a step gets a secret, the job's own token not counted."""
    return any("secrets." in text.replace("secrets.GITHUB_TOKEN", "") for text in _texts(step))


def _texts(step: Step) -> list[str]:
    texts = [step.run.value if step.run else ""]
    for node in (step.env, step.inputs):
        if isinstance(node, Mapping):
            texts += [value.value for _, value in node.items if isinstance(value, Scalar)]
    return texts
