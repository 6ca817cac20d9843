"""What strangers gain who have a say in what an agent is told."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator

from steplock.agents.invocation import Invocation
from steplock.agents.reach import Reach, reach
from steplock.lazy import pattern
from steplock.model import Job
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.syntax import Mapping, Scalar
from steplock.tables import agents
from steplock.trust import Exposure, Gate, powers, step_exposures

_SECRET = pattern(r"\bsecrets\.([\w-]+)")
# Variables that hold the key of a model.
_KEY = pattern(r"API_KEY|OAUTH|_MODEL|AUTH_TOKEN|BASE_URL", re.IGNORECASE)
# Nobody writes anything to cause these.
_WORDLESS = frozenset({"fork", "watch", "status", "check_run", "check_suite"})
# Scopes that change what people read, not what they run.
_SMALL = frozenset(
    {"checks", "discussions", "id-token", "issues", "models", "pull-requests", "statuses"}
)


class Risk(enum.IntEnum):
    """Named and ordered as the severities of findings are."""

    INFORMATIONAL = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4


class Drive(NamedTuple):
    """An event of strangers under which an agent runs with powers."""

    exposure: Exposure
    is_free: bool
    """Whether a stranger sets it going alone; otherwise somebody with rights does, and it may still read the stranger's
    text."""


class Stake(NamedTuple):
    """What the agent could take or change at the worst."""

    is_great: bool
    what: str
    """For people; empty where there is nothing."""


def drives(invocation: Invocation, repository: Repository) -> tuple[Drive, ...]:
    """The ways strangers' words get to an agent, those first where nobody is asked."""
    return tuple(sorted(_drives(invocation, repository), key=lambda drive: not drive.is_free))


def _drives(invocation: Invocation, repository: Repository) -> Iterator[Drive]:
    for exposure in step_exposures(invocation.step, repository):
        if not exposure.has_powers or exposure.event in _WORDLESS:
            continue
        asks = agents.gated(invocation.agent, invocation.situation(exposure.event))
        alone = exposure.gate in (Gate.NONE, Gate.ENVIRONMENT) and asks is False
        yield Drive(exposure, alone)


def worst(invocation: Invocation, repository: Repository) -> tuple[Risk, Drive] | None:
    """The worst that strangers can do with an agent; None where their words do not get to it with powers."""
    found = [
        (
            _risk(invocation, drive.exposure.job, drive.is_free, drive.exposure.gate, repository),
            drive,
        )
        for drive in drives(invocation, repository)
    ]
    return max(found, key=lambda pair: pair[0], default=None)


def of_reading(invocation: Invocation, repository: Repository) -> Risk:
    """The worst of an agent that fetches texts of strangers in runs that no stranger causes."""
    job, workflow = invocation.step.job, invocation.step.workflow
    if job is None or workflow is None:
        return Risk.LOW
    unattended = not workflow.events.isdisjoint(("schedule", "push"))
    return _risk(invocation, job, unattended, Gate.NONE, repository)


def _risk(
    invocation: Invocation, job: Job, is_free: bool, gate: Gate, repository: Repository
) -> Risk:
    can = reach(invocation)
    if can is Reach.ANSWERS:
        return Risk.INFORMATIONAL
    held = stake(invocation, job, repository)
    if gate is Gate.ENVIRONMENT:
        # Somebody may have to approve of it, or the environment is there for its secrets only.
        return Risk.MEDIUM if can is Reach.COMMANDS and held.what else Risk.LOW
    if not is_free:
        return Risk.MEDIUM if can is Reach.COMMANDS and held.is_great else Risk.LOW
    match can:
        case Reach.COMMANDS:
            return Risk.HIGH if held.what else Risk.LOW
        case Reach.SENDING:
            return Risk.HIGH if held.is_great else Risk.MEDIUM if held.what else Risk.LOW
    return Risk.MEDIUM if held.is_great else Risk.LOW


def stake(invocation: Invocation, job: Job, repository: Repository) -> Stake:
    """What of the job's powers is within reach of the agent."""
    held = powers(job, repository)
    own, tokens = _given(invocation)
    writes = [scope for scope in held.writes if scope not in _SMALL]
    small = [scope for scope in held.writes if scope in _SMALL and scope != "id-token"]
    taken = [name for name in held.secrets if name in tokens]
    if reach(invocation) >= Reach.SENDING:
        taken += [name for name in held.secrets if name not in own]
    if taken and "*" not in taken:
        return Stake(True, f"`secrets.{taken[0]}`")
    if writes:
        return Stake(True, "a token that may write everything" if "*" in writes else f"`{writes[0]}: write`")  # fmt: skip
    if held.is_default_token:
        return Stake(True, "a token whose powers nothing limits")
    if reach(invocation) >= Reach.SENDING:
        if held.oidc:
            return Stake(True, "an identity at other services (`id-token: write`)")
        if own:
            return Stake(False, f"`secrets.{min(own)}`")
    return Stake(False, f"`{small[0]}: write`" if small else "")


def keys(invocation: Invocation) -> frozenset[str]:
    """The secrets that pay for the model."""
    return _given(invocation)[0]


def _given(invocation: Invocation) -> tuple[frozenset[str], frozenset[str]]:
    """The secrets that pay for the model, and those that are tokens for GitHub which the agent is handed."""
    own, tokens = set[str](), set[str]()
    inputs = invocation.step.node.get("with")
    for key, value in inputs.items if isinstance(inputs, Mapping) else ():
        if isinstance(value, Scalar):
            (tokens if "github" in key.value.lower() else own).update(_secrets(value.value))
    nodes = [invocation.step.node]
    if invocation.step.job is not None:
        nodes += [invocation.step.job.node, invocation.step.job.workflow.node]
    for node in nodes:
        env = node.get("env")
        for key, value in env.items if isinstance(env, Mapping) else ():
            if isinstance(value, Scalar) and _KEY.search(key.value):
                own.update(_secrets(value.value))
    return frozenset(own), frozenset(tokens)


def _secrets(text: str) -> Iterator[str]:
    if "secrets." in text:
        for name in _SECRET.findall(text):
            if name.upper() != "GITHUB_TOKEN":
                yield name.upper()
