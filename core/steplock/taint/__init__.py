"""Floor 3. Where the text of a value comes from: who chose it, how freely, and on which way it got here.

Ask `analysis(file, repository)`; it follows contexts through `env`, inputs, outputs, GITHUB_ENV, the matrix, local
actions and reusable workflows. What it cannot see it says so (`Who.UNSEEN`); what nobody has a say in gives
no `Taint` at all.
"""

from steplock.tables.contexts import Control
from steplock.taint.analysis import Analysis, Source, analysis
from steplock.taint.entries import Entry
from steplock.taint.evaluated import SEDS, Evaluated, evaluated
from steplock.taint.events import Place, Strangers
from steplock.taint.files import ARTIFACT, contents
from steplock.taint.scripts import in_word, written
from steplock.taint.sinks import code
from steplock.taint.value import Hop, Taint, Taints, Who, rank, union

__all__ = [
    "ARTIFACT",
    "SEDS",
    "Analysis",
    "Control",
    "Entry",
    "Evaluated",
    "Hop",
    "Place",
    "Source",
    "Strangers",
    "Taint",
    "Taints",
    "Who",
    "analysis",
    "code",
    "contents",
    "evaluated",
    "in_word",
    "rank",
    "union",
    "written",
]
