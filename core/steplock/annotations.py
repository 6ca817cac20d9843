"""Floor 0. What annotations need of `typing`, without the import, which takes a cold hook as long as checking a small file.

Nothing reads these while the program runs; what does (the options of rules, the schema) imports the library itself.
To a type checker they are the library's.
"""

from __future__ import annotations

__all__ = [
    "IO",
    "TYPE_CHECKING",
    "Any",
    "Final",
    "Literal",
    "NoReturn",
    "Protocol",
    "TextIO",
    "TypeAlias",
    "TypeVar",
]

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import IO, Any, Final, Literal, NoReturn, Protocol, TextIO, TypeAlias, TypeVar
else:

    class _Unread:
        """Stands wherever an annotation, or a name for one, may have it."""

        def __getitem__(self, arguments: object) -> _Unread:
            return self

        def __call__(self, *arguments: object, **named: object) -> _Unread:
            return self

        def __or__(self, other: object) -> _Unread:
            return self

        __ror__ = __or__

    IO = Any = Final = Literal = NoReturn = TextIO = TypeAlias = TypeVar = _Unread()
    Protocol = object
