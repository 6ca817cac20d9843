"""PowerShell, cmd and Python scripts, and what `shell:` values mean."""

from __future__ import annotations

import pytest

from steplock.shell import dialect, parse


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        ("bash", "posix"),
        ("bash -e {0}", "posix"),
        ("/bin/bash -l {0}", "posix"),
        ("C:\\tools\\cygwin\\bin\\bash.exe -o igncr {0}", "posix"),
        ("sh", "posix"),
        ("zsh {0}", "posix"),
        ("pwsh", "powershell"),
        ("pwsh -command \". '{0}'\"", "powershell"),
        ("powershell", "powershell"),
        ("cmd", "cmd"),
        ("python", "python"),
        ("python3.12 {0}", "python"),
        ("posix", "posix"),
        ("node {0}", ""),
        ("", ""),
        ("${{ matrix.shell }}", ""),
    ],
)
def test_dialect(shell: str, expected: str) -> None:
    assert dialect(shell) == expected


def test_an_unknown_shell_has_no_commands() -> None:
    assert parse("echo a", "nu {0}").commands == ()


POWERSHELL = {
    "npm ci": ["npm: npm ci"],
    "./uv run -- -D a=3.13": ["uv: ./uv run -- -D a=3.13"],
    "a; b\nc": ["a: a", "b: b", "c: c"],
    "a | b": ["a: a", "b: b"],
    "a |\n b": ["a: a", "b: b"],
    "a && b || c": ["a: a", "b: b", "c: c"],
    "echo \"a `\"b`n\" 'it''s'": ["echo: echo a \"b\n it's"],
    "a `\n  -b": ["a: a -b"],
    '& "C:\\a b\\Tool.exe" c': ["tool: C:\\a b\\Tool.exe c"],
    "& $tool c": [": $tool c"],
    ". ./x.ps1": ["x.ps1: ./x.ps1"],
    "$x = npm view y": ["npm: npm view y"],
    "$env:A = 'b'": [": b"],
    "if ($a -eq 'b') { c } else { d }": [": $a -eq b", "c: c", "d: d"],
    "foreach ($f in Get-ChildItem x) { rm $f }": ["get-childitem: Get-ChildItem x", "rm: rm $f"],
    "a (b c) d": ["a: a (b c) d", "b: b c"],
    "a { b } d": ["a: a { b } d", "b: b"],
    'a "$(b c)"': ["a: a $(b c)", "b: b c"],
    "(a b).C | d": [": .C", "a: a b", "d: d"],
    "function F($x) { a }": [": $x", "a: a"],
    "try { a } catch { b } finally { c }": ["a: a", "b: b", "c: c"],
    "a -B:c -D e,f": ["a: a -B:c -D e f"],
    "a 2>&1 > b": ["a: a"],
    "a --% b $c | d": ["a: a b $c | d"],
    "# a\nb <# c #> d": ["b: b d"],
    "$h = @{ a = 'b'; c = 'd' }": [": b", ": d"],
    "iex 'a b'": ["iex: iex a b", "a: a b"],
    "cmd /c 'a & b'": ["cmd: cmd /c a & b", "a: a", "b: b"],
    "7z x y": ["7z: 7z x y"],
    "a ${{ x }} b": ["a: a ${{ x }} b"],
    "return a": ["a: a"],
    "a $": ["a: a $"],
    'a "b': ["a: a b"],
    "}) a": ["a: a"],
    "": [],
}
CMD = {
    "npm ci": ["npm: npm ci"],
    "@echo off": ["echo: echo off"],
    "a & b && c || d | e": ["a: a", "b: b", "c: c", "d: d", "e: e"],
    "a ^\n b": ["a: a b"],
    "echo a^&b": ["echo: echo a&b"],
    "rem a\n:: b\n:label\nc": ["c: c"],
    "if exist x (a) else b": ["a: a", "b: b"],
    'if not "%A%"=="x y" c d': ["c: c d"],
    "for %%i in (a b) do c %%i": ["c: c %%i"],
    "call a.bat --b=c": ["a: a.bat --b=c"],
    'powershell -Command "a b"': ["powershell: powershell -Command a b", "a: a b"],
    "a > b 2>&1": ["a: a"],
    'a "b': ["a: a b"],
    ") ( a": ["a: a"],
    "": [],
}
PYTHON = {
    "import subprocess\nsubprocess.run(['npm', 'ci'])": ["npm: npm ci"],
    "subprocess.check_call(('sudo', 'npm', x))": ["npm: sudo npm x"],
    "os.system('a | b')": ["a: a", "b: b"],
    "subprocess.run(f'a {b}', shell=True)": ["a: a {b}"],
    "subprocess.Popen(args)": [],
    "print('a')": [],
    "x = (\nsubprocess.run(['a'])": ["a: a"],
    "subprocess.run(['a'])\nif x\nsubprocess.run(['b'])": ["a: a", "b: b"],
    "subprocess.run(['a', '${{ x }}'])": ["a: a ${{ x }}"],
    "": [],
}


@pytest.mark.parametrize(
    ("shell", "script", "expected"),
    [
        (shell, script, expected)
        for shell, rows in (("pwsh", POWERSHELL), ("cmd", CMD), ("python", PYTHON))
        for script, expected in rows.items()
    ],
)
def test_commands(shell: str, script: str, expected: list[str]) -> None:
    found = [
        f"{c.name}: {' '.join(w.value for w in c.words)}" for c in parse(script, shell).commands
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("shell", "script", "expected"),
    [
        ("pwsh", "echo $env:A ${env:B} $c \"$d\" '$e'", ["A", "B", "variable:c", "variable:d"]),
        ("pwsh", '@"\n$env:A\n"@', ["A"]),
        ("cmd", 'echo %A% "%B:x=y%" %%i %1', ["A", "B", "i", "1"]),
        ("cmd", "echo !A! ^%A", ["A"]),
        ("python", "os.environ['A'], os.getenv('B'), os.environ.get('C', 1), d", ["A", "B", "C"]),
        ("python", "os.system('echo $A')", ["A"]),
    ],
)
def test_variables(shell: str, script: str, expected: list[str]) -> None:
    assert [v.name for v in parse(script, shell).variables] == expected


@pytest.mark.parametrize(
    ("shell", "script", "expected"),
    [
        ("pwsh", "$env:A = 'b'", ("A", "b", True)),
        ("pwsh", '$x = "a$y"', ("variable:x", "a$y", False)),
        ("pwsh", "[string]$x = npm view y", ("variable:x", "npm view y", False)),
        ("cmd", "set A=b c", ("A", "b c", True)),
        ("cmd", 'set "A=b c"', ("A", "b c", True)),
        ("python", "os.environ['A'] = 'b'", ("A", "b", True)),
        ("python", "x = f'a{y}'", ("variable:x", "a{y}", False)),
    ],
)
def test_assignments(shell: str, script: str, expected: tuple[str, str, bool]) -> None:
    [assignment] = parse(script, shell).assignments
    assert (assignment.name, assignment.value.value, assignment.exported) == expected


@pytest.mark.parametrize(
    ("shell", "script"),
    [
        ("pwsh", "é 'ü'; npm ci --x \"$y\""),
        ("cmd", 'é & npm ci --x "%y%"'),
        ("python", "é = 'ü'; subprocess.run(['npm', 'ci'])"),
    ],
)
def test_spans_count_characters(shell: str, script: str) -> None:
    for command in parse(script, shell, base=3).commands:
        for word in command.words:
            assert script[word.span.start - 3 : word.span.end - 3] == word.text
