"""Which inputs of actions run as code, as `run:` does.

core/update/sinks.py writes the table.
"""

from __future__ import annotations

from functools import lru_cache

from steplock.annotations import Literal
from steplock.named import NamedTuple
from steplock.tables import look_up


class Sink(NamedTuple):
    """An input whose value is code."""

    input: str
    """The name as the action spells it."""
    language: Literal["javascript", "powershell", "python", "shell", "template"]
    """`shell`: a POSIX shell, here or on another machine. `template`: text that the action itself evaluates."""
    source: str = ""
    sure: bool = False
    """Whether the input was found in the manifest."""


@lru_cache(maxsize=1024)
def of(action: str) -> tuple[Sink, ...]:
    """The inputs of `owner/repo[/path]` that run as code."""
    row = look_up("sinks", action.lower())
    if row is None:
        return ()
    return tuple(
        Sink(name, code, row["source"], row["sure"]) for name, code in row["inputs"].items()
    )


def find(action: str, input: str) -> Sink | None:
    """The input as code, None if it is not; names ignore case."""
    return next((sink for sink in of(action) if sink.input.lower() == input.lower()), None)
