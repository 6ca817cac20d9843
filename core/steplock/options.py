"""Floor 5. The options of a rule: a NamedTuple whose fields are the keys users may set.

Types that a field may have: `bool`, `int`, `str`, `Literal[...]`, `tuple[str, ...]` and
`Mapping[str, str]` or `Mapping[str, Literal[...]]`. Field `max_age` is the key `max-age`.
"""

from __future__ import annotations

import sys
from collections import abc
from typing import Any, Literal, get_args, get_origin

from steplock.named import NamedTuple
from steplock.syntax import Mapping, Node, Scalar, Sequence


class Invalid(NamedTuple):
    """An option that is not what its field takes."""

    node: Node
    message: str
    unknown_key: bool = False
    choices: tuple[str, ...] = ()


class _Wrong(Exception):
    def __init__(self, node: Node, message: str) -> None:
        self.node, self.message = node, message


def fields(options: type) -> dict[str, Any]:
    """The keys that users write, with their types."""
    names = vars(sys.modules[options.__module__])
    return {
        field.replace("_", "-"): _evaluate(kind, names)
        for field, kind in options.__annotations__.items()
    }


def _evaluate(kind: Any, names: dict[str, Any]) -> Any:
    if hasattr(kind, "__forward_arg__"):
        kind = kind.__forward_arg__
    return eval(kind, {**names, "Literal": Literal}) if isinstance(kind, str) else kind


def read_options(
    options: type | None, pairs: abc.Iterable[tuple[Scalar, Node]]
) -> tuple[Any, tuple[Invalid, ...]]:
    """The options that a mapping sets; what is wrong in it keeps its default."""
    known = fields(options) if options else {}
    values = {}
    invalid = []
    for key, node in pairs:
        if key.value not in known:
            invalid.append(Invalid(key, "", unknown_key=True, choices=tuple(known)))
            continue
        try:
            values[key.value.replace("-", "_")] = _value(node, known[key.value])
        except _Wrong as wrong:
            invalid.append(Invalid(wrong.node, wrong.message))
    return options(**values) if options else None, tuple(invalid)


def _value(node: Node, kind: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        items = node.items if isinstance(node, Sequence) else (node,)
        return tuple(_value(item, arguments[0]) for item in items)
    if isinstance(origin, type) and issubclass(origin, abc.Mapping):
        if not isinstance(node, Mapping):
            raise _Wrong(node, "a mapping of keys is wanted here")
        return {key.value: _value(value, arguments[1]) for key, value in node.items}
    if not isinstance(node, Scalar) or node.is_null:
        raise _Wrong(node, "a value is wanted here")
    return _scalar(node, kind, arguments)


def _scalar(node: Scalar, kind: Any, choices: tuple[Any, ...]) -> Any:
    if kind is bool:
        if node.boolean is None:
            raise _Wrong(node, "true or false is wanted here")
        return node.boolean
    if kind is int:
        if node.style or not node.value.isdecimal():
            raise _Wrong(node, "a whole number, 0 or more, is wanted here")
        return int(node.value)
    if choices and node.value not in choices:
        raise _Wrong(node, f"one of {', '.join(choices)} is wanted here")
    return node.value
