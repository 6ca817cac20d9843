"""A file that is to be checked, with the configuration that holds for it, as it was read."""

from __future__ import annotations

import os
import sys

from steplock.named import NamedTuple
from steplock.report import Diagnostic, Report
from steplock.rule import Confidence, Persona, Safety, Severity
from steplock.text import Span
from steplock_hooks import disk
from steplock_hooks.configuration import Policy, Source
from steplock_hooks.targets import STDIN, Target


class Subject(NamedTuple):
    target: Target
    source: Source
    policy: Policy
    content: bytes
    text: str


class Outcome(NamedTuple):
    """What was found in it."""

    target: Target
    source: Source
    policy: Policy
    report: Report
    said: str | None = None
    """As `Checked` has it."""

    @property
    def subject(self) -> Subject:
        """The file again."""
        text = self.report.text
        return Subject(self.target, self.source, self.policy, text.encode(), text)

    def is_fixable(self, safety: Safety) -> bool:
        """Whether a finding has a fix that is at least so safe."""
        found = self.report.diagnostics
        return any(fix.safety >= safety for one in found for fix in one.fixes)


def read(target: Target, source: Source, policy: Policy) -> Subject | Outcome:
    """Read a file; what cannot be read is a finding at its beginning."""
    try:
        content = _content(target)
        return Subject(target, source, policy, content, disk.decode(content))
    except disk.Unreadable as error:
        return Outcome(target, source, policy, unchecked(target, str(error)))


def unchecked(target: Target, reason: str, rule: str = "syntax-error") -> Report:
    """What stands for the findings of a file that could not be checked."""
    finding = Diagnostic(
        rule, Severity.HIGH, Confidence.HIGH, Persona.REGULAR, target.path, Span(0, 0),
        f"this file was not checked: it {reason}",
    )  # fmt: skip
    return Report(target.path, "", (finding,), ())


def _content(target: Target) -> bytes:
    if target.file == STDIN:
        return sys.stdin.buffer.read()
    if not target.named and os.path.islink(target.file):
        real = os.path.join(os.path.realpath(target.file), "")
        if not real.startswith(os.path.join(os.path.realpath(target.root), "")):
            raise disk.Unreadable("is a link that leads out of the repository")
    return disk.read(target.file)
