"""How many findings have a fix, rule by rule: steplock's beside zizmor's, on the same files.

Both see everything (`--persona=auditor`) and nothing of the network. A rule of the same name means the same.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

OURS = ("check", "--no-config", "--no-cache", "--persona=auditor", "--format=json")
PEER = (
    "--offline",
    "--no-config",
    "--no-progress",
    "--no-exit-codes",
    "--persona=auditor",
    "--format=json",
)


class Tally(NamedTuple):
    """Findings of each rule, those with a safe fix, and those with a fix of at least `unsafe`."""

    found: Counter[str]
    safe: Counter[str]
    any: Counter[str]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 2 and one line on stderr when a tool fails."""
    args = _parser().parse_args(argv)
    try:
        ours = tally(_ours(args.paths))
        peer = tally(_peer(args.peer, args.paths))
    except RuntimeError as error:
        print(f"benchmarks.fixes: {error}", file=sys.stderr)
        return 2
    print("\n".join(table(ours, peer)))
    return 0


def tally(findings: Iterable[tuple[str, str]]) -> Tally:
    """Count pairs of a rule and the best fix there is: `safe`, `unsafe`, or nothing."""
    counts = Tally(Counter(), Counter(), Counter())
    for rule, best in findings:
        counts.found[rule] += 1
        counts.safe[rule] += best == "safe"
        counts.any[rule] += bool(best)
    return counts


def table(ours: Tally, peer: Tally) -> Iterator[str]:
    """The lines to print: one for each rule, then all of them."""
    rules = sorted(ours.found.keys() | peer.found.keys())
    width = max(map(len, [*rules, "share"]))
    yield f"{'':{width}}  {'steplock':^20}  {'zizmor':^20}"
    heads = f"{'found':>6} {'safe':>6} {'fixed':>6}"
    yield f"{'rule':{width}}  {heads}  {heads}"
    for rule in rules:
        cells = (f"{t.found[rule]:6} {t.safe[rule]:6} {t.any[rule]:6}" for t in (ours, peer))
        yield f"{rule:{width}}  {'  '.join(cells)}"
    totals = (f"{t.found.total():6} {t.safe.total():6} {t.any.total():6}" for t in (ours, peer))
    yield f"{'all':{width}}  {'  '.join(totals)}"
    shares = (f"{'':6} {share(t.safe, t):>6} {share(t.any, t):>6}" for t in (ours, peer))
    yield f"{'share':{width}}  {'  '.join(shares)}"


def share(fixed: Counter[str], tally: Tally) -> str:
    total = tally.found.total()
    return f"{100 * fixed.total() / total:.1f}%" if total else "-"


def _ours(paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    report = _json([_program("steplock"), *OURS, *paths], (0, 1))
    for finding in report["findings"]:
        grades = [fix["safety"] for fix in finding["fixes"]]
        yield finding["rule"], next((g for g in ("safe", "unsafe") if g in grades), "")


def _peer(command: str, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    program, *rest = shlex.split(command) or ["zizmor"]
    for finding in _json([_program(program), *rest, *PEER, *paths], (0,)):
        grades = [fix["disposition"] for fix in finding.get("fixes", ())]
        yield finding["ident"], next((g for g in ("safe", "unsafe") if g in grades), "")


def _json(command: Sequence[str], done: tuple[int, ...]) -> Any:
    result = subprocess.run(command, capture_output=True, check=False)
    if result.returncode not in done:
        last_words = result.stderr.decode(errors="replace").strip().splitlines()[-1:]
        failure = f"{command[0]} failed with exit code {result.returncode}"
        raise RuntimeError(": ".join([failure, *last_words]))
    return json.loads(result.stdout)


def _program(name: str) -> str:
    """The program beside this interpreter, else the one on PATH."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is not installed")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fixes", description=__doc__)
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument(
        "--peer",
        default=os.environ.get("STEPLOCK_BENCH_PEER", "zizmor"),
        metavar="COMMAND",
        help="how to start zizmor (default: $STEPLOCK_BENCH_PEER, else zizmor)",
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
