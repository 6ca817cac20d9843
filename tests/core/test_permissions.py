"""The least a job's token has to be allowed: what is inferred from its steps."""

import pytest

from steplock.model import Workflow
from steplock.permissions import Certainty, Inference, infer
from steplock.repository import Repository

PATH = ".github/workflows/test.yml"
CHECKOUT = "- uses: actions/checkout@v4\n"
TOKEN = "env: {GH_TOKEN: '${{ github.token }}'}"
COMPOSITE = """\
runs:
  using: composite
  steps:
    - run: gh pr comment 1 --body done
      shell: bash
      env: {GH_TOKEN: '${{ inputs.token }}'}
inputs:
  token: {default: '${{ github.token }}'}
"""
CALLEE = """\
on: workflow_call
jobs:
  inner:
    runs-on: ubuntu-latest
    permissions: {packages: write, contents: none}
    steps: [{run: make}]
  other:
    runs-on: ubuntu-latest
    steps: [{uses: actions/checkout@v4}]
"""


def inferred(steps: str, on: str = "push", job: str = "") -> Inference:
    indented = "".join(f"      {line}\n" for line in steps.splitlines())
    body = f"    runs-on: ubuntu-latest\n    steps:\n{indented}" if steps else ""
    return of(f"on: {on}\njobs:\n  test:\n{job}{body}")


def of(text: str) -> Inference:
    texts = {PATH: text, "act/action.yml": COMPOSITE, ".github/workflows/callee.yml": CALLEE}
    repository = Repository(texts.get)
    workflow = repository.workflow(PATH)
    assert isinstance(workflow, Workflow)
    return infer(workflow.jobs[0], repository)


def granted(inference: Inference) -> str:
    return ", ".join(f"{grant.scope}: {grant.level}" for grant in inference.grants)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("- run: make test", ""),
        (CHECKOUT, "contents: read"),
        (f"{CHECKOUT}- run: git push", "contents: write"),
        (CHECKOUT + "  with: {persist-credentials: false}\n- run: git push", "contents: read"),
        (CHECKOUT + "  with: {token: '${{ secrets.BOT }}'}\n- run: git push", ""),
        (f"- run: gh issue close 1\n  {TOKEN}", "issues: write"),
        (f"- run: gh pr merge 1\n  {TOKEN}", "contents: write, pull-requests: write"),
        ("- run: gh issue close 1", ""),
        ("- run: gh issue close 1\n  env: {GH_TOKEN: '${{ secrets.BOT }}'}", ""),
        (f"- run: gh release create v1\n  {TOKEN}", "contents: write"),
        (
            f"- run: gh api -X POST repos/$GITHUB_REPOSITORY/dispatches\n  {TOKEN}",
            "contents: write",
        ),
        (
            "- uses: actions/github-script@v7\n  with:\n    script: await github.rest.checks.create({})",
            "checks: write",
        ),
        ("- uses: actions/github-script@v7\n  with: {script: core.info(context.ref)}", ""),
        ("- uses: actions/labeler@v5", "contents: read, pull-requests: write"),
        ("- uses: docker://alpine", ""),
        ("- uses: ./act", "pull-requests: write"),
        ("- run: cosign sign image", "id-token: write"),
        (
            (
                "- uses: docker/login-action@v3\n"
                "  with: {registry: ghcr.io, username: x, password: '${{ github.token }}'}\n"
                "- run: docker push $IMAGE"
            ),
            "packages: write",
        ),
    ],
)
def test_what_is_seen_is_exact(steps: str, expected: str) -> None:
    inference = inferred(steps, on="pull_request" if "pr " in steps or "act" in steps else "push")
    assert granted(inference) == expected
    assert inference.certainty is Certainty.EXACT


@pytest.mark.parametrize(
    ("steps", "unseen"),
    [
        ("- uses: no-such/action@v1", "no-such/action"),
        ("- uses: ./missing", "./missing"),
        (f"- run: ./tool\n  {TOKEN}", "./tool"),
        (f"- run: gh frobnicate\n  {TOKEN}", "gh frobnicate"),
        (f"- uses: docker://alpine\n  {TOKEN}", "docker://alpine"),
        (
            f"- uses: actions/cache@v4\n  {TOKEN}",
            "actions/cache, which gets the token in `GH_TOKEN`",
        ),
    ],
)
def test_what_cannot_be_seen_is_named(steps: str, unseen: str) -> None:
    inference = inferred(steps)
    assert [one.what for one in inference.unseen] == [unseen]
    assert inference.certainty is Certainty.UNKNOWN


def test_what_depends_is_kept_apart() -> None:
    inference = inferred(f"{CHECKOUT}- run: make release")
    assert granted(inference) == "contents: read"
    assert {grant.scope for grant in inference.maybe} == {"contents", "id-token"}
    assert inference.certainty is Certainty.PARTIAL


@pytest.mark.parametrize(("on", "scope"), [("issues", "issues"), ("pull_request", "pull-requests")])
def test_issues_and_pull_requests_are_told_by_the_event(on: str, scope: str) -> None:
    script = (
        "- uses: actions/github-script@v7\n  with: {script: 'github.rest.issues.addLabels({})'}"
    )
    assert granted(inferred(script, on)) == f"{scope}: write"


def test_a_called_workflow_says_what_it_needs() -> None:
    inference = inferred("", job="    uses: ./.github/workflows/callee.yml\n")
    assert granted(inference) == "contents: read, packages: write"
    assert inference.certainty is Certainty.EXACT


def test_a_workflow_elsewhere_is_not_known() -> None:
    inference = inferred("", job="    uses: octo-org/repo/.github/workflows/x.yml@main\n")
    assert inference.certainty is Certainty.UNKNOWN


def test_what_calls_itself_ends() -> None:
    text = "on: workflow_call\njobs:\n  a:\n    uses: ./.github/workflows/test.yml\n"
    assert of(text).certainty is Certainty.UNKNOWN
