"""What a pinned action runs in turn."""

from collections.abc import Mapping

import pytest

from steplock.callgraph import moving
from steplock.model import Uses, Workflow
from steplock.online import Online
from steplock.repository import parse

PIN = "0123456789abcdef0123456789abcdef01234567"


def uses(value: str) -> Uses:
    text = f"on: push\njobs: {{test: {{steps: [{{uses: '{value}'}}]}}}}\n"
    [workflow] = parse(".github/workflows/test.yml", text)
    assert isinstance(workflow, Workflow)
    found = workflow.jobs[0].steps[0].uses
    assert found is not None
    return found


def online(files: Mapping[str, str]) -> Online:
    """Repositories in which every commit has these files, by `owner/repo/path`."""
    return Online(
        lambda repo: None,
        lambda repo, commit: None,
        lambda repo, commit, path: files.get(f"{repo}/{path}"),
    )


def composite(*called: str) -> str:
    return f"runs: {{using: composite, steps: [{', '.join(f'{{uses: {c!r}}}' for c in called)}]}}"


def found(value: str, files: Mapping[str, str]) -> list[tuple[str, ...]]:
    return [(*one.way, one.what) for one in moving(uses(value), online(files))]


def test_three_levels() -> None:
    files = {
        "a/a/action.yml": composite(f"b/b/sub@{PIN}", "docker://alpine@sha256:" + "0" * 64),
        "b/b/sub/action.yaml": composite(f"c/c@{PIN}", "d/d@v1"),
        "c/c/action.yml": composite("e/e@main", "docker://alpine:3"),
    }
    assert found(f"a/a@{PIN}", files) == [
        ("a/a", "b/b/sub", "d/d@v1"),
        ("a/a", "b/b/sub", "c/c", "e/e@main"),
        ("a/a", "b/b/sub", "c/c", "alpine:3"),
    ]


def test_a_workflow_with_its_jobs_images_and_local_calls() -> None:
    files = {
        "a/a/.github/workflows/w.yml": f"""\
on: workflow_call
jobs:
  one: {{uses: ./.github/workflows/inner.yml}}
  two: {{container: node:20, steps: [{{uses: ./workspace}}, {{uses: b/b@{PIN}}}]}}
  three: {{container: "${{{{ inputs.image }}}}", steps: []}}
""",
        "a/a/.github/workflows/inner.yml": "on: workflow_call\njobs: {x: {steps: [{uses: c/c@v1}]}}",
        "b/b/action.yml": "runs: {using: docker, image: Dockerfile}",
    }
    way = "a/a/.github/workflows/w.yml"
    assert found(f"{way}@{PIN}", files) == [
        (way, "node:20"),
        (way, "a/a/.github/workflows/inner.yml", "c/c@v1"),
    ]


@pytest.mark.parametrize(
    "manifest",
    [
        composite(f"a/a@{PIN}"),
        composite(*(f"a/a/p{n}@{PIN}" for n in range(500))),
        composite(f"a/a/deeper@{PIN}"),
        "[1",
        "",
    ],
)
def test_graphs_without_end_and_files_without_sense(manifest: str) -> None:
    class Everywhere(dict[str, str]):
        def get(self, key: str, default: object = None) -> str:
            return manifest

    assert found(f"a/a@{PIN}", Everywhere()) == []


def test_a_chain_that_grows_is_cut() -> None:
    asked: list[str] = []

    def manifest(repo: str, commit: str, path: str) -> str:
        asked.append(path)
        return composite(f"a/a/{'x/' * len(asked)}x@{PIN}")

    never = Online(lambda repo: None, lambda repo, commit: None, manifest)
    assert list(moving(uses(f"a/a@{PIN}"), never)) == []
    assert len(asked) == 10
