"""What an agent is told, as far as a workflow writes it: inputs, words of a command line, what is piped in, variables."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.agents.invocation import Invocation
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.shell import Command
from steplock.syntax import Mapping, Scalar
from steplock.taint import Analysis, Control, Taint, Taints, Who, analysis, in_word
from steplock.taint.scripts import piped
from steplock.text import Span


class Prompt(NamedTuple):
    """A text of a stranger that an agent gets to read."""

    span: Span
    where: str
    """For people: `the prompt`."""
    taint: Taint
    is_told: bool = True
    """Whether the prompt holds it, or names the variable that does; otherwise it only lies beside it."""


def prompts(invocation: Invocation, repository: Repository) -> Iterator[Prompt]:
    """The texts of strangers among what an agent is told, each place once."""
    known = analysis(invocation.step.file, repository)
    if invocation.command is not None:
        yield from _of_command(invocation, invocation.command, known)
        return
    names = {name.lower() for name in invocation.agent.prompts}
    told = ""
    for key, value in invocation.step.inputs.items if invocation.step.inputs else ():
        if key.value.lower() in names and isinstance(value, Scalar):
            told += value.value
            yield from _in(value, f"`{key.value}:`", invocation, known)
    env = invocation.step.env
    for key, value in env.items if isinstance(env, Mapping) else ():
        if isinstance(value, Scalar):
            where = f"the variable `{key.value}`"
            for prompt in _in(value, where, invocation, known, own=True):
                yield prompt._replace(is_told=key.value in told)


def _in(
    scalar: Scalar, where: str, invocation: Invocation, known: Analysis, own: bool = False
) -> Iterator[Prompt]:
    seen = set[Span]()
    for source in known.sources(scalar, invocation.step, own):
        taint = _of_stranger(source.taints)
        if taint is not None and source.span not in seen:
            seen.add(source.span)
            yield Prompt(invocation.step.document.locate(scalar, source.span), where, taint)


def _of_command(invocation: Invocation, command: Command, known: Analysis) -> Iterator[Prompt]:
    step = invocation.step
    assert step.run is not None
    for word in command.argv:
        taint = _of_stranger(in_word(known, step, word))
        if taint is not None:
            span = step.document.locate(step.run, word.span)
            yield Prompt(span, "what it is told", taint)
    taint = _of_stranger(piped(known, step, command))
    if taint is not None:
        yield Prompt(invocation.span, "what is piped into it", taint)
    for redirect in command.redirects:
        taint = _of_stranger(in_word(known, step, redirect.body)) if redirect.body else None
        if taint is not None:
            yield Prompt(invocation.span, "what it reads", taint)


def _of_stranger(taints: Taints) -> Taint | None:
    found = (t for t in taints if t.who >= Who.FORK and t.control is Control.FREE)
    return next(found, None)
