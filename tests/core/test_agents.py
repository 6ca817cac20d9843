"""Which steps run an AI agent, and what a model can make it do."""

import pytest

from steplock.agents.invocation import WORDS, invocations
from steplock.agents.reach import Reach, reach
from steplock.model import Step, Workflow
from steplock.repository import parse
from steplock.tables import load


def step(text: str) -> Step:
    lines = text.splitlines()
    body = "\n".join([f"      - {lines[0]}", *(f"        {line}" for line in lines[1:])])
    source = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{body}\n"
    [file] = parse(".github/workflows/a.yml", source)
    assert isinstance(file, Workflow)
    return file.jobs[0].steps[0]


def test_each_agent_of_the_table_is_looked_for() -> None:
    rows = load("agents")
    # A step of that one sets up what other steps run.
    for name in {*rows["actions"], *rows["commands"]} - {"github/gh-aw/actions/setup"}:
        assert name == "amp" or any(word in name for word in WORDS), name


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ("claude -p hello", ["claude"]),
        ("FOO=1 npx @anthropic-ai/claude-code@2 -p hello", ["claude"]),
        ("timeout 60 gemini -p hello && codex exec hello", ["gemini", "codex exec"]),
        ("codex login", []),
        ("claude --version; claude mcp add github; claude update", []),
        ("echo claude; cat claude.txt; ./claude/build.sh", []),
        ("example --stamp 1", []),
    ],
)
def test_commands(run: str, names: list[str]) -> None:
    assert [found.name for found in invocations(step(f"run: {run}"))] == names


CLAUDE = "uses: anthropics/claude-code-action@v1"
GEMINI = "uses: google-github-actions/run-gemini-cli@v0"


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        (CLAUDE, "", Reach.TOOLS),
        (CLAUDE, """claude_args: '--allowedTools "Bash(shellcheck:*),BashOutput"'""", Reach.TOOLS),
        (CLAUDE, """claude_args: '--model ${{ vars.M }} --allowedTools "Bash"'""", Reach.COMMANDS),
        (CLAUDE, "claude_args: '--allowedTools Read --disallowedTools Bash'", Reach.TOOLS),
        (CLAUDE, "claude_args: '--allowedTools Bash(gh:*)'", Reach.SENDING),
        (GEMINI, "", Reach.COMMANDS),
        (GEMINI, """settings: '{"tools": {"core": ["run_shell_command(ls)"]}}'""", Reach.TOOLS),
        (GEMINI, """settings: '{"coreTools": ["run_shell_command"]}'""", Reach.COMMANDS),
        (GEMINI, """settings: '{"coreTools": ["run_shell_command(curl)"]}'""", Reach.SENDING),
        ("uses: actions/ai-inference@v1", "", Reach.ANSWERS),
        ("uses: actions/ai-inference@v1", "enable-github-mcp: true", Reach.TOOLS),
        ("uses: austenstone/copilot-cli@v2", "", Reach.COMMANDS),
        ("uses: austenstone/copilot-cli@v2", "allow-all-tools: false", Reach.TOOLS),
        ("run: GOOSE_MODE=auto goose run -i prompt.md", "", Reach.COMMANDS),
        ("run: claude -p hello", "", Reach.TOOLS),
    ],
)
def test_reach(text: str, given: str, expected: Reach) -> None:
    [found] = invocations(step(f"{text}\nwith:\n  {given}" if given else text))
    assert reach(found) is expected
