"""The other commands: help, manual pages, the list of rules, the server's start."""

import json
import sys

import pytest

from commandline import Steplock
from steplock import __version__
from steplock.registry import all_rules
from steplock.settings import PERSONAS, SEVERITIES
from steplock_hooks import arguments


def test_version(steplock: Steplock, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments.parse(["--version"])
    assert ended.value.code == 0
    assert capfd.readouterr().out == f"steplock {__version__}\n"


@pytest.mark.parametrize("command", ["", "check", "fix", "explain", "rules"])
def test_help(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments.parse([command, "--help"] if command else ["--help"])
    assert ended.value.code == 0
    out = capfd.readouterr().out
    assert out.startswith(f"usage: steplock {command}".rstrip())
    assert command in ("explain", "rules") or "examples:\n" in out


def test_help_names_what_there_is() -> None:
    assert arguments.SEVERITIES == tuple(SEVERITIES)
    assert arguments.PERSONAS == tuple(PERSONAS)


@pytest.mark.parametrize("id", [rule.id for rule in all_rules()])
def test_each_rule_is_explained(steplock: Steplock, id: str) -> None:
    plain = steplock("explain", id)
    assert plain.code == 0
    assert plain.out.startswith(f"{id}  ")
    assert "Why is this bad?\n" in plain.out
    assert not {"```", "## "} & set(plain.out.split("\n"))
    assert "\x1b[1m" in steplock("explain", id, "--color", "always").out


def test_several_pages(steplock: Steplock) -> None:
    out = steplock("explain", "artipacked", "syntax-error").out
    assert out.index("artipacked  ") < out.index("syntax-error  ")


def test_all_rules_are_listed(steplock: Steplock) -> None:
    lines = steplock("rules").out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in all_rules()]
    assert all(rule.summary in line for rule, line in zip(all_rules(), lines, strict=True))
    rows = json.loads(steplock("rules", "--format", "json").out)
    assert [row["id"] for row in rows] == [rule.id for rule in all_rules()]
    assert all(row["summary"] and row["url"].endswith(f"#{row['id']}") for row in rows)


def test_the_server_without_its_libraries(
    steplock: Steplock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "steplock_lsp"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    run = steplock("lsp")
    assert (run.code, run.out) == (2, "")
    assert "pip install 'steplock[lsp]'" in run.err
    assert run.err.count("\n") == 1
