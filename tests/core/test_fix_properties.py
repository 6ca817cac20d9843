"""Every fix of every rule keeps its word: in all fixtures, and in workflows that are made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mdtest
from promises import Files, broken_promises

FIXTURES = Path(__file__).parent.parent / "rules"
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}: {case.title}")
    for path in sorted(FIXTURES.glob("*.md"))
    for case in mdtest.read(path)
]
PATH = ".github/workflows/test.yml"


@pytest.mark.parametrize(("id", "case"), CASES)
def test_in_fixtures(id: str, case: mdtest.Case) -> None:
    files = Files({file.path: file.text for file in case.files})
    assert [
        p for one in case.files for p in broken_promises(files, one.path, only=id, most=8)
    ] == []


TRIGGERS = [
    "on: push",
    "on: [push, pull_request_target]",
    "on:\n  issues:\n    types: [opened]",
    "on:\n  pull_request_target:\n  workflow_dispatch:\n    inputs:\n      flags: {type: string}",
    '"on": {pull_request: , issue_comment: {types: [created]}}',
]
HEADS = [
    "permissions: {}",
    "permissions: write-all",
    "permissions: # all of them\n  contents: write\n  issues: write # to answer",
    "permissions: {contents: read, pull-requests: write}",
    "env:\n  TOKEN: ${{ secrets.TOKEN }}\n  MODE: fast",
    "env: {TOKEN: '${{ secrets.TOKEN }}'}",
    "concurrency: one",
    "defaults: {run: {shell: bash}}",
]
JOB_KEYS = [
    "permissions:\n  contents: write",
    "permissions: {}",
    "timeout-minutes: 10",
    "name: A job # with a name",
    "if: github.actor == 'dependabot[bot]'",
    "if: contains('a b', github.ref)",
    "if: |\n  ${{ github.event_name == 'push' }}\n  # || true",
    "env:\n  ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n  KEY: '${{ secrets.KEY }}'",
    "container:\n  image: node:20",
]
STEPS = [
    "- uses: actions/checkout@v4",
    "- uses: actions/checkout@v4 # the code\n  with:\n    fetch-depth: 0",
    "- name: Code\n  # all of it\n  uses: 'actions/checkout@v4'\n  with: {fetch-depth: 0}",
    "- {uses: actions/checkout@v4}",
    "- &code\n  uses: actions/checkout@v4\n- *code",
    "- uses: &uses prefix-dev/setup-pixi@v0.9.3\n- uses: *uses\n  with: {cache: true}",
    "- \"uses\": actions/checkout@v4\t# the code\n  'with':\n    # all of it\n    \"fetch-depth\": 0",
    "- uses:\n    actions/checkout@v4\n  with: # all of it\n\n      fetch-depth: 0",
    "-\n  uses: actions/checkout/@v4",
    "- uses: actions/checkout@v4\n  with: {\n    fetch-depth: 0 # all\n  }",
    "- uses: actions/checkout@v4\n  with:\n  if: always()",
    "- uses: actions/checkout@v4\n  with: # nothing yet\n  if: always()",
    "- with:\n    ref: ${{ github.head_ref }}\n  uses: actions/checkout@v4",
    '- uses: "actions/setup-node@v3"\n  with:\n    cache: npm\n    node-version: 20',
    "- uses: actions/cache@v3\n  with: {path: ~/.cache, key: a}",
    "- uses: actions/github-script@v7\n  with:\n    script: |\n      core.info('${{ github.event.issue.title }}')",
    "- run: echo \"${{ github.event.issue.title }}\"",
    "- run: echo ${{ github.head_ref }} $TOKEN",
    "- run: |\n    echo '${{ github.event.issue.body }}' \\\n      done\n\n    cat <<'EOF'\n    ${{ github.event.issue.title }} $5\n    EOF\n  env:\n    KEY: a # why",
    "- name: Folded\n  run: >-\n    echo\n    \"${{ github.event.comment.body }}\"",
    "- run: 'echo \"${{ github.event.comment.body }}\" it''s'\n  shell: bash",
    "- run: \"echo \\\"${{ inputs.flags }}\\\"\\n\"\n  id: x",
    "- {name: flow, run: 'echo \"${{ github.event.issue.title }}\"', env: {A: b}}",
    "- run: curl -sL http://example.com/a.sh | bash",
    "- run: echo \"$KEY ${{ env.TOKEN }}\"\n  continue-on-error: true",
    "- run: print('${{ github.head_ref }}')\n  shell: python",
    "- run: Write-Output '${{ github.head_ref }} $x'\n  shell: pwsh",
    "- run: git push\n  env:\n    ACTIONS_STEP_DEBUG: true",
    "- if: ${{ github.actor == 'dependabot[bot]' }} && true\n  run: gh pr merge --auto\n  env:\n    GH_TOKEN: ${{ secrets.GITHUB_TOKEN }}",
]  # fmt: skip


def indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else "" for line in text.split("\n"))


@st.composite
def workflows(draw: st.DrawFn) -> str:
    """A workflow in one of many styles: indentation, comments, blank lines, order, line ends."""
    wide = draw(st.sampled_from([2, 3, 4]))
    listed = draw(st.sampled_from([0, 2]))
    gap = draw(st.sampled_from(["", "\n", "# a comment\n", "\n# a comment\n"]))
    parts = [draw(st.sampled_from(TRIGGERS)), *_some(draw, HEADS, 3)]
    jobs = []
    for name in ("first", "'second'")[: draw(st.integers(1, 2))]:
        keys = ["runs-on: ubuntu-latest", *_some(draw, JOB_KEYS, 3)]
        keys = draw(st.permutations(keys))
        steps = draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=4))
        blank = draw(st.sampled_from(["\n", "\n\n", "\n# of a step\n"]))
        body = "\n".join([*keys, f"steps:\n{indented(blank.join(steps), listed)}"])
        head = draw(st.sampled_from(["", " # job", " &job"]))
        jobs.append(f"{name}:{head}\n{indented(body, wide)}")
        if "&" in head:
            jobs.append(f"again-{len(jobs)}: *job")
    text = f"\n{gap}".join([*parts, "jobs:\n" + indented("\n".join(jobs), wide)])
    text += draw(st.sampled_from(["\n", "", "\n\n# end\n"]))
    text = draw(st.sampled_from(["", "# head\n", "---\n", "\ufeff"])) + text
    return text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))


def _some(draw: st.DrawFn, lines: list[str], most: int) -> list[str]:
    """Some of these lines, no key twice."""
    chosen = draw(st.lists(st.sampled_from(lines), max_size=most, unique_by=_key))
    return chosen


def _key(line: str) -> str:
    return line.partition(":")[0]


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(workflows())
def test_in_workflows_of_every_style(text: str) -> None:
    assert list(broken_promises(Files({PATH: text}), PATH, most=4)) == []
