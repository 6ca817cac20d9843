"""What the tables on gates, foreign code, agents and advisories answer."""

from collections.abc import Mapping
from typing import Any

import pytest

from steplock.tables import (
    advisories,
    agents,
    checkouts,
    gates,
    outputs,
    poisonable,
)
from steplock.tables.conditions import Situation


def step(given: Mapping[str, str] | None = None, **known: Any) -> Situation:
    return Situation(inputs=given or {}, **known)


# --- trust


def test_gates() -> None:
    [check] = gates.of_step("actions-cool/check-user-permission")
    assert check.by == "output"
    assert gates.of_step("actions-cool/check-user-permission", step({"require": "read"})) == ()
    assert gates.of_step("xt0rted/slash-command-action", step({"permission-level": "none"})) == ()
    assert gates.of_step("github/branch-deploy", step({"allow_forks": "true"}, version="v10"))
    assert gates.of_action("someone/check-actor-permissions")
    assert gates.of_action("actions/setup-go") == ()
    forks = gates.of_context("github.event.pull_request.head.repo.fork")
    assert {gate.holds for gate in forks} == {True}
    assert {gate.weak for gate in gates.of_context("github.actor")} == {True, False}
    assert all(gate.spoofable for gate in gates.of_context("github.event.head_commit.author.name"))
    assert gates.of_context("github.sha") == ()
    assert "OWNER" in gates.trusted_associations()
    environment = gates.of_filter("environment")
    assert environment is not None
    assert environment.hidden
    branches = gates.of_filter("on.workflow_run.branches")
    assert branches is not None
    assert branches.weak
    assert gates.of_filter("on.push.branches") is None
    assert gates.in_script('gh api "repos/$R/collaborators/$A/permission"')
    assert gates.in_script("x.getCollaboratorPermissionLevel({})", "actions/github-script")
    assert gates.in_script("x.getCollaboratorPermissionLevel({})") == ()


def test_checkouts() -> None:
    commit = checkouts.reference("github.event.pull_request.head.sha")
    branch = checkouts.reference("GitHub.head_ref")
    assert commit is not None
    assert (commit.control, commit.mutable) == ("constrained", False)
    assert branch is not None
    assert (branch.control, branch.mutable) == ("free", True)
    assert checkouts.reference("github.sha") is None
    found = checkouts.of("augmentcode/review-pr")
    assert found is not None
    assert found.kind == "itself"
    assert checkouts.of("actions/cache") is None
    assert checkouts.fetches("gh pr checkout 7")
    assert checkouts.fetches("git checkout main") == ()
    assert checkouts.resolver("xt0rted/pull-request-comment-branch")["head_ref"] == "free"
    assert checkouts.resolver("actions/cache") == {}
    assert checkouts.resolves("gh pr view 1 --json headRefOid")
    assert checkouts.verifies("gh attestation verify x -o me")


@pytest.mark.parametrize(
    ("action", "given", "answer"),
    [
        ("actions/download-artifact", {}, False),
        ("actions/download-artifact", {"run-id": "${{ x }}"}, None),
        ("dawidd6/action-download-artifact", {}, True),
        ("dawidd6/action-download-artifact", {"branch": "main"}, False),
        ("dawidd6/action-download-artifact", {"branch": "${{ x }}"}, True),
        ("dawidd6/action-download-artifact", {"run_id": "${{ x }}"}, None),
        ("actions/cache", {}, False),
    ],
)
def test_artifacts(action: str, given: Mapping[str, str], answer: bool | None) -> None:
    assert checkouts.downloads_foreign(action, step(given)) is answer


def test_artifacts_in_scripts() -> None:
    assert checkouts.downloads("gh run download 1 -n x")
    assert checkouts.downloads("gh release download v1") == ()
    assert checkouts.safe_path("${{ runner.temp }}/x")
    assert not checkouts.safe_path(".")
    found = checkouts.downloader("benday-inc/download-artifact")
    assert found is not None
    assert not found.sure


@pytest.mark.parametrize(
    ("line", "effect"),
    [
        ("npm ci", "exec"),
        ("npm ci --ignore-scripts", None),
        ("npm test --ignore-scripts", "exec"),
        ("npm view x version", None),
        ("npm install -g x", None),
        ("yarn", "exec"),
        ("yarn --version", None),
        ("pnpm build", "exec"),
        ("pip install requests", None),
        ("pip install -e .[dev]", "exec"),
        ("pip install -r requirements.txt", "exec"),
        ("uv run pytest", "exec"),
        ("uv tool install x", None),
        ("uvx ruff check", "config"),
        ("go build ./...", "config"),
        ("go test ./...", "exec"),
        ("./build.sh", "exec"),
        ("bash scripts/build.sh", "exec"),
        ("bash -c x", None),
        ("make --version", None),
        ("make", "exec"),
        ("docker build .", "exec"),
        ("docker pull x", None),
        ("git submodule update --init", "config"),
        ("echo make", None),
    ],
)
def test_what_runs_the_work_tree(line: str, effect: str | None) -> None:
    found = poisonable.command(line.split())
    assert (found.effect if found else None) == effect


def test_actions_that_run_the_work_tree() -> None:
    assert poisonable.runs_tree("pre-commit/action") is True
    assert poisonable.runs_tree("ruby/setup-ruby") is False
    assert poisonable.runs_tree("ruby/setup-ruby", step({"bundler-cache": "true"})) is True
    assert poisonable.runs_tree("psf/black", step({"use_pyproject": "true"})) is None
    assert poisonable.runs_tree("actions/checkout") is False
    npm = poisonable.of("npm")[0]
    assert "package.json" in npm.files
    assert npm.sure


@pytest.mark.parametrize(
    ("action", "name", "known", "answer"),
    [
        ("tj-actions/changed-files", "all_changed_files", step(), False),
        ("tj-actions/changed-files", "all_changed_files", step(version="v40"), True),
        ("tj-actions/changed-files", "all_changed_files", step({"safe_output": "false"}), True),
        ("tj-actions/changed-files", "any_changed", step(), False),
        ("dorny/paths-filter", "src", step(), False),
        ("dorny/paths-filter", "src_files", step(), False),
        ("dorny/paths-filter", "src_files", step({"list-files": "json"}), True),
        ("actions/github-script", "result", step(), None),
        ("xt0rted/pull-request-comment-branch", "HEAD_REF", step(), True),
        ("stefanbuck/github-issue-parser", "issueparser_name", step(), True),
        ("actions/cache", "cache-hit", step(), None),
    ],
)
def test_outputs(action: str, name: str, known: Situation, answer: bool | None) -> None:
    assert outputs.is_free(action, name, known) is answer


def test_other_ways_out() -> None:
    names = {output.name for output in outputs.variables("rlespinasse/github-slug-action")}
    assert "GITHUB_HEAD_REF" in names
    assert [o.text for o in outputs.printed("git diff --name-only HEAD^")] == ["file names"]
    assert outputs.printed("cat package.json") == ()
    assert outputs.find("openai/codex-action", "final-message") is not None


# --- agents


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        ({}, []),
        ({"claude_args": "--allowedTools Bash"}, ["power"]),
        ({"claude_args": "--allowedTools 'Bash(gh issue view:*)'"}, []),
        ({"claude_args": '--allowed-tools "Read,Bash(gh api:*)"'}, ["power"]),
        ({"claude_args": "--allowedTools Read --disallowedTools Bash"}, []),
        ({"allowed_tools": "Edit,Bash"}, ["power"]),
        ({"show_full_output": "true"}, ["leak"]),
        ({"github_token": "${{ secrets.PAT }}"}, ["power"]),
        ({"github_token": "${{ secrets.GITHUB_TOKEN }}"}, []),
    ],
)
def test_dangerous_settings(given: Mapping[str, str], kinds: list[str]) -> None:
    claude = agents.of("anthropics/claude-code-action")
    assert claude is not None
    assert [danger.kind for danger in agents.dangers(claude, step(given))] == kinds


def test_whom_agents_obey() -> None:
    claude = agents.of("Anthropics/claude-code-action")
    base = agents.of("anthropics/claude-code-base-action")
    assert claude is not None
    assert base is not None
    assert agents.gated(claude) is True
    assert agents.gated(claude, step({"allowed_non_write_users": "*"})) is False
    assert agents.gated(claude, step({"allowed_non_write_users": "someone"})) is True
    assert agents.gated(claude, step({"allowed_non_write_users": "${{ x }}"})) is None
    assert agents.gated(claude, step(events=["schedule"])) is False
    assert agents.gated(base) is False
    assert "direct_prompt" in claude.prompts
    assert agents.obeys_file(claude, "CLAUDE.md", "v1.0.70")
    assert not agents.obeys_file(claude, "CLAUDE.md", "v1.0.80")
    assert agents.obeys_file(base, ".claude/settings.json")


def test_agents_that_only_complete_text() -> None:
    inference = agents.of("actions/ai-inference")
    assert inference is not None
    assert agents.acts(inference) is False
    assert agents.acts(inference, step({"provider": "copilot"})) is True
    assert "response" in inference.outputs


def test_agents_on_the_command_line() -> None:
    line = ["npx", "@google/gemini-cli", "--yolo", "-p", "hi"]
    gemini = agents.command(line)
    assert gemini is not None
    assert [d.kind for d in agents.dangers_of_command(gemini, line)] == ["power"]
    assert agents.command(["codex", "login"]) is None
    assert agents.command(["codex", "exec", "fix it"]) is not None


# --- advisories


@pytest.mark.parametrize(
    ("action", "tag", "commit", "ids"),
    [
        ("tj-actions/changed-files", "v44.1.0", "", ["GHSA-mrrh-fwg8-r2c3"]),
        ("tj-actions/changed-files", "v44.1.0", "f" * 40, []),
        (
            "tj-actions/changed-files",
            "",
            "0e58ed8671d6b60d0890c21b07f8835ace038e67",
            ["GHSA-mrrh-fwg8-r2c3"],
        ),
        ("actions/download-artifact", "v4.1.2", "", ["GHSA-cxww-7g56-2vh6"]),
        ("actions/download-artifact", "v4", "", []),
        ("github/codeql-action/init", "v3.28.2", "", ["GHSA-vqf5-2xx6-9wfm"]),
        ("github/codeql-action/init", "v3.30.0", "", []),
        ("super-linter/super-linter/slim", "v7", "", ["GHSA-r79c-pqj3-577x"]),
        ("psf/black", "24.1.0", "", []),
        ("dawidd6/action-download-artifact", "master", "", []),
        ("actions/checkout", "v4", "", []),
    ],
)
def test_advisories(action: str, tag: str, commit: str, ids: list[str]) -> None:
    assert [a.id for a in advisories.affecting(action, tag, commit=commit)] == ids


def test_advisories_on_some_steps() -> None:
    [found] = advisories.affecting("psf/black", "24.1.0", step=step({"use_pyproject": "true"}))
    assert found.fixed == ("26.3.0",)
    assert found.url.endswith(found.id)


OSV = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "summary": "s",
    "published": "2026-01-02T03:04:05Z",
    "aliases": ["CVE-2026-1"],
    "database_specific": {"severity": "HIGH"},
    "affected": [
        {
            "package": {"ecosystem": "GitHub Actions", "name": "Some/Action"},
            "ranges": [
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2.0"}]},
                {"type": "ECOSYSTEM", "events": [{"introduced": "2.0.0"}]},
            ],
        },
        {"package": {"ecosystem": "PyPI", "name": "action"}},
    ],
}


def test_advisories_from_osv() -> None:
    [advisory] = advisories.from_osv(OSV)
    assert advisory.package == "some/action"
    assert (advisory.severity, advisory.cve, advisory.published) == (
        "high",
        "CVE-2026-1",
        "2026-01-02",
    )
    for tag, hit in (("v1.1.0", True), ("v1.2.0", False), ("v2", True)):
        assert (advisory in advisories.affecting("some/action/sub", tag, more=[advisory])) is hit
    assert advisories.from_osv({**OSV, "withdrawn": "2026-02-01"}) == ()
    assert advisories.from_osv({}) == ()
