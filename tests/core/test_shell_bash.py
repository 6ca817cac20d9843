"""POSIX shells: which commands with which words a script holds."""

from __future__ import annotations

import pytest

from steplock.shell import Command, Script, parse


def shown(command: Command) -> str:
    """A command on one line: what it stands in, operator, prefix, words, redirections."""
    parts = [f"{'/'.join(command.inside)}:"] if command.inside else []
    if command.operator:
        parts.append(command.operator)
    parts += [f"{a.name}={a.value.value}" for a in command.assignments if not command.wrappers]
    parts += [w.value for w in command.words]
    for redirect in command.redirects:
        fd = "" if redirect.fd is None else str(redirect.fd)
        body = "" if redirect.body is None else repr(redirect.body.value)
        parts.append(f"[{fd}{redirect.op}{redirect.target.value}{body}]")
    return " ".join(parts)


COMMANDS = {
    # Words and quotes.
    "npm ci": ["npm ci"],
    "npm  ci\t--foo": ["npm ci --foo"],
    "echo 'a b' \"c d\" e\\ f": ["echo a b c d e f"],
    "echo a'b'\"c\"d": ["echo abcd"],
    "echo 'it'\\''s'": ["echo it's"],
    'echo "a\\"b\\$c\\d"': ['echo a"b$c\\d'],
    "echo $'a\\tb\\x41\\101\\'c'": ["echo a\tbAA'c"],
    'echo $"hi"': ["echo hi"],
    "echo \\\n  a \\\n  b": ["echo a b"],
    "echo a#b # no": ["echo a#b"],
    "# only a comment": [],
    "echo {a,b} *.txt ~/x": ["echo {a,b} *.txt ~/x"],
    "echo !(a|b).txt": ["echo !(a|b).txt"],
    "echo ''": ["echo "],
    "echo 'a\nb'": ["echo a\nb"],
    "echo a\r\necho b\r\n": ["echo a", "echo b"],
    # Lists.
    "a; b\nc & d": ["a", "b", "c", "d"],
    "a && b || c": ["a", "&& b", "|| c"],
    "a |\n  b |& c": ["a", "| b", "| c"],
    "a &&\n# why\nb": ["a", "&& b"],
    "! a": ["a"],
    "time -p a": ["a"],
    "coproc a": ["a"],
    # Compounds.
    "(a; b)": ["subshell: a", "subshell: b"],
    "{ a; b; }": ["a", "b"],
    "((a)); b": ["b"],
    "( (a) )": ["subshell/subshell: a"],
    "if a; then b; elif c; then d; else e; fi": [
        "condition: a",
        "branch: b",
        "condition: c",
        "branch: d",
        "branch: e",
    ],
    "while a; do b; done": ["condition: a", "loop: b"],
    "until a\ndo\nb\ndone": ["condition: a", "loop: b"],
    "for x in 1 2; do a $x; done": ["loop: a $x"],
    "for x; do a; done": ["loop: a"],
    "for ((i=0;i<3;i++)); do a; done": ["loop: a"],
    "for f in $(ls); do a; done": ["substitution: ls", "loop: a"],
    "select x in a b; do c; done": ["loop: c"],
    "case $x in a|b) c;; (d) e ;; *) f; esac; g": ["branch: c", "branch: e", "branch: f", "g"],
    'case x in\n  a)\n    b\n    ;&\n  "c d" | e)\n    f\n    ;;&\nesac': [
        "branch: b",
        "branch: f",
    ],
    "case x in a) ;; esac": [],
    "f() { a; }": ["function: a"],
    "f () (\na\n)": ["function/subshell: a"],
    "function f { a; }; b": ["function: a", "b"],
    "function f() {\n a\n}": ["function: a"],
    "echo if then fi": ["echo if then fi"],
    '[ -n "$A" ] && b': ["[ -n $A ]", "&& b"],
    "[[ $a == b* && -n $c ]] || d": ["[[ $a == b* && -n $c ]]", "|| d"],
    "[[ $a =~ ^(x|y)[[:space:]]$ ]] && b": ["[[ $a =~ ^(x|y)[[:space:]]$ ]]", "&& b"],
    "[[ ( a < b ) ]]": ["[[ ( a < b ) ]]"],
    # Substitutions.
    "a $(b c)": ["a $(b c)", "substitution: b c"],
    'a "$(b "$(c)")"': ['a $(b "$(c)")', "substitution: b $(c)", "substitution/substitution: c"],
    "a `b c`": ["a `b c`", "substitution: b c"],
    "a <(b) >(c)": ["a <(b) >(c)", "substitution: b", "substitution: c"],
    "a $(case x in y) b;; esac)": [
        "a $(case x in y) b;; esac)",
        "substitution/branch: b",
    ],
    "a $(b # )\n)": ["a $(b # )\n)", "substitution: b"],
    "a $((1 + (2))) b": ["a $((1 + (2))) b"],
    "a $((b); c)": ["a $((b); c)", "substitution/subshell: b", "substitution: c"],
    "a ${x:-$(b)}": ["a ${x:-$(b)}", "substitution: b"],
    'a "${x//"}"/b}" c': ['a ${x//"}"/b} c'],
    'a "${x:-it\'s}" b': ["a ${x:-it's} b"],
    "a $(\nb\nc\n)": ["a $(\nb\nc\n)", "substitution: b", "substitution: c"],
    # Assignments.
    "A=1 B='x y' cmd": ["A=1 B=x y cmd"],
    "A=$(cmd)": ["substitution: cmd"],
    "A=(a 'b c'\n d)\ncmd": ["cmd"],
    "export A=1 B": ["export A=1 B"],
    "declare -x A=$(b)": ["declare -x A=$(b)", "substitution: b"],
    "a b=c": ["a b=c"],
    # Redirections.
    "a > b": ["a [>b]"],
    "a 2>&1 >/dev/null": ["a [2>&1] [>/dev/null]"],
    "a &> b &>> c": ["a [-1&>b] [-1&>>c]"],
    "a >| b <> c < d": ["a [>|b] [<>c] [<d]"],
    "> b": ["[>b]"],
    'a <<< "$x"': ["a [<<<$x]"],
    "2>/dev/null a": ["a [2>/dev/null]"],
    "a {fd}> b": ["a [>b]"],
    # Here-documents.
    "a <<EOF\nb $c\nEOF\nd": ["a [<<EOF'b $c\\n']", "d"],
    "a <<'EOF'\n$(b)\nEOF": ["a [<<EOF'$(b)\\n']"],
    "a <<EOF\n$(b)\nEOF": ["a [<<EOF'$(b)\\n']", "substitution: b"],
    "a <<-EOF\n\tb\n\tEOF\nc": ["a [<<-EOF'b\\n']", "c"],
    'a <<X <<"Y"\n1\nX\n2\nY\nb': ["a [<<X'1\\n'] [<<Y'2\\n']", "b"],
    "a <<E | b\n1\nE\nc": ["a [<<E'1\\n']", "| b", "c"],
    'a "$(cat <<E\n)\nE\n)"\nb': [
        "a $(cat <<E\n)\nE\n)",
        "substitution: cat [<<E')\\n']",
        "b",
    ],
    "a <<E\nno end": ["a [<<E'no end']"],
    # Text for other shells.
    "bash -c 'a; b'": ["bash -c a; b", "script: a", "script: b"],
    'bash -euxo pipefail -c "a $X"': ["bash -euxo pipefail -c a $X", "script: a $X"],
    "sh -ec 'a'": ["sh -ec a", "script: a"],
    "sudo bash -c 'a $(b)'": ["sudo bash -c a $(b)", "script: a $(b)", "script/substitution: b"],
    "docker run x sh -c 'a | b'": ["docker run x sh -c a | b", "script: a", "script: | b"],
    "bash -c \"bash -c 'a'\"": ["bash -c bash -c 'a'", "script: bash -c a", "script/script: a"],
    "bash <<'E'\na\nE": ["bash [<<E'a\\n']", "script: a"],
    "ssh host bash -s <<E\na\nE": ["ssh host bash -s [<<E'a\\n']"],
    "eval 'a b'": ["eval a b", "script: a b"],
    'eval "$X"': ["eval $X"],
    "trap 'a; b' EXIT": ["trap a; b EXIT", "script: a", "script: b"],
    "trap - EXIT": ["trap - EXIT"],
    "eval a b": ["eval a b"],
    "python -c 'import os; os.system(\"a\")'": [
        'python -c import os; os.system("a")',
        "script/script: a",
    ],
    "pwsh -Command 'Get-Item x'": ["pwsh -Command Get-Item x", "script: Get-Item x"],
    "bash script.sh": ["bash script.sh"],
    # Fences.
    "echo ${{ github.ref }}": ["echo ${{ github.ref }}"],
    "echo a${{ x }}b": ["echo a${{ x }}b"],
    "echo '${{ format('a{0}', b) }}'": ["echo ${{ format('a{0}', b) }}"],
    "${{ inputs.command }} --flag": ["${{ inputs.command }} --flag"],
    "echo $A${{ x }}": ["echo $A${{ x }}"],
    "if ${{ x }}; then a; fi": ["condition: ${{ x }}", "branch: a"],
    "echo ${{ a }}\necho '": ["echo ${{ a }}", "echo "],
    # Half typed.
    'echo "${{ github.': ["echo ${{ github."],
    "if a; then": ["condition: a"],
    "a $(b": ["a $(b", "substitution: b"],
    "fi; done; }; esac; ) ;; a": ["a"],
    "a ${": ["a ${"],
    "": [],
}


@pytest.mark.parametrize(("script", "commands"), COMMANDS.items())
def test_commands(script: str, commands: list[str]) -> None:
    assert [shown(c) for c in parse(script, "bash").commands] == commands


@pytest.mark.parametrize("script", COMMANDS)
def test_spans_give_the_text_of_words_back(script: str) -> None:
    read = parse(script, "bash", base=100)
    for command in read.commands:
        if "script" in command.inside:
            continue
        for word in command.words:
            assert script[word.span.start - 100 : word.span.end - 100] == word.text
    for variable in read.variables:
        assert variable.name in script[variable.span.start - 100 : variable.span.end - 100]


NAMES = {
    "sudo -E -u root /usr/bin/npm ci": ("npm", ("sudo",)),
    "env -i A=1 B=2 npm ci": ("npm", ("env",)),
    "command npm": ("npm", ("command",)),
    "command -v npm": ("command", ()),
    "exec -a x npm": ("npm", ("exec",)),
    "time nice -n 5 nohup npm": ("npm", ("nice", "nohup")),
    "timeout -k 5 10m npm ci": ("npm", ("timeout",)),
    "xargs -0 -n 1 rm -f": ("rm", ("xargs",)),
    "xargs": ("xargs", ()),
    "xvfb-run --auto-servernum npm test": ("npm", ("xvfb-run",)),
    "./gradlew build": ("gradlew", ()),
    "$HOME/bin/npm ci": ("npm", ()),
    "$NPM ci": ("", ()),
    "${{ inputs.tool }} ci": ("", ()),
    "C:/x/npm.exe ci": ("npm", ()),
    "python -m pip install x": ("python", ()),
}


@pytest.mark.parametrize(("script", "expected"), NAMES.items())
def test_names_and_wrappers(script: str, expected: tuple[str, tuple[str, ...]]) -> None:
    [command] = parse(script, "bash").commands
    assert (command.name, command.wrappers) == expected


def only(script: str) -> Command:
    [command] = parse(script, "bash").commands
    return command


@pytest.mark.parametrize(
    ("script", "subcommands", "expected"),
    [
        ("npm ci", ("ci",), True),
        ("npm --silent ci", ("ci",), True),
        ("npm run ci", ("ci",), False),
        ("docker buildx build .", ("buildx", "build"), True),
        ("npm", ("ci",), False),
        ("npm", (), True),
        ("pnpm --dir x install", ("install",), True),
    ],
)
def test_runs(script: str, subcommands: tuple[str, ...], expected: bool) -> None:
    command = only(script)
    assert command.runs(command.name, *subcommands, valued=("--dir",)) is expected
    assert not command.runs("other", *subcommands)


@pytest.mark.parametrize(
    ("script", "names", "clustered", "expected"),
    [
        ("pip install -r x", ("-r", "--requirement"), False, True),
        ("pip install --requirement=x", ("-r", "--requirement"), False, True),
        ("pip install -qr x", ("-r",), False, False),
        ("pip install -qr x", ("-r",), True, True),
        ("pip install --require", ("-r",), True, False),
        ("pip install -- -r", ("-r",), True, False),
    ],
)
def test_has_flag(script: str, names: tuple[str, ...], clustered: bool, expected: bool) -> None:
    assert only(script).has_flag(*names, clustered=clustered) is expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("x --out a", "a"),
        ("x --out=a", "a"),
        ("x --out='a b'", "a b"),
        ("x -o a", "a"),
        ("x --out", None),
        ("x a", None),
        ('x --out="$A/b"', "$A/b"),
    ],
)
def test_option(script: str, expected: str | None) -> None:
    word = only(script).option("-o", "--out")
    assert (word.value if word else None) == expected


def test_option_keeps_the_expansions_and_the_span_of_its_value() -> None:
    word = only("x --out=$A").option("--out")
    assert word is not None
    assert (word.variables, word.span, word.literal) == (("A",), (8, 10), False)


def test_module_is_seen_as_a_command() -> None:
    module = only("python3 -u -m pip install -r x").module
    assert (module.name, [w.value for w in module.arguments]) == ("pip", ["install", "x"])
    assert only("python3 x.py -m pip").module.name == "python3"
    assert only("npm -m pip").module.name == "npm"


def test_operands_leave_out_the_values_of_flags() -> None:
    command = only("npm --prefix web install -g a -- -b")
    assert [w.value for w in command.operands(("--prefix",))] == ["install", "a", "-b"]
    assert [w.value for w in command.arguments] == ["web", "install", "a", "-b"]
    assert command.path == "npm"


def assigned(script: Script) -> list[str]:
    return [
        f"{'export ' if a.exported else ''}{a.name}{'+' if a.append else ''}={a.value.value}"
        for a in script.assignments
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("A=1", ["A=1"]),
        ("A=1 cmd", []),
        ("A+=x", ["A+=x"]),
        ("export A=$B", ["export A=$B"]),
        ("A=1\nexport A", ["export A=1"]),
        ("declare -rx A=1; local B=2", ["export A=1", "B=2"]),
        ("for x in a $B; do c; done", ["x=a", "x=$B"]),
        ("A=(1 $B)", ["A=(1 $B)"]),
        ("A[0]=1", ["A=1"]),
        ("(A=1); f() { B=2; }; C=$(D=3)", ["A=1", "B=2", "C=$(D=3)", "D=3"]),
        ("bash -c 'A=1'", ["A=1"]),
    ],
)
def test_assignments(script: str, expected: list[str]) -> None:
    assert assigned(parse(script, "bash")) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo $A", [("A", "plain", "")]),
        ("echo \"$A\" '$B'", [("A", "double", "")]),
        (
            "echo ${A} ${#B} ${C@Q} ${D:-$E}",
            [
                ("A", "plain", ""),
                ("B", "plain", "#"),
                ("C", "plain", "@Q"),
                ("D", "plain", ":-"),
                ("E", "plain", ""),
            ],
        ),
        ("echo ${A[0]} ${B//x/y}", [("A", "plain", ""), ("B", "plain", "//")]),
        ("echo ${A#$B}", [("A", "plain", "#"), ("B", "pattern", "")]),
        ("echo $((A + $B))", [("A", "arithmetic", ""), ("B", "arithmetic", "")]),
        ("((A++))", [("A", "arithmetic", "")]),
        ('[[ $A == "$B" ]]', [("A", "test", ""), ("B", "double", "")]),
        ("X=$A", [("A", "assignment", "")]),
        ("cat <<E\n$A\nE", [("A", "heredoc", "")]),
        ("cat <<'E'\n$A\nE", []),
        ("case $A in $B) ;; esac", [("A", "assignment", ""), ("B", "pattern", "")]),
        ("echo $1 $@ $? \\$A $", [("1", "plain", ""), ("@", "plain", ""), ("?", "plain", "")]),
        ("bash -c 'echo $A'", [("A", "plain", "")]),
        ('bash -c "echo $A"', [("A", "double", "")]),
        ("echo $A${{ x }}", [("A", "plain", "")]),
        ("echo é🙂 $A", [("A", "plain", "")]),
    ],
)
def test_variables(script: str, expected: list[tuple[str, str, str]]) -> None:
    found = [(v.name, v.quoting, v.operator) for v in parse(script, "bash").variables]
    assert found == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a", []),
        ("a | b | c; d", [("a | b | c", ["a", "b", "c"])]),
        ("{ a; b; } | c", [("{ a; b; } | c", ["a b", "c"])]),
        ("a $(x | y) | b", [("a $(x | y) | b", ["a", "b"]), ("x | y", ["x", "y"])]),
        (
            "if a | b; then c; fi | d",
            [
                ("if a | b; then c; fi | d", ["a b c", "d"]),
                ("a | b", ["a", "b"]),
            ],
        ),
        ("a |\n# c\nb && c", [("a |\n# c\nb", ["a", "b"])]),
        ("bash -c 'a | b'", [("a | b", ["a", "b"])]),
    ],
)
def test_pipelines(script: str, expected: list[tuple[str, list[str]]]) -> None:
    found = [
        (script[p.span.start : p.span.end], [" ".join(c.name for c in s) for s in p.stages])
        for p in parse(script, "bash").pipelines
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("script", "broken"),
    [
        ("a 'b'", False),
        ("a 'b", True),
        ('a "b', True),
        ("a $(b", True),
        ("if a; then b", True),
        ("a; fi", True),
        ("cat <<E\nx", True),
        ("a `b", True),
        ("( a", True),
    ],
)
def test_errors_tell_that_a_script_is_not_whole(script: str, broken: bool) -> None:
    assert bool(parse(script, "bash").errors) is broken


def test_groups_pass_their_redirections_on() -> None:
    script = parse("{ a; (b > x); } >> y 2> z", "bash")
    assert [[r.target.value for r in c.inherited] for c in script.commands] == [
        ["y", "z"],
        ["y", "z"],
    ]
    assert [r.target.value for r in script.commands[1].redirects] == ["x"]
