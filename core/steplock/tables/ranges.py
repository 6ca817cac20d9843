"""Where what a tag stands for lies in the releases of an action."""

from __future__ import annotations

from steplock import version

_NEWEST = 10**9


def at_least(tag: str, bound: str) -> bool | None:
    """Whether `tag` stands for the release `bound` or a newer one; None if either is no version.

    A tag that names a line of releases (`v4`, `v4.2`) stands for the newest of them.
    """
    asked, least = version.parse(tag), version.parse(bound)
    if asked is None or least is None:
        return None
    fill = 0 if asked.full else _NEWEST
    return (_padded(asked, fill), asked.stable) >= (_padded(least, 0), least.stable)


def within(tag: str, introduced: str = "", fixed: str = "", last: str = "") -> bool | None:
    """Whether `tag` is in `introduced <= x < fixed` or `introduced <= x <= last`; empty is open.

    None where the tag is no version.
    """
    if version.parse(tag) is None:
        return None
    if introduced and not at_least(tag, introduced):
        return False
    if fixed and at_least(tag, fixed):
        return False
    return not last or tag == last or bool(at_least(last, tag))


def _padded(parsed: version.Version, fill: int) -> tuple[int, ...]:
    return (*parsed.numbers, fill, fill, fill, fill)[:4]
