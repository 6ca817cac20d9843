"""What the tables on actions, commands, runners and permissions answer."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from steplock.tables import (
    actions,
    apis,
    archived,
    cachers,
    downloads,
    inputs,
    load,
    permissions,
    popular,
    publishers,
    releases,
    runners,
    scopes,
    sinks,
)
from steplock.tables.conditions import Situation


def step(given: Mapping[str, str] | None = None, **known: Any) -> Situation:
    return Situation(inputs=given or {}, **known)


# --- caches


@pytest.mark.parametrize(
    ("action", "known", "answer"),
    [
        ("actions/cache", step(), True),
        ("Actions/Cache", step({"lookup-only": "true"}), False),
        ("actions/setup-go", step(version="v3"), False),
        ("actions/setup-go", step(version="v5.0.0"), True),
        ("actions/setup-go", step({"cache": "false"}), False),
        ("actions/setup-go", step({"cache": "${{ inputs.cache }}"}), None),
        ("actions/setup-python", step(), False),
        ("actions/setup-python", step({"cache": "pip"}), True),
        ("actions/setup-node", step(), None),
        ("actions/setup-node", step(version="v4"), False),
        ("actions/setup-node", step({"package-manager-cache": "false"}), False),
        ("actions/setup-node", step({"cache": "npm"}), True),
        ("astral-sh/setup-uv", step(version="v4", hosted=True), False),
        ("astral-sh/setup-uv", step(version="v9", hosted=True, events=["release"]), True),
        ("astral-sh/setup-uv", step(version="v10.0.1", hosted=True, events=["release"]), False),
        ("astral-sh/setup-uv", step(version="v10.0.1", hosted=True, events=["push"]), True),
        ("astral-sh/setup-uv", step(hosted=False), False),
        ("docker/setup-buildx-action", step(), False),
        ("docker/setup-buildx-action", step({"version": "v0.30.1"}), True),
        ("docker/build-push-action", step({"cache-from": "type=gha"}), True),
        ("mozilla-actions/sccache-action", step(env={"SCCACHE_GHA_ENABLED": "true"}), True),
        ("cypress-io/github-action", step(version="v6"), True),
        ("erlef/setup-beam", step(), False),
        ("actions/checkout", step(), False),
    ],
)
def test_caching(action: str, known: Situation, answer: bool | None) -> None:
    assert cachers.enabled(action, known) is answer


def test_the_halves_of_caching() -> None:
    saving = step({"cache-to": "type=gha"})
    assert cachers.restores("docker/build-push-action", saving) is False
    assert cachers.saves("docker/build-push-action", saving) is True
    assert cachers.restores("actions/cache/save") is False
    assert cachers.saves("actions/cache/restore") is False
    assert cachers.saves("swatinem/rust-cache", step({"save-if": "false"})) is False
    assert cachers.saves("swatinem/rust-cache", step({"save-if": "${{ x }}"})) is None
    assert cachers.restores("swatinem/rust-cache", step({"save-if": "false"})) is True


def test_what_turns_a_cache_off() -> None:
    assert cachers.off("actions/setup-go") == ("cache", "false")
    assert cachers.off("astral-sh/setup-uv") == ("enable-cache", "false")
    assert cachers.off("actions/setup-python", step({"cache": "pip"})) == ("cache", "")
    assert cachers.off("actions/setup-python") is None
    assert cachers.off("awalsh128/cache-apt-pkgs-action") is None


def test_caches_of_the_platform() -> None:
    assert cachers.read_only("pull_request_target")
    assert not cachers.read_only("push")
    assert "write-only" in cachers.modes()
    assert "actions/cache" in cachers.all_actions()
    found = cachers.of("astral-sh/setup-uv")
    assert found is not None
    assert found.sure
    assert found.source


# --- publishing


@pytest.mark.parametrize(
    ("action", "known", "answer"),
    [
        ("pypa/gh-action-pypi-publish", step(), True),
        ("docker/build-push-action", step(), False),
        ("docker/build-push-action", step({"push": "true"}), True),
        ("docker/build-push-action", step({"push": "${{ x }}"}), None),
        ("docker/build-push-action", step({"outputs": "type=image,push=true"}), True),
        ("goreleaser/goreleaser-action", step({"args": "release --clean"}), True),
        ("goreleaser/goreleaser-action", step({"args": "release --snapshot"}), False),
        ("docker/login-action", step(), False),
        ("slsa-framework/slsa-github-generator/.github/workflows/x.yml", step(), True),
        ("actions/checkout", step(), False),
    ],
)
def test_publishing_actions(action: str, known: Situation, answer: bool | None) -> None:
    assert publishers.publishes(action, known) is answer


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("npm publish --access public", "npm"),
        ("npm --loglevel silent publish", "npm"),
        ("npm run publish", None),
        ("npm publish --dry-run", None),
        ("python3 -m twine upload dist/*", "PyPI"),
        ("./gradlew build :lib:publish", "Maven repository"),
        ("gradle publishToMavenLocal", None),
        ("cargo release", None),
        ("cargo release --execute", "crates.io"),
        ("docker buildx build --push .", "container registry"),
        ("docker build .", None),
        ("git -C x push", "repository"),
        ("echo npm publish", None),
    ],
)
def test_publishing_commands(line: str, target: str | None) -> None:
    found = publishers.command(line.split())
    assert (found.target if found else None) == target


def test_what_publishers_sign_in_with() -> None:
    pypi = publishers.of("pypa/gh-action-pypi-publish")
    twine = publishers.command(["twine", "upload"])
    assert pypi is not None
    assert pypi.oidc
    assert pypi.sure
    assert "password" in pypi.credentials
    assert twine is not None
    assert not twine.sure
    assert "TWINE_PASSWORD" in twine.variables


# --- downloads


@pytest.mark.parametrize(
    ("action", "known", "answer"),
    [
        ("golangci/golangci-lint-action", step(), True),
        ("golangci/golangci-lint-action", step({"version": "v2.5"}), True),
        ("golangci/golangci-lint-action", step({"version": "v2.5.0"}), False),
        ("golangci/golangci-lint-action", step({"version": "${{ env.V }}"}), None),
        ("astral-sh/setup-uv", step(), None),
        ("astral-sh/setup-uv", step({"version": "latest"}), True),
        ("astral-sh/setup-uv", step({"version": "latest-known"}), False),
        ("taiki-e/install-action", step({"tool": "cargo-nextest"}), False),
        ("docker/setup-qemu-action", step({"image": "tonistiigi/binfmt:latest"}), True),
        (
            "docker/setup-qemu-action",
            step({"image": f"tonistiigi/binfmt@sha256:{'a' * 64}"}),
            False,
        ),
        ("zizmorcore/zizmor-action", step(version="v0.6.2"), False),
        ("golang/govulncheck-action", step(), True),
        ("1password/load-secrets-action", step(), True),
        ("actions/checkout", step(), False),
    ],
)
def test_what_still_moves(action: str, known: Situation, answer: bool | None) -> None:
    assert downloads.moves(action, known) is answer


def test_downloads_change_with_releases() -> None:
    old, new = (downloads.of("goreleaser/goreleaser-action", tag) for tag in ("v5.1.0", "v7.1.0"))
    assert old is not None
    assert new is not None
    assert (old.kind, old.verifies) == ("floating", "never")
    assert (new.kind, new.verifies) == ("range", "always")
    assert downloads.of("codecov/codecov-action", "v4") is None
    assert downloads.selects("Hashicorp/setup-terraform", "Terraform_Version")
    assert not downloads.selects("actions/checkout", "ref")


# --- runners and releases


def test_runners() -> None:
    assert runners.hosted("Ubuntu-Latest") is True
    assert runners.hosted("self-hosted") is False
    assert runners.hosted("depot-ubuntu-24.04") is False
    assert runners.hosted("ubuntu-latest-16-cores") is None
    assert runners.hosted("our-own") is None
    assert runners.retired("macos-13", "2026-01-01")
    assert not runners.retired("macos-13", "2025-01-01")
    assert runners.retired("ubuntu-latest-arm", "2026-01-01")
    assert runners.system("macos-15-xlarge") == "macos"
    assert "ubuntu-24.04" in runners.labels()
    assert "macos-13" not in runners.labels()
    found = runners.of("blacksmith-4vcpu-ubuntu-2204")
    assert found is not None
    assert found.vendor == "Blacksmith"


@pytest.mark.parametrize(
    ("ref", "guarded", "complete"),
    [
        ("v4", True, True),
        ("v4.3.1", False, False),
        ("v7.0.0", True, False),
        ("v7.0.1", True, True),
        ("v1", False, False),
        ("11d5960a326750d5838078e36cf38b85af677262", True, True),
        ("34e114876b0b11c390a56381ad16ebd13914f8d5", False, False),
        ("f" * 40, None, None),
        ("main", None, None),
    ],
)
def test_the_guard_of_checkout(ref: str, guarded: bool | None, complete: bool | None) -> None:
    assert releases.has_guard(ref) is guarded
    assert releases.guard_is_complete(ref) is complete


def test_changes() -> None:
    assert releases.platform("node20-removed").date == "2026-09-16"
    assert releases.platform("read-only-caches").sure
    with pytest.raises(KeyError):
        releases.platform("no such change")
    topics = [c.version for c in releases.since("actions/checkout", "persist-credentials", "v6")]
    assert topics[-1] == "v6.0.0"
    assert releases.of("nobody/nothing") == ()
    assert any("pull_request_target" in text for text in releases.guard_covers())
    assert any("issue_comment" in text for text in releases.guard_spares())


# --- permissions


def granted(found: permissions.Needs | None) -> list[str] | None:
    return found and [f"{need.scope}: {need.level}" for need in found.sure]


@pytest.mark.parametrize(
    ("action", "known", "answer"),
    [
        ("actions/checkout", step(), ["contents: read"]),
        ("actions/checkout", step({"token": "${{ secrets.PAT }}"}), []),
        ("actions/checkout", step({"token": "${{ github.token }}"}), ["contents: read"]),
        ("peter-evans/create-pull-request", step(), ["contents: write", "pull-requests: write"]),
        ("actions/create-release", step(), []),
        (
            "actions/create-release",
            step(env={"GITHUB_TOKEN": "${{ secrets.GITHUB_TOKEN }}"}),
            ["contents: write"],
        ),
        ("pypa/gh-action-pypi-publish", step(), ["id-token: write"]),
        ("pypa/gh-action-pypi-publish", step({"password": "${{ secrets.P }}"}), []),
        ("actions/setup-node", step(), []),
        ("nobody/nothing", step(), None),
    ],
)
def test_permissions_of_actions(action: str, known: Situation, answer: list[str] | None) -> None:
    assert granted(permissions.needs(action, known)) == answer


def test_permissions_that_depend() -> None:
    found = permissions.needs("dorny/paths-filter")
    assert found is not None
    assert {need.scope for need in found.maybe} == {"contents", "pull-requests"}
    script = permissions.needs("actions/github-script")
    assert script is not None
    assert script.dynamic == "octokit"
    record = permissions.of("actions/checkout")
    assert record is not None
    assert record.needs[0].public == "yes"
    assert permissions.is_job_token("${{ secrets.github_token }}")


WRITE_ISSUE_OR_PULL = (("issues", "write"), ("pull-requests", "write"))


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("gh pr comment 1 -b x", [(("pull-requests", "write"),)]),
        ("gh -R a/b release create v1", [(("contents", "write"),)]),
        ("gh api repos/${{github.repository}}/issues/1/comments -f body=x", [WRITE_ISSUE_OR_PULL]),
        ("gh api -X PATCH /repos/{owner}/{repo}/git/refs/heads/x", [(("contents", "write"),)]),
        ("gh auth status", []),
        ("gh no-such-command", None),
    ],
)
def test_permissions_of_gh(line: str, needs: list[object] | None) -> None:
    calls = apis.gh(line.split())
    found = None if calls is None else [need for call in calls for need in call.needs]
    assert found == needs


def test_permissions_of_calls() -> None:
    status = apis.rest("post", "https://api.github.com/repos/$GITHUB_REPOSITORY/statuses/$SHA?x=1")
    assert status is not None
    assert status.needs == ((("statuses", "write"),),)
    assert apis.rest("GET", "/no/such/route/at/all") is None
    comment = apis.octokit("issues.createComment")
    assert comment is not None
    assert comment.needs == (WRITE_ISSUE_OR_PULL,)
    assert apis.octokit("no.such") is None
    script = (
        "await github.rest.issues.createComment({}); github.paginate(github.rest.pulls.list, {})"
    )
    assert list(apis.octokit_methods(script)) == ["issues.createComment", "pulls.list"]
    [merge] = apis.graphql("mutation { enablePullRequestAutoMerge(input: {}) { id } }")
    assert merge.needs == ((("contents", "write"),),)
    [push] = apis.command(["git", "push", "origin", "HEAD"])
    assert push.needs == ((("contents", "write"),),)
    assert apis.command(["git", "push", "--dry-run"]) == ()
    assert apis.command(["docker", "push", "ghcr.io/a/b"])[0].needs == ((("packages", "write"),),)
    assert apis.command(["docker", "push", "a/b"]) == ()
    secret = apis.gh(["gh", "secret", "set", "X"])
    assert secret is not None
    assert secret[0].beyond


def test_every_permission_exists() -> None:
    for row in load("permissions").values():
        for need in row.get("needs", ()):
            found = scopes.of(need["scope"])
            assert found is not None
            assert need["level"] in found.levels


# --- manifests, scopes, sinks, names


def test_manifests() -> None:
    assert actions.runtime("actions/checkout", "v4") == "node20"
    assert actions.runtime("actions/checkout", "v4.1.0") == "node20"
    assert actions.runtime("actions/checkout", "v2") == "node20"
    assert actions.runtime("actions/checkout", "v5") == "node24"
    assert actions.runtime("actions/checkout", "v5.0.0") is None
    assert actions.runtime("docker/build-push-action", "main") is None
    assert actions.first_on("actions/checkout", 24) == "v5"
    assert actions.first_on("actions/configure-pages", 24) is None
    gemini = actions.of("google-github-actions/run-gemini-cli")
    assert gemini is not None
    assert gemini.exact
    assert gemini.moving == ("google-github-actions/auth@v3", "actions/upload-artifact@v6")
    attest = actions.of("actions/attest-build-provenance", "v3.2.0")
    assert attest is not None
    assert attest.uses
    assert attest.moving == ()
    kubectl = actions.of("actions-hub/kubectl")
    assert kubectl is not None
    assert kubectl.moving == ("alpine:3.17",)
    assert actions.known("Actions/Cache")
    assert not actions.known("nobody/nothing")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", actions.date("actions/cache"))
    assert actions.date("nobody/nothing") == ""
    assert actions.of("nobody/nothing", "v1") is None
    assert actions.first_on("nobody/nothing", 24) is None


def test_inputs() -> None:
    script = inputs.of("actions/github-script")["script"]
    assert script.required
    assert script.default is None
    assert inputs.defaults("actions/github-script")["result-encoding"] == "json"
    assert inputs.outputs("actions/cache") == ("cache-hit",)
    assert inputs.of("nobody/nothing") == {}


def test_scopes() -> None:
    token = scopes.of("id-token")
    models = scopes.of("models")
    assert token is not None
    assert token.levels == ("none", "write")
    assert models is not None
    assert models.levels == ("none", "read")
    assert scopes.of("Contents") is None
    assert "code-quality" in scopes.names()
    assert scopes.instead("pull_requests") == "pull-requests"
    assert scopes.instead("Contents") == "contents"
    assert "app" in scopes.instead("workflows")
    assert scopes.instead("nonsense") == ""


def test_sinks() -> None:
    found = sinks.find("Actions/GitHub-Script", "Script")
    assert found is not None
    assert found.language == "javascript"
    assert found.sure
    assert sinks.find("actions/github-script", "github-token") is None
    assert [sink.input for sink in sinks.of("azure/cli")] == ["inlineScript"]


@pytest.mark.parametrize(
    ("slug", "imitated"),
    [
        ("action/checkout", "actions/checkout"),
        ("cations/checkout", "actions/checkout"),
        ("acti0ns/checkout", "actions/checkout"),
        ("actiions/checkout", "actions/checkout"),
        ("sh-astral/setup-uv", "astral-sh/setup-uv"),
        ("dokcer/login-action", "docker/login-action"),
        ("actions/chckout", None),
        ("Actions/Checkout", None),
        ("actions-rs/cargo", None),
        ("example/something-else", None),
        ("no-slash", None),
        ("a/" + "b" * 10_000, None),
    ],
)
def test_imitations(slug: str, imitated: str | None) -> None:
    assert popular.imitated(slug) == imitated


def test_names() -> None:
    assert popular.imitated("astarl-sh/ruff-pre-commit", "hooks") == "astral-sh/ruff-pre-commit"
    assert all(popular.imitated(name) is None for name in archived.names())
    assert archived.is_archived("Actions/setup-ruby")
    assert not archived.is_archived("actions/checkout")
