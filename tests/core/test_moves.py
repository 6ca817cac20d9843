"""How a script reads the variable that an expression was moved into, and where there is no way.

That POSIX shells and Python then do the same is shown by running them, in test_moves_run.py.
"""

import pytest

from moving import (
    EXPRESSION,
    HEAD,
    github_script,
    move,
    moved,
    only_step,
    script_of,
    step,
    variables,
)
from steplock.model import Workflow
from steplock.moves import move_to_env
from steplock.repository import parse
from steplock.text import apply_edits

POSIX = [
    ('echo "<V>"', 'echo "${ISSUE_TITLE}"'),
    ("echo '<V>'", 'echo "${ISSUE_TITLE}"'),
    ("echo 'a <V>' '<V> b'", "echo 'a '\"${ISSUE_TITLE}\" \"${ISSUE_TITLE}\"' b'"),
    ("echo 'a <V> b'", "echo 'a '\"${ISSUE_TITLE}\"' b'"),
    ("echo $'a\\n<V>b'", "echo $'a\\n'\"${ISSUE_TITLE}\"$'b'"),
    ("echo <V>", 'echo "${ISSUE_TITLE}"'),
    ("a=<V>", 'a="${ISSUE_TITLE}"'),
    ("a=(<V> b)", "a=(${ISSUE_TITLE} b)"),
    ("for a in <V>; do echo; done", "for a in ${ISSUE_TITLE}; do echo; done"),
    ("cat <<'E'\n<V> $x\nE", "cat <<E\n${ISSUE_TITLE} \\$x\nE"),
    ("echo # <V>", "echo # github.event.issue.title"),
    ("[[ a == <V> ]]", '[[ a == "${ISSUE_TITLE}" ]]'),
    ("bash -c 'echo <V>'", "bash -c 'echo \"${ISSUE_TITLE}\"'"),
    ("sudo -u a tee '<V>'", 'sudo -u a tee "${ISSUE_TITLE}"'),
    ('jq -n --arg t "<V>" \'{t: $t}\'', 'jq -n --arg t "${ISSUE_TITLE}" \'{t: $t}\''),
    ("sed -i 's/a/b/' \"<V>\"", "sed -i 's/a/b/' \"${ISSUE_TITLE}\""),
    ('python -m build -c "<V>"', 'python -m build -c "${ISSUE_TITLE}"'),
    ('docker build -t "a:<V>" .', 'docker build -t "a:${ISSUE_TITLE}" .'),
    ('timeout "<V>" ls', 'timeout "${ISSUE_TITLE}" ls'),
]  # fmt: skip

POSIX_CODE = {
    "a command": "<V> --help",
    "a command in quotes": '"<V>" --help',
    "a part of a command": "./<V>.sh",
    "a command behind sudo": "sudo -E <V>",
    "a path that is sourced": 'source "<V>"',
    "another language": "python -c \"print('<V>')\"",
    "another language from a here-document": "python3 - <<EOF\nprint('<V>')\nEOF",
    "another language through a pipe": 'echo "<V>" | node',
    "a script through two pipes": "cat <<EOF | tee a | bash\n<V>\nEOF",
    "a script from a here-string": "bash <<<'<V>'",
    "a script for a container": 'echo "<V>" | docker run -i a bash',
    "another language in a container": 'docker run a node -e "<V>"',
    "a shell in a container": "docker run a sh -c 'echo <V>'",
    "a shell that sudo gives a clean environment": "sudo bash -c 'echo <V>'",
    "a shell in double quotes": 'bash -c "echo <V>"',
    "a shell that a shell starts": "bash -c 'bash -c \"echo <V>\"'",
    "another machine": 'ssh host "echo <V>"',
    "eval": 'eval "echo <V>"',
    "eval of what is printed": 'eval "$(echo "<V>")"',
    "a trap": "trap 'echo <V>' EXIT",
    "an alias": "alias a='echo <V>'",
    "a program of awk": "awk '{ print \"<V>\" }' a",
    "a program of sed": 'sed -i "s/a/<V>/" a',
    "a program of sed behind an option": "sed -n -e '1p' -e \"s/a/<V>/\" a",
    "a program of jq": 'jq ".a = \\"<V>\\"" a',
    "a variable of make": 'make A="<V>"',
    "a command of git": "git submodule foreach 'echo <V>'",
    "a program that is known later": '"$RUNNER" -c "<V>"',
    "a quoted here-document with another expression": "cat <<'EOF'\n<V> ${{ github.actor }}\nEOF",
    "a delimiter": "cat <<<V>\na\n<V>",
    "arithmetic": "echo $(( <V> + 1 ))",
    "arithmetic in quotes": 'echo $(( "<V>" + 1 ))',
    "a comparison of numbers": '[[ "<V>" -gt 1 ]]',
    "a test of a name": '[[ -v "<V>" ]]',
    "an index": 'a["<V>"]=1',
    "a number": 'declare -i a="<V>"',
    "a name": 'export "<V>=1"',
    "a name that is read": 'read -r "<V>"',
    "a name that is printed to": 'printf -v "<V>" a',
    "a regular expression": "[[ a =~ <V> ]]",
    "a replacement": 'echo "${a//<V>/b}"',
    "a name that expands": 'echo "$<V>" "${<V>}"',
    "an escape": 'echo "\\<V>"',
    "a function": "<V>() { :; }",
    "quotes without an end": 'echo "<V>',
}  # fmt: skip

POWERSHELL = [
    ('Write-Output "a <V>"', 'Write-Output "a ${env:ISSUE_TITLE}"'),
    ("Write-Output '<V>'", 'Write-Output "${env:ISSUE_TITLE}"'),
    ("Write-Output 'a <V> it''s $5 \"b\" `n'", 'Write-Output "a ${env:ISSUE_TITLE} it\'s `$5 `"b`" ``n"'),
    ("if ('<V>' -ne '') { 'a' }", "if (\"${env:ISSUE_TITLE}\" -ne '') { 'a' }"),
    ("$a = '<V>'", '$a = "${env:ISSUE_TITLE}"'),
    ("git tag <V>", 'git tag "${env:ISSUE_TITLE}"'),
    ('$a = @"\n<V>\n"@', '$a = @"\n${env:ISSUE_TITLE}\n"@'),
    ('"$(Get-Item "<V>")"', '"$(Get-Item "${env:ISSUE_TITLE}")"'),
    ("git status # <V>", "git status # github.event.issue.title"),
]  # fmt: skip

POWERSHELL_CODE = {
    "a command": "& <V>",
    "an expression": "$a = <V> + 1",
    "a string that keeps another expression": "Write-Output '<V> ${{ github.actor }}'",
    "a here-string that does not expand": "$a = @'\n<V>\n'@",
    "a name": 'Write-Output "$<V>" "${env:<V>}"',
    "an escape": 'Write-Output "`<V>"',
    "a script": 'iex "<V>"',
    "a script for another shell": 'bash -c "<V>"',
    "a script through a pipe": '"<V>" | iex',
}

CMD = [
    (
        '@echo off\nsetlocal EnableDelayedExpansion\necho "<V>"',
        '@echo off\nsetlocal EnableDelayedExpansion\necho "!ISSUE_TITLE!"',
    ),
]

CMD_CODE = {
    "what is put in before the line is read": 'echo "<V>"',
    "delayed expansion that has ended": 'setlocal enabledelayedexpansion\nendlocal\necho "<V>"',
    "a command": "setlocal enabledelayedexpansion\n<V> --help",
    "a line that is read twice": 'setlocal enabledelayedexpansion\ncall echo "<V>"',
    "another process": 'setlocal enabledelayedexpansion\necho "<V>" | sort',
}

PYTHON = [
    ("import os\nprint('<V>')", 'import os\nprint(os.environ["ISSUE_TITLE"])'),
    ("print('<V>')", 'import os\nprint(os.environ["ISSUE_TITLE"])'),
    ('import os\nprint("a <V> b")', 'import os\nprint(("a " + os.environ["ISSUE_TITLE"] + " b"))'),
    ('import os\nprint(f"a <V> {b}")', "import os\nprint(f\"a {os.environ['ISSUE_TITLE']} {b}\")"),
]  # fmt: skip

PYTHON_CODE = {
    "an expression": "print(<V>)",
    "bytes": "print(b'<V>')",
    "a string beside another": "print('a' '<V>')",
    "a string above another": "print('<V>'\n      'a')",
    "an expression in a string": "print(f\"{'<V>'}\")",
    "a shell": "import subprocess\nsubprocess.run('echo <V>', shell=True)",
    "a shell's argument": "import subprocess\nsubprocess.run(['bash', '-c', '<V>'])",
    "eval": "eval('<V>')",
    "a pattern": "match a:\n  case '<V>':\n    pass",
    "an escape": "print('a\\<V>')",
    "the future": "from __future__ import annotations\nprint('<V>')",
}

JAVASCRIPT = [
    ("core.info('<V>')", "core.info(process.env.ISSUE_TITLE)"),
    ("core.info(`<V>`)", "core.info(process.env.ISSUE_TITLE)"),
    ("core.info(`a <V> ${b}`)", "core.info(`a ${process.env.ISSUE_TITLE} ${b}`)"),
    ("core.info(`${b} <V>`)", "core.info(`${b} ${process.env.ISSUE_TITLE}`)"),
    ("core.info(`${f('<V>')} a`)", "core.info(`${f(process.env.ISSUE_TITLE)} a`)"),
    (
        "core.info('<V> b' + 'a <V>')",
        "core.info((process.env.ISSUE_TITLE + ' b') + ('a ' + process.env.ISSUE_TITLE))",
    ),
    ('core.info("a <V> b")', 'core.info(("a " + process.env.ISSUE_TITLE + " b"))'),
    ("const a = JSON.parse('<V>')", "const a = JSON.parse(process.env.ISSUE_TITLE)"),
    ("return '<V>'", "return process.env.ISSUE_TITLE"),
    ("a = b ? '<V>' : c", "a = b ? process.env.ISSUE_TITLE : c"),
    ("a = {b: '<V>'}", "a = {b: process.env.ISSUE_TITLE}"),
    ("a = b.match(/[/']/) + '<V>'", "a = b.match(/[/']/) + process.env.ISSUE_TITLE"),
    ("a = b / c + '<V>' / d", "a = b / c + process.env.ISSUE_TITLE / d"),
    ("// it's <V>", "// it's github.event.issue.title"),
]

JAVASCRIPT_CODE = {
    "an expression": "core.info(<V>)",
    "a regular expression": "a.match(/<V>/)",
    "an expression in a template": "core.info(`${<V>}`)",
    "a template with a tag": "tag`<V>`",
    "a key": "a = {'<V>': 1}",
    "an import": "import a from '<V>'",
    "a command": "exec.exec('<V>')",
    "code": "eval('<V>')",
    "an escape": "a = '\\<V>'",
}


def cases(**tables: dict[str, str]) -> list[object]:
    return [
        pytest.param(shell, script, id=f"{shell}: {why}")
        for shell, table in tables.items()
        for why, script in table.items()
    ]


@pytest.mark.parametrize(
    ("shell", "script", "expected"),
    [
        (shell, *case)
        for shell, table in {
            "bash": POSIX,
            "pwsh": POWERSHELL,
            "cmd": CMD,
            "python": PYTHON,
            "javascript": JAVASCRIPT,
        }.items()
        for case in table
    ],
)
def test_the_script_reads_the_variable(shell: str, script: str, expected: str) -> None:
    before = github_script(script) if shell == "javascript" else step(script, shell=shell)
    after, _ = moved(before)
    assert script_of(after).value == f"{expected}\n"
    in_comment = "github.event" in expected
    assert variables(after, "value") == ({} if in_comment else {"ISSUE_TITLE": "value"})


@pytest.mark.parametrize(
    ("shell", "script"),
    cases(
        bash=POSIX_CODE,
        pwsh=POWERSHELL_CODE,
        cmd=CMD_CODE,
        python=PYTHON_CODE,
        javascript=JAVASCRIPT_CODE,
    ),
)
def test_there_is_no_way_where_the_text_is_code(shell: str, script: str) -> None:
    before = github_script(script) if shell == "javascript" else step(script, shell=shell)
    assert move(before) is None


@pytest.mark.parametrize("shell", ["fish", "perl {0}", "${{ matrix.shell }}"])
def test_a_shell_that_is_not_known(shell: str) -> None:
    assert move(step('echo "<V>"', shell=shell)) is None


@pytest.mark.parametrize("name", ["args", "build-flags", "FILES"])
def test_a_name_that_says_several_words_keeps_them_several(name: str) -> None:
    before = step(f"make_it ${{{{ inputs.{name} }}}} a${{{{ inputs.{name} }}}}")
    made = move_to_env(before, script_of(before), f"inputs.{name}")
    assert made is not None
    assert not made.exact
    text = apply_edits(before.document.text, made.edits)
    assert f'make_it ${{{made.variable}}} a"${{{made.variable}}}"' in text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("github.event.issue.title", "ISSUE_TITLE"),
        ("github.event['x y'].z", "X_Y_Z"),
        ("github.event.commits[0].message", "COMMITS_MESSAGE"),
        ("github.event.pull_request.labels.*.name", "PULL_REQUEST_LABELS_NAME"),
        ("github.head_ref", "GITHUB_HEAD_REF"),
        ("github.head_ref || github.ref_name", "HEAD_REF"),
        ("inputs.some-path", "INPUTS_SOME_PATH"),
        ("github.event.inputs.path", "INPUTS_PATH"),
        ("steps.meta.outputs.tag-name", "META_TAG_NAME"),
        ("needs.build.outputs.version", "BUILD_VERSION"),
        ("needs.build.outputs['1st']", "BUILD_1ST"),
        ("matrix.os", "MATRIX_OS"),
        ("toJSON(github.event)", "EVENT"),
        ("github['1']", "VALUE_1"),
        ("env.Some_Name", "Some_Name"),
        ("format('{0}', github.event.issue.body)", "ISSUE_BODY"),
    ],
)
def test_names(text: str, name: str) -> None:
    before = step(f'echo "${{{{ {text} }}}}"')
    made = move_to_env(before, script_of(before), text)
    assert made is not None
    assert made.variable == name
    assert f"${{{name}}}" in apply_edits(before.document.text, made.edits)


@pytest.mark.parametrize(
    ("more", "name"),
    [
        pytest.param("        env:\n          ISSUE_TITLE: x\n", "ISSUE_TITLE_2", id="set"),
        pytest.param(
            f"        env:\n          ISSUE_TITLE: {EXPRESSION}\n", "ISSUE_TITLE", id="set to it"
        ),
        pytest.param("        env: {ISSUE_TITLE: x}\n", "ISSUE_TITLE_2", id="in flow style"),
        pytest.param("    env:\n      ISSUE_TITLE: x\n", "ISSUE_TITLE_2", id="set for the job"),
        pytest.param("env:\n  ISSUE_TITLE: x\n", "ISSUE_TITLE_2", id="set for the workflow"),
    ],
)
def test_a_name_that_is_taken(more: str, name: str) -> None:
    after, _ = moved(step('echo "<V>"', more))
    assert script_of(after).value == f'echo "${{{name}}}"\n'
    assert variables(after, "v")[name] == "v"


def test_an_environment_that_is_an_expression_is_left_alone() -> None:
    assert move(step('echo "<V>"', "        env: ${{ fromJSON(inputs.env) }}\n")) is None


@pytest.mark.parametrize(
    ("script", "text"),
    [("X=a; echo ${{ env.X }}", "env.X"), ('echo "${{ format(\n) }}"', "format(\n)")],
)
def test_a_value_that_no_variable_holds(script: str, text: str) -> None:
    before = step(script)
    assert move_to_env(before, script_of(before), text) is None


@pytest.mark.parametrize("index", [0, 1])
def test_a_script_that_steps_share_is_left_alone(index: int) -> None:
    shared = f"      - run: &script echo {EXPRESSION}\n      - run: *script\n"
    [file] = parse(".github/workflows/a.yml", HEAD + shared)
    assert isinstance(file, Workflow)
    assert move(file.jobs[0].steps[index]) is None


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_line_ends_as_it_did(newline: str) -> None:
    script = "      - name: a\n        run: |\n          echo '<V>'\n          echo b\n"
    text = (HEAD + script.replace("<V>", EXPRESSION)).replace("\n", newline)
    made = move(only_step(text))
    assert made is not None
    after = script.replace("'<V>'", '"${ISSUE_TITLE}"').replace(
        "        run:", f"        env:\n          ISSUE_TITLE: {EXPRESSION}\n        run:"
    )
    assert apply_edits(text, made.edits) == (HEAD + after).replace("\n", newline)
