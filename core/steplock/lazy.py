"""Floor 0. `functools.cached_property`, without the lock that it takes before Python 3.12.

A view has many such properties, and most are read once: the lock takes longer than what it guards. To a type checker it
is the library's.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

__all__ = ["cached_property"]

if TYPE_CHECKING or sys.version_info >= (3, 12):
    from functools import cached_property
else:

    class cached_property:
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
