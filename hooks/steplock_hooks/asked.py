"""From the command line of `check` and `fix` to what is asked of a check."""

from __future__ import annotations

import os
from collections.abc import Iterable
from types import SimpleNamespace

from steplock.report import Diagnostic
from steplock.rule import Persona, Severity
from steplock_hooks import cache, pool
from steplock_hooks.checking import Request
from steplock_hooks.complaint import Complaint
from steplock_hooks.subject import Outcome


def request(arguments: SimpleNamespace) -> Request:
    """What to check for. Raises Complaint where it names a rule or a file that there is not."""
    config = arguments.config
    if config is not None:
        if arguments.no_config:
            raise Complaint("--config and --no-config contradict each other: give one")
        if not os.path.isfile(config):
            raise Complaint(f"--config {config}: no such file")
        config = os.path.abspath(config)
    server = None
    if arguments.online:
        from steplock_hooks.online import git_server  # here, since a plain check has no network

        server = git_server(arguments)
    folder = None
    if not arguments.no_cache:
        folder = cache.folder(arguments.cache_dir)
    return Request(
        rules=_rules(arguments.rule) if arguments.rule else None,
        persona=Persona[arguments.persona.upper()] if arguments.persona else None,
        config=config,
        no_config=arguments.no_config,
        cache=folder,
        jobs=arguments.jobs or pool.cores(),
        server=server,
    )


def gate(asked: str | None, outcome: Outcome) -> Severity | None:
    """From where on findings in a file block: as asked, else as its configuration says; None for never."""
    if asked is None:
        return outcome.policy.fail_on
    return None if asked == "never" else Severity[asked.upper()]


def blocking(gate: Severity | None, outcome: Outcome) -> list[Diagnostic]:
    """The findings at or above the gate."""
    found = outcome.report.diagnostics
    return [] if gate is None else [one for one in found if one.severity >= gate]


def unknown_rule(rule: str, known: Iterable[str]) -> Complaint:
    """What to say of a rule id that is none."""
    import difflib

    near = difflib.get_close_matches(rule, list(known), 1)
    hint = f"did you mean {near[0]}?" if near else "see steplock rules"
    return Complaint(f"no rule {rule!r}: {hint}")


def _rules(ids: Iterable[str]) -> frozenset[str]:
    from steplock import registry

    for id in ids:
        if id not in registry.ids():
            raise unknown_rule(id, registry.ids())
    return frozenset(ids)
