"""Repositories of actions that their owners archived: nobody repairs them any more.

core/update/archived.py writes the table.
"""

from functools import cache

from steplock.tables import load


def is_archived(slug: str) -> bool:
    """Whether `owner/repo` is known to be archived; ignores case."""
    return slug.lower() in names()


@cache
def names() -> frozenset[str]:
    """All of them, in lower case."""
    return frozenset(load("archived"))
