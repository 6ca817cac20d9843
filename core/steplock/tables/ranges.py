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
    return _place(asked) >= _place(least, exact=True)


def within(tag: str, introduced: str = "", fixed: str = "", last: str = "") -> bool | None:
    """Whether `tag` is in `introduced <= x < fixed` or `introduced <= x <= last`; empty is open.

    None where the tag is no version.
    """
    asked = version.parse(tag)
    if asked is None:
        return None
    if introduced and not at_least(tag, introduced):
        return False
    if fixed and at_least(tag, fixed):
        return False
    end = version.parse(last)
    return end is None or _place(asked) <= _place(end, exact=True)


def _place(parsed: version.Version, *, exact: bool = False) -> tuple[tuple[int, ...], bool]:
    """What to compare; `exact` reads `4` as the release 4.0.0, as the bound of a range."""
    fill = 0 if exact or parsed.full else _NEWEST
    return (*parsed.numbers, fill, fill, fill, fill)[:4], parsed.stable
