"""Floor 3. The least that the token of a job has to be allowed, with a reason for each scope.

From what is known of actions, of commands and of calls to GitHub's API; what cannot be seen into is named.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator

from steplock.lazy import pattern
from steplock.model import Action, Job, Step, Uses, Workflow
from steplock.named import NamedTuple
from steplock.repository import Repository
from steplock.shell import Command
from steplock.syntax import Mapping, Scalar
from steplock.tables import apis, permissions, publishers
from steplock.tables.conditions import Situation
from steplock.text import Span

LEVELS = ("none", "read", "write")
_TOKENS = ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
_REQUESTS = ("curl", "wget", "http", "https", "xh", "hub")
_API = pattern(r"^(?:https?://api\.github\.com|\$\{?GITHUB_API_URL\}?|\$\{\{\s*github\.api_url)")
# Programs that run a script or a recipe, which may use the token in any way.
_PROGRAMS = frozenset(
    [
        "make", "just", "npm", "npx", "pnpm", "yarn", "bun", "node", "deno", "python", "python3",
        "ruby", "bash", "sh", "pwsh", "go", "cargo", "gradle", "mvn", "poetry", "uv", "uvx", "hatch", "tox", "pixi", "nox", "mage", "task"
    ]
)  # fmt: skip
_OCTOKIT = pattern(r"\bgithub\.(?!context|token)\w|\boctokit\b", re.IGNORECASE)
_SOUNDS_LIKE_PUBLISHING = pattern(
    r"release|publish|deploy|upload|push|tag\b|bump|gh-pages", re.IGNORECASE
)
_INPUT = pattern(r"\$\{\{\s*inputs\.([\w-]+)\s*\}\}")
_MAX_DEPTH = 6


class Certainty(enum.IntEnum):
    UNKNOWN = 0
    """Something that has the token cannot be seen into."""
    PARTIAL = 1
    """Whether some of it is needed depends on what the file does not show."""
    EXACT = 2


class Reason(NamedTuple):
    """Why a scope is needed, and by what; `text` stands behind "to"."""

    text: str
    span: Span


class Grant(NamedTuple):
    scope: str
    level: str
    reasons: tuple[Reason, ...]


class Unseen(NamedTuple):
    """A step that may use the token in ways that cannot be seen."""

    what: str
    span: Span


class Inference(NamedTuple):
    grants: tuple[Grant, ...]
    """What is needed, by scope."""
    maybe: tuple[Grant, ...]
    """What is needed under circumstances that the file does not show."""
    unseen: tuple[Unseen, ...]

    @property
    def certainty(self) -> Certainty:
        if self.unseen:
            return Certainty.UNKNOWN
        return Certainty.PARTIAL if self.maybe else Certainty.EXACT

    def level(self, scope: str) -> str:
        return next((g.level for g in self.grants if g.scope == scope), "none")


class _Need(NamedTuple):
    scope: str
    level: str
    text: str
    span: Span
    is_sure: bool = True


def infer(job: Job, repository: Repository) -> Inference:
    """The least permissions of a job."""
    key = ("permissions", job, repository.changes)
    return repository.once(key, lambda: _inferred(_needs(job, repository)))


def needs_exactly(job: Job, repository: Repository) -> Inference | None:
    """The same where all is seen into and nothing depends on what the file does not show; else None, and soon."""
    found = []
    # The actions first: one of which nothing is known is found sooner than a script is read.
    steps = sorted(job.steps, key=lambda step: step.uses is None)
    for one in _needs(job, repository, steps):
        if isinstance(one, Unseen) or not one.is_sure:
            return None
        found.append(one)
    return _inferred(found)


def _needs(
    job: Job, repository: Repository, steps: Iterable[Step] | None = None
) -> Iterator[_Need | Unseen]:
    return _call(job, repository, 0) if job.uses else _job(job, repository, steps)


def _inferred(of: Iterable[_Need | Unseen]) -> Inference:
    found = list(of)
    needs = [one for one in found if isinstance(one, _Need)]
    unseen = tuple(dict.fromkeys(one for one in found if isinstance(one, Unseen)))
    grants = _grants([need for need in needs if need.is_sure])
    sure = {grant.scope: LEVELS.index(grant.level) for grant in grants}
    maybe = tuple(
        grant
        for grant in _grants([need for need in needs if not need.is_sure])
        if LEVELS.index(grant.level) > sure.get(grant.scope, 0)
    )
    return Inference(grants, maybe, unseen)


def _grants(needs: list[_Need]) -> tuple[Grant, ...]:
    by_scope: dict[str, list[_Need]] = {}
    for need in needs:
        by_scope.setdefault(need.scope, []).append(need)
    found = []
    for scope, wanted in sorted(by_scope.items()):
        level = max((need.level for need in wanted), key=LEVELS.index)
        reasons = dict.fromkeys(Reason(n.text, n.span) for n in wanted if n.level == level)
        found.append(Grant(scope, level, tuple(reasons)))
    return tuple(found)


def _job(
    job: Job, repository: Repository, steps: Iterable[Step] | None = None
) -> Iterator[_Need | Unseen]:
    situation = Situation(
        events=None if "workflow_call" in job.workflow.events else job.workflow.events,
        logins=frozenset(_logins(job)),
        checkout=any(step.uses and step.uses.action == "actions/checkout" for step in job.steps),
        uses=frozenset(step.uses.action for step in job.steps if step.uses),
    )
    inherited = {**_texts(job.workflow.env), **_texts(job.env)}
    for step in job.steps if steps is None else steps:
        yield from _step(step, situation, inherited, repository)


def _call(job: Job, repository: Repository, depth: int) -> Iterator[_Need | Unseen]:
    """What the jobs of a called workflow need; their own blocks count where they have some."""
    assert job.uses is not None
    callee = repository.callee(job.uses)
    if not isinstance(callee, Workflow) or depth >= _MAX_DEPTH:
        yield from _known_action(job.uses, Situation(), job.uses.span)
        return
    for inner in callee.jobs:
        declared = inner.permissions or callee.permissions
        if declared is None:
            nested = _call(inner, repository, depth + 1) if inner.uses else _job(inner, repository)
            for one in nested:
                yield one._replace(span=job.uses.span)
        elif declared.all:
            yield Unseen(f"`{declared.all}` of job `{inner.id}`", job.uses.span)
        for scope in declared.scopes if declared else ():
            if scope.level in ("read", "write"):
                text = f"let job `{inner.id}` of the called workflow have it"
                yield _Need(scope.name, scope.level, text, job.uses.span)


def _step(
    step: Step,
    situation: Situation,
    env: dict[str, str],
    repository: Repository,
    given: dict[str, str] | None = None,
    depth: int = 0,
) -> Iterator[_Need | Unseen]:
    """What a step needs; `given` are the inputs of the composite action it stands in."""
    env = {**env, **_texts(step.env, given)}
    if step.uses is None:
        yield from _script(step, env, situation)
        return
    known = situation._replace(
        inputs=_texts(step.inputs, given), env=env, version=step.uses.version or ""
    )
    if step.uses.is_docker:
        if any(
            permissions.is_job_token(value) for value in (*known.inputs.values(), *env.values())
        ):
            yield Unseen(step.uses.value, step.uses.span)
    elif step.uses.is_local:
        action = repository.callee(step.uses)
        if not isinstance(action, Action) or action.using != "composite" or depth >= _MAX_DEPTH:
            yield Unseen(step.uses.value, step.uses.span)
            return
        passed = {**{i.name: i.default or "" for i in action.inputs}, **known.inputs}
        for inner in action.steps:
            for one in _step(inner, situation, env, repository, passed, depth + 1):
                yield one._replace(span=step.uses.span)
    else:
        yield from _known_action(step.uses, known, step.uses.span)
        yield from _calls(step, known)
        record = permissions.of(step.uses.action)
        for name, value in _texts(step.env).items():
            if permissions.is_job_token(value) and record and name != record.token_env:
                yield Unseen(
                    f"{step.uses.action}, which gets the token in `{name}`", step.uses.span
                )


def _known_action(uses: Uses, known: Situation, span: Span) -> Iterator[_Need | Unseen]:
    found = permissions.needs(uses.action, known)
    if found is None or found.dynamic == "agent":
        yield Unseen(uses.action or uses.value, span)
        return
    for need, is_sure in [*((n, True) for n in found.sure), *((n, False) for n in found.maybe)]:
        if not need.optional:
            yield _Need(need.scope, need.level, need.reason, span, is_sure and not need.instead)


def _calls(step: Step, known: Situation) -> Iterator[_Need | Unseen]:
    """What a script or a route given to an action asks GitHub for."""
    assert step.uses is not None
    record = permissions.of(step.uses.action)
    if record is None or not record.dynamic_input:
        return
    script = step.input(record.dynamic_input)
    if script is None or not _OCTOKIT.search(script.value):
        return
    if record.dynamic == "rest":
        method, _, path = script.value.partition(" ")
        yield from _api(apis.rest(method, path), script.value.strip(), known, script.span)
        return
    methods = set(apis.octokit_methods(script.value))
    for method in sorted(methods):
        yield from _api(apis.octokit(method), method, known, script.span)
    for call in apis.graphql(script.value):
        yield from _api(call, "graphql", known, script.span)
    if not methods and re.search(
        r"\.(?:request|graphql|paginate)\(|require\(|import\(", script.value
    ):
        yield Unseen(step.uses.action, script.span)


def _script(step: Step, env: dict[str, str], known: Situation) -> Iterator[_Need | Unseen]:
    if step.run is None or step.script is None:
        return
    has_token = any(permissions.is_job_token(env.get(name, "")) for name in _TOKENS)
    named = has_token or any(permissions.is_job_token(value) for value in env.values())
    named = named or permissions.is_job_token(step.run.value)
    for command in step.script.commands:
        argv = [command.name, *(word.value for word in command.argv)]
        span = step.document.locate(step.run, command.span)
        if command.name == "gh":
            if has_token:
                calls = apis.gh(argv)
                yield from [Unseen(" ".join(argv[:3]), span)] if calls is None else ()
                for call in calls or ():
                    yield from _api(call, " ".join(argv[:3]), known, span)
        elif command.name == "git":
            if _git_has_token(step, command):
                for call in apis.command(argv):
                    yield from _api(call, " ".join(argv[:2]), known, span)
        elif command.name in _REQUESTS:
            yield from _request(command, argv, known, span) if named else ()
        elif found := [*_published(argv, env, known, span), *_commanded(argv, known, span)]:
            yield from found
        elif not command.name or "/" in command.path or command.name in _PROGRAMS:
            if named:
                yield Unseen(command.path or "a command known at run time only", span)
            yield from _by_its_name(step, command, span)


def _commanded(argv: list[str], known: Situation, span: Span) -> Iterator[_Need | Unseen]:
    for call in apis.command(argv):
        yield from _api(call, argv[0], known, span)


def _published(
    argv: list[str], env: dict[str, str], known: Situation, span: Span
) -> Iterator[_Need]:
    """The registry of GitHub, or an identity for another one where no password is at hand for it."""
    publisher = publishers.command(argv)
    if publisher is None:
        return
    has_token = any(
        permissions.is_job_token(env.get(name, "")) for name in (*publisher.variables, *_TOKENS)
    )
    if publisher.kind == "image":
        if "ghcr.io" in (known.logins or ()):
            yield _Need("packages", "write", "push to the container registry", span)
    elif publisher.kind == "package" and has_token:
        yield _Need("packages", "write", "publish to GitHub Packages", span)
    elif publisher.kind == "attestation" or "--provenance" in argv:
        yield _Need("id-token", "write", f"sign with an identity of its own (`{argv[0]}`)", span)
    elif (
        publisher.kind == "package"
        and publisher.oidc
        and not _has_password(argv, env, publisher.variables)
    ):
        text = f"publish to {publisher.target} without a password"
        yield _Need("id-token", "write", text, span, is_sure=False)


def _has_password(argv: list[str], env: dict[str, str], variables: tuple[str, ...]) -> bool:
    flags = ("-p", "-u", "--token", "--password", "--api-key", "-k")
    return any(env.get(name) for name in variables) or any(w.startswith(flags) for w in argv)


def _by_its_name(step: Step, command: Command, span: Span) -> Iterator[_Need]:
    """What a program of the repository may need that is called as one that publishes."""
    if not any(_SOUNDS_LIKE_PUBLISHING.search(word.value) for word in command.words):
        return
    name = command.path or "it"
    yield _Need("id-token", "write", f"publish, if `{name}` does", span, is_sure=False)
    if _git_has_token(step, command):
        yield _Need("contents", "write", f"push, if `{name}` does", span, is_sure=False)


def _request(
    command: Command, argv: list[str], known: Situation, span: Span
) -> Iterator[_Need | Unseen]:
    url = next((word for word in argv[1:] if _API.match(word)), None)
    if url is None:
        return
    method = command.option("-X", "--request", "--method")
    sends = command.has_flag("-d", "--data", "--data-raw", "--json", "--post-data", "-F", "--form")
    name = method.value if method else "POST" if sends else "GET"
    call = apis.rest(name, url)
    yield from (
        [Unseen(f"{name} {url}", span)]
        if call is None
        else _api(call, f"{name} {url}", known, span)
    )


def _api(
    call: apis.Call | None, what: str, known: Situation, span: Span
) -> Iterator[_Need | Unseen]:
    if call is None or call.dynamic:
        yield Unseen(what, span)
        return
    for options in call.needs:
        if not call.optional and not call.beyond:
            scope, level, is_sure = _choice(options, known)
            yield _Need(scope, level, call.reason, span, is_sure)


def _choice(options: tuple[tuple[str, str], ...], known: Situation) -> tuple[str, str, bool]:
    """Of scopes of which one is enough the one that fits the events: issues and pull requests share a number."""
    scopes = dict(options)
    events = known.events or ()
    if len(options) > 1 and events:
        if "pull-requests" in scopes and all(e.startswith("pull_request") for e in events):
            return "pull-requests", scopes["pull-requests"], True
        if "issues" in scopes and all(e == "issues" for e in events):
            return "issues", scopes["issues"], True
    return (*options[0], len(options) == 1)


def _git_has_token(step: Step, command: Command) -> bool:
    """Whether git finds the job's token: one that a checkout kept, or one in the address."""
    if any(permissions.is_job_token(word.value) or "TOKEN" in word.value for word in command.argv):
        return True
    for other in step.parent.steps:
        if other.uses and other.uses.action == "actions/checkout" and other.index < step.index:
            keeps = other.input("persist-credentials")
            token = other.input("token")
            own = token is None or permissions.is_job_token(token.value)
            if own and (keeps is None or keeps.value.strip().lower() != "false"):
                return True
    return False


def _logins(job: Job) -> Iterator[str]:
    """The registries that a job logs in to with its own token."""
    for step in job.steps:
        password = step.input("password")
        logs_in = step.uses is not None and step.uses.action == "docker/login-action"
        if logs_in and password and permissions.is_job_token(password.value):
            registry = step.input("registry")
            yield registry.value if registry else "docker.io"


def _texts(node: object, given: dict[str, str] | None = None) -> dict[str, str]:
    """The texts of a mapping; where a composite hands an input on, what it was given."""
    items = node.items if isinstance(node, Mapping) else ()
    texts = {key.value: value.value for key, value in items if isinstance(value, Scalar)}
    if given is None:
        return texts
    return {name: _INPUT.sub(lambda m: given.get(m[1], ""), text) for name, text in texts.items()}
