"""Floor 0. `typing.NamedTuple`, defined in a sixth of the time.

A cold hook defines some two hundred of these classes. The library's own compiles the annotation of each field and a
constructor for each class, 0.1 ms in all; this one leaves annotations alone, and compiles a constructor only for a class that is
often called.
To a type checker it is the library's.
"""

from __future__ import annotations

from steplock.annotations import TYPE_CHECKING, Any

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from operator import itemgetter

    try:
        from _collections import _tuplegetter as _field  # what namedtuple uses: twice as fast
    except ImportError:

        def _field(index: int, doc: str | None) -> property:
            return property(itemgetter(index), doc=doc)

    class _Definition(type):
        def __new__(meta, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            fields = tuple(body.get("__annotations__", ()))
            body["__slots__"] = ()
            if fields:
                body["_field_defaults"] = {f: body[f] for f in fields if f in body}
                body["_fields"] = body["__match_args__"] = fields
                body.update((field, _field(at, None)) for at, field in enumerate(fields))
                body["__new__"] = _construct
            return super().__new__(meta, name, bases, body)

    # From so many calls on, it pays to compile a constructor.
    _OFTEN = 16
    _calls: dict[type, int] = {}

    def _construct(_cls: type, /, *values: Any, **named: Any) -> Any:
        """The first calls for a class; then a function that takes its fields by name comes in the place of this."""
        calls = _calls[_cls] = _calls.get(_cls, 0) + 1
        if calls < _OFTEN:
            rest = _cls._fields[len(values) :]
            if not rest and len(values) == len(_cls._fields) and not named:
                return tuple.__new__(_cls, values)
            given = {**_cls._field_defaults, **named}
            if rest and named.keys() <= set(rest) and given.keys() >= set(rest):
                return tuple.__new__(_cls, (*values, *map(given.__getitem__, rest)))
        names = ", ".join(_cls._fields)
        new = eval(f"lambda _cls, {names}: _new(_cls, ({names},))", {"_new": tuple.__new__})
        new.__defaults__ = tuple(_cls._field_defaults.values())
        _cls.__new__ = new
        return new(_cls, *values, **named)

    class NamedTuple(tuple, metaclass=_Definition):
        @classmethod
        def _make(cls, values: Any) -> Any:
            return cls(*values)

        def _replace(self, **changed: Any) -> Any:
            made = type(self)(*map(changed.pop, self._fields, self))
            if changed:
                raise ValueError(f"{type(self).__name__} has no field {next(iter(changed))!r}")
            return made

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def __repr__(self) -> str:
            values = ", ".join(f"{f}={v!r}" for f, v in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({values})"
