"""Comments that silence findings: where they count, and where they do not."""

import pytest

from steplock import lint

HEAD = "on: push\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
UNPINNED = "      - uses: octo-org/action@v1"


def shown(steps: str, head: str = HEAD) -> list[str]:
    return [d.rule for d in lint(head + steps).diagnostics]


@pytest.mark.parametrize(
    "steps",
    [
        f"{UNPINNED}  # steplock: ignore[unpinned-uses] ours\n",
        f"{UNPINNED}  #steplock:ignore[unpinned-uses]\n",
        f"{UNPINNED}  # v1 # steplock: ignore[unpinned-uses]\n",
        f"      # steplock: ignore[unpinned-uses] ours\n{UNPINNED}\n",
        f"      # steplock: ignore[unpinned-uses] ours\n\n      # more to say\n{UNPINNED}\n",
        f"{UNPINNED}  # zizmor: ignore[unpinned-uses]\n",
        f"{UNPINNED}\n        # zizmor: ignore[unpinned-uses]\n        with: {{a: b}}\n",
        f"{UNPINNED}  # zizmor: ignore[template-injection,unpinned-uses] reason\n",
        "      - name: x\n        # steplock: ignore[unpinned-uses]\n        uses: a/b@v1\n",
    ],
)
def test_silenced(steps: str) -> None:
    report = lint(HEAD + steps)
    assert [d.rule for d in report.diagnostics] == []
    assert [(d.rule, d.suppressed) for d in report.suppressed] == [("unpinned-uses", "comment")]


@pytest.mark.parametrize(
    "steps",
    [
        f"{UNPINNED}  # ignore[unpinned-uses]\n",
        f"{UNPINNED}\n      # steplock: ignore-next[unpinned-uses]\n",
        f"      - run: 'echo # steplock: ignore[unpinned-uses]'\n{UNPINNED}\n",
        f"      - run: |\n          # steplock: ignore[unpinned-uses]\n{UNPINNED}\n",
    ],
)
def test_no_comment_of_ours(steps: str) -> None:
    assert shown(steps) == ["unpinned-uses"]


def test_a_comment_at_the_end_of_a_line_says_nothing_of_the_next() -> None:
    steps = f"      - run: make  # steplock: ignore[unpinned-uses]\n{UNPINNED}\n"
    assert shown(steps) == ["unused-suppression", "unpinned-uses"]


def test_a_whole_file() -> None:
    head = "# steplock: ignore-file[unpinned-uses] generated\n" + HEAD
    assert shown(f"{UNPINNED}\n{UNPINNED}2\n", head) == []


def test_a_finding_in_a_script_is_silenced_above_it() -> None:
    script = (
        "run: |{comment}\n          echo 1\n          echo ${{{{ github.event.issue.title }}}}\n"
    )
    head = HEAD.replace("push", "issues")
    plain = script.format(comment="")
    assert "template-injection" in shown(f"      - {plain}", head)
    silenced = script.format(comment="  # steplock: ignore[template-injection]")
    assert shown(f"      - {silenced}", head) == []
    above = f"      # steplock: ignore[template-injection] ours\n      - {plain}"
    assert shown(above, head) == []
