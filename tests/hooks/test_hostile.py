"""Whatever a file holds, a run ends with findings or one line; never with a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commandline import SAFE, UNSAFE, Steplock, put

WORKFLOW = ".github/workflows/ci.yml"
HOSTILE = {
    "empty": b"",
    "white space": b" \t\r\n\n",
    "NUL": b"on: push\0\n",
    "only NUL": b"\0" * 4096,
    "Latin-1": "on: push # é\n".encode("latin-1"),
    "UTF-16": "on: push\n".encode("utf-16"),
    "UTF-8 of a surrogate": b"on: \xed\xa0\x80\n",
    "overlong UTF-8": b"on: \xc0\xaf\n",
    "binary": bytes(range(256)) * 16,
    "byte order mark only": b"\xef\xbb\xbf",
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbfon: push\n",
    "deep flow": b"[" * 20_000,
    "deep flow, closed": b"[" * 10_000 + b"]" * 10_000,
    "deep block": b"".join(b" " * depth + b"a:\n" for depth in range(500)),
    "deep sequence": b"- " * 5_000 + b"a\n",
    "alias bomb": b"a: &a [x]\n"
    + b"".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n".encode()
        for n in range(20)
    ),
    "alias to itself": b"&a jobs: *a\n? *a\n: &b [*b]\n",
    "unknown alias": b"on: *nobody\n",
    "merge key": b"<<: [1, 2]\non: push\n<<: {jobs: &j {}}\n",
    "unknown tags": b"!!python/object/apply:os.system ['true']\n",
    "control characters": b"on: push\x1b]0;title\x07\n",
    "long line": b"on: " + b"a" * 1_000_000 + b"\n",
    "many keys": b"".join(b"k%d: 1\n" % n for n in range(20_000)),
    "many documents": b"---\non: push\njobs: {}\n" * 2_000,
    "complex keys": b"? [a, {b: c}]\n: {[d]: e}\n",
    "lone carriage returns": b"on: push\rjobs: {}\r",
    "next line characters": "on:\u0085  push\u2028jobs: {}\n".encode(),
    "tabs": b"on:\n\tpush:\n\t\tbranches: [a]\n",
    "list": b"- on: push\n",
    "scalar": b"push\n",
    "wrong kinds everywhere": b"on: {push: [1, {}]}\njobs: {a: [], b: 1, c: {steps: {}, uses: [], needs: {x: y}}}\n",
    "steps of every wrong kind": b"on: push\njobs: {a: {steps: [1, [], {}, null, {uses: {}}, {run: []}, {with: x}]}}\n",
    "unfinished": UNSAFE[: UNSAFE.index("v4.2.2") - 30].encode(),
    "open quote": b'on: push\njobs:\n  a:\n    steps:\n      - run: "echo\n',
    "open expression": b"on: push\njobs: {a: {if: \"${{ github.event.\", steps: [{run: '${{'}]}}\n",
    "deep expression": b"on: push\njobs: {a: {if: '" + b"(" * 5_000 + b"', steps: []}}\n",
    "odd script": b'on: push\njobs: {a: {runs-on: x, steps: [{run: "$(((((`\'\\"<<EOF"}]}}\n',
    "odd suppressions": b"on: push # steplock: ignore[\n# steplock: ignore[]\n# zizmor: ignore[,,,]\n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("name", [WORKFLOW, "action.yml"])
def test_hostile_content(here: Path, steplock: Steplock, content: bytes, name: str) -> None:
    path = put(here / name, content)
    run = steplock("check", "--format", "json", "--persona", "auditor")
    assert run.code in (0, 1)
    assert run.err == ""
    assert run.json["files"] == 1
    assert "internal-error" not in {rule for _, rule, _ in run.found}
    for format in ("text", "sarif", "github"):
        assert steplock("check", "--format", format, "--persona", "auditor").code == run.code
    assert steplock("fix", "--diff", "--unsafe").code in (0, 1)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HOSTILE["Latin-1"], "it is not UTF-8: byte 0xe9 on line 1"),
        (HOSTILE["UTF-16"], "it is not UTF-8: byte 0xff on line 1"),
    ],
)
def test_what_cannot_be_read_is_a_finding(
    here: Path, steplock: Steplock, content: bytes, message: str
) -> None:
    put(here / WORKFLOW, content)
    put(here / ".github/workflows/other.yml", UNSAFE)
    run = steplock("check", "--format", "json")
    assert [rule for _, rule, _ in run.found] == ["syntax-error", "artipacked"]
    finding = run.json["findings"][0]
    assert finding["message"] == f"this file was not checked: {message}"
    assert finding["start"] == {"line": 1, "column": 1, "offset": 0}


def test_what_is_too_large_is_a_finding(
    here: Path, steplock: Steplock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from steplock_hooks import disk

    monkeypatch.setattr(disk, "MAX_BYTES", 2_000_000)
    put(here / WORKFLOW, b"on: push\n" + b"#" * 2_000_000)
    [finding] = steplock("check", "--format", "json").json["findings"]
    assert finding["message"] == "this file was not checked: it is larger than 2 MB"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("check", "missing.yml"), "missing.yml: no such file or folder"),
        (("check", "--format", "xml"), "argument --format: invalid choice: 'xml'"),
        (("check", "--jobs", "0"), "argument --jobs: '0' is no number of processes"),
        (("check", "--rule", "artipaked"), "no rule 'artipaked': did you mean artipacked?"),
        (("check", "--config", "a", "--no-config"), "--config and --no-config contradict"),
        (("fix", "--fail-on", "bad"), "argument --fail-on: invalid choice: 'bad'"),
        (("explain", "unpinned-use"), "no rule 'unpinned-use': did you mean unpinned-uses?"),
        (("explain",), "explain what? Name a rule, or a job with --job FILE:JOB"),
        (("chekc",), "no command 'chekc': did you mean check?"),
        ((".",), "name a command first: steplock check ."),
        (
            ("nonsense",),
            "no command 'nonsense': there are check, fix, pin, lock, explain, rules, lsp",
        ),
    ],
)
def test_a_mistake_is_told_in_one_line(
    here: Path, steplock: Steplock, arguments: tuple[str, ...], message: str
) -> None:
    run = steplock(*arguments)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"steplock: {message}")
    assert run.err.count("\n") == 1


def test_a_rule_that_fails_does_not_hide_the_others(
    here: Path, steplock: Steplock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from steplock import engine

    def fail(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    put(here / WORKFLOW, SAFE)
    monkeypatch.setattr(engine, "lint", fail)
    run = steplock("check", "--format", "json")
    assert run.code == 1
    [finding] = run.json["findings"]
    assert finding["rule"] == "internal-error"
    assert "RecursionError: too deep" in finding["message"]


def test_nobody_reads_the_output(here: Path) -> None:
    put(here / WORKFLOW, UNSAFE)
    command = [sys.executable, "-m", "steplock_hooks", "check", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() in (1, 141)
    process.stderr.close()
