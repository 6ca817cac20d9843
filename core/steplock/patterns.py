"""Floor 3. Patterns for actions, as configurations name them.

`owner/repo[/subpath][@ref]`, `owner/repo/*` (with or without a subpath), `owner/*` and `*`.
"""

from __future__ import annotations

from collections.abc import Collection

from steplock.model import Uses


def fits(uses: Uses, pattern: str) -> bool:
    """Whether a remote `uses:` is what a pattern means; owners and repositories ignore case."""
    return uses.is_remote and fits_name(uses.name, uses.ref, pattern)


def fits_name(name: str, ref: str, pattern: str) -> bool:
    """The same for `owner/repo[/subpath]` and a reference given apart."""
    wanted, _, wanted_ref = pattern.partition("@")
    if wanted_ref and wanted_ref != ref:
        return False
    if wanted == "*":
        return True
    wanted_parts, parts = wanted.split("/", 2), name.split("/", 2)
    if len(parts) < 2 or wanted_parts[0].lower() != parts[0].lower():
        return False
    if len(wanted_parts) == 2 and wanted_parts[1] == "*":
        return True
    if len(wanted_parts) < 2 or wanted_parts[1].lower() != parts[1].lower():
        return False
    if len(wanted_parts) == 3 and wanted_parts[2] == "*":
        return True
    return wanted_parts[2:] == parts[2:]


def most_exact(uses: Uses, patterns: Collection[str]) -> str | None:
    """The pattern that says most of those that fit."""
    fitting = [pattern for pattern in patterns if fits(uses, pattern)]
    return max(fitting, key=_exactness, default=None)


def _exactness(pattern: str) -> tuple[bool, int, bool]:
    name, at, _ = pattern.partition("@")
    return bool(at), name.count("/") + (name != "*"), not name.endswith("*")
