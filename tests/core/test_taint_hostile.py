"""Scripts that strangers write to make the reader of a script fail or run without end."""

import json

import pytest

from steplock import lint

SIZE = 3_000
SHELL = {
    "conditions in conditions": "if [ $a ]; then\n" * 500
    + "echo $T >> $GITHUB_ENV\n"
    + "fi\n" * 500,
    "conditions without an end": "if [[ $T =~ ^[0-9]+$ ]]; then\n" * SIZE,
    "a long chain": " && ".join(["[ $T = a ]"] * SIZE) + ' || echo "n=$T" >> $GITHUB_OUTPUT',
    "a long pipeline": "echo $T" + " | grep -o a" * SIZE + " >> $GITHUB_ENV",
    "braces and parentheses": "{ ( " * 500 + "grep -q '^$' <<< $T" + " ) ; }" * 500,
    "cases in cases": "case $T in\na)\n" * 500 + "echo $T >> $GITHUB_ENV\n" + ";;\nesac\n" * 500,
    "variables of each other": "\n".join(f'a{n}="$a{n - 1}$a{n - 1}"' for n in range(1, 60))
    + '\ngrep -q x <<< "$T"\necho "n=$a59" >> $GITHUB_OUTPUT',
    "an odd pattern": "[[ $T =~ ^[[:alpha:]-\\]$(( ]] || exit 1\necho n=$T >> $GITHUB_OUTPUT",
}
JAVASCRIPT = {
    "brackets": "core.setOutput('n', " + "(" * SIZE + "context.payload.comment.body" + ")" * SIZE + ")",
    "without an end": "core.setOutput('n', " + "[" * SIZE,
    "names of each other": "".join(f"const a{n} = a{n + 1} + a{n + 1};" for n in range(200))
    + "core.setOutput('n', a0)",
    "a name of itself": "let a = context.payload.comment.body; a = a + a; core.setOutput('n', a)",
    "templates": "core.setOutput('n', `" + "${`" * 500 + "x" + "`}" * 500 + "`)",
    "choices": "core.setOutput('n', " + "a ? b : " * SIZE + "context.payload.comment.body)",
}  # fmt: skip


def workflow(step: dict[str, object]) -> str:
    """Under an event of strangers, with powers; what the step puts out is used."""
    steps = [step | {"id": "s", "env": {"T": "${{ github.event.comment.body }}"}}]
    steps.append({"run": 'echo "${{ steps.s.outputs.n }}"'})
    job = {"runs-on": "ubuntu-latest", "permissions": {"contents": "write"}, "steps": steps}
    return json.dumps({"on": "issue_comment", "jobs": {"a": job}})


@pytest.mark.parametrize("script", SHELL.values(), ids=SHELL)
def test_scripts_of_sh(script: str) -> None:
    found = {one.rule for one in lint(workflow({"run": script})).diagnostics}
    assert "internal-error" not in found
    assert found


@pytest.mark.parametrize("script", JAVASCRIPT.values(), ids=JAVASCRIPT)
def test_scripts_of_github_script(script: str) -> None:
    step: dict[str, object] = {"uses": "actions/github-script@v8", "with": {"script": script}}
    found = {one.rule for one in lint(workflow(step)).diagnostics}
    assert "internal-error" not in found
    assert "template-injection" in found
