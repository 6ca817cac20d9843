"""Floor 3. AI agents that steps run: who can set them going, what they are told, what they may do."""

from steplock.agents.around import mentioned_around
from steplock.agents.invocation import WORDS, Invocation, invocations, mentioned
from steplock.agents.prompts import Prompt, prompts
from steplock.agents.reach import Reach, reach, settings
from steplock.agents.risk import Drive, Risk, Stake, drives, keys, of_reading, stake, worst

__all__ = [
    "WORDS",
    "Drive",
    "Invocation",
    "Prompt",
    "Reach",
    "Risk",
    "Stake",
    "drives",
    "invocations",
    "keys",
    "mentioned",
    "mentioned_around",
    "of_reading",
    "prompts",
    "reach",
    "settings",
    "stake",
    "worst",
]
