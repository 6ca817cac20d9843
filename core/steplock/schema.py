"""Floor 8. The JSON Schema of `steplock.yml`, made from the rules and their options."""

from __future__ import annotations

from collections import abc
from typing import Any, get_args, get_origin

from steplock import HOMEPAGE
from steplock.options import fields
from steplock.presets import PRESETS
from steplock.registry import all_rules
from steplock.rule import Rule, page
from steplock.settings import PERSONAS, SEVERITIES


def schema() -> dict[str, Any]:
    """The schema, as draft 7: what editors know best."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"{HOMEPAGE}/blob/main/core/steplock/steplock.schema.json",
        "title": "steplock.yml",
        "description": "The configuration of steplock.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "preset": {
                "description": "A policy to start from; what the file says itself counts more.",
                "enum": list(PRESETS),
            },
            "persona": {
                "description": "Who reads the findings: each one sees what the one before sees, and more.",
                "enum": list(PERSONAS),
                "default": "regular",
            },
            "fail-on": {
                "description": "The lowest severity that blocks a commit.",
                "enum": [*SEVERITIES, "never"],
                "default": "medium",
            },
            "exclude": {
                "description": "Globs of files that are not checked.",
                **_STRINGS,
            },
            "rules": {
                "description": "Settings by rule.",
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": {rule.id: _rule(rule) for rule in all_rules()},
            },
        },
    }


_STRINGS = {
    "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
}


def _rule(rule: Rule) -> dict[str, Any]:
    options = fields(rule.options) if rule.options else {}
    defaults = getattr(rule.options, "_field_defaults", {})
    return {
        "description": f"{rule.summary} {page(rule.id)}",
        "oneOf": [
            {"enum": ["on", "off", True, False, *SEVERITIES]},
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "enabled": {"type": "boolean", "default": rule.enabled},
                    "severity": {"enum": list(SEVERITIES)},
                    "ignore": {
                        "description": "Places it says nothing of: `glob`, `glob:line` or `glob:line:column`.",
                        **_STRINGS,
                    },
                    **{
                        name: {**_type(kind), "default": _plain(defaults[name.replace("-", "_")])}
                        for name, kind in options.items()
                    },
                },
            },
        ],
    }


def _type(kind: Any) -> dict[str, Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        item = _type(arguments[0])
        return {"oneOf": [item, {"type": "array", "items": item}]}
    if isinstance(origin, type) and issubclass(origin, abc.Mapping):
        return {"type": "object", "additionalProperties": _type(arguments[1])}
    if arguments:
        return {"enum": list(arguments)}
    return {"type": {bool: "boolean", int: "integer"}.get(kind, "string")}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
