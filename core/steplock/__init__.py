"""Find and fix security problems in GitHub Actions workflows.

>>> from steplock import lint
>>> lint("on: push\\njobs: {}\\n", ".github/workflows/ci.yml").diagnostics
"""

from steplock.annotations import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from steplock.engine import Fixed, apply_fixes, fix, lint
    from steplock.report import Diagnostic, Report
    from steplock.repository import Repository
    from steplock.rule import Confidence, Fix, Persona, Related, Safety, Severity
    from steplock.settings import Settings
    from steplock.text import Edit, Lines, Position, Span

__version__ = "0.1.0"
HOMEPAGE = "https://github.com/steplock/steplock"

__all__ = [
    "HOMEPAGE",
    "Confidence",
    "Diagnostic",
    "Edit",
    "Fix",
    "Fixed",
    "Lines",
    "Persona",
    "Position",
    "Related",
    "Report",
    "Repository",
    "Safety",
    "Settings",
    "Severity",
    "Span",
    "__version__",
    "apply_fixes",
    "fix",
    "lint",
]

# By the module that defines them, loaded when asked for: a hook whose results are all cached never
# imports the engine.
_HOMES = {
    "engine": ("Fixed", "apply_fixes", "fix", "lint"),
    "report": ("Diagnostic", "Report"),
    "repository": ("Repository",),
    "settings": ("Settings",),
    "rule": ("Confidence", "Fix", "Persona", "Related", "Safety", "Severity"),
    "text": ("Edit", "Lines", "Position", "Span"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(__import__(f"steplock.{module}", fromlist=(name,)), name)
    raise AttributeError(f"module 'steplock' has no attribute {name!r}")
