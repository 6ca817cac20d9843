"""Floor 3. Code and files of strangers: the steps that bring them into a job, and those that run them there."""

from steplock.foreign.execution import Execution, checkout_folder, executions
from steplock.foreign.origin import Origin, origins
from steplock.foreign.sources import Foreign, brought_in
from steplock.foreign.touches import Touch, touches
from steplock.foreign.ways import Way, ways

__all__ = [
    "Execution",
    "Foreign",
    "Origin",
    "Touch",
    "Way",
    "brought_in",
    "checkout_folder",
    "executions",
    "origins",
    "touches",
    "ways",
]
