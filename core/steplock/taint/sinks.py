"""What of a step is run as code."""

from __future__ import annotations

from collections.abc import Iterator

from steplock.model import Step
from steplock.syntax import Scalar
from steplock.tables import sinks


def code(step: Step) -> Iterator[tuple[str, Scalar]]:
    """The script of a step, or the inputs of its action that are code and hold a `${{ }}`, by their keys."""
    if step.run is not None:
        yield "run", step.run
    elif step.uses is not None and step.inputs is not None:
        for name, value in step.inputs.items:
            if not isinstance(value, Scalar) or "${{" not in value.value:
                continue
            if sinks.find(step.uses.action, name.value):
                yield name.value, value
