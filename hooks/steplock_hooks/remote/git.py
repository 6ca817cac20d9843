"""Run git so that nothing around it leaks in and nothing in it waits for a person."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from steplock.lazy import pattern
from steplock.named import NamedTuple
from steplock_hooks.remote.answers import Unreachable

# A hook runs with GIT_DIR, GIT_INDEX_FILE and others set, which mean the user's repository.
# These say how to reach a server, and stay.
_KEPT = pattern(
    "GIT_(EXEC_PATH|SSH|SSH_COMMAND|SSH_VARIANT|SSL_.*|PROXY_.*|HTTP_.*"
    "|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_.*|VALUE_.*))"
)
_QUIET = {
    "LC_ALL": "C",
    "LANGUAGE": "",
    # An empty program counts as set, and switches core.askPass and SSH_ASKPASS off as well.
    "GIT_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "GIT_OPTIONAL_LOCKS": "0",
}
_CONFIG = (
    f"core.hooksPath={os.devnull}",
    "credential.interactive=false",
    "fetch.writeCommitGraph=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "protocol.version=2",
)
_LARGEST = 256 * 1024 * 1024
_LONGEST_REASON = 200
_CREDENTIALS = pattern(r"(?<=://)[^/@\s']+@")
_COMPLAINT = pattern(r"^(?:fatal|error|ERROR): *(.+)$", re.MULTILINE)

STOPPED = Unreachable("git was stopped")
"""The answer to a question that nobody waits for any more; it says nothing of the repository."""

_running: set[subprocess.Popen[bytes]] = set()
_stopped: set[subprocess.Popen[bytes]] = set()
# Held from the look at `_refused` until what was started is in `_running`.
_starting = threading.Lock()
_refused: list[bool] = []


class Output(NamedTuple):
    """What a git command that ended by itself left."""

    status: int
    out: bytes
    error: str
    """Its complaint in one line, without control characters and credentials."""


def run(
    arguments: Sequence[str | Path],
    *,
    timeout: float,
    protocols: Iterable[str] = (),
    git_dir: Path | None = None,
    largest: int = _LARGEST,
) -> Output | Unreachable:
    """Run one git command for at most `timeout` seconds and take up to `largest` bytes.

    Without `protocols` it cannot use the network at all, not even to complete a partial
    clone. Without `git_dir` it knows no repository.
    """
    where = git_dir or Path(os.devnull)
    config = [part for setting in _CONFIG for part in ("-c", setting)]
    command = ["git", f"--git-dir={where}", *config, *map(str, arguments)]
    # With no terminal to open, ssh cannot ask for a passphrase or a host key either.
    apart = sys.platform != "win32"
    flags = 0 if apart else getattr(subprocess, "CREATE_NO_WINDOW", 0)
    with tempfile.TemporaryFile() as complaints:
        try:
            with _starting:
                if _refused:
                    return STOPPED
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=complaints,
                    env=environment(protocols),
                    start_new_session=apart,
                    creationflags=flags,
                )
                _running.add(process)
        except OSError as error:
            return Unreachable(f"git does not run: {error.strerror}")
        late = threading.Event()
        timer = threading.Timer(timeout, _give_up, (process, late))
        timer.start()
        try:
            with process:
                assert process.stdout is not None
                out = process.stdout.read(largest + 1)
                if len(out) > largest:
                    _stop(process)
        finally:
            _running.discard(process)
            timer.cancel()
            _stop(process)
        if process in _stopped:
            _stopped.discard(process)
            return STOPPED
        if late.is_set():
            return Unreachable(f"no answer within {timeout:g} seconds")
        if len(out) > largest:
            return Unreachable(f"the answer is longer than {largest} bytes")
        complaints.seek(0)
        return Output(process.returncode, out, _reason(complaints.read(65536)))


@contextmanager
def stopped() -> Iterator[None]:
    """End every git that runs, and start none meanwhile: for a person who does not want to wait."""
    with _starting:
        _refused.append(True)
        ended = tuple(_running)
    for process in ended:
        _stopped.add(process)
        _stop(process)
    try:
        yield
    finally:
        _refused.pop()


def environment(protocols: Iterable[str]) -> dict[str, str]:
    """The environment for git: the user's, without what belongs to another repository."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or _KEPT.fullmatch(name)
    }
    allowed = set(protocols)
    if (limit := os.environ.get("GIT_ALLOW_PROTOCOL")) is not None:
        allowed &= set(limit.split(":"))
    local = {} if allowed else {"GIT_NO_LAZY_FETCH": "1"}
    return kept | _QUIET | local | {"GIT_ALLOW_PROTOCOL": ":".join(sorted(allowed))}


def _give_up(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End git and the helpers that it started, which hold the pipe open."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _reason(complaints: bytes) -> str:
    text = _CREDENTIALS.sub("", complaints.decode("utf-8", "replace"))
    found = _COMPLAINT.search(text)
    line = found[1] if found else (text.strip().splitlines() or ["git failed"])[-1]
    return "".join(c for c in line if c.isprintable())[:_LONGEST_REASON]
