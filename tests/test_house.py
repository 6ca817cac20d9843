"""The house rules that a program can see, over every file that is or would be committed.

What must not be in the tree is put together from parts here, so that this file does not hold it.
"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    cwd=ROOT,
    check=True,
    capture_output=True,
    text=True,
    encoding="utf-8",
).stdout.split("\0")
PATHS = [path for path in sorted({*FILES} - {""}) if (ROOT / path).is_file()]
SOURCES = [
    path for path in PATHS if path.startswith(("core/", "hooks/", "lsp/")) and path.endswith(".py")
]

LOCK = re.compile(
    r"requirements/[^/]+\.txt|(.*/)?(package-lock\.json|pylock[^/]*\.toml|[^/]+\.lock)"
)
MACHINE = re.compile("/(?:work/|farm/|root/|tmp/[a-z])")
REGISTRY = re.compile(
    "|".join(
        re.escape(".".join(host))
        for host in [
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("yarnpkg", "com"),
        ]
    )
)
UNFINISHED = re.compile(
    "|".join(
        [
            "TO" + "DO",
            "FIX" + "ME",
            r"pytest\.mark\." + "(?:skip|xfail)",
            r"pytest\." + r"(?:skip|xfail)\(",
            "# type: " + "ignore$",
            "except " + "Exception:$",
            "assert " + "True$",
        ]
    ),
    re.MULTILINE,
)
DRAWERS = {"base", "common", "helper", "helpers", "misc", "util", "utils"}


def holding(pattern: re.Pattern[str], paths: list[str]) -> list[str]:
    """`path:line: what` for each place where a text file has the pattern."""
    places = []
    for path in paths:
        try:
            text = (ROOT / path).read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for found in pattern.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            places.append(f"{path}:{line}: {found[0]}")
    return places


def test_no_path_of_a_machine() -> None:
    assert holding(MACHINE, PATHS) == []


def test_no_address_of_a_package_registry() -> None:
    assert holding(REGISTRY, PATHS) == []


def test_locks_hold_versions_and_hashes_only() -> None:
    locks = [path for path in PATHS if LOCK.fullmatch(path)]
    assert "requirements/dev.txt" in locks
    assert holding(re.compile("https?://"), locks) == []


def test_nothing_hides_something_unfinished() -> None:
    assert holding(UNFINISHED, [p for p in PATHS if p.endswith(".py")]) == []


@pytest.mark.parametrize("path", SOURCES)
def test_a_file_is_one_thing(path: str) -> None:
    lines = (ROOT / path).read_text("utf-8").count("\n")
    assert lines <= (200 if path.startswith("core/steplock/rules/") else 400)
    assert not DRAWERS & set(Path(path).with_suffix("").parts), "name what is in it"


def test_each_package_tells_type_checkers_that_it_is_typed() -> None:
    packages = {"/".join(path.split("/")[:2]) for path in SOURCES if path.count("/") > 1}
    shipped = {p for p in packages if p.split("/")[1].startswith("steplock")}
    assert [p for p in sorted(shipped) if f"{p}/py.typed" not in PATHS] == []


def test_the_readme_gives_the_command_that_ci_runs() -> None:
    commands = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    assert commands[-1].startswith("make ")
    assert commands[-1] in (ROOT / "README.md").read_text("utf-8")
