"""How a run's findings are written down. A format is a module here, imported when it is asked for."""

from __future__ import annotations

from steplock.annotations import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from steplock_hooks.results import Checked, Results, Style

FORMATS = ("text", "json", "sarif", "github")


class Format(Protocol):
    """The function `render` of each module."""

    def __call__(
        self, results: Results, style: Style, *, quiet: bool = False, suppressed: bool = False
    ) -> str:
        """The whole output, with a newline at its end.

        Args:
            quiet: people get the summary only; formats that programs read stay as they are.
            suppressed: show what comments and the configuration suppress, too.
        """


def parts(name: str, suppressed: bool) -> Callable[[Checked], str] | None:
    """What makes a format's part of each file apart from the others; None where it sees them all together."""
    module = __import__(f"{__name__}.{name}", fromlist=("parts",))
    made: Callable[[bool], Callable[[Checked], str]] | None = getattr(module, "parts", None)
    return made(suppressed) if made else None


def load(name: str) -> Format:
    """The format of this name, one of `FORMATS`."""
    render: Format = __import__(f"{__name__}.{name}", fromlist=("render",)).render
    return render
