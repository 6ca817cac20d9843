"""Command lines that say what they say in the plainest way, as hooks do, read without argparse.

Options are declared once, as for argparse, and handed to both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from steplock.annotations import Any
from steplock.named import NamedTuple


class _Option(NamedTuple):
    name: str
    action: str = "store"
    choices: Sequence[str] | None = None
    default: Any = None
    nargs: str | None = None
    type: Callable[[str], Any] | None = None


class _Options:
    """Takes declarations in the place of an argparse parser."""

    def __init__(self) -> None:
        self.positional = _Option("")
        self.by_flag: dict[str, _Option] = {}

    def add_argument(self, *names: str, metavar: str = "", help: str = "", **how: Any) -> None:
        name = names[-1].lstrip("-").replace("-", "_")
        if how.get("action") == "store_true":
            how["default"] = False
        option = _Option(name, **how)
        if names[0].startswith("-"):
            self.by_flag.update((flag, option) for flag in names)
        else:
            self.positional = option

    def add_mutually_exclusive_group(self) -> _Options:
        raise NotImplementedError


def read(arguments: Sequence[str], declare: Callable[[_Options], None]) -> dict[str, Any] | None:
    """The values by the names of the options; None where there is anything unusual, which is left to argparse.

    Unusual are help, what is not declared, abbreviations, values that are missing or wrong, and short options with a
    value.
    """
    options = _Options()
    declare(options)
    every = [options.positional, *options.by_flag.values()]
    values = {option.name: option.default for option in every}
    positional: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if not argument.startswith("-") or argument == "-":
            positional.append(argument)
            continue
        flag, is_joined, value = argument.partition("=")
        option = options.by_flag.get(flag)
        if option is None:
            return None
        if option.action == "store_true":
            if is_joined:
                return None
            values[option.name] = True
            continue
        if not is_joined:
            value = next(waiting, "-")
        if value.startswith("-") or (option.choices and value not in option.choices):
            return None
        if option.type is not None:
            try:
                values[option.name] = option.type(value)
            except Exception:  # noqa: BLE001 - argparse words it
                return None
        elif option.action == "append":
            values[option.name] = [*(values[option.name] or ()), value]
        else:
            values[option.name] = value
    if positional:
        values[options.positional.name] = positional
    return values
