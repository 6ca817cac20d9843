"""`steplock fix`: files keep everything that a fix does not mean to change."""

import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from commandline import SAFE, UNSAFE, Steplock, put
from steplock import Edit, Fix, Safety, Severity, Span, registry, rule
from steplock.model import Workflow
from steplock.rule import Context, FileEdit, Finding
from steplock_hooks import disk

WORKFLOW = ".github/workflows/ci.yml"
# Its fix is unsafe: a later step pushes.
PUSHES = UNSAFE.replace("make test", "git push")


def test_a_safe_fix_is_applied(here: Path, steplock: Steplock) -> None:
    path = put(here / WORKFLOW, UNSAFE)
    run = steplock("fix")
    assert run.code == 1
    assert run.out == f"{WORKFLOW}: fixed artipacked (1)\nFixed 1 finding in 1 file.\n"
    assert path.read_text("utf-8") == SAFE
    assert steplock("fix") == (0, "Nothing to fix.\n", "")
    assert steplock("check").code == 0


def test_an_unsafe_one_only_where_it_is_asked_for(here: Path, steplock: Steplock) -> None:
    path = put(here / WORKFLOW, PUSHES)
    run = steplock("fix")
    assert run.code == 1
    assert run.out.startswith(f"{WORKFLOW}:9:9: medium[artipacked] ")
    assert run.out.endswith("Nothing to fix; 1 finding left.\n")
    assert path.read_text("utf-8") == PUSHES
    assert steplock("fix", "--unsafe").code == 1
    assert path.read_text("utf-8") == SAFE.replace("make test", "git push")


def test_what_is_left_is_silenced_with_a_reason(here: Path, steplock: Steplock) -> None:
    twice = PUSHES.replace(
        "      - run: git push", "      - uses: actions/checkout@v4\n      - run: git push"
    )
    path = put(here / WORKFLOW, twice)
    run = steplock("fix", "--add-ignores", "pushed by hand, see #12", "--fail-on", "medium")
    assert run.code == 1
    assert "silenced " in run.out
    text = path.read_text("utf-8")
    assert "  # steplock: ignore[artipacked] pushed by hand, see #12\n" in text
    assert steplock("check", "--fail-on", "medium").code == 0
    again = steplock("fix", "--add-ignores", "x", "--fail-on", "medium")
    assert (again.code, again.out) == (0, "Nothing to fix.\n")
    assert path.read_text("utf-8") == text


def test_several_findings_on_a_line_share_a_comment(here: Path, steplock: Steplock) -> None:
    line = "on: pull_request_target # why\njobs: {a: {runs-on: x, steps: [{uses: a/b@v1}, {run: 'echo ${{ github.head_ref }}'}]}}\n"
    path = put(here / WORKFLOW, line)
    assert steplock("fix", "--add-ignores", "old", "--fail-on", "low").code == 1
    assert path.read_text("utf-8").count("# steplock: ignore[") == 2
    assert steplock("check", "--fail-on", "low").code == 0


def test_silencing_needs_a_reason(here: Path, steplock: Steplock) -> None:
    put(here / WORKFLOW, PUSHES)
    run = steplock("fix", "--add-ignores", " ")
    assert (run.code, run.err) == (
        2,
        "steplock: --add-ignores: say why, for whoever reads the comment\n",
    )


@pytest.mark.parametrize("how", ["--diff", "--check"])
def test_only_shown(here: Path, steplock: Steplock, how: str) -> None:
    path = put(here / WORKFLOW, UNSAFE)
    run = steplock("fix", how)
    assert run.code == 1
    assert path.read_text("utf-8") == UNSAFE
    assert "Would fix 1 finding in 1 file.\n" in run.out + run.err


def test_the_diff_can_be_applied(here: Path, steplock: Steplock) -> None:
    put(here / WORKFLOW, UNSAFE.rstrip("\n"))
    put(here / ".github/workflows/crlf.yml", UNSAFE.replace("\n", "\r\n"))
    patch = put(here / "fix.patch", steplock("fix", "--diff").out)
    subprocess.run(["git", "apply", str(patch)], check=True)
    assert (here / WORKFLOW).read_text("utf-8") == SAFE.rstrip("\n")
    assert (here / ".github/workflows/crlf.yml").read_bytes() == SAFE.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace("on:", "# é 😀 日本\non:", 1), id="wide characters"),
        pytest.param(lambda text: "# a\n# b\r\n" + text, id="mixed line ends"),
    ],
)
def test_the_rest_stays_byte_for_byte(here: Path, steplock: Steplock, shape: object) -> None:
    assert callable(shape)
    path = put(here / WORKFLOW, shape(UNSAFE))
    steplock("fix")
    assert path.read_bytes() == shape(SAFE).encode()


def test_standard_input_comes_out_fixed(here: Path, steplock: Steplock) -> None:
    run = steplock("fix", "-", stdin=UNSAFE.replace("\n", "\r\n").encode())
    assert run == (
        1,
        SAFE.replace("\n", "\r\n"),
        "<stdin>: fixed artipacked (1)\nFixed 1 finding in 1 file.\n",
    )
    assert steplock("fix", "-", stdin=SAFE.encode()).out == SAFE


def test_only_one_rule(here: Path, steplock: Steplock) -> None:
    path = put(here / WORKFLOW, UNSAFE)
    assert steplock("fix", "--rule", "secrets-inherit").code == 0
    assert path.read_text("utf-8") == UNSAFE


def test_a_file_keeps_its_mode(here: Path, steplock: Steplock) -> None:
    path = put(here / WORKFLOW, UNSAFE)
    path.chmod(0o640)
    mode = path.stat().st_mode
    steplock("fix")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(mode)
    assert [one.name for one in path.parent.iterdir()] == ["ci.yml"]


def test_a_file_that_changed_meanwhile_is_left_alone(
    here: Path, steplock: Steplock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(here / WORKFLOW, UNSAFE)
    other = put(here / ".github/workflows/a.yml", UNSAFE)
    write = disk.write

    def late(contents: dict[str, tuple[bytes, bytes]]) -> None:
        path.write_text("on: push\n", "utf-8")
        write(contents)

    monkeypatch.setattr(disk, "write", late)
    run = steplock("fix")
    assert run.code == 2
    assert run.err == (f"steplock: nothing was fixed: {path}: changed meanwhile; run again\n")
    assert path.read_text("utf-8") == "on: push\n"
    assert other.read_text("utf-8") == UNSAFE
    assert sorted(one.name for one in path.parent.iterdir()) == ["a.yml", "ci.yml"]


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that a workflow breaks whose name is `old`; its fix renames the called one too."""

    def check(workflow: Workflow, context: Context) -> Iterator[Finding]:
        text = workflow.document.text
        called = context.repository.read(".github/workflows/called.yml")
        if not text.startswith("name: old") or called is None:
            return
        name = Span(6, 9)
        new = "[" if called[6:9] == "bad" else called[6:9].upper()
        there = FileEdit(".github/workflows/called.yml", Edit(name, new))
        fix = Fix("Rename both", (Edit(name, "new"),), Safety.SAFE, (there,))
        yield Finding(name, "an old name", (fix,))

    made = rule.Rule(
        "old-name", Severity.HIGH, rule.Confidence.HIGH, rule.Persona.REGULAR, True, "An old name.",
        (Workflow,), check, ("context",), None,
    )  # fmt: skip
    entries = (*registry.entries(), registry.Entry(made.id, *registry.entry(made)))
    monkeypatch.setattr(registry, "entries", lambda: entries)
    monkeypatch.setattr(registry, "_about", lambda views, events, online: entries)
    monkeypatch.setitem(registry.LOADED, made.id, made)


def test_a_fix_of_several_files_changes_all(here: Path, steplock: Steplock, pair: None) -> None:
    caller = put(here / ".github/workflows/caller.yml", SAFE.replace("on:", "name: old\non:", 1))
    called = put(here / ".github/workflows/called.yml", SAFE.replace("on:", "name: its\non:", 1))
    assert steplock("fix", caller).code == 1
    assert caller.read_text("utf-8").startswith("name: new\n")
    assert called.read_text("utf-8").startswith("name: ITS\n")
    assert steplock("fix").code == 0


def test_a_fix_of_several_files_that_breaks_one_changes_none(
    here: Path, steplock: Steplock, pair: None
) -> None:
    caller = put(here / ".github/workflows/caller.yml", SAFE.replace("on:", "name: old\non:", 1))
    called = put(here / ".github/workflows/called.yml", SAFE.replace("on:", "name: bad\non:", 1))
    before = caller.read_bytes(), called.read_bytes()
    run = steplock("fix")
    assert run.code == 1
    assert "caller.yml: the fix of old-name did not hold and was taken back" in run.out
    assert (caller.read_bytes(), called.read_bytes()) == before


def test_a_fix_of_several_files_is_shown_whole(here: Path, steplock: Steplock, pair: None) -> None:
    put(here / ".github/workflows/caller.yml", SAFE.replace("on:", "name: old\non:", 1))
    put(here / ".github/workflows/called.yml", SAFE.replace("on:", "name: its\non:", 1))
    lines = steplock("fix", "--diff").out.splitlines()
    assert {"-name: old", "+name: new", "-name: its", "+name: ITS"} <= set(lines)
