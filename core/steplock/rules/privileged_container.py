"""A container that can leave its walls.

## Why is this bad?
`--privileged`, the socket of Docker or the root of the host inside a container give whoever runs code in it the machine:
on a runner of one's own, the secrets of later jobs and the network behind it.

## Example
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: [self-hosted, linux]
    container:
      image: alpine:3.22
      options: --privileged --cpus 2
    steps:
      - run: make test
```

Use instead:
```yaml
on: push
permissions: {}
jobs:
  test:
    runs-on: [self-hosted, linux]
    container:
      image: alpine:3.22
      options: --cpus 2
    steps:
      - run: make test
```

The machines of GitHub are thrown away after the job: less grave there by one step. What opens the walls only somewhat (the
host's network, tracing, no seccomp) is less grave, too.

## References
- [`jobs.<job_id>.container.options`](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontaineroptions)
- [Docker: runtime privilege and Linux capabilities](https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities)
"""

from __future__ import annotations

from collections.abc import Iterator

from steplock import shell
from steplock.model import Job
from steplock.named import NamedTuple
from steplock.rule import Finding, Severity, rule
from steplock.syntax import Mapping, Scalar, Sequence
from steplock.tables import runners
from steplock.text import Span

# The options of `docker create` that have a value and matter here, by value in lower case.
# https://docs.docker.com/reference/cli/docker/container/create/
_OPEN = "is as good as the host itself"
_AJAR = "takes a wall away"
_CAPABILITIES = frozenset(
    ("all", "bpf", "dac_read_search", "sys_admin", "sys_module", "sys_ptrace", "sys_rawio")
)
_HOST_SPACES = {"--pid": _OPEN, "--uts": _AJAR, "--ipc": _AJAR, "--userns": _AJAR}
_NETWORKS = ("--network", "--net")
_SOCKETS = ("/docker.sock", "/containerd.sock", "/podman.sock", "/crio.sock")


class _Hole(NamedTuple):
    what: str
    how: str
    span: Span


@rule(severity=Severity.MEDIUM, words=("options", "volumes"))
def check(job: Job) -> Iterator[Finding]:
    for name, container in _containers(job):
        for hole in (*_options(job, container), *_volumes(container)):
            yield Finding(
                hole.span,
                f"`{hole.what}`: for code in {name}, this {hole.how}",
                severity=_severity(job, hole),
                scope=job.span,
            )


def _containers(job: Job) -> Iterator[tuple[str, Mapping]]:
    if container := job.node.mapping("container"):
        yield "the job's container", container
    services = job.node.mapping("services")
    for key, service in services.items if services else ():
        if isinstance(service, Mapping):
            yield f"the service `{key.value}`", service


def _severity(job: Job, hole: _Hole) -> Severity:
    """Graver on machines that stay, less grave on those that GitHub throws away."""
    labels = job.runner.expanded or ()
    kept = any(runners.hosted(label.text) is False for label in labels)
    fresh = bool(labels) and all(runners.hosted(label.text) for label in labels)
    severity = Severity.MEDIUM + kept - fresh - (hole.how is _AJAR)
    return Severity(severity)


def _options(job: Job, container: Mapping) -> Iterator[_Hole]:
    scalar = container.scalar("options")
    if scalar is None or "-" not in scalar.value:
        return
    # Read as the arguments of the command that the runner makes of them.
    start = "docker "
    script = shell.parse(start + scalar.value.replace("\n", " "), "bash", -len(start))
    for command in script.commands[:1]:
        words = list(command.argv)
        for at, word in enumerate(words):
            flag, equals, value = word.value.partition("=")
            end = word.span.end
            if not equals and at + 1 < len(words):
                value, end = words[at + 1].value, words[at + 1].span.end
            how = _judge(flag, value, bool(equals))
            if how is None:
                continue
            if flag == "--privileged":
                end = word.span.end
            what = flag if flag == "--privileged" else f"{flag} {value}"
            yield _Hole(what, how, job.document.locate(scalar, Span(word.span.start, end)))


def _judge(flag: str, value: str, assigned: bool) -> str | None:
    value = value.lower()
    if flag == "--privileged":
        return _OPEN if not assigned or value == "true" else None
    if flag == "--cap-add":
        return _OPEN if value.removeprefix("cap_") in _CAPABILITIES else None
    if flag == "--security-opt":
        return _AJAR if value.replace(":", "=").endswith("=unconfined") else None
    if flag in _HOST_SPACES or flag in _NETWORKS:
        return _HOST_SPACES.get(flag, _AJAR) if value == "host" else None
    if flag in ("-v", "--volume", "--mount"):
        return _OPEN if _opens_host(value) else None
    return None


def _volumes(container: Mapping) -> Iterator[_Hole]:
    volumes = container.get("volumes")
    for item in volumes.items if isinstance(volumes, Sequence) else ():
        if isinstance(item, Scalar) and _opens_host(item.value):
            yield _Hole(item.value, _OPEN, item.span)


def _opens_host(volume: str) -> bool:
    """Whether it mounts the root of the host, or the socket of what runs its containers."""
    fields = dict(part.partition("=")[::2] for part in volume.split(",") if "=" in part)
    source = fields.get("source") or fields.get("src") or volume.partition(":")[0]
    return source == "/" or source.rstrip("/").endswith(_SOCKETS)
