"""Well-known repositories of actions and hooks, and names that look like theirs.

core/update/popular.py writes the table.
"""

from __future__ import annotations

from functools import cache, lru_cache

from steplock.annotations import Literal
from steplock.lazy import pattern
from steplock.tables import archived, load

# Read as the same at a glance.
_LOOKALIKES = (
    ("rn", "m"),
    ("vv", "w"),
    ("0", "o"),
    ("1", "l"),
    ("i", "l"),
    ("5", "s"),
    ("3", "e"),
    ("_", "-"),
)
_WORDS = pattern(r"[-_./]")
_LONGEST = 140
# Names whose lengths differ by more are no slip and no lookalikes, for who reads them.
_FURTHEST = 3


@cache
def names(kind: Literal["actions", "hooks"] = "actions") -> frozenset[str]:
    """The well-known repositories, `owner/repo` in lower case; `hooks` are those of pre-commit."""
    return frozenset(load("popular")[kind])


@cache
def _by_length(kind: Literal["actions", "hooks"]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for name in names(kind):
        found.setdefault(len(name), []).append(name)
    return found


@lru_cache(maxsize=1024)
def imitated(slug: str, kind: Literal["actions", "hooks"] = "actions") -> str | None:
    """The well-known repository that `owner/repo` is likely mistaken for: one slip away, by another owner.

    A slip is one character too many, too few or wrong, two swapped, a lookalike, or words in another order. None for
    a name that is known itself.
    """
    slug = slug.lower()
    if (
        slug in names(kind)
        or slug.count("/") != 1
        or len(slug) > _LONGEST
        or archived.is_archived(slug)
    ):
        return None
    owner = slug[: slug.index("/") + 1]
    skeleton, words = _skeleton(slug), _words(slug)
    lengths = range(len(slug) - _FURTHEST, len(slug) + _FURTHEST + 1)
    near = (name for length in lengths for name in _by_length(kind).get(length, ()))
    found = (
        name
        for name in near
        if _one_slip(slug, name) or skeleton == _skeleton(name) or words == _words(name)
    )
    return min((name for name in found if not name.startswith(owner)), default=None)


def _one_slip(a: str, b: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours leads from one to the other."""
    if abs(len(a) - len(b)) > 1:
        return False
    # Wherever the slip is, it leaves the first or the last part as it was.
    part = max(min(len(a), len(b)) // 2 - 1, 1)
    if a[:part] != b[:part] and a[-part:] != b[-part:]:
        return False
    if len(a) > len(b):
        a, b = b, a
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    if a[at + 1 :] == b[at + 1 :]:
        return True
    return a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]


@lru_cache(maxsize=4096)
def _skeleton(slug: str) -> str:
    for like, plain in _LOOKALIKES:
        slug = slug.replace(like, plain)
    return slug


@lru_cache(maxsize=4096)
def _words(slug: str) -> tuple[str, ...]:
    return tuple(sorted(_WORDS.split(slug)))
