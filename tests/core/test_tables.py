"""The tables of facts: their form, what their look-ups stand on, and the scripts that write them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from steplock import tables
from steplock.tables import (
    agents,
    apis,
    commands,
    conditions,
    poisonable,
    publishers,
    ranges,
)
from steplock.tables.conditions import Situation
from update import facts
from update import scopes as update_scopes

TABLES = Path(facts.__file__).parents[1] / "steplock" / "tables"
FILES = sorted(path.name for path in TABLES.glob("*.json"))
DAY = re.compile(r"\d{4}-\d\d-\d\d")

IMPORT_ALL = """
import pkgutil, sys
import steplock.tables
for module in pkgutil.iter_modules(steplock.tables.__path__):
    __import__(f"steplock.tables.{module.name}")
print(steplock.tables.load.cache_info().misses, "json" in sys.modules)
"""


def test_a_table_and_its_modules_exist() -> None:
    assert len(FILES) >= 20
    assert sum((TABLES / name).stat().st_size for name in FILES) < 1_500_000


@pytest.mark.parametrize("name", FILES)
def test_a_table_says_where_it_is_from(name: str) -> None:
    table = json.loads((TABLES / name).read_text("utf-8"))
    assert table.keys() == {"licence", "read", "rows", "source"}
    assert table["source"]
    assert table["licence"]
    assert DAY.fullmatch(table["read"])
    assert (TABLES / name).with_suffix(".py").is_file()


@pytest.mark.parametrize("name", FILES)
def test_a_table_is_sorted(name: str) -> None:
    rows = json.loads((TABLES / name).read_text("utf-8"))["rows"]
    parts = [rows, *(part for part in rows.values())] if isinstance(rows, dict) else [rows]
    for part in parts:
        if isinstance(part, dict):
            assert list(part) == sorted(part)
    if isinstance(rows, list):
        assert rows == sorted(rows)


@pytest.mark.parametrize("name", FILES)
def test_a_row_is_found_without_reading_the_others(name: str) -> None:
    rows = json.loads((TABLES / name).read_text("utf-8"))["rows"]
    for section in sections(name):
        known = rows[section] if section else rows
        for key in known:
            assert fresh(name, section).get(key) == known[key]
        for key in ("", "!", "zzzz/zzzz", *(f"{key}-" for key in known)):
            assert fresh(name, section).get(key) is None


def test_many_look_ups_read_the_table() -> None:
    rows = tables.load("actions")
    for key in [*rows, "nobody/nothing"]:
        assert tables.look_up("actions", key) == rows.get(key)


def sections(name: str) -> list[str]:
    """The parts of a table that hold a row a line; empty for the table itself."""
    found = re.findall(r'"(\w+)":\{\n', (TABLES / name).read_text("utf-8"))
    return ["" if key == "rows" else key for key in found]


def fresh(name: str, section: str) -> Any:
    return tables._Rows(name.removesuffix(".json"), section)


def test_importing_a_table_reads_nothing() -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL],
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert result.stdout.split() == ["0", "False"]


def step(given: Mapping[str, str] | None = None, **known: Any) -> Situation:
    return Situation(inputs=given or {}, **known)


# --- what the others stand on


@pytest.mark.parametrize(
    ("tag", "bound", "answer"),
    [
        ("v4", "v4.4.0", True),
        ("v4.3.1", "v4.4.0", False),
        ("v4.4", "v4.4.3", True),
        ("v3", "v4", False),
        ("5.0.0", "v5", True),
        ("v5.0.0-rc.1", "v5.0.0", False),
        ("main", "v1", None),
    ],
)
def test_at_least(tag: str, bound: str, answer: bool | None) -> None:
    assert ranges.at_least(tag, bound) is answer


@pytest.mark.parametrize(
    ("tag", "introduced", "fixed", "last", "answer"),
    [
        ("v4.1.2", "4.0.0", "4.1.3", "", True),
        ("v4", "4.0.0", "4.1.3", "", False),
        ("v3.9.9", "4.0.0", "4.1.3", "", False),
        ("v45.0.7", "", "", "45.0.7", True),
        ("v45", "", "", "45.0.7", False),
        ("v44", "", "", "45.0.7", True),
        ("v5", "", "6", "", True),
        ("v6", "", "6", "", False),
        ("latest", "", "6", "", None),
    ],
)
def test_within(tag: str, introduced: str, fixed: str, last: str, answer: bool | None) -> None:
    assert ranges.within(tag, introduced, fixed, last) is answer


@pytest.mark.parametrize(
    ("when", "known", "answer"),
    [
        ({}, step(), True),
        ({"input": "push", "equals": "true"}, step({"Push": " TRUE "}), True),
        ({"input": "push", "equals": "true"}, step({"push": "${{ x }}"}), None),
        ({"not": {"input": "push", "equals": "false"}}, step(), True),
        ({"input": "args", "contains": "release"}, step({"args": "release ${{ x }}"}), True),
        ({"input": "a", "set": False}, step(), True),
        ({"input": "a", "expression": True}, step({"a": "${{ x }}"}), True),
        ({"input": "a", "in": ["x", "y"]}, step(defaults={"a": "Y"}), True),
        ({"env": "T", "set": True}, step(env={"T": "1"}), True),
        ({"event": ["push", "release"]}, step(events=["release"]), True),
        ({"event": "push"}, step(), None),
        ({"repo": "private"}, step(private=False), False),
        ({"ref": "tag"}, step(tag=True), True),
        ({"version": {"major_lte": 2}}, step(version="v2.1.1"), True),
        ({"version": {"major_lte": 2}}, step(version="main"), None),
        ({"job": {"login": "ghcr.io"}}, step(logins=["ghcr.io"]), True),
        ({"job": {"checkout": True}}, step(checkout=False), False),
        ({"job": {"uses": "Actions/Cache"}}, step(uses=["actions/cache"]), True),
        ({"fact": "the moon is full"}, step(), None),
        ({"any": []}, step(), False),
        ({"any": [{"fact": "x"}, {"input": "a", "set": False}]}, step(), True),
        ({"all": [{"fact": "x"}, {"input": "a", "set": True}]}, step(), False),
    ],
)
def test_a_condition(when: Mapping[str, Any], known: Situation, answer: bool | None) -> None:
    assert conditions.holds(when, known) is answer


@pytest.mark.parametrize(
    ("line", "last"),
    [
        ("npx @vscode/vsce@3 publish", ("vsce", "publish")),
        ("uv run --with x python -m twine upload", ("twine", "upload")),
        ("./gradlew.bat build", ("gradle", "build")),
        ("pnpm changeset publish", ("changeset", "publish")),
        ("bundle exec rake release", ("rake", "release")),
    ],
)
def test_runners_are_looked_through(line: str, last: tuple[str, ...]) -> None:
    assert list(commands.readings(line.split()))[-1] == last


@pytest.mark.parametrize("argv", [[], [""], ["npx"], ["uv", "run"] * 1000, ["-"] * 3])
def test_odd_command_lines_are_read(argv: Sequence[str]) -> None:
    assert publishers.command(argv) is None
    assert agents.command(argv) is None
    assert apis.command(argv) == ()
    poisonable.command(argv)


# --- the scripts that write the tables


def test_a_script_writes_what_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "TABLES", tmp_path)
    update_scopes.main()
    assert (tmp_path / "scopes.json").read_bytes() == (TABLES / "scopes.json").read_bytes()


def test_a_script_stops_at_what_nobody_judged(tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    path.write_text('{"uses": "a/b", "source": "s", "surprise": 1}\n', "utf-8")
    with pytest.raises(SystemExit, match="surprise"):
        facts.read(path, "uses")
    with pytest.raises(SystemExit, match="not the name"):
        facts.action("a b/c")
    assert facts.read(path, "uses surprise")[0]["uses"] == "a/b"


def test_patterns_are_bounded() -> None:
    assert facts.regex(r"gh [^\n]*x.*y") == r"gh [^\n]{0,300}x.{0,300}y"
    assert facts.newest([{"read": "2026-01-02"}, {"date": "2026-03-04"}, {}]) == "2026-03-04"
