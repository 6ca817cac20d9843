"""Apply what a server sends as an editor does, by the letter of the protocol and with no code of ours."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

Json = dict[str, Any]

_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def offset(text: str, position: Json, encoding: str) -> int:
    """The offset of a position, which must exist."""
    codec, width = _CODECS[encoding]
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
    start = starts[position["line"]]
    line = re.split(r"[\r\n]", text[start:], maxsplit=1)[0]
    units = line.encode(codec)
    end = position["character"] * width
    assert end <= len(units), f"{position} is beyond the end of its line"
    return start + len(units[:end].decode(codec))


def at(text: str, range: Json, encoding: str) -> str:
    """The text at a range."""
    return text[offset(text, range["start"], encoding) : offset(text, range["end"], encoding)]


def apply(text: str, edits: list[Json], encoding: str = "utf-16") -> str:
    """Apply text edits, all positions being those before."""
    placed = sorted(
        (offset(text, e["range"]["start"], encoding), offset(text, e["range"]["end"], encoding), i)
        for i, e in enumerate(edits)
    )
    assert all(a[1] <= b[0] for a, b in pairwise(placed)), "edits overlap"
    for start, end, index in reversed(placed):
        text = text[:start] + edits[index]["newText"] + text[end:]
    return text


def by_uri(edit: Json) -> dict[str, list[Json]]:
    """The text edits of a workspace edit, in either of its forms."""
    if "documentChanges" in edit:
        changes = [one for one in edit["documentChanges"] if "edits" in one]
        return {one["textDocument"]["uri"]: one["edits"] for one in changes}
    found: dict[str, list[Json]] = edit["changes"]
    return found
