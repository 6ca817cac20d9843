"""A script whose expressions were moved into variables does what it did, and runs nothing that stands in them."""

import os
import subprocess
from pathlib import Path

import pytest

from steplock.model import Step, Workflow
from steplock.moves import move_to_env
from steplock.repository import parse
from steplock.syntax import Mapping, Scalar
from steplock.text import apply_edits

EXPRESSION = "${{ github.event.issue.title }}"
HEAD = "on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
HOSTILE = "a $(touch bad) `touch bad` \"; touch bad; ' \\ * && touch bad"

SCRIPTS = [
    f'echo "New: {EXPRESSION}!"',
    f"echo {EXPRESSION}",
    f"echo --title={EXPRESSION}",
    f"printf '<%s>' '{EXPRESSION}'",
    f"echo 'It is {EXPRESSION}, really'",
    f'title={EXPRESSION}\necho "$title"',
    f'title="{EXPRESSION}"; echo "$title" "{EXPRESSION}"',
    f'if [ "{EXPRESSION}" = plain ]; then echo yes; else echo no; fi',
    f'if [[ "{EXPRESSION}" == p* ]]; then echo yes; fi',
    f"cat <<EOF\n{EXPRESSION}\nEOF",
    f'for word in "{EXPRESSION}"; do echo "$word"; done',
    f'echo "$(echo "{EXPRESSION}")"',
    f'f() {{ echo "$1"; }}; f "{EXPRESSION}"',
    f'echo "a" | while read -r x; do echo "$x {EXPRESSION}"; done',
]


def step(script: str, more: str = "") -> Step:
    body = "".join(f"          {line}\n" for line in script.splitlines())
    [file] = parse(".github/workflows/a.yml", f"{HEAD}      - run: |\n{body}{more}")
    assert isinstance(file, Workflow)
    return file.jobs[0].steps[0]


def moved(before: Step) -> Step:
    assert before.run is not None
    move = move_to_env(before, before.run, "github.event.issue.title")
    assert move is not None
    text = apply_edits(before.document.text, move.edits)
    [file] = parse(".github/workflows/a.yml", text)
    assert isinstance(file, Workflow)
    return file.jobs[0].steps[0]


def output(script: str, folder: Path, **env: str) -> str:
    (folder / "script").write_text(script, "utf-8")
    ran = subprocess.run(
        ["bash", "-e", "script"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout


def variables(after: Step, value: str) -> dict[str, str]:
    assert isinstance(after.env, Mapping)
    return {
        key.value: node.value.replace(EXPRESSION, value)
        for key, node in after.env.items
        if isinstance(node, Scalar)
    }


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_plain_value_does_the_same(script: str, tmp_path: Path) -> None:
    before = step(script)
    after = moved(before)
    assert before.run is not None
    assert after.run is not None
    assert EXPRESSION not in after.run.value
    expected = output(before.run.value.replace(EXPRESSION, "plain"), tmp_path)
    assert output(after.run.value, tmp_path, **variables(after, "plain")) == expected


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_hostile_value_runs_nothing(script: str, tmp_path: Path) -> None:
    after = moved(step(script))
    assert after.run is not None
    output(after.run.value, tmp_path, **variables(after, HOSTILE))
    assert [path.name for path in tmp_path.iterdir()] == ["script"]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(f"{EXPRESSION} --help", id="a command"),
        pytest.param(f"python -c \"print('{EXPRESSION}')\"", id="another language"),
        pytest.param(f"bash -c 'echo {EXPRESSION}'", id="another shell"),
        pytest.param(f'ssh host "echo {EXPRESSION}"', id="another machine"),
        pytest.param(f"eval \"echo {EXPRESSION}\"", id="eval"),
        pytest.param(f"cat <<'EOF'\n{EXPRESSION}\nEOF", id="a quoted here-document"),
        pytest.param(f"echo $(( {EXPRESSION} + 1 ))", id="arithmetic"),
        pytest.param(f"case a in {EXPRESSION}) ;; esac", id="a pattern"),
        pytest.param(f"[[ a =~ {EXPRESSION} ]]", id="a regular expression"),
        pytest.param(f"# {EXPRESSION}", id="a comment"),
        pytest.param(f"echo $'{EXPRESSION}'", id="ANSI quotes"),
        pytest.param(f'echo "{EXPRESSION}', id="quotes without an end"),
    ],
)  # fmt: skip
def test_no_way_out(script: str) -> None:
    before = step(script)
    assert before.run is not None
    assert move_to_env(before, before.run, "github.event.issue.title") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("github.event.issue.title", "ISSUE_TITLE"),
        ("github.event['x y'].z", "X_Y_Z"),
        ("github.event.commits[0].message", "COMMITS_MESSAGE"),
        ("github.event.pull_request.labels.*.name", "PULL_REQUEST_LABELS_NAME"),
        ("github.head_ref", "GITHUB_HEAD_REF"),
        ("github.head_ref || github.ref_name", "HEAD_REF"),
        ("inputs.some-path", "INPUTS_SOME_PATH"),
        ("github.event.inputs.path", "INPUTS_PATH"),
        ("steps.meta.outputs.tag-name", "META_TAG_NAME"),
        ("needs.build.outputs.version", "BUILD_VERSION"),
        ("needs.build.outputs['1st']", "BUILD_1ST"),
        ("matrix.os", "MATRIX_OS"),
        ("toJSON(github.event)", "EVENT"),
        ("github['1']", "VALUE_1"),
        ("env.Some_Name", "Some_Name"),
        ("format('{0}', github.event.issue.body)", "ISSUE_BODY"),
    ],
)
def test_names(text: str, name: str) -> None:
    before = step(f'echo "${{{{ {text} }}}}"')
    assert before.run is not None
    move = move_to_env(before, before.run, text)
    assert move is not None
    assert move.variable == name
    assert f"${{{name}}}" in apply_edits(before.document.text, move.edits)


@pytest.mark.parametrize(
    ("more", "name"),
    [
        pytest.param("        env:\n          ISSUE_TITLE: x\n", "ISSUE_TITLE_2", id="set"),
        pytest.param(
            f"        env:\n          ISSUE_TITLE: {EXPRESSION}\n", "ISSUE_TITLE", id="set to it"
        ),
        pytest.param("        env: {ISSUE_TITLE: x}\n", "ISSUE_TITLE_2", id="in flow style"),
        pytest.param("    env:\n      ISSUE_TITLE: x\n", "ISSUE_TITLE_2", id="set for the job"),
        pytest.param("env:\n  ISSUE_TITLE: x\n", "ISSUE_TITLE_2", id="set for the workflow"),
    ],
)
def test_a_name_that_is_taken(more: str, name: str) -> None:
    after = moved(step(f'echo "{EXPRESSION}"', more))
    assert after.run is not None
    assert after.run.value == f'echo "${{{name}}}"\n'
    assert variables(after, "v")[name] == "v"


def test_an_environment_that_is_an_expression_is_left_alone() -> None:
    before = step(f'echo "{EXPRESSION}"', "        env: ${{ fromJSON(inputs.env) }}\n")
    assert before.run is not None
    assert move_to_env(before, before.run, "github.event.issue.title") is None


@pytest.mark.parametrize("index", [0, 1])
def test_a_script_that_steps_share_is_left_alone(index: int) -> None:
    shared = f"      - run: &script echo {EXPRESSION}\n      - run: *script\n"
    [file] = parse(".github/workflows/a.yml", HEAD + shared)
    assert isinstance(file, Workflow)
    before = file.jobs[0].steps[index]
    assert before.run is not None
    assert move_to_env(before, before.run, "github.event.issue.title") is None
