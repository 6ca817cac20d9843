"""The functions that GitHub knows, and how many arguments each takes."""

from __future__ import annotations

from steplock.named import NamedTuple


class Function(NamedTuple):
    """A function in its usual spelling, with the fewest and the most arguments it takes."""

    name: str
    least: int
    most: int


# https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#functions and
# the counts of ExpressionConstants.cs. `success` and `failure` take job names in a job's `if:`.
FUNCTIONS = {
    function.name.lower(): function
    for function in (
        Function("always", 0, 0),
        Function("cancelled", 0, 0),
        Function("case", 3, 255),
        Function("contains", 2, 2),
        Function("endsWith", 2, 2),
        Function("failure", 0, 255),
        Function("format", 1, 255),
        Function("fromJSON", 1, 1),
        Function("hashFiles", 1, 255),
        Function("join", 1, 2),
        Function("startsWith", 2, 2),
        Function("success", 0, 255),
        Function("toJSON", 1, 1),
    )
}


def signature_problem(name: str, given: int) -> str | None:
    """What is wrong with a call of `name` with `given` arguments; None where nothing is."""
    function = FUNCTIONS.get(name.lower())
    if function is None:
        return f"unknown function `{name}`"
    if function.name == "case" and given % 2 == 0:
        return f"`case` takes pairs and a default, so an odd number of arguments; {given} given"
    if function.least <= given <= function.most:
        return None
    if function.least == function.most:
        takes = str(function.least)
    elif given < function.least:
        takes = f"at least {function.least}"
    else:
        takes = f"at most {function.most}"
    plural = "" if takes.endswith(" 1") or takes == "1" else "s"
    return f"`{function.name}` takes {takes} argument{plural}; {given} given"
