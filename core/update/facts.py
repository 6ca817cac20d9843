"""What the scripts beside this one share: facts in, a table out.

A file of facts has one JSON object a line. Each fact says where it was read (`source`) and on which day
(`read`, or `date` where the source has a day of its own). Fields that nobody judged stop the script.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

TABLES = Path(__file__).parents[1] / "steplock" / "tables"
ACTION = re.compile(r"[\w.-]+/[\w.-]+(/[\w.-]+)*", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d")

Row: TypeAlias = "dict[str, Any]"


def given(*names: str) -> list[Path]:
    """The files named on the command line, one for each of the names that the usage tells."""
    if len(sys.argv) - 1 != len(names):
        raise SystemExit(f"usage: {sys.argv[0]} {' '.join(names)}")
    return list(map(Path, sys.argv[1:]))


def read(path: Path, fields: str) -> list[Row]:
    """The facts of a file; `fields` names, between blanks, all that a fact may have."""
    known = {*fields.split(), "source", "read", "date"}
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    for row in rows:
        if "source" in row:
            row["source"] = row["source"].replace(" mirror", "").replace(" (stored)", "")
        if strange := row.keys() - known:
            raise SystemExit(f"{path.name}: nobody judged {sorted(strange)} of {row}")
    return rows


def newest(rows: Iterable[Row]) -> str:
    """The last day on which one of the facts was read."""
    days = (DAY.match(str(row.get("read") or row.get("date") or "")) for row in rows)
    return max(day[0] for day in days if day)


def action(name: str) -> str:
    """The name of an action or reusable workflow, as the key of a table: in lower case."""
    if not ACTION.fullmatch(name):
        raise SystemExit(f"not the name of an action: {name!r}")
    return name.lower()


def sure(row: Row) -> bool:
    """Whether the fact was read where it says, not taken from general knowledge or a doubtful copy."""
    doubts = ("knowledge", "memory", "README", "stored copy", "name ", "by relation", "±", "+-")
    return not any(doubt in str(row.get("confidence", "")) for doubt in doubts)


def regex(pattern: str) -> str:
    """A pattern that stays quick on hostile text: what it skips has an end."""
    bounded = pattern.replace(r"[^\n]*", r"[^\n]{0,300}").replace(".*", ".{0,300}")
    re.compile(bounded)
    return bounded


def lean(row: Mapping[str, Any]) -> Row:
    """The row without what is empty; readers know the defaults."""
    return {key: row[key] for key in sorted(row) if row[key] not in (None, "", [], {}, False)}


def write(
    name: str,
    rows: Mapping[str, Any] | Sequence[Any],
    *,
    source: str,
    day: str,
    licence: str = "Apache-2.0",
    sections: bool = False,
) -> None:
    """Write a table, one row a line, sorted; with `sections` the rows are one level deeper."""
    header = {"licence": licence, "read": day, "source": source}
    if sections and isinstance(rows, Mapping):
        lines = [f"{_json(key)}:{_lines(rows[key])}" for key in sorted(rows)]
        body = "{" + ",\n".join(lines) + "}"
    else:
        body = _lines(rows)
    text = f'{_json(header)[:-1]},\n"rows":{body}}}\n'
    if json.loads(text)["rows"] != json.loads(_json(rows)):
        raise SystemExit(f"{name}: rows do not survive being written")
    (TABLES / f"{name}.json").write_text(text, "utf-8", newline="\n")


def _lines(rows: Any) -> str:
    if isinstance(rows, Mapping):
        return "{\n" + ",\n".join(f"{_json(key)}:{_json(rows[key])}" for key in sorted(rows)) + "}"
    return "[\n" + ",\n".join(map(_json, rows)) + "]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
