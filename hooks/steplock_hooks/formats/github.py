"""Workflow commands, which GitHub shows as annotations beside the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from steplock.report import Diagnostic
from steplock.rule import Severity, page
from steplock.text import Lines
from steplock_hooks.formats.excerpt import without_blank_end
from steplock_hooks.formats.sources import Sources
from steplock_hooks.formats.summary import summary
from steplock_hooks.formats.terminal import visible
from steplock_hooks.results import Results, Style

_COMMANDS = {
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFORMATIONAL: "notice",
}


def render(results: Results, style: Style, *, quiet: bool = False, suppressed: bool = False) -> str:
    """One command a finding, then the summary; paths from the repository's root, as GitHub wants them.

    What is suppressed is never annotated.
    """
    sources = Sources(results.checked)
    commands = [
        _command(diagnostic, sources.lines(one.root, diagnostic.path))
        for one in results.checked
        for diagnostic in one.report.diagnostics
    ]
    plain = style._replace(color=False, links=False)
    return "".join(f"{line}\n" for line in (*commands, summary(results, plain)))


def _command(diagnostic: Diagnostic, lines: Lines) -> str:
    span = without_blank_end(lines.text, diagnostic.span)
    start, end = lines.position(span.start), lines.position(span.end)
    properties = {"file": diagnostic.path, "line": start.line + 1, "endLine": end.line + 1}
    if start.line == end.line:  # GitHub refuses columns of several lines
        properties |= {"col": start.column + 1, "endColumn": end.column + 1}
    properties["title"] = f"steplock: {diagnostic.rule}"
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {listed}::{_data(_message(diagnostic))}"


def _message(diagnostic: Diagnostic) -> str:
    helps = [f"help: {fix.title}" for fix in diagnostic.fixes[:1]]
    text = "\n".join((diagnostic.message, *helps, page(diagnostic.rule)))
    return "\n".join(visible(line) for line in text.split("\n"))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
