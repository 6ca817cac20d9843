"""Rewrite the table of AI agents, `core/steplock/tables/agents.json`.

    python core/update/agents.py agents.jsonl

A fact names an action or a command that runs an agent, what it reads, which settings are dangerous, and whether it asks
who caused the run. The facts tell some of it to people; what a program can check was judged by hand: that is this file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from update import facts

FIELDS = """uses command vendor aliases prompt_inputs implicit_prompt tool_inputs tool_inputs_older trigger_inputs
danger_markers default_gate gate_off_by gate_does_not_cover gate_note untrusted_files restored_from_base restore_since
outputs secret_outputs output_injection defaults status note confidence"""

INPUT = re.compile(r"[a-z][\w-]*")
# What else the pattern asks for: that strangers drive the agent, that it may do too much, that its setting is a file
# of the work tree, that its answer or a secret gets out. The first that fits counts.
KINDS = (
    ("open", re.compile(r"^allow(ed)?[-_](non|bot|user)|^use_github_token$|^macro$|^mentions$")),
    ("leak", re.compile(r"^show_full|^display_report|^share$|--share")),
    (
        "file",
        re.compile(
            r"prompt-file|instruction|custom-prompt-path|template_directory|custom-security"
        ),
    ),
)
# Weaker than the pattern next to it: it names some, not all.
SOME = {"allowed_non_write_users", "allowed_bots", "allow-users", "allow-bot-users"}
# No settings: what always is, and the words that call the agent.
NOT_SETTINGS = {"(always)", "macro", "mentions", "on"}
# What lets the model run whatever command it likes, and what lets it run commands that can send things away; told by
# the reason given.
ANY_COMMAND = re.compile(
    r"approval off|unscoped shell|unscoped shell too|no tool asks|every tool approved|tools, paths and URLs|same grant"
    r"|sandbox and approval|whole disk open|with sudo; API key readable|run without asking|run anything|shell tool$"
)
SENDS = re.compile(r"wide enough")
_SENDING = (
    r"(?:\*|:\*|(?:curl|wget|bash|sh|python3?|node|npm|npx|bun|bunx|make|gh|git)(?:[:*)]| \*)"
    r"|git push|gh api|gh (?:issue|pr) edit)"
)
# The sample workflows of Google once had this one, and the keys of the job ended in issues.
# https://www.aikido.dev/blog/promptpwnd-github-actions-ai-agents
MORE_DANGERS: Mapping[str, list[dict[str, str]]] = {
    name: [
        {
            "input": "settings",
            "pattern": rf"run_shell_command\({_SENDING}",
            "why": "shell scope wide enough to send data out",
        }
    ]
    for name in ("google-github-actions/run-gemini-cli", "qwenlm/qwen-code-action")
}
MORE_DANGERS["qwenlm/qwen-code-action"] += [
    {
        "input": "settings",
        "pattern": r'"?(coreTools|core|allowed)"?.*run_shell_command(?!\()',
        "why": "unscoped shell",
    }
]
# The gate of the action is off: for everybody, not for some who are named.
_EVERYBODY = {
    "any": [
        {"input": name, "contains": "*"} for name in ("allowed_non_write_users", "allowed_bots")
    ]
}
OFF: Mapping[str, Mapping[str, Any]] = {
    "anthropics/claude-code-action": _EVERYBODY,
    "factory-ai/droid-action": _EVERYBODY,
    "openai/codex-action": {"input": "allow-users", "contains": "*"},
    "anomalyco/opencode/github": {"input": "use_github_token", "equals": "true"},
    "github/gh-aw/actions/setup": {"env": "GH_AW_REQUIRED_ROLES", "contains": "all"},
}
# Inputs of the releases before v1 (the manifest of v0.0.63), still in use.
OLDER_PROMPTS = {
    "anthropics/claude-code-action": ["custom_instructions", "direct_prompt", "override_prompt"]
}
OLDER_DANGERS = {
    "anthropics/claude-code-action": [
        {
            "input": "allowed_tools",
            "pattern": r"\bBash\b(?!\()",
            "why": "unscoped shell: any text that reaches the model can run commands",
        }
    ]
}
# The label or the association it asks for is part of the reusable workflow itself.
FIXED_GATE = {"all-hands-ai/openhands/.github/workflows/openhands-resolver.yml"}
# Those that only complete a text: no tools, so that only their answer matters.
COMPLETIONS = {
    "actions/ai-inference",
    "anc95/chatgpt-codereview",
    "austenstone/openai-completion-action",
    "coderabbitai/ai-pr-reviewer",
    "github/ai-moderator",
    "github/copilot-text-inference",
    "platisd/openai-pr-description",
}
# ... unless told to take tools.
TOOLS_WHEN: Mapping[str, Mapping[str, Any]] = {
    "actions/ai-inference": {
        "any": [
            {"input": "enable-github-mcp", "equals": "true"},
            {"input": "provider", "equals": "copilot"},
        ]
    }
}
ALWAYS_EVERYTHING = {"google-github-actions/run-gemini-cli", "qwenlm/qwen-code-action"}


def main() -> None:
    [path] = facts.given("agents.jsonl")
    rows = facts.read(path, FIELDS)
    actions: dict[str, facts.Row] = {}
    for row in rows:
        for name in [row["uses"], *row.get("aliases", ())] if "uses" in row else ():
            actions[facts.action(name)] = _agent(row)
    commands = {row["command"].split()[0]: _agent(row) for row in rows if "command" in row}
    facts.write(
        "agents",
        {"actions": actions, "commands": commands},
        source="manifests and sources of the actions, documentation of the vendors; one row, one source",
        day=facts.newest(rows),
        sections=True,
    )


def _agent(row: facts.Row) -> facts.Row:
    name = facts.action(row["uses"]) if "uses" in row else ""
    if row.get("default_gate") and name not in OFF and name not in FIXED_GATE:
        raise SystemExit(f"nobody judged what turns the gate of {name} off")
    return facts.lean(
        {
            "name": row.get("uses") or row["command"],
            "vendor": row["vendor"],
            "subcommand": row.get("command", "").partition(" ")[2],
            "prompts": [p for p in row["prompt_inputs"] if INPUT.fullmatch(p)]
            + OLDER_PROMPTS.get(name, []),
            "reads": row.get("implicit_prompt"),
            "tools": name not in COMPLETIONS,
            "tools_when": TOOLS_WHEN.get(name),
            "everything": name in ALWAYS_EVERYTHING
            or row.get("defaults", {}).get("allow-all-tools") == "true",
            "gate": row["default_gate"],
            "gate_off": OFF.get(name),
            "gate_spares": row.get("gate_does_not_cover"),
            "files": row["untrusted_files"],
            "restored": row.get("restored_from_base"),
            "restored_since": row.get("restore_since", {}).get("version"),
            "outputs": [o for o in row["outputs"] if INPUT.fullmatch(o)],
            "secret_outputs": row.get("secret_outputs"),
            "output_injection": row.get("output_injection"),
            "dangers": [
                _danger(marker)
                for marker in row["danger_markers"]
                + OLDER_DANGERS.get(name, [])
                + MORE_DANGERS.get(name, [])
                if marker["input"] not in NOT_SETTINGS
            ],
            "archived": row["status"] == "archived",
            "note": "; ".join(filter(None, (row.get("gate_note"), row.get("note")))),
            "source": row["source"],
            "date": row["date"],
            "sure": row["confidence"] == "read",
        }
    )


def _danger(marker: Mapping[str, str]) -> facts.Row:
    given, pattern = marker["input"], marker["pattern"].removesuffix(" (default)")
    subject = f"{given} {pattern}" if given == "argv" else given
    kind = next((kind for kind, wanted in KINDS if wanted.search(subject)), "power")
    # Up to the next option: `--allowedTools Read --disallowedTools Bash` allows no shell.
    pattern = pattern.replace("ools[ =].*", r"ools[ =](?:(?!\s--)[^\n]){0,300}?")
    # A list ends with its bracket, and what is denied is not allowed; `BashOutput` is another tool.
    pattern = pattern.replace('allowed)"?.*', r'allowed)"?\s*:\s*\[[^\]]{0,900}?')
    pattern = pattern.replace('"?(allow|permissions)"?.*', r'"?allow"?\s*:\s*\[[^\]]{0,900}?')
    pattern = pattern.replace(r"Bash(?!\()", r"\bBash\b(?!\()").replace(r"\b\b", r"\b")
    pattern = re.sub(r"Bash\\\(\(.*\)$", lambda _: rf"Bash\({_SENDING}", pattern)
    some = given in SOME and pattern == ".+"
    why = marker["why"]
    # Of Gemini no sandbox is the rule, and its list of tools counts all the same.
    frees = ANY_COMMAND.search(why) or (why == "sandbox off" and given != "settings")
    allows = ("any" if frees else "sending" if SENDS.search(why) else "") if kind == "power" else ""
    return facts.lean(
        {
            "input": given,
            "pattern": facts.regex(pattern),
            "why": why,
            "kind": kind,
            "some": some,
            "commands": allows,
        }
    )


if __name__ == "__main__":
    main()
