"""Steps whose script holds one expression, moved into a variable; shared by the tests of that."""

from __future__ import annotations

from steplock.model import Step, Workflow
from steplock.moves import Move, move_to_env
from steplock.repository import parse
from steplock.syntax import Mapping, Scalar
from steplock.text import apply_edits

TEXT = "github.event.issue.title"
EXPRESSION = f"${{{{ {TEXT} }}}}"
HEAD = "on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"


def step(script: str, more: str = "", shell: str = "bash") -> Step:
    """A step with this script; in it `<V>` stands for the expression."""
    lines = script.replace("<V>", EXPRESSION).splitlines()
    body = "".join(f"          {line}\n" if line else "\n" for line in lines)
    return only_step(f"{HEAD}      - shell: {shell}\n        run: |\n{body}{more}")


def github_script(script: str) -> Step:
    """A step of actions/github-script."""
    lines = script.replace("<V>", EXPRESSION).splitlines()
    body = "".join(f"            {line}\n" for line in lines)
    return only_step(
        f"{HEAD}      - uses: actions/github-script@v8\n        with:\n          script: |\n{body}"
    )


def only_step(text: str) -> Step:
    """The first step of a workflow's first job."""
    [file] = parse(".github/workflows/a.yml", text)
    assert isinstance(file, Workflow)
    assert not file.document.problems
    return file.jobs[0].steps[0]


def script_of(one: Step) -> Scalar:
    scalar = one.run or one.input("script")
    assert scalar is not None
    return scalar


def move(one: Step) -> Move | None:
    """The expression's move, where there is one."""
    return move_to_env(one, script_of(one), TEXT)


def moved(one: Step) -> tuple[Step, Move]:
    """The step afterwards, without the expression."""
    made = move(one)
    assert made is not None
    after = only_step(apply_edits(one.document.text, made.edits))
    assert EXPRESSION not in script_of(after).value
    return after, made


def variables(one: Step, value: str) -> dict[str, str]:
    """The step's own environment, the expression having this value."""
    if one.env is None:
        return {}
    assert isinstance(one.env, Mapping)
    return {
        key.value: node.value.replace(EXPRESSION, value)
        for key, node in one.env.items
        if isinstance(node, Scalar)
    }
