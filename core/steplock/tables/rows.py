"""Rows of a table as values."""

from collections.abc import Callable, Mapping

from steplock.annotations import Any, TypeVar

_Row = TypeVar("_Row")


def typed(kind: Callable[..., _Row], row: Mapping[str, Any], **more: Any) -> _Row:
    """A row as a value of `kind`; fields that it leaves out keep their defaults, lists become tuples."""
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return kind(**fields, **more)
