"""What the blocks of a file set by name: variables in `env:`, inputs, outputs."""

from __future__ import annotations

from steplock.model import Job, Step
from steplock.syntax import Mapping, Node, Scalar
from steplock.taint import Place


def variable(name: str, place: Place) -> Scalar | None:
    """The value of a variable as the innermost `env:` sets it; `name` in lower case."""
    around: Place | None = place
    while around is not None:
        node = around.node.get("env")
        for key, value in node.items if isinstance(node, Mapping) else ():
            if key.value.lower() == name and isinstance(value, Scalar):
                return value
        match around:
            case Step():
                around = around.job
            case Job():
                around = around.workflow
            case _:
                around = None
    return None


def given(mapping: Mapping | None, name: str) -> Node | None:
    """What a mapping has at a key, whatever its case."""
    for key, value in mapping.items if mapping else ():
        if key.value.lower() == name:
            return value
    return None
