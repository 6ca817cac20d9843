"""A step takes the newest releases, whatever their age, where its tool could wait.

## Why is this bad?
Hijacked packages are mostly found and taken down within days. A job that moves to the newest of everything installs the
attacker's release on the day it appears, and runs its hooks with the job's token and secrets.

## Example
```yaml
on:
  schedule:
    - cron: 0 4 * * 1
permissions: {}
jobs:
  update:
    runs-on: ubuntu-latest
    steps:
      - run: uv lock --upgrade
```

Use instead:
```yaml
on:
  schedule:
    - cron: 0 4 * * 1
permissions: {}
jobs:
  update:
    runs-on: ubuntu-latest
    steps:
      - run: uv lock --upgrade --exclude-newer "7 days"
```

The tool's own setting, in the environment or in the repository's files, counts as well: `exclude-newer` of uv, `min-release-age`
of npm, `minimumReleaseAge` of pnpm, Bun and Renovate, `npmMinimalAgeGate` of Yarn. Tools that cannot wait are left alone.
What Dependabot does is the business of `dependabot-cooldown`.

## References
- [uv: `exclude-newer`](https://docs.astral.sh/uv/reference/settings/#exclude-newer)
- [pnpm: `minimumReleaseAge`](https://pnpm.io/settings#minimumreleaseage)
- [Renovate: minimum release age](https://docs.renovatebot.com/key-concepts/minimum-release-age/)
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from steplock.model import Step
from steplock.named import NamedTuple
from steplock.rule import Confidence, Context, Finding, Severity, rule
from steplock.syntax import Mapping
from steplock.tables import commands


class _Tool(NamedTuple):
    """A way to move to the newest releases, and how to make it wait."""

    words: tuple[str, ...]
    flags: tuple[str, ...]
    """One of these has to be given, if there are any."""
    waits: tuple[str, ...]
    """Flags that make it wait."""
    variable: str
    files: tuple[str, ...]
    setting: tuple[str, ...]
    """What such a file says, one of them; the first is for people."""


_UV = (("--exclude-newer",), "UV_EXCLUDE_NEWER", ("uv.toml", "pyproject.toml"), ("exclude-newer",))
_UPGRADE = ("-U", "--upgrade")
_NPM = (
    ("--min-release-age", "--before"), "NPM_CONFIG_MIN_RELEASE_AGE", (".npmrc",),
    ("min-release-age", "before="),
)  # fmt: skip
_PNPM = (
    (), "NPM_CONFIG_MINIMUM_RELEASE_AGE", ("pnpm-workspace.yaml", ".npmrc"),
    ("minimumReleaseAge", "minimum-release-age"),
)  # fmt: skip
_BUN = (("--minimum-release-age",), "", ("bunfig.toml",), ("minimumReleaseAge",))
_YARN = ((), "YARN_NPM_MINIMAL_AGE_GATE", (".yarnrc.yml",), ("npmMinimalAgeGate",))
_NCU = (("-c", "--cooldown"), "", (".ncurc", ".ncurc.json", ".ncurc.yml"), ("cooldown",))
# The setting of each tool that makes it wait, as of 2026-11-21.
_TOOLS = (
    _Tool(("uv", "lock"), _UPGRADE, *_UV),
    _Tool(("uv", "sync"), _UPGRADE, *_UV),
    _Tool(("uv", "pip", "compile"), _UPGRADE, *_UV),
    *(_Tool(("npm", verb), (), *_NPM) for verb in ("update", "up", "upgrade")),
    *(_Tool(("pnpm", verb), (), *_PNPM) for verb in ("update", "up", "upgrade")),
    _Tool(("bun", "update"), (), *_BUN),
    _Tool(("yarn", "up"), (), *_YARN),
    _Tool(("ncu",), ("-u", "--upgrade"), *_NCU),
    _Tool(("npm-check-updates",), ("-u", "--upgrade"), *_NCU),
)
_PROGRAMS = frozenset(tool.words[0] for tool in _TOOLS)
_RENOVATE = _Tool(
    ("renovate",), (), (), "RENOVATE_MINIMUM_RELEASE_AGE",
    (
        "renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json",
        ".github/renovate.json", ".github/renovate.json5",
    ),
    ("minimumReleaseAge", "config:best-practices"),
)  # fmt: skip


@rule(severity=Severity.LOW, confidence=Confidence.MEDIUM)
def check(step: Step, context: Context) -> Iterator[Finding]:
    if step.uses is not None:
        if step.uses.action == "renovatebot/github-action" and not _waits(step, _RENOVATE, context):
            yield Finding(step.uses.span, _message("Renovate", _RENOVATE), scope=step.span)
        return
    run = step.run
    if run is None or not any(program in run.value for program in _PROGRAMS) or step.script is None:
        return
    for command in step.script.commands:
        argv = [word.value for word in command.words[command.head :]]
        tool = _tool(argv)
        if tool is None or any(commands.has(argv, flag) for flag in tool.waits):
            continue
        named = {a.name for a in (*step.script.assignments, *command.assignments)}
        if tool.variable in named or _waits(step, tool, context):
            continue
        span = step.document.locate(run, command.span)
        yield Finding(span, _message(f"`{' '.join(tool.words)}`", tool), scope=step.span)


def _message(name: str, tool: _Tool) -> str:
    return f"{name} takes releases of any age, hijacked ones too; make it wait some days with `{tool.setting[0]}`"


def _tool(argv: list[str]) -> _Tool | None:
    for words in commands.readings(argv):
        if words[0] not in _PROGRAMS:
            continue
        for tool in _TOOLS:
            if commands.runs(words, tool.words) and (
                not tool.flags or any(commands.has(words, flag) for flag in tool.flags)
            ):
                return tool
    return None


def _waits(step: Step, tool: _Tool, context: Context) -> bool:
    """Whether the environment or a file of the repository tells the tool to wait."""
    for owner in (step, step.job, step.workflow):
        env = owner.env if owner is not None else None
        if isinstance(env, Mapping) and any(k.value.upper() == tool.variable for k, _ in env.items):
            return True
    folder = step.node.scalar("working-directory")
    for place in {"", folder.value if folder is not None and "${{" not in folder.value else ""}:
        for file in tool.files:
            text = context.repository.read(posixpath.join(place, file))
            if text is not None and any(setting in text for setting in tool.setting):
                return True
    return False
