"""Spread work over the cores."""

from __future__ import annotations

import gc
import marshal
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from steplock.annotations import TypeVar

_Done = TypeVar("_Done")

# One byte names what a process draws, and one byte is read from a pipe by one process only.
_TICKETS = 255


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(
    work: Callable[[int], _Done],
    shares: Sequence[range],
    jobs: int,
    pack: Callable[[_Done], bytes],
    progress: Callable[[int], None] = lambda done: None,
) -> dict[int, _Done | bytes]:
    """`work(i)` for each `i` of the shares, in up to `jobs` processes, this one among them.

    A share is done by one process, in its order; processes draw them first to last. What another process did
    comes as `pack` packs it.

    Forked, so that a process starts in a millisecond and has all that is loaded already; where the
    system cannot fork, everything is done here. What a process that died should have done is missing
    in the answer.
    """
    if jobs < 2 or len(shares) < 2 or not hasattr(os, "fork"):
        done: dict[int, _Done | bytes] = {}
        for index in chain.from_iterable(shares):
            done[index] = work(index)
            progress(len(done))
        return done
    draws = [shares[first::_TICKETS] for first in range(min(len(shares), _TICKETS))]
    tickets, source = os.pipe()
    os.write(source, bytes(range(len(draws))))
    os.close(source)
    # Shared pages stay shared while the collector leaves them alone.
    gc.freeze()
    workers = [_fork(work, pack, draws, tickets) for _ in range(min(jobs, len(draws)) - 1)]
    done = {}
    for index in _drawn(draws, tickets):
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


def _fork(
    work: Callable[[int], _Done],
    pack: Callable[[_Done], bytes],
    draws: Sequence[Sequence[range]],
    tickets: int,
) -> tuple[int, int]:
    """A process that draws until none is left; its id, and the pipe that gives its results."""
    results, out = os.pipe()
    process = os.fork()
    if process:
        os.close(out)
        return process, results
    # In the child: whatever happens, it must not go on as if it were the parent.
    try:
        os.close(results)
        done = {index: pack(work(index)) for index in _drawn(draws, tickets)}
        with open(out, "wb") as file:
            file.write(marshal.dumps(done))
    finally:
        os._exit(0)


def _drawn(draws: Sequence[Sequence[range]], tickets: int) -> Iterator[int]:
    while ticket := os.read(tickets, 1):
        yield from chain.from_iterable(draws[ticket[0]])
