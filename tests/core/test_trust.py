"""Who can run a job, and with what: conditions, checks, callers, powers."""

import textwrap

import pytest

from steplock.model import Job
from steplock.repository import Repository
from steplock.trust import Exposure, Gate, Tier, exposures, powers, step_exposures, trust

PATH = ".github/workflows/test.yml"


def repository(**files: str) -> Repository:
    """Workflows by name; `action_x` is the action `.github/actions/x`."""
    texts = {}
    for name, text in files.items():
        kind, _, rest = name.partition("_")
        path = (
            f".github/actions/{rest}/action.yml"
            if kind == "action"
            else f".github/workflows/{name}.yml"
        )
        texts[path] = textwrap.dedent(text)

    def folder(path: str) -> tuple[str, ...]:
        start = f"{path}/"
        return tuple(
            p[len(start) :] for p in texts if p.startswith(start) and "/" not in p[len(start) :]
        )

    return Repository(texts.get, folder)


def job(files: Repository, name: str = "test", id: str = "job") -> Job:
    workflow = files.workflow(f".github/workflows/{name}.yml")
    assert workflow is not None
    found = workflow.job(id)
    assert found is not None
    return found


def gates(found: tuple[Exposure, ...]) -> tuple[tuple[str, Gate], ...]:
    return tuple((exposure.event, exposure.gate) for exposure in found)


TARGET = "pull_request_target"
LABELED = "{pull_request_target: {types: [labeled]}}"


@pytest.mark.parametrize(
    ("on", "condition", "expected"),
    [
        # Nothing that keeps anybody out.
        (TARGET, "true", Gate.NONE),
        (TARGET, "always()", Gate.NONE),
        (TARGET, "github.event.pull_request.draft == false", Gate.NONE),
        (TARGET, "github.repository == 'owner/repo'", Gate.NONE),
        (TARGET, "github.repository_owner == 'owner'", Gate.NONE),
        (TARGET, "github.event_name == 'pull_request_target'", Gate.NONE),
        (TARGET, "github.event.action == 'opened'", Gate.NONE),
        (TARGET, "github.event.pull_request.base.ref == 'main'", Gate.NONE),
        (TARGET, "github.ref == 'refs/heads/main'", Gate.NONE),
        (TARGET, "github.event.pull_request.head.repo.fork", Gate.NONE),
        (TARGET, "github.event.pull_request.head.repo.full_name != github.repository", Gate.NONE),
        # Look-alikes, which strangers meet.
        (TARGET, "github.actor == 'dependabot[bot]'", Gate.NONE),
        (TARGET, "github.actor != 'dependabot[bot]'", Gate.NONE),
        (TARGET, "github.actor != 'octocat'", Gate.NONE),
        (TARGET, "startsWith(github.head_ref, 'dependabot/')", Gate.NONE),
        (TARGET, "startsWith(github.event.pull_request.title, 'release')", Gate.NONE),
        (TARGET, "github.event.pull_request.author_association == 'CONTRIBUTOR'", Gate.NONE),
        (TARGET, "github.event.pull_request.author_association != 'MEMBER'", Gate.NONE),
        (TARGET, "!contains(github.event.pull_request.labels.*.name, 'skip')", Gate.NONE),
        # Only one side of `||` need hold, both of `&&`.
        (TARGET, "github.actor == 'octocat' || github.event.pull_request.draft", Gate.NONE),
        (TARGET, "github.event.pull_request.merged || github.event_name == 'x'", None),
        (TARGET, "github.event.pull_request.merged && github.actor == 'octocat'", None),
        # No stranger gets past these.
        (TARGET, "false", None),
        (TARGET, "github.event.pull_request.merged", None),
        (TARGET, "github.event.pull_request.merged == true", None),
        (TARGET, "github.event_name == 'push'", None),
        (TARGET, "github.event_name != 'pull_request_target'", None),
        (TARGET, "github.event.pull_request.head.repo.fork == false", None),
        (TARGET, "!github.event.pull_request.head.repo.fork", None),
        (TARGET, "!(github.event.pull_request.head.repo.fork)", None),
        (TARGET, "github.event.pull_request.head.repo.full_name == github.repository", None),
        (TARGET, "github.repository == github.event.pull_request.head.repo.full_name", None),
        (TARGET, "github.event.pull_request.head.repo.full_name == 'owner/repo'", None),
        (TARGET, "github.event.pull_request.head.user.login == github.repository_owner", None),
        (TARGET, "github.event.pull_request.user.login == 'dependabot[bot]'", None),
        (TARGET, "github.event.pull_request.user.login == 'octocat'", None),
        (TARGET, "github.event.pull_request.author_association == 'OWNER'", None),
        (
            TARGET,
            'contains(fromJSON(\'["OWNER","MEMBER"]\'), github.event.pull_request.author_association)',
            None,
        ),
        (TARGET, "startsWith(github.ref, 'refs/tags/')", None),
        (TARGET, "github.ref_type == 'tag'", None),
        # Somebody with rights has to do something.
        (TARGET, "contains(github.event.pull_request.labels.*.name, 'safe')", Gate.LABEL),
        (TARGET, "github.event.label.name == 'safe'", Gate.LABEL),
        (TARGET, "github.event.action == 'labeled'", Gate.LABEL),
        (LABELED, "true", Gate.LABEL),
        (LABELED, "github.event.label.name == 'safe'", Gate.LABEL),
        (TARGET, "github.actor == 'octocat'", Gate.PERSON),
        (TARGET, "github.triggering_actor == 'octocat'", Gate.PERSON),
        (TARGET, "github.actor == github.repository_owner", Gate.PERSON),
        (TARGET, "contains(fromJSON('[\"octocat\"]'), github.actor)", Gate.PERSON),
        ("issue_comment", "true", Gate.NONE),
        ("issue_comment", "github.event.issue.pull_request", Gate.NONE),
        ("issue_comment", "startsWith(github.event.comment.body, '/run')", Gate.NONE),
        ("issue_comment", "github.event.issue.author_association == 'OWNER'", Gate.NONE),
        ("issue_comment", "github.event.issue.user.login == 'octocat'", Gate.NONE),
        ("issues", "github.event.issue.author_association == 'OWNER'", None),
        ("issue_comment", "github.event.comment.author_association == 'OWNER'", Gate.PERSON),
        (
            "issue_comment",
            "contains(fromJSON('[\"OWNER\"]'), github.event.comment.author_association)",
            Gate.PERSON,
        ),
        ("issue_comment", "github.event.comment.user.login == 'octocat'", Gate.PERSON),
        ("issues", "github.event.action == 'opened'", Gate.NONE),
        ("issues", "github.event.label.name == 'bug'", Gate.LABEL),
        ("{issues: {types: [labeled]}}", "true", Gate.LABEL),
        ("{issues: {types: [assigned]}}", "true", Gate.LABEL),
        ("workflow_run", "github.event.workflow_run.conclusion == 'success'", Gate.NONE),
        ("workflow_run", "github.event.workflow_run.head_branch == 'main'", Gate.NONE),
        ("workflow_run", "github.event.workflow_run.event == 'pull_request'", Gate.NONE),
        ("workflow_run", "github.event.workflow_run.event == 'push'", None),
        ("workflow_run", "github.event.workflow_run.event != 'pull_request'", Gate.NONE),
        (
            "workflow_run",
            "github.event.workflow_run.head_repository.full_name == github.repository",
            None,
        ),
        ("workflow_run", "!github.event.workflow_run.head_repository.fork", None),
        ("pull_request", "true", Gate.NONE),
        ("pull_request", "github.ref == 'refs/heads/main'", None),
        ("discussion", "true", Gate.NONE),
        ("fork", "true", Gate.NONE),
        ("watch", "true", Gate.NONE),
        ("push", "true", None),
        ("workflow_dispatch", "true", None),
        ("schedule", "true", None),
        ("release", "true", None),
    ],
)
def test_conditions(on: str, condition: str, expected: Gate | None) -> None:
    quoted = condition.replace("'", "''")
    text = f"on: {on}\njobs:\n  job:\n    if: '{quoted}'\n    runs-on: ubuntu-latest\n"
    files = repository(test=text)
    found = exposures(job(files), files)
    assert [exposure.gate for exposure in found] == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ("[opened]", Gate.NONE),
        ("[synchronize, labeled]", Gate.NONE),
        ("[labeled, unlabeled]", Gate.LABEL),
        ("[closed]", Gate.NONE),
        ("labeled", Gate.LABEL),
    ],
)
def test_types(types: str, expected: Gate) -> None:
    text = f"on: {{pull_request_target: {{types: {types}}}}}\njobs: {{job: {{runs-on: x}}}}\n"
    files = repository(test=text)
    assert [e.gate for e in exposures(job(files), files)] == [expected]


@pytest.mark.parametrize(
    ("types", "again"),
    [("", True), ("types: [labeled]", False), ("types: [labeled, synchronize]", True)],
)
def test_a_label_stays_on(types: str, again: bool) -> None:
    files = repository(
        test=f"""
        on: {{pull_request_target: {{{types}}}}}
        jobs:
          job:
            if: contains(github.event.pull_request.labels.*.name, 'safe')
            runs-on: ubuntu-latest
        """
    )
    [found] = exposures(job(files), files)
    assert (found.gate, found.again) == (Gate.LABEL, again)


NEEDS = """
on: pull_request_target
jobs:
  first:
    {first}
    runs-on: ubuntu-latest
    outputs:
      ok: ${{{{ steps.check.outputs.ok }}}}
    steps:
      - {step}
  job:
    needs: first
    {second}
    runs-on: ubuntu-latest
    steps:
      - run: make
"""
MERGED = "if: github.event.pull_request.merged"


@pytest.mark.parametrize(
    ("first", "step", "second", "expected"),
    [
        pytest.param("", "run: make", "", [Gate.NONE], id="no condition"),
        pytest.param(MERGED, "run: make", "", [], id="the first is skipped"),
        pytest.param(MERGED, "run: make", "if: always()", [Gate.NONE], id="always runs"),
        pytest.param(MERGED, "run: make", "if: success()", [], id="said once more"),
        pytest.param(MERGED, "run: make", "if: ${{ !cancelled() }}", [Gate.NONE], id="goes on"),
        pytest.param("environment: x", "run: make", "", [Gate.ENVIRONMENT], id="approval"),
        pytest.param(
            "",
            "{uses: 'sushichop/action-repository-permission@v2', with: {required-permission: write}}",
            "",
            [Gate.PERSON],
            id="a failing check",
        ),
        pytest.param(
            "",
            "{uses: 'actions-cool/check-user-permission@v2', id: check, with: {require: write}}",
            "",
            [Gate.NONE],
            id="an answer that nobody reads",
        ),
        pytest.param(
            "",
            "{uses: 'actions-cool/check-user-permission@v2', id: check, with: {require: write}}",
            "if: needs.first.outputs.ok == 'true'",
            [Gate.PERSON],
            id="an answer that is read",
        ),
    ],
)
def test_needed_jobs(first: str, step: str, second: str, expected: list[Gate]) -> None:
    files = repository(test=NEEDS.format(first=first, step=step, second=second))
    assert [e.gate for e in exposures(job(files), files)] == expected


STEPS = """
on: {on}
jobs:
  job:
    runs-on: ubuntu-latest
    steps:
      - id: check
        {check}
      - id: last
        {condition}
        run: make
"""
PERMISSION = (
    "uses: prince-chrismc/check-actor-permissions-action@v3\n        with: {permission: write}"
)
SCRIPT = (
    "uses: actions/github-script@v8\n        with:\n          script: "
    "|\n            const level = await github.rest.repos.getCollaboratorPermissionLevel({});\n            "
)


@pytest.mark.parametrize(
    ("on", "check", "condition", "expected"),
    [
        pytest.param(TARGET, "run: 'true'", "", [Gate.NONE], id="nothing is asked"),
        pytest.param(TARGET, PERMISSION, "", [Gate.PERSON], id="an action that fails"),
        pytest.param(
            TARGET,
            f"continue-on-error: true\n        {PERMISSION}",
            "",
            [Gate.NONE],
            id="its failure is let pass",
        ),
        pytest.param(
            TARGET,
            "uses: prince-chrismc/check-actor-permissions-action@v3\n        with: {permission: read}",
            "",
            [Gate.NONE],
            id="it asks for reading only",
        ),
        pytest.param(TARGET, f"{SCRIPT}core.setFailed('no')", "", [Gate.PERSON], id="a script"),
        pytest.param(TARGET, f"{SCRIPT}return level", "", [Gate.NONE], id="it only looks"),
        pytest.param(
            TARGET,
            f"{SCRIPT}return level",
            "if: steps.check.outputs.result == 'write'",
            [Gate.PERSON],
            id="and a condition reads it",
        ),
        pytest.param(TARGET, "uses: dependabot/fetch-metadata@v2", "", [Gate.PERSON], id="bot"),
        pytest.param(
            TARGET,
            "run: gh api repos/o/r/collaborators/x/permission --jq .permission | grep -q write",
            "",
            [Gate.PERSON],
            id="a command that fails",
        ),
        pytest.param(
            TARGET,
            "run: test \"$(gh pr view --json isCrossRepository)\" = false || exit 1",
            "",
            [Gate.PERSON],
            id="the repository",
        ),
        pytest.param(
            TARGET, "run: git merge-base --is-ancestor a b", "", [Gate.NONE], id="an ancestor"
        ),
        pytest.param(
            "issue_comment", PERMISSION, "", [Gate.PERSON], id="who comments is asked"
        ),
        pytest.param(
            TARGET, "run: make", "if: github.event.pull_request.merged", [], id="its own condition"
        ),
    ],
)  # fmt: skip
def test_checks_before_a_step(on: str, check: str, condition: str, expected: list[Gate]) -> None:
    files = repository(test=STEPS.format(on=on, check=check, condition=condition))
    last = job(files).steps[-1]
    assert last.id == "last"
    assert [e.gate for e in step_exposures(last, files)] == expected


CALLEE = """
on: workflow_call
jobs:
  job:
    {condition}
    runs-on: ubuntu-latest
    steps:
      - run: echo ${{{{ secrets.KEY }}}}
"""


@pytest.mark.parametrize(
    ("caller", "condition", "expected"),
    [
        ("on: pull_request_target", "", [(TARGET, Gate.NONE)]),
        ("on: [push, issues]", "", [("issues", Gate.NONE)]),
        ("on: push", "", []),
        ("on: pull_request_target", "if: github.event_name == 'push'", []),
        ("on: pull_request_target", "environment: x", [(TARGET, Gate.ENVIRONMENT)]),
    ],
)
def test_callers(caller: str, condition: str, expected: list[tuple[str, Gate]]) -> None:
    files = repository(
        test=CALLEE.format(condition=condition),
        caller=f"{caller}\njobs:\n  call:\n    uses: ./.github/workflows/test.yml\n",
    )
    found = exposures(job(files), files)
    assert list(gates(found)) == expected
    assert all(e.way[0].path == ".github/workflows/caller.yml" for e in found)


def test_a_chain_of_calls_and_a_circle() -> None:
    call = "jobs:\n  job:\n    uses: ./.github/workflows/{}.yml\n"
    files = repository(
        a="on: issues\n" + call.format("b"),
        b="on: workflow_call\n" + call.format("c"),
        c="on: workflow_call\n" + call.format("b"),
    )
    assert {e.event for e in exposures(job(files, "c"), files)} == {"issues"}


def test_nobody_calls() -> None:
    files = repository(test=CALLEE.format(condition=""))
    assert trust(job(files), files).tier is Tier.PRIVILEGED


FIRST = "name: First\non: {}\njobs: {{}}\n"
SECOND = """
on:
  workflow_run:
    workflows: [{}]
jobs:
  job:
    {}
    runs-on: ubuntu-latest
"""


@pytest.mark.parametrize(
    ("first", "named", "condition", "expected"),
    [
        pytest.param("pull_request", "First", "", [True], id="of pull requests"),
        pytest.param("push", "First", "", [False], id="the pull request changes the trigger"),
        pytest.param("push", "Other", "", [True], id="a workflow that is not seen"),
        pytest.param(
            "pull_request",
            "First",
            "if: github.event.workflow_run.event == 'push'",
            [],
            id="only pushes",
        ),
        pytest.param(
            "issues",
            "First",
            "if: github.event.workflow_run.event == 'issues'",
            [True],
            id="an event of strangers",
        ),
    ],
)
def test_workflow_run(first: str, named: str, condition: str, expected: list[bool]) -> None:
    files = repository(first=FIRST.format(first), test=SECOND.format(named, condition))
    assert [e.certain for e in exposures(job(files), files)] == expected


def test_a_step_of_an_action_runs_as_its_users_do() -> None:
    files = repository(
        action_inner="runs:\n  using: composite\n  steps:\n    - run: make\n      shell: bash\n",
        action_outer="runs:\n  using: composite\n  steps:\n    - uses: ./.github/actions/inner\n",
        test="""
        on: [push, pull_request_target]
        jobs:
          job:
            runs-on: ubuntu-latest
            steps:
              - uses: ./.github/actions/outer
        """,
    )
    action = files.action(".github/actions/inner")
    assert action is not None
    [found] = step_exposures(action.steps[0], files)
    assert (found.event, found.job.id) == (TARGET, "job")
    assert [place.path for place in found.way] == [
        PATH,
        PATH,
        PATH,
        ".github/actions/outer/action.yml",
        ".github/actions/outer/action.yml",
        ".github/actions/inner/action.yml",
    ]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("permissions: {}", ()),
        ("permissions: {contents: read}", ()),
        ("permissions: read-all", ()),
        ("", ("a token whose powers nothing limits",)),
        ("permissions: {contents: write}", ("`contents: write`",)),
        (
            "permissions: write-all",
            (
                "a token that may write everything",
                "an identity at other services (`id-token: write`)",
            ),
        ),
        (
            "permissions: {id-token: write}",
            ("an identity at other services (`id-token: write`)",),
        ),
        ("permissions: {}\n    env: {A: '${{ secrets.A }}'}", ("`secrets.A`",)),
        ("permissions: {}\n    env: {A: '${{ secrets.GITHUB_TOKEN }}'}", ()),
        ("permissions: {}\n    env: {A: '${{ toJSON(secrets) }}'}", ("every secret",)),
    ],
)
def test_powers(body: str, says: tuple[str, ...]) -> None:
    files = repository(test=f"on: push\njobs:\n  job:\n    {body}\n    runs-on: ubuntu-latest\n")
    assert powers(job(files)).phrases() == says


@pytest.mark.parametrize(
    ("runner", "own"),
    [
        ("ubuntu-latest", False),
        ("self-hosted", True),
        ("[self-hosted, linux]", True),
        ("[Self-Hosted]", True),
        ("our-own", False),
        ("${{ inputs.runner }}", False),
    ],
)
def test_machines_of_ones_own(runner: str, own: bool) -> None:
    files = repository(test=f"on: push\njobs:\n  job:\n    runs-on: {runner}\n")
    assert powers(job(files)).self_hosted is own


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("permissions: {}", ()),
        ("permissions: {issues: write}", ("`issues: write`",)),
        ("permissions: {}\n    secrets: inherit", ("`secrets.KEY`",)),
    ],
)
def test_a_called_job_holds_what_its_callers_leave_it(call: str, says: tuple[str, ...]) -> None:
    files = repository(
        test=CALLEE.format(condition=""),
        caller=f"on: issues\njobs:\n  call:\n    {call}\n    uses: ./.github/workflows/test.yml\n",
    )
    assert powers(job(files), files).phrases() == says


@pytest.mark.parametrize(
    ("on", "permissions", "tier"),
    [
        ("push", "write-all", Tier.PRIVILEGED),
        ("pull_request", "write-all", Tier.UNTRUSTED),
        ("pull_request_target", "read-all", Tier.UNTRUSTED),
        ("pull_request_target", "write-all", Tier.METADATA),
        ("issues", "{issues: write}", Tier.METADATA),
    ],
)
def test_tiers(on: str, permissions: str, tier: Tier) -> None:
    text = f"on: {on}\npermissions: {permissions}\njobs:\n  job:\n    runs-on: ubuntu-latest\n"
    files = repository(test=text)
    assert trust(job(files), files).tier is tier
