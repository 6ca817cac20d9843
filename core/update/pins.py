"""Rewrite the table of pins, `core/steplock/tables/pins.txt`.

    python core/update/pins.py actions.jsonl              all of it, from JSON lines
    python core/update/pins.py --from-git actions/cache   these repositories, from git
    python core/update/pins.py --from-git                 every repository it has

A line holds {"repo": ..., "head_date": "2026-07-20", "tags": {tag: commit}}.
A repository that git cannot reach keeps its record; the exit status is then 1.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from steplock import version

TABLE = Path(__file__).parents[1] / "steplock" / "tables" / "pins.txt"
ABOUT = """\
# Tags of actions and the commits they stood for, read from the repositories themselves.
# Written by core/update/pins.py, read by steplock.tables.pins, which tells the format.
"""
_REPO = re.compile(r"[\w-]+/[\w.-]+", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
# Git allows more, but the table is ASCII with blanks between tags.
_TAG = re.compile(r"[!-~]+")


class Snapshot(NamedTuple):
    """What one repository's tags stood for on a day."""

    repo: str
    date: str
    tags: Mapping[str, str]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Rewrite the table of pins.")
    parser.add_argument("--from-git", action="store_true", help="ask the repositories")
    parser.add_argument("--table", type=Path, default=TABLE, help=argparse.SUPPRESS)
    parser.add_argument("sources", nargs="*", metavar="FILE|OWNER/REPO")
    args = parser.parse_args(argv)
    if not args.from_git:
        if len(args.sources) != 1:
            parser.error("give one file of JSON lines, or --from-git")
        write(args.table, from_jsonl(Path(args.sources[0]).read_text("utf-8")))
        return 0
    old = {s.repo.lower(): s for s in read(args.table)}
    names = args.sources or [s.repo for s in old.values()]
    new = {s.repo.lower(): s for s in from_git(names)}
    write(args.table, (old | new).values())
    return int(len(new) < len(names))


def from_jsonl(text: str) -> Iterator[Snapshot]:
    """Snapshots from JSON lines."""
    for line in text.splitlines():
        row = json.loads(line)
        yield Snapshot(row["repo"], row["head_date"], row["tags"])


def from_git(repos: Iterable[str]) -> Iterator[Snapshot]:
    """Snapshots as they are now; one that cannot be had is told on stderr, and left out."""
    from steplock_hooks import remote

    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    now = remote.Remote(max_age=0)
    for repo, answer in remote.every(lambda repo: remote.refs(now, repo), repos):
        if isinstance(answer, remote.Refs):
            yield Snapshot(repo, today, answer.tags)
        else:
            print(f"{repo}: {answer}", file=sys.stderr)


def read(table: Path) -> Iterator[Snapshot]:
    """The snapshots that a table holds."""
    for record in table.read_text("ascii").split("\n:")[1:]:
        header, *lines = record.splitlines()
        repo, date, *_ = header.split(" ")
        yield Snapshot(
            repo,
            date,
            {tag: line[:40] for line in lines for tag in line[41:].split(" ")},
        )


def write(table: Path, snapshots: Iterable[Snapshot]) -> None:
    """Write a table beside the old one, then put it in its place."""
    records = sorted(snapshots, key=lambda s: s.repo.lower())
    beside = table.with_suffix(".new")
    beside.write_text(ABOUT + "".join(map(_record, records)), "ascii", newline="\n")
    os.replace(beside, table)


def _record(snapshot: Snapshot) -> str:
    if not _REPO.fullmatch(snapshot.repo):
        raise ValueError(f"not a repository: {snapshot.repo!r}")
    datetime.date.fromisoformat(snapshot.date)
    by_commit: defaultdict[str, list[str]] = defaultdict(list)
    for tag, commit in snapshot.tags.items():
        if not _COMMIT.fullmatch(commit):
            raise ValueError(f"{snapshot.repo} {tag}: not a commit: {commit!r}")
        if _TAG.fullmatch(tag):
            by_commit[commit].append(tag)
    lines = [(version.precise_first(tags), commit) for commit, tags in by_commit.items()]
    lines.sort(key=lambda line: (_order(line[0][0]), line))
    header = " ".join((f":{snapshot.repo}", snapshot.date, *_newest(by_commit.values())))
    return "".join((header, "\n", *(f"{commit} {' '.join(tags)}\n" for tags, commit in lines)))


def _newest(tags: Iterable[Iterable[str]]) -> list[str]:
    """The newest stable version of each major version, the newest first."""
    best: dict[int, version.Version] = {}
    for found in map(version.parse, chain.from_iterable(tags)):
        if found is not None and found.stable and not found.prefix:
            best[found.major] = max(found, best.get(found.major, found))
    return [best[major].tag for major in sorted(best, reverse=True)]


def _order(tag: str) -> tuple[object, ...]:
    """Oldest version first, so that a new release is a line at the end; other tags lead."""
    parsed = version.parse(tag)
    return (True, parsed.prefix, parsed.order) if parsed else (False,)


if __name__ == "__main__":
    raise SystemExit(main())
