"""The `if:` of a job or a step."""

from __future__ import annotations

from steplock import expression
from steplock.annotations import TYPE_CHECKING
from steplock.lazy import cached_property
from steplock.model.view import Value

if TYPE_CHECKING:
    from steplock.model.job import Job, Step


class Condition(Value):
    parent: Job | Step

    @cached_property
    def parsed(self) -> expression.Condition:
        """How GitHub reads it; spans count in the value of the scalar."""
        return expression.condition(self.scalar.value)

    @cached_property
    def truth(self) -> bool | None:
        """True or False where it is that whatever happens, else None."""
        if self.scalar.boolean is not None:
            return self.scalar.boolean
        if self.parsed.root is None:
            return None
        return expression.truth(self.parsed.root, lambda path: expression.UNKNOWN)
