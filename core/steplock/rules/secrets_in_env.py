"""A secret is in the environment of steps that do not use it.

## Why is this bad?
`env:` of a job or a workflow goes to each of its steps: to every action, and to every dependency that a build runs. One of
them that was taken over sends its environment away, and with it the secret that another step was given.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    env:
      MODE: fast
      API_KEY: ${{ secrets.API_KEY }}
    steps:
      - run: npm ci
      - run: ./upload "$API_KEY"
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    env:
      MODE: fast
    steps:
      - run: npm ci
      - run: ./upload "$API_KEY"
        env:
          API_KEY: ${{ secrets.API_KEY }}
```

The job's own token is reported to pedants only, since actions can ask for it anyway.

## Fix safety
Safe where all other steps run GitHub's own actions, or commands that read no environment. Unsafe where a step runs something
that may read the variable by itself. No fix where no step names it, or something else than a step does.

## References
- [Using secrets](https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets)
- [ghalint 005 and 006](https://github.com/suzuki-shunsuke/ghalint/tree/main/docs/policies)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from steplock.edits import remove_key, set_key
from steplock.model import Job, Step, Workflow
from steplock.rule import Finding, Fix, Persona, Safety, Severity, rule
from steplock.secrets import secrets_in
from steplock.syntax import Mapping, Scalar

# Commands that read no variable which is not in their words.
_PLAIN = frozenset(
    [
        "[", "[[", ":", "break", "cat", "cd", "chmod", "continue", "cp", "cut", "date", "echo", "exit",
        "export", "false", "find", "git", "grep", "head", "local", "ls", "mkdir", "mv", "printf", "pwd",
        "read", "return", "rm", "sed", "set", "shift", "sleep", "sort", "tail", "tar", "tee", "test",
        "touch", "tr", "true", "unset", "wc"
    ]
)  # fmt: skip
# What programs read by themselves; from their documentation, 2026-11-21.
_READ = {
    "CARGO_REGISTRY_TOKEN": ("cargo",),
    "GH_TOKEN": ("gh",),
    "GITHUB_TOKEN": ("gh",),
    "NODE_AUTH_TOKEN": ("npm", "pnpm", "yarn"),
    "TWINE_PASSWORD": ("twine",),
    "UV_PUBLISH_TOKEN": ("uv",),
}


@rule(severity=Severity.MEDIUM, words=("secrets", "token"))
def check(owner: Workflow | Job) -> Iterator[Finding]:
    container = owner.node.mapping("container") if isinstance(owner, Job) else None
    for env in (owner.env, container.get("env") if container else None):
        if isinstance(env, Mapping) and "${{" in owner.document.source(env):
            yield from _in(env, owner)


def _in(env: Mapping, owner: Workflow | Job) -> Iterator[Finding]:
    jobs = owner.jobs if isinstance(owner, Workflow) else (owner,)
    steps = [step for job in jobs for step in job.steps]
    for key, value in env.items if len(steps) > 1 else ():
        secret = next(secrets_in(value.value), None) if isinstance(value, Scalar) else None
        if secret is None:
            continue
        seeing = [step for step in steps if not _sets(owner, step, key.value)]
        others = [step for step in seeing if not _uses(step, key.value)]
        if not others:
            continue
        harmless = all(map(_is_harmless, others))
        where = "workflow" if isinstance(owner, Workflow) else "job"
        yield Finding(
            key.span,
            f"every step of the {where} gets `{secret.name}`; give it only to those that use it",
            (
                _move(owner, env, key.value, [s for s in seeing if s not in others], harmless)
                if env is owner.env
                else None,
            ),
            severity=Severity.LOW if harmless or secret.is_token else Severity.MEDIUM,
            persona=Persona.PEDANTIC if secret.is_token else Persona.REGULAR,
        )


def _sets(owner: Workflow | Job, step: Step, name: str) -> bool:
    """Whether another `env:` hides the owner's variable from a step."""
    nearer = [step.env]
    if isinstance(owner, Workflow) and step.job is not None:
        nearer.append(step.job.env)
    return any(isinstance(env, Mapping) and env.item(name) is not None for env in nearer)


def _uses(step: Step, name: str) -> bool:
    """Whether a step is seen to use a variable."""
    if _named(name, step.document.source(step.node)):
        return True
    commands = step.script.commands if name in _READ and step.script else ()
    return any(command.module.name in _READ[name] for command in commands)


def _named(name: str, text: str) -> bool:
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _is_harmless(step: Step) -> bool:
    """Whether all that a step runs is known to read no variables of its own accord."""
    if step.uses is not None:
        return step.uses.owner in ("actions", "github")
    commands = step.script.commands if step.script else ()
    return bool(commands) and all(command.name in _PLAIN for command in commands)


def _move(
    owner: Workflow | Job, env: Mapping, name: str, users: list[Step], harmless: bool
) -> Fix | None:
    document = owner.document
    value = env.get(name)
    if not users or value is None or env.anchor is not None or value.anchor is not None:
        return None
    source = document.source(value)
    if "\n" in source or any(_named(name, text) for text in _elsewhere(owner)):
        return None
    edits = [set_key(document, step.node, ("env", name), _fit(source, step)) for step in users]
    removed = remove_key(document, env, name) or remove_key(document, owner.node, "env")
    safety = Safety.SAFE if harmless else Safety.UNSAFE
    steps = "step that uses it" if len(users) == 1 else f"{len(users)} steps that use it"
    return Fix.of(f"Move it to the {steps}", removed, *edits, safety=safety)


def _fit(source: str, step: Step) -> str:
    """A value as it may stand in the step: the braces of an expression need quotes in flow style."""
    flow = step.node.flow or (isinstance(step.env, Mapping) and step.env.flow)
    return f'"{source}"' if flow and source[0] not in "'\"" else source


def _elsewhere(owner: Workflow | Job) -> Iterator[str]:
    """What stands in the owner, or its jobs, and in no step."""
    pairs = [pair for pair in owner.node.items if pair[0].value not in ("env", "steps", "jobs")]
    for job in owner.jobs if isinstance(owner, Workflow) else ():
        pairs += (pair for pair in job.node.items if pair[0].value != "steps")
    return (owner.document.source(node) for _, node in pairs)
