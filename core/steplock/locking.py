"""Floor 4. `steplock.lock`: what workflows download beside their actions, and its hashes.

    # What the workflows here download. `steplock lock` writes it; review it like code.
    version: 1
    files:
      "https://example.com/releases/v1.2.3/tool.tar.gz":
        sha256: 64 hexadecimal digits
        used-by: [".github/workflows/ci.yml"]
    tools:
      "astral-sh/setup-uv 0.12.5":
        sha256: 64 hexadecimal digits, where the action is given them
        used-by: [".github/workflows/ci.yml"]

`files` are what scripts fetch, by their address; `tools` what actions fetch, by `owner/repo[/path]` in lower case and the
version that they are asked for. All is sorted, each entry on lines of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from steplock import syntax
from steplock.addresses import expanded, known
from steplock.fetches import fetch, runs_input
from steplock.lazy import pattern
from steplock.model import Action, File, Step, Workflow
from steplock.named import NamedTuple
from steplock.shell import Command, Script
from steplock.syntax import Mapping as Node
from steplock.syntax import Scalar, Sequence
from steplock.tables import downloads
from steplock.tables.conditions import EXPRESSION
from steplock.text import Span
from steplock.trust import situation

PATH = "steplock.lock"
SHA256 = pattern(r"[0-9a-f]{64}")
_HEAD = "# What the workflows here download. `steplock lock` writes it; review it like code.\nversion: 1\n"
_UNPACKERS = {"bsdtar", "cpio", "gunzip", "gzip", "tar", "unxz", "unzip", "xz", "zcat"}
_SENDS = (
    "-X",
    "--request",
    "-d",
    "--data",
    "--data-raw",
    "--data-binary",
    "--json",
    "-F",
    "--form",
)
_NEAR = pattern(r"https?://(?:localhost|127\.|\[::1\]|0\.0\.0\.0)")


class Download(NamedTuple):
    """Something that a step downloads, each time the same or so it should be."""

    name: str
    """An address, or `owner/repo[/path] version`; what is known of it where `variable` is set."""
    span: Span
    step: Step
    sha256: str = ""
    """What the step itself gives as its hash."""
    is_tool: bool = False
    variable: str = ""
    """What of the address only a run can tell."""


class Entry(NamedTuple):
    sha256: str
    """Empty where it is not known, as it may be for tools."""
    used_by: tuple[str, ...] = ()


class Lock(NamedTuple):
    files: Mapping[str, Entry]
    tools: Mapping[str, Entry]

    def holds(self, download: Download) -> bool:
        """Whether it says what this has to be."""
        if download.is_tool:
            return download.name in self.tools
        entry = self.files.get(download.name)
        return entry is not None and bool(entry.sha256)


def read(text: str) -> Lock:
    """A lock; what does not read is missing from it."""
    root = syntax.parse(text).root
    if not isinstance(root, Node):
        return Lock({}, {})
    return Lock(_entries(root.mapping("files")), _entries(root.mapping("tools")))


def write(lock: Lock) -> str:
    """The text of a lock, always the same for the same content."""
    parts = [_HEAD]
    for name, entries in (("files", lock.files), ("tools", lock.tools)):
        if entries:
            parts.append(f"{name}:\n")
        for key in sorted(entries):
            entry = entries[key]
            parts.append(f"  {_quoted(key)}:\n")
            if entry.sha256:
                parts.append(f"    sha256: {entry.sha256}\n")
            users = ", ".join(map(_quoted, sorted(set(entry.used_by))))
            parts.append(f"    used-by: [{users}]\n")
    return "".join(parts)


def wanted(files: Iterable[File]) -> Iterator[Download]:
    """What workflows and composite actions download in scripts, and by tools of an exact version."""
    for file in files:
        if isinstance(file, Workflow):
            yield from (d for job in file.jobs for step in job.steps for d in of_step(step))
        elif isinstance(file, Action):
            yield from (d for step in file.steps for d in of_step(step))


def of_step(step: Step) -> Iterator[Download]:
    """What one step downloads."""
    if step.uses is not None and step.uses.is_remote:
        yield from _tool(step)
    elif step.run is not None and "://" in step.run.value and step.script is not None:
        yield from _fetched(step, step.run, step.script)


def _tool(step: Step) -> Iterator[Download]:
    assert step.uses is not None
    known = downloads.of(step.uses.action, situation(step).version)
    if known is None or not known.input or known.form:
        return
    version = step.input(known.input)
    if version is None or EXPRESSION in version.value or not downloads.exact(known, version.value):
        return
    given = step.input(known.checksum) if known.checksum else None
    digest = given.value.strip().lower() if given else ""
    yield Download(
        f"{step.uses.action} {version.value.strip()}",
        version.span,
        step,
        digest if SHA256.fullmatch(digest) else "",
        is_tool=True,
    )


def _fetched(step: Step, run: Scalar, script: Script) -> Iterator[Download]:
    values = known(step, script)
    for command in script.commands:
        found = fetch(command)
        if found is None or command.has_flag(*_SENDS) or not (found.file or _used(command, script)):
            continue
        name, unknown = expanded(found.address, values)
        if _NEAR.match(name) or not name.startswith(("http://", "https://")):
            continue
        span = step.document.locate(run, found.address.span)
        yield Download(name, span, step, variable=unknown)


def _used(command: Command, script: Script) -> bool:
    """Whether what it prints is run or unpacked, not only looked at."""
    for pipeline in script.pipelines:
        commands = pipeline.commands
        if command in commands:
            after = commands[commands.index(command) + 1 :]
            return any(one.name in _UNPACKERS or runs_input(one) for one in after)
    return "substitution" in command.inside


def _entries(node: Node | None) -> dict[str, Entry]:
    found = {}
    for key, value in node.items if node else ():
        if isinstance(value, Node):
            digest, users = value.scalar("sha256"), value.get("used-by")
            items = users.items if isinstance(users, Sequence) else ()
            names = tuple(item.value for item in items if isinstance(item, Scalar))
            text = digest.value.lower() if digest else ""
            found[key.value] = Entry(text if SHA256.fullmatch(text) else "", names)
    return found


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
