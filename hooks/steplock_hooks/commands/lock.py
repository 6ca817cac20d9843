"""`steplock lock`: record by hash what workflows download, and check that nothing else is."""

from __future__ import annotations

import hashlib
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import SimpleNamespace

from steplock import locking
from steplock.locking import PATH, Download, Entry, Lock
from steplock.repository import parse
from steplock_hooks import asked, checking, disk, formats, place, remote, targets
from steplock_hooks.complaint import Complaint
from steplock_hooks.diff import diff
from steplock_hooks.downloading import Failed, sha256
from steplock_hooks.progress import progress
from steplock_hooks.results import Checked, Results
from steplock_hooks.style import style
from steplock_hooks.tree import Tree

_RULES = frozenset({"stale-lockfile", "unlocked-download"})


def run(arguments: SimpleNamespace) -> int:
    """Write the lock, or look whether it is right. 1 where it changed, or is not right."""
    root = place.root(os.path.abspath(arguments.path), os.getcwd())
    tree = Tree(root)
    before = tree.read(PATH) or ""
    held = locking.read(before)
    wanted = _wanted(root)
    if arguments.check:
        return _check(arguments, held, wanted)
    if arguments.verify:
        return _verify(held)
    files, missing = _files(held, wanted, arguments)
    after = locking.write(Lock(files, _tools(held, wanted)))
    for address in missing:
        _say(f"{address} has no hash yet: --fetch gets it, --from takes it from a folder")
    if arguments.diff:
        look = style(sys.stdout, arguments.color)
        sys.stdout.writelines(diff(PATH, before, after, look))
    elif after != before:
        _write(os.path.join(root, PATH), before, after)
        print(f"Wrote {PATH}: {len(files)} files, {len(_tools(held, wanted))} tools.")
    else:
        print(f"{PATH} is up to date.")
    return int(after != before or bool(missing))


def _wanted(root: str) -> list[tuple[str, Download]]:
    """What all files of the repository download, by who does; a lock is one for all of it."""
    found = []
    tree = Tree(root)
    for target in targets.find([root]).targets:
        text = tree.read(target.path) if target.root == root else None
        if text is not None:
            downloads = locking.wanted(parse(target.path, text))
            found += [(target.path, one) for one in downloads if not one.variable]
    return found


def _users(wanted: Iterable[tuple[str, Download]], is_tool: bool) -> dict[str, tuple[str, ...]]:
    users = defaultdict(set)
    for path, one in wanted:
        if one.is_tool is is_tool:
            users[one.name].add(path)
    return {name: tuple(sorted(paths)) for name, paths in users.items()}


def _tools(held: Lock, wanted: list[tuple[str, Download]]) -> dict[str, Entry]:
    given = {one.name: one.sha256 for _, one in wanted if one.is_tool and one.sha256}
    old = {name: entry.sha256 for name, entry in held.tools.items()}
    return {
        name: Entry(given.get(name) or old.get(name, ""), users)
        for name, users in _users(wanted, is_tool=True).items()
    }


def _files(
    held: Lock, wanted: list[tuple[str, Download]], arguments: SimpleNamespace
) -> tuple[dict[str, Entry], list[str]]:
    """The entries whose hashes are known, and the addresses without."""
    users = _users(wanted, is_tool=False)
    hashes = {name: entry.sha256 for name, entry in held.files.items() if entry.sha256}
    unknown = [name for name in users if name not in hashes]
    if arguments.folder:
        hashes.update(_local(unknown, arguments.folder))
        unknown = [name for name in unknown if name not in hashes]
    if arguments.fetch:
        hashes.update(_fetched(unknown))
    files = {name: Entry(hashes[name], users[name]) for name in users if name in hashes}
    return files, sorted(set(users) - set(files))


def _local(addresses: Iterable[str], folder: str) -> Iterator[tuple[str, str]]:
    """The hashes of files that were downloaded before, found by the last part of the address."""
    if not os.path.isdir(folder):
        raise Complaint(f"--from {folder}: no such folder")
    for address in addresses:
        name = address.partition("?")[0].rstrip("/").rpartition("/")[2]
        path = os.path.join(folder, name)
        if name and os.path.isfile(path):
            hashed = hashlib.sha256()
            with open(path, "rb") as file:
                while part := file.read(1 << 20):
                    hashed.update(part)
            yield address, hashed.hexdigest()


def _fetched(addresses: Iterable[str]) -> dict[str, str]:
    found = {}
    wanted = sorted(addresses)
    with progress(len(wanted), "fetched {} of {} files") as tell:
        for done, (address, answer) in enumerate(remote.every(sha256, wanted), 1):
            if isinstance(answer, Failed):
                _say(f"{address} {answer.reason}")
            else:
                found[address] = answer
            tell(done)
    return found


def _verify(held: Lock) -> int:
    """Fetch all that is locked, and compare."""
    found = _fetched(held.files)
    other = sorted(name for name in found if found[name] != held.files[name].sha256)
    for name in other:
        print(f"{name}: is {found[name]} now, not {held.files[name].sha256}")
    away = len(held.files) - len(found)
    print(f"{len(found) - len(other)} as locked, {len(other)} changed, {away} not reached.")
    return int(bool(other or away))


def _check(arguments: SimpleNamespace, held: Lock, wanted: Iterable[tuple[str, Download]]) -> int:
    """Whether all that workflows use and download is locked, and all that is locked used."""
    found = targets.find([arguments.path])
    request = checking.Request(rules=_RULES)
    outcomes = checking.check(found.targets, request)
    failed = any(asked.blocking(asked.gate(None, one), one) for one in outcomes)
    checked = tuple(Checked(one.report, one.target.shown, one.target.root) for one in outcomes)
    results = Results(checked, failed, None)
    sys.stdout.write(
        formats.load("text")(
            results, style(sys.stdout, arguments.color), quiet=False, suppressed=False
        )
    )
    names = {one.name for _, one in wanted}
    stale = sorted(set(_all(held)) - names)
    for name in stale:
        print(f"{PATH}: nothing downloads {name} any more; run steplock lock")
    return int(failed or bool(stale))


def _all(held: Lock) -> Mapping[str, Entry]:
    return {**held.files, **held.tools}


def _write(path: str, before: str, after: str) -> None:
    try:
        if not os.path.lexists(path):
            with open(path, "xb"):
                pass
        disk.write({path: (before.encode(), after.encode())})
    except OSError as error:
        raise Complaint(f"{path}: {(error.strerror or str(error)).lower()}") from error


def _say(note: str) -> None:
    print(f"steplock: {note}", file=sys.stderr)
