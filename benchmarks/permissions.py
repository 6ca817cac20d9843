"""How well the least permissions of a job are inferred, against what jobs declare.

A job counts that has a `permissions:` block of its own, or stands alone in a workflow that has one.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from steplock.model import Job
from steplock.permissions import LEVELS, Certainty, Inference, infer
from steplock.repository import WORKFLOWS, Repository


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.permissions",
        description="How well the least permissions of a job are inferred, against what jobs declare.",
    )
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a repository, or a folder of them"
    )
    parser.add_argument(
        "--list", choices=["fewer", "more", "other", "unknown"], help="show these jobs too"
    )
    given = parser.parse_args(argv)
    found: Counter[str] = Counter()
    for name, job, inference in _jobs(given.paths):
        verdict = compare(job, inference)
        found[verdict] += 1
        if verdict == given.list:
            print(
                f"{name} {job.workflow.path}:{job.id}: declared {_declared(job)}, inferred {_inferred(inference)}"
            )
            for unseen in inference.unseen:
                print(f"    not seen into: {unseen.what}")
    total = found.total()
    for verdict, meaning in _MEANINGS.items():
        share = f"{100 * found[verdict] / total:.1f} %" if total else "-"
        print(f"{verdict:8} {found[verdict]:5} {share:>7}  {meaning}")
    print(f"{'jobs':8} {total:5}")
    return 0


_MEANINGS = {
    "exact": "what is inferred is what is declared",
    "fewer": "less is inferred than declared",
    "more": "more is inferred than declared",
    "other": "some more and some less",
    "unknown": "a step that has the token cannot be seen into",
}


def compare(job: Job, inference: Inference) -> str:
    """Which of the verdicts holds for a job that declares its permissions."""
    if inference.certainty is Certainty.UNKNOWN:
        return "unknown"
    declared, inferred = _declared(job), _inferred(inference)
    maybe = {grant.scope: LEVELS.index(grant.level) for grant in inference.maybe}
    scopes = declared.keys() | inferred.keys()
    fewer = any(max(inferred.get(s, 0), maybe.get(s, 0)) < declared.get(s, 0) for s in scopes)
    more = any(inferred.get(s, 0) > declared.get(s, 0) for s in scopes)
    return "other" if fewer and more else "fewer" if fewer else "more" if more else "exact"


def _declared(job: Job) -> dict[str, int]:
    block = job.effective_permissions
    assert block is not None
    return {s.name: LEVELS.index(s.level) for s in block.scopes if s.level in ("read", "write")}


def _inferred(inference: Inference) -> dict[str, int]:
    return {grant.scope: LEVELS.index(grant.level) for grant in inference.grants}


def _jobs(paths: Sequence[Path]) -> Iterator[tuple[str, Job, Inference]]:
    for root in _repositories(paths):
        repository = Repository(_reader(root), _folder(root))
        for workflow in repository.workflows:
            for job in workflow.jobs:
                alone = len(workflow.jobs) == 1 and workflow.permissions is not None
                block = job.permissions or (workflow.permissions if alone else None)
                if block is not None and not block.all and not job.is_dead:
                    yield root.name, job, infer(job, repository)


def _repositories(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if (path / WORKFLOWS).is_dir():
            yield path
        else:
            yield from sorted(p.parent.parent for p in path.glob(f"*/{WORKFLOWS}"))


def _reader(root: Path) -> Callable[[str], str | None]:
    def read(path: str) -> str | None:
        try:
            with open(root / path, encoding="utf-8", newline="") as file:
                return file.read()
        except (OSError, UnicodeDecodeError):
            return None

    return read


def _folder(root: Path) -> Callable[[str], tuple[str, ...]]:
    def folder(path: str) -> tuple[str, ...]:
        found = root / path
        return tuple(sorted(p.name for p in found.iterdir())) if found.is_dir() else ()

    return folder


if __name__ == "__main__":
    raise SystemExit(main())
