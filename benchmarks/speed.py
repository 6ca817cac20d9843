"""Wall time of whole processes: steplock against zizmor on the same paths, in turns.

Absolute times say more about the machine than about the tools, so the figure to read is the median
of the ratios of neighbouring runs: whatever slows one down slows its neighbour as well.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

STEPLOCK_FLAGS = ("check", "--no-config", "--format=json")
# zizmor has an exit code for each severity; with --no-exit-codes only a failure is not 0.
PEER_FLAGS = (
    "--offline",
    "--no-config",
    "--no-progress",
    "--no-exit-codes",
    "--format=json",
)


class Tool(NamedTuple):
    """A command line, and the exit codes with which it says that it did its work."""

    name: str
    command: tuple[str, ...]
    done: tuple[int, ...]


class Pair(NamedTuple):
    """Seconds of two neighbouring runs."""

    steplock: float
    peer: float


def main(argv: Sequence[str] | None = None) -> int:
    """Print the medians and the ratio; 2 and one line on stderr when something cannot be measured."""
    args = _parser().parse_args(argv)
    try:
        tools = _tools(args)
        pairs = list(measure(*tools, runs=args.runs))
    except RuntimeError as error:
        print(f"benchmarks.speed: {error}", file=sys.stderr)
        return 2
    for line in summary(pairs, names=[tool.name for tool in tools]):
        print(line)
    return 0


def measure(steplock: Tool, peer: Tool, *, runs: int) -> Iterator[Pair]:
    """Run one after the other, `runs` times, after one round that only fills the file system's cache.

    Raises RuntimeError when a tool fails: the time of a failure means nothing.
    """
    for turn in range(runs + 1):
        pair = Pair(_seconds(steplock), _seconds(peer))
        if turn:
            yield pair


def summary(pairs: Sequence[Pair], *, names: Sequence[str]) -> Iterator[str]:
    """The lines to print: a median for each tool, then the median of the pairwise ratios."""
    width = max(map(len, names))
    for name, times in zip(names, zip(*pairs, strict=True), strict=True):
        yield f"{name:{width}}  median {statistics.median(times) * 1e3:6.0f} ms"
    ratio = statistics.median(pair.steplock / pair.peer for pair in pairs)
    yield f"{' / '.join(names)}  {ratio:.2f} over {len(pairs)} pairs (below 1: steplock is faster)"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("-n", dest="runs", type=int, default=9, metavar="RUNS")
    parser.add_argument(
        "--warm",
        action="store_true",
        help="let steplock keep its results between runs; without it each run is cold",
    )
    parser.add_argument(
        "--peer",
        default=os.environ.get("STEPLOCK_BENCH_PEER", "zizmor"),
        metavar="COMMAND",
        help="how to start zizmor (default: $STEPLOCK_BENCH_PEER, else zizmor)",
    )
    return parser


def _tools(args: argparse.Namespace) -> tuple[Tool, Tool]:
    if missing := [path for path in args.paths if not Path(path).exists()]:
        raise RuntimeError(f"no such file or folder: {', '.join(missing)}")
    if args.runs < 1:
        raise RuntimeError("-n must be at least 1")
    steplock = [_program("steplock", "start this with make bench"), *STEPLOCK_FLAGS]
    if not args.warm:
        steplock.append("--no-cache")
    program, *rest = shlex.split(args.peer) or ["zizmor"]
    advice = "pip install zizmor, or name its command with --peer"
    peer = [_program(program, advice), *rest, *PEER_FLAGS]
    return (
        Tool("steplock", (*steplock, *args.paths), (0, 1)),
        Tool("zizmor", (*peer, *args.paths), (0,)),
    )


def _program(name: str, advice: str) -> str:
    """The program beside this interpreter, else the one on PATH."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(name, path=beside) or shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is not installed: {advice}")
    return found


def _seconds(tool: Tool) -> float:
    start = time.perf_counter()
    result = subprocess.run(
        tool.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    seconds = time.perf_counter() - start
    if result.returncode not in tool.done:
        failure = f"{tool.name} failed with exit code {result.returncode}"
        last_words = result.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise RuntimeError(": ".join([failure, *last_words]))
    return seconds


if __name__ == "__main__":
    raise SystemExit(main())
