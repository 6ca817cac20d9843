"""What earlier runs found, as far as it still holds."""

from __future__ import annotations

import marshal
import os

from steplock.rule import Severity
from steplock_hooks import configuration, packing
from steplock_hooks.cache import Cache, digest, stamp
from steplock_hooks.configuration import Policy, Source
from steplock_hooks.subject import Outcome, Subject
from steplock_hooks.tree import Tree

_NOT_OURS = (EOFError, TypeError, ValueError)


class Kept:
    """Findings by all that they rest on: code, request, date, configuration, the file and those around it."""

    def __init__(self, folder: str, request: tuple[object, ...]) -> None:
        self._cache = Cache(folder)
        self._trees: dict[str, Tree] = {}
        self._stamp = stamp()
        self._base = digest(self._stamp, repr(request).encode())

    def find(self, subject: Subject) -> Outcome | None:
        """What was found in this very file, where all around it is as it was."""
        entry = self._cache.get(self._key(subject))
        if entry is None:
            return None
        target = subject.target
        try:
            state, packed = packing.load(entry)
            if self._tree(target.root).state(packed.asked) != state:
                return None
            report = packed.report(target.path, subject.text)
        except _NOT_OURS:
            return None
        return Outcome(target, subject.source, subject.policy, report)

    def keep(self, subject: Subject, entry: bytes) -> None:
        """Keep what was found, packed."""
        self._cache.put(self._key(subject), entry)

    def policy(self, source: Source) -> Policy:
        """What a configuration says of files, without reading it as YAML again."""
        key = digest(self._stamp, b"policy", *_identity(source)).hex()
        if entry := self._cache.get(key):
            try:
                fail_on, exclude, notes = marshal.loads(entry)
                return Policy(Severity(fail_on) if fail_on else None, exclude, notes)
            except _NOT_OURS:
                pass
        policy = configuration.policy(source)
        fail_on = int(policy.fail_on) if policy.fail_on is not None else None
        self._cache.put(key, marshal.dumps((fail_on, policy.exclude, policy.notes)))
        return policy

    def prune(self) -> None:
        """Drop what is old."""
        self._cache.prune()

    def _tree(self, root: str) -> Tree:
        return self._trees.setdefault(root, Tree(root))

    def _key(self, subject: Subject) -> str:
        path = os.fsencode(subject.target.path)
        return digest(self._base, *_identity(subject.source), path, subject.content).hex()


def _identity(source: Source) -> tuple[bytes, bytes]:
    return os.fsencode(os.path.basename(source.file)), source.text.encode()
