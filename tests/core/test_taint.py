"""The way of a text through a repository, as a finding tells it; and input that is made to be hard."""

from collections.abc import Mapping

import pytest

from steplock import Repository, lint
from steplock.model import Step, Workflow
from steplock.taint import Control, Taint, Who, analysis

RULES = {"template-injection", "github-env", "output-injection"}
FOLDER = ".github/workflows"


def repository(files: Mapping[str, str]) -> Repository:
    def folder(path: str) -> tuple[str, ...]:
        start = f"{path}/"
        inside = (p[len(start) :] for p in files if p.startswith(start))
        return tuple(sorted(name for name in inside if "/" not in name))

    return Repository(files.get, folder)


def last_step(files: Mapping[str, str], path: str = f"{FOLDER}/a.yml") -> tuple[Step, Repository]:
    tree = repository(files)
    [file] = tree.files(path)
    assert isinstance(file, Workflow)
    return file.jobs[-1].steps[-1], tree


def worst(files: Mapping[str, str]) -> Taint | None:
    """The worst source of the text in the last step's script."""
    step, tree = last_step(files)
    assert step.run is not None
    found = analysis(step.file, tree).text(step.run, step, "a script")
    return found[0] if found else None


def workflow(steps: str, on: str = "issues", more: str = "") -> dict[str, str]:
    job = f"  a:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"
    return {f"{FOLDER}/a.yml": f"on: {on}\npermissions: {{}}\n{more}jobs:\n{job}"}


def test_the_way_of_a_text_is_told_from_its_source_on() -> None:
    files = {
        f"{FOLDER}/caller.yml": (
            "on: issues\njobs:\n  call:\n    uses: ./.github/workflows/callee.yml\n"
            "    with:\n      title: ${{ github.event.issue.title }}\n"
        ),
        f"{FOLDER}/callee.yml": (
            "on:\n  workflow_call:\n    inputs:\n      title: {type: string}\n"
            "jobs:\n"
            "  make:\n    runs-on: ubuntu-latest\n"
            "    outputs:\n      text: ${{ steps.x.outputs.text }}\n"
            "    steps:\n"
            "      - id: x\n"
            "        env:\n          TITLE: ${{ inputs.title }}\n"
            '        run: echo "text=$TITLE" >> "$GITHUB_OUTPUT"\n'
            "  use:\n    needs: make\n    runs-on: ubuntu-latest\n"
            "    steps:\n      - run: echo ${{ needs.make.outputs.text }}\n"
        ),
    }
    path = f"{FOLDER}/callee.yml"
    report = lint(files[path], path, rules=RULES, repository=repository(files))
    [diagnostic] = report.diagnostics
    caller = f"{FOLDER}/caller.yml"
    assert [
        (related.message, related.path or path, files[related.path or path][slice(*related.span)])
        for related in diagnostic.related
    ] == [
        (
            "`github.event.issue.title` goes into the input `title` of `.github/workflows/callee.yml`",
            caller,
            "github.event.issue.title",
        ),
        ("`inputs.title` goes into the variable `TITLE`", path, "inputs.title"),
        ("written to the output `text`", path, 'echo "text=$TITLE" >> "$GITHUB_OUTPUT"'),
        (
            "`steps.x.outputs.text` goes into the output `text` of the job `make`",
            path,
            "steps.x.outputs.text",
        ),
    ]


@pytest.mark.parametrize(
    ("script", "who"),
    [
        pytest.param('echo "x=$T" >> "$GITHUB_OUTPUT"', Who.STRANGER, id="a variable"),
        pytest.param('echo "x=a" >> "$GITHUB_OUTPUT"', None, id="a word"),
        pytest.param('echo "x=${#T}" >> "$GITHUB_OUTPUT"', None, id="a length"),
        pytest.param('echo "x=${T//[^a-z]/}" >> "$GITHUB_OUTPUT"', None, id="only letters"),
        pytest.param('echo "x=${T//a/b}" >> "$GITHUB_OUTPUT"', Who.STRANGER, id="replaced"),
        pytest.param('echo "x=${U:-$T}" >> "$GITHUB_OUTPUT"', Who.STRANGER, id="a default"),
        pytest.param('U=$T; V="a $U"; echo "x=$V" >> $GITHUB_OUTPUT', Who.STRANGER, id="assigned"),
        pytest.param('T=${T,,}; echo "x=$T" >> $GITHUB_OUTPUT', Who.STRANGER, id="to itself"),
        pytest.param('T=fixed; echo "x=$T" >> $GITHUB_OUTPUT', None, id="overwritten"),
        pytest.param('echo "y=$T" >> $GITHUB_OUTPUT; echo x=1 >> $GITHUB_OUTPUT', None, id="other"),
        pytest.param('echo "x=$(wc -c <<< "$T")" >> $GITHUB_OUTPUT', None, id="counted"),
        pytest.param('echo "x=$(sed s/a/b/ <<< "$T")" >> $GITHUB_OUTPUT', Who.STRANGER, id="sed"),
        pytest.param('echo "x=$(echo "$T" | sha256sum)" >> $GITHUB_OUTPUT', None, id="hashed"),
        pytest.param("printf 'x=%s\\n' \"$T\" >> $GITHUB_OUTPUT", Who.STRANGER, id="printf"),
        pytest.param("printf 'y=%s\\nx=%s\\n' \"$T\" 1 >> $GITHUB_OUTPUT", None, id="printf other"),
        pytest.param(
            '{ echo "x<<E"; echo "$T"; echo E; } >> $GITHUB_OUTPUT', Who.STRANGER, id="between"
        ),
        pytest.param(
            '{ echo "y<<E"; echo "$T"; echo E; echo x=1; } >> $GITHUB_OUTPUT', None, id="beside"
        ),
        pytest.param('cat <<E >> $GITHUB_OUTPUT\nx=$T\nE', Who.STRANGER, id="here-document"),
        pytest.param('echo "x=$T" | tee -a $GITHUB_OUTPUT', Who.STRANGER, id="tee"),
        pytest.param('echo "::set-output name=x::$T"', Who.STRANGER, id="the old command"),
        pytest.param('./make.sh >> $GITHUB_OUTPUT', Who.UNSEEN, id="a program"),
        pytest.param('python make.py', Who.UNSEEN, id="nothing seen"),
        pytest.param(
            'echo "x=$(jq -r .issue.title $GITHUB_EVENT_PATH)" >> $GITHUB_OUTPUT',
            Who.STRANGER,
            id="the event's file",
        ),
        pytest.param(
            'echo "x=$(jq -r .issue.number $GITHUB_EVENT_PATH)" >> $GITHUB_OUTPUT',
            None,
            id="a number of the event's file",
        ),
        pytest.param('echo "x=$GITHUB_ACTOR" >> $GITHUB_OUTPUT', Who.STRANGER, id="a login"),
        pytest.param('echo "x=$GITHUB_SHA" >> $GITHUB_OUTPUT', None, id="a commit"),
        pytest.param('echo "x=$(gh pr list)" >> $GITHUB_OUTPUT', Who.STRANGER, id="titles"),
        pytest.param(
            'echo "x=$(gh pr list --json number,url)" >> $GITHUB_OUTPUT', None, id="numbers"
        ),
        pytest.param(
            'echo "x=$(claude -p "Sum up")" >> $GITHUB_OUTPUT', Who.STRANGER, id="an AI agent"
        ),
    ],
)  # fmt: skip
def test_outputs_of_scripts(script: str, who: Who | None) -> None:
    indented = script.replace("\n", "\n          ")
    files = workflow(
        "      - id: s\n        env: {T: '${{ github.event.issue.title }}'}\n"
        f"        run: |\n          {indented}\n"
        "      - run: echo ${{ steps.s.outputs.x }}\n"
    )
    found = worst(files)
    assert (found.who if found else None) == who


@pytest.mark.parametrize(
    ("on", "text", "control", "who"),
    [
        ("issues", "github.event.issue.title", Control.FREE, Who.STRANGER),
        ("pull_request", "github.head_ref", Control.FREE, Who.FORK),
        ("[pull_request, pull_request_target]", "github.head_ref", Control.FREE, Who.STRANGER),
        ("push", "github.ref", Control.FREE, Who.WRITER),
        ("push", "github.event.issue.title", Control.FREE, Who.NOBODY),
        ("issues", "github.actor", Control.CONSTRAINED, Who.STRANGER),
        ("pull_request_target", "github.event.pull_request.head.sha", Control.HARMLESS, Who.STRANGER),
        ("issues", "vars.X", Control.FREE, Who.OWNER),
        ("issues", "needs.x.outputs.y", Control.FREE, Who.NOBODY),
        ("issues", "unknown.x", Control.FREE, Who.UNSEEN),
        ("issues", "(github.event.issue || github.event.comment).title", Control.FREE, Who.STRANGER),
        ("issues", "fromJSON(toJSON(github.event.issue.title)).x", Control.FREE, Who.STRANGER),
    ],
)  # fmt: skip
def test_grades(on: str, text: str, control: Control, who: Who) -> None:
    found = worst(workflow(f"      - run: echo ${{{{ {text} }}}}\n", on))
    assert found is not None
    assert (found.control, found.who) == (control, who)


@pytest.mark.parametrize(
    "text",
    [
        "github.event.issue.number",
        "github.event.issue.title == 'x'",
        "!github.event.issue.title",
        "github.event.issue.title && 'yes' || 'no'",
        "(github.event.issue || github.event.comment).number",
        "github.event_name == 'pull_request' && github.head_ref || 'main'",
        "hashFiles(github.event.issue.title)",
        "runner.os",
        "secrets.TOKEN",
        "steps.x.outcome",
        "needs.x.result",
        "matrix.x",
        "github.event.pull_request.number",
    ],
)
def test_nobody_has_a_say(text: str) -> None:
    assert worst(workflow(f"      - run: echo ${{{{ {text} }}}}\n")) is None


STEP = "      - run: echo ${{ github.event.issue.title }}\n"
HARD = {
    "calls in a circle": {
        f"{FOLDER}/a.yml": (
            "on:\n  workflow_call:\n    inputs:\n      x: {type: string}\njobs:\n"
            "  b:\n    uses: ./.github/workflows/b.yml\n    with: {x: '${{ inputs.x }}'}\n"
            "  a:\n    runs-on: x\n    steps:\n      - run: echo ${{ inputs.x }}\n" + STEP
        ),
        f"{FOLDER}/b.yml": (
            "on:\n  workflow_call:\n    inputs:\n      x: {type: string}\njobs:\n"
            "  a:\n    uses: ./.github/workflows/a.yml\n    with: {x: '${{ inputs.x }}'}\n"
        ),
    },
    "an action that uses itself": {
        **workflow(
            "      - uses: ./x\n        with: {y: '${{ github.event.issue.title }}'}\n" + STEP
        ),
        "x/action.yml": (
            "name: x\ninputs:\n  y: {}\noutputs:\n  z: {value: '${{ steps.x.outputs.z }}'}\n"
            "runs:\n  using: composite\n  steps:\n"
            "    - id: x\n      uses: ./x\n      with: {y: '${{ inputs.y }}'}\n"
        ),
    },
    "variables in a circle": workflow(
        "      - env: {A: '${{ env.B }}', B: '${{ env.A }}'}\n"
        "        run: A=$B; B=$A; echo ${{ env.A }} $A ${{ github.event.issue.title }}\n",
        more="env: {A: '${{ env.B }}', B: '${{ env.A }}'}\n",
    ),
    "a long chain": workflow(
        "      - id: s0\n        run: echo x=1 >> $GITHUB_OUTPUT\n"
        + "".join(
            f"      - id: s{i}\n        run: echo x=${{{{ steps.s{i - 1}.outputs.x }}}} >> $GITHUB_OUTPUT\n"
            for i in range(1, 200)
        )
        + STEP
    ),
    "many expressions": workflow(
        "      - run: |\n" + "          echo ${{ github.event.issue.title }}\n" * 2000
    ),
    "half-typed": workflow(
        "      - run: echo ${{ github.event.issue.title }} ${{ env. }} ${{ needs.a.outputs.\n"
    ),
}


@pytest.mark.parametrize("files", HARD.values(), ids=HARD.keys())
def test_hard_input(files: dict[str, str]) -> None:
    path = f"{FOLDER}/a.yml"
    report = lint(files[path], path, rules=RULES, repository=repository(files))
    found = {diagnostic.rule for diagnostic in report.diagnostics}
    assert "internal-error" not in found
    assert "template-injection" in found


OUTPUT = "core.setOutput('x', {})"
SCRIPTS = {
    "open brackets": OUTPUT.format("(" * 5000),
    "nested brackets": OUTPUT.format("[" * 5000 + "]" * 5000),
    "many choices": OUTPUT.format("a ? b : " * 3000 + "c"),
    "names in a circle": "a = b + a; b = a + b;\n" * 500 + OUTPUT.format("a"),
    "a long way": "".join(f"const x{i} = x{i + 1}; " for i in range(2000)) + OUTPUT.format("x0"),
    "patterns in patterns": "const "
    + "{a: " * 2000
    + "b"
    + "}" * 2000
    + " = c; "
    + OUTPUT.format("b"),
    "an open text": "'" + "$" * 20000,
    "an open template": OUTPUT.format("`" + "${" * 5000),
    "open fences": "'${{ " * 2000,
    "an open comment": "/*" + "*" * 20000,
    "half-typed": "core.setOutput('x', context.payload.\nreturn",
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_hard_scripts(script: str) -> None:
    path = f"{FOLDER}/a.yml"
    text = workflow(
        "      - uses: actions/github-script@v8\n        id: s\n        with:\n          script: |\n"
        + "".join(f"            {line}\n" for line in script.splitlines())
        + "      - run: echo ${{ steps.s.outputs.x }} ${{ github.event.issue.title }}\n"
    )[path]
    report = lint(text, path, rules=RULES, repository=repository({path: text}))
    found = {diagnostic.rule for diagnostic in report.diagnostics}
    assert "internal-error" not in found
    assert "template-injection" in found
