"""Spread work over the cores."""

from __future__ import annotations

import gc
import marshal
import os
from collections.abc import Callable, Iterator, Sequence

# One byte names a share of the work, and one byte is read from a pipe by one process only.
_SHARES = 255


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(
    work: Callable[[int], bytes],
    count: int,
    jobs: int,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[int, bytes]:
    """`work(i)` for each `i` below `count`, in up to `jobs` processes, this one among them.

    Forked, so that a process starts in a millisecond and has all that is loaded already; where the
    system cannot fork, everything is done here. What a process that died should have done is missing
    in the answer.
    """
    if jobs < 2 or count < 2 or not hasattr(os, "fork"):
        done = {}
        for index in range(count):
            done[index] = work(index)
            progress(len(done))
        return done
    shares = [range(first, count, _SHARES) for first in range(min(count, _SHARES))]
    tickets, source = os.pipe()
    os.write(source, bytes(range(len(shares))))
    os.close(source)
    # Shared pages stay shared while the collector leaves them alone.
    gc.freeze()
    workers = [_fork(work, shares, tickets) for _ in range(min(jobs, len(shares)) - 1)]
    done = {}
    for index in _drawn(shares, tickets):
        done[index] = work(index)
        progress(index)
    os.close(tickets)
    for process, results in workers:
        with open(results, "rb") as file:
            content = file.read()
        os.waitpid(process, 0)
        if content:
            done.update(marshal.loads(content))
    return done


def _fork(work: Callable[[int], bytes], shares: Sequence[range], tickets: int) -> tuple[int, int]:
    """A process that draws shares until none is left; its id, and the pipe that gives its results."""
    results, out = os.pipe()
    process = os.fork()
    if process:
        os.close(out)
        return process, results
    # In the child: whatever happens, it must not go on as if it were the parent.
    try:
        os.close(results)
        done = {index: work(index) for index in _drawn(shares, tickets)}
        with open(out, "wb") as file:
            file.write(marshal.dumps(done))
    finally:
        os._exit(0)


def _drawn(shares: Sequence[range], tickets: int) -> Iterator[int]:
    while ticket := os.read(tickets, 1):
        yield from shares[ticket[0]]
