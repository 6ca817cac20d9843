"""Where a step runs an AI agent: as an action, or as a command of its script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from steplock.model import Step
from steplock.named import NamedTuple
from steplock.shell import Command
from steplock.syntax import Document, Mapping, Scalar
from steplock.tables import agents
from steplock.tables.agents import Agent
from steplock.tables.conditions import Situation
from steplock.text import Span

# What a file with one of the agents in the table has in it, to look before that loads: a part of the name, but for
# `amp`, which is a part of too much.
WORDS = (
    "agent", "ai-", "aider", "amp_api_key", "ampcode", "auggie", "augment", "chatgpt", "claude", "codex",
    "copilot", "droid", "gemini", "goose", "openai", "opencode", "openhands", "qwen", "sourcegraph",
)  # fmt: skip
# Workflows that are compiled from Markdown run their agent in a box of their own, and let other jobs write.
_COMPILED = "github/gh-aw/actions/setup"


class Invocation(NamedTuple):
    agent: Agent
    step: Step
    span: Span
    """The action, or the command."""
    name: str
    """For people: `claude`, `anthropics/claude-code-action`."""
    command: Command | None = None

    @property
    def line(self) -> tuple[str, ...]:
        """The command line, with the variables that are set before it; empty for an action."""
        if self.command is None:
            return ()
        given = [f"{key}={value}" for key, value in _env(self.step).items()]
        given += [f"{one.name}={one.value.value}" for one in self.command.assignments]
        return (*_words(self.command), *given)

    def situation(self, event: str | None = None) -> Situation:
        """The step as the table asks about it, under one event."""
        inputs = self.step.input_texts if self.command is None else {}
        version = self.step.uses.version if self.step.uses else None
        events = (event,) if event else None
        return Situation(inputs, _env(self.step), version=version or "", events=events)


def invocations(step: Step) -> tuple[Invocation, ...]:
    """The agents that a step runs."""
    if not mentioned(step.document):
        return ()
    text = step.uses.action if step.uses else step.run.value if step.run else ""
    return tuple(_found(step)) if "amp" in text or _names_one(text) else ()


def mentioned(document: Document) -> bool:
    """Whether a file may name an agent: a cheap look."""
    return document.hears_one(WORDS)


@lru_cache(maxsize=64)  # several rules ask about one step after another
def _names_one(text: str) -> bool:
    return any(word in text for word in WORDS)


def _found(step: Step) -> Iterator[Invocation]:
    if any(other.uses and other.uses.action == _COMPILED for other in step.parent.steps):
        return
    if step.uses is not None:
        agent = agents.of(step.uses.action) if step.uses.is_remote else None
        if agent is not None:
            yield Invocation(agent, step, step.uses.span, step.uses.name)
        return
    if step.run is None or step.script is None:
        return
    for command in step.script.commands:
        agent = agents.command(_words(command)) if command.name else None
        if agent is not None and not _is_set_up(command):
            span = step.document.locate(step.run, command.span)
            yield Invocation(agent, step, span, agent.name, command)


def _is_set_up(command: Command) -> bool:
    """Whether it only asks the program about itself, or changes its settings."""
    first = next((word.value for word in command.argv), "")
    return first in _SET_UP


_SET_UP = frozenset(
    ["--version", "-v", "-V", "--help", "-h", "mcp", "config", "update", "install", "doctor", "login", "auth"]
)  # fmt: skip


def _words(command: Command) -> tuple[str, ...]:
    return tuple(word.value for word in command.words[command.head :])


def _env(step: Step) -> dict[str, str]:
    """The variables of a step, as far as `env:` blocks write them."""
    found: dict[str, str] = {}
    nodes = [step.job.workflow.node, step.job.node] if step.job else []
    for node in (*nodes, step.node):
        env = node.get("env")
        for key, value in env.items if isinstance(env, Mapping) else ():
            if isinstance(value, Scalar):
                found[key.value] = value.value
    return found
