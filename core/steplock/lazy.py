"""Floor 0. Work that is put off until somebody asks: `functools.cached_property` and `re.compile`.

To a type checker they are the library's.
"""

from __future__ import annotations

import re
import sys

from steplock.annotations import TYPE_CHECKING, Any

__all__ = ["cached_property", "pattern"]

if TYPE_CHECKING or sys.version_info >= (3, 12):
    from functools import cached_property
else:

    class cached_property:
        """Without the lock of the library's, which before Python 3.12 takes longer than most of what it guards."""

        def __init__(self, work: Any) -> None:
            self.work = work
            self.name = work.__name__
            self.__doc__ = work.__doc__

        def __get__(self, instance: Any, owner: type) -> Any:
            # Asked for once: the attribute in the instance's own dictionary is found before this.
            if instance is None:
                return self
            value = instance.__dict__[self.name] = self.work(instance)
            return value


if TYPE_CHECKING:
    from re import compile as pattern
else:

    class pattern:
        """A pattern that is compiled when it is first matched: in one run, most never are."""

        def __init__(self, *arguments: Any) -> None:
            self._arguments = arguments

        def __getattr__(self, method: str) -> Any:
            if method.startswith("__"):
                raise AttributeError(method)
            # Asked for once, too; `re` remembers what it compiled.
            found = self.__dict__[method] = getattr(re.compile(*self._arguments), method)
            return found
