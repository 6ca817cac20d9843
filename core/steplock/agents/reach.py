"""What a model can make its agent do."""

from __future__ import annotations

import enum

from steplock.agents.invocation import Invocation
from steplock.lazy import pattern
from steplock.tables import agents
from steplock.tables.agents import Danger

# https://geminicli.com/docs/reference/configuration/#tools
_LIST = pattern(r'"(?:coreTools|core)"\s*:\s*\[')


class Reach(enum.IntEnum):
    ANSWERS = 0
    """Nothing but to answer."""
    TOOLS = 1
    """The tools it was given."""
    SENDING = 2
    """Some commands, among them such as send away what they see."""
    COMMANDS = 3
    """Any command."""


_OF_DANGER = {"any": Reach.COMMANDS, "sending": Reach.SENDING}


def settings(invocation: Invocation) -> tuple[Danger, ...]:
    """The dangerous settings it is run with."""
    if invocation.command is not None:
        return agents.dangers_of_command(invocation.agent, invocation.line)
    return agents.dangers(invocation.agent, invocation.situation())


def reach(invocation: Invocation) -> Reach:
    """The most that one setting allows."""
    allowed = [_OF_DANGER[d.commands] for d in settings(invocation) if d.commands]
    if invocation.agent.everything and not _is_listed(invocation):
        return Reach.COMMANDS
    if agents.acts(invocation.agent, invocation.situation()) is False:
        return max(allowed, default=Reach.ANSWERS)
    return max(allowed, default=Reach.TOOLS)


def _is_listed(invocation: Invocation) -> bool:
    """Whether an agent that approves every tool by itself is told which tools there are."""
    inputs = invocation.situation().inputs
    return _LIST.search(inputs.get("settings", "")) is not None or (
        inputs.get("allow-all-tools", "").strip().lower() == "false"
    )
