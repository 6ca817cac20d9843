"""AI agents in workflows: what they read, what they may do, whom they obey.

core/update/agents.py writes the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from steplock.annotations import Any, Literal
from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock.tables import commands, look_up
from steplock.tables.conditions import ANY, EXPRESSION, Situation, holds, written
from steplock.tables.rows import typed

_EMPTY: Mapping[str, Any] = {}

_FENCE = pattern(r"\$\{\{.{0,500}?\}\}", re.DOTALL)


class Danger(NamedTuple):
    """A setting that makes an agent dangerous."""

    input: str
    """The input; `argv` of a command, `env.NAME` of the environment, `frontmatter KEY` of an agentic workflow."""
    pattern: str
    why: str
    """For people."""
    kind: Literal["open", "power", "file", "leak"]
    """`open`: strangers drive it. `power`: it may do too much. `file`: the work tree says what it does. `leak`: what
    it sees or answers gets out."""
    some: bool = False
    """It lets in some who are named, not all."""
    commands: Literal["", "any", "sending"] = ""
    """Which commands it lets the model run: any it likes, or some that can send away what they see."""


class Agent(NamedTuple):
    """An action, reusable workflow or command that has a language model act."""

    name: str
    vendor: str = ""
    subcommand: str = ""
    """The word that makes a command run without a person: `exec` of `codex exec`."""
    prompts: tuple[str, ...] = ()
    """The inputs that it obeys."""
    reads: tuple[str, ...] = ()
    """Text of strangers that it reads without being given it, for people."""
    tools: bool = False
    """Whether it acts by itself; otherwise it only completes a text, and what matters is where that goes."""
    tools_when: Mapping[str, Any] = _EMPTY
    """When one of those acts after all."""
    everything: bool = False
    """It approves every tool by itself, whatever its inputs."""
    gate: str = ""
    """Whom it refuses by itself, for people; empty if it asks nobody."""
    gate_off: Mapping[str, Any] = _EMPTY
    gate_spares: tuple[str, ...] = ()
    """Events on which it does not ask."""
    files: tuple[str, ...] = ()
    """Files of the work tree that it obeys; some are told in words."""
    restored: tuple[str, ...] = ()
    """Files that it takes from the base branch instead, since the release `restored_since`."""
    restored_since: str = ""
    outputs: tuple[str, ...] = ()
    """Outputs that hold what the model wrote; `stdout` of a command."""
    secret_outputs: tuple[str, ...] = ()
    output_injection: str = ""
    """How its answer can set further outputs, for people."""
    dangers: tuple[Danger, ...] = ()
    archived: bool = False
    note: str = ""
    source: str = ""
    date: str = ""
    sure: bool = False
    """Whether its source was read; otherwise the row is from a copy, documentation or general knowledge."""


@lru_cache(maxsize=1024)
def of(action: str) -> Agent | None:
    """The agent that the action or reusable workflow `owner/repo[/path]` is."""
    row = look_up("agents", action.lower(), "actions")
    return _agent(row) if row else None


def command(argv: Sequence[str]) -> Agent | None:
    """The agent that a command line runs, its name the first word; runners (`npx`) are looked through."""
    for words in commands.readings(argv):
        row = look_up("agents", words[0], "commands")
        if row is not None:
            subcommand = row.get("subcommand", "")
            return _agent(row) if not subcommand or subcommand in words else None
    return None


def dangers(agent: Agent, step: Situation = ANY) -> tuple[Danger, ...]:
    """The dangerous settings among the inputs and variables of a step; what an expression gives is not known."""
    return tuple(danger for danger in agent.dangers if _shows(danger, step))


def dangers_of_command(agent: Agent, argv: Sequence[str]) -> tuple[Danger, ...]:
    """The dangerous flags of a command line."""
    line = " ".join(argv)
    return tuple(
        d for d in agent.dangers if d.input == "argv" and _compiled(d.pattern).search(line)
    )


def gated(agent: Agent, step: Situation = ANY) -> bool | None:
    """Whether it refuses people without write access by itself; None if an expression decides."""
    if not agent.gate:
        return False
    if step.events and set(step.events) & set(agent.gate_spares):
        return False
    off = holds(agent.gate_off, step) if agent.gate_off else False
    return None if off is None else not off


def acts(agent: Agent, step: Situation = ANY) -> bool | None:
    """Whether it has tools, so that text it reads can make it do something."""
    return True if agent.tools else holds(agent.tools_when, step) if agent.tools_when else False


def obeys_file(agent: Agent, path: str, version: str = "") -> bool:
    """Whether it obeys a file of the work tree, `CLAUDE.md` or one in `.claude/`."""
    from steplock.tables.ranges import at_least

    known = agent.files
    if agent.restored and at_least(version, agent.restored_since) is False:
        known += agent.restored
    return any(path == name or (name.endswith("/") and path.startswith(name)) for name in known)


def _agent(row: Mapping[str, Any]) -> Agent:
    return typed(
        Agent, {**row, "dangers": [typed(Danger, danger) for danger in row.get("dangers", ())]}
    )


def _shows(danger: Danger, step: Situation) -> bool:
    if danger.input.startswith("env."):
        value = step.env.get(danger.input.removeprefix("env."))
    else:
        value = written(step.inputs, danger.input)
    if value is None:
        return False
    if EXPRESSION in value and danger.input != "github_token":
        value = _FENCE.sub("", value).strip()
    # Settings are JSON, mostly over several lines.
    return _compiled(danger.pattern, danger.input == "settings").search(value) is not None


@cache
def _compiled(pattern: str, lines: bool = False) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL if lines else 0)
