"""How the text at an offset is quoted: what a fix that puts a variable there must know."""

from __future__ import annotations

import pytest

from steplock.shell import parse

# The fence is the place that is asked for.
PLACES = {
    "bash": {
        "echo ${{ x }}": "plain",
        'echo "a ${{ x }} b"': "double",
        "echo 'a ${{ x }} b'": "single",
        "echo a'b'${{ x }}": "plain",
        "echo $'a\\'${{ x }}'": "ansi",
        "cat <<EOF\n${{ x }}\nEOF": "heredoc",
        "cat <<'EOF'\n${{ x }}\nEOF": "heredoc-quoted",
        'cat <<"EOF"\n${{ x }}\nEOF': "heredoc-quoted",
        "cat <<\\EOF\n${{ x }}\nEOF": "heredoc-quoted",
        'cat <<EOF\n"${{ x }}"\nEOF': "heredoc",
        "cat <<EOF\n$(echo ${{ x }})\nEOF": "plain",
        "echo $((${{ x }} + 1))": "arithmetic",
        "((A = ${{ x }}))": "arithmetic",
        "for ((i=0; i<${{ x }}; i++)); do a; done": "arithmetic",
        "[[ ${{ x }} == y ]]": "test",
        '[[ "${{ x }}" == y ]]': "double",
        "[ ${{ x }} = y ]": "plain",
        "A=${{ x }}": "assignment",
        "A=b${{ x }}c": "assignment",
        'A="${{ x }}"': "double",
        "export A=${{ x }}": "assignment",
        "A=(a ${{ x }})": "assignment",
        "# ${{ x }}": "comment",
        "a # ${{ x }}": "comment",
        'a "$(b ${{ x }})"': "plain",
        'a "$(b "${{ x }}")"': "double",
        "a `b ${{ x }}`": "plain",
        "a <(b ${{ x }})": "plain",
        "case ${{ x }} in a) ;; esac": "assignment",
        "case a in ${{ x }}) ;; esac": "pattern",
        "case a in 'b${{ x }}') ;; esac": "single",
        "case a in b) c ${{ x }};; esac": "plain",
        "a ${b#${{ x }}}": "pattern",
        'a "${b:-${{ x }}}"': "double",
        "${{ x }}": "command",
        "a && ${{ x }}/bin/tool b": "command",
        "sudo ${{ x }} b": "command",
        "f_${{ x }}() { a; }": "function",
        "function f_${{ x }} { a; }": "function",
        "a > ${{ x }}": "plain",
        "bash -c 'a ${{ x }}'": "nested",
        'bash -c "a ${{ x }}"': "nested",
        "bash <<'EOF'\na ${{ x }}\nEOF": "nested",
        "eval 'a ${{ x }}'": "nested",
        "for a in b ${{ x }}; do c; done": "plain",
        "if a; then b ${{ x }}; fi": "plain",
        "echo it\\'s ${{ x }} \\'": "plain",
        'echo "a" ${{ x }} "b"': "plain",
        "echo é '${{ x }}'": "single",
    },
    "pwsh": {
        "echo ${{ x }}": "plain",
        'echo "${{ x }}"': "double",
        "echo '${{ x }}'": "single",
        "echo 'it''s ${{ x }}'": "single",
        'echo "$(foo ${{ x }})"': "plain",
        '@"\n${{ x }}\n"@ | foo': "heredoc",
        "$a = @'\n${{ x }}\n'@": "heredoc-quoted",
        "$a = ${{ x }}": "expression",
        '$a = "${{ x }}"': "double",
        "if (${{ x }} -eq 1) { a }": "expression",
        "${{ x }} -b": "command",
        "& ${{ x }} b": "command",
        "# ${{ x }}": "comment",
        "<# ${{ x }} #> a": "comment",
        "if ($a) { b ${{ x }} }": "plain",
        "pwsh -Command 'a ${{ x }}'": "nested",
    },
    "cmd": {
        "echo ${{ x }}": "plain",
        'echo "${{ x }}"': "double",
        "REM ${{ x }}": "comment",
        ":: ${{ x }}": "comment",
        "set A=${{ x }}": "assignment",
        'set "A=${{ x }}"': "double",
        "${{ x }} a": "command",
    },
    "python": {
        "print('${{ x }}')": "single",
        "print(f'${{ x }}')": "double",
        'print("""\n${{ x }}\n""")': "single",
        "a = ${{ x }}": "expression",
        "a = 1  # ${{ x }}": "comment",
        "print(${{ x }})": "expression",
        "print('${{ x }}'": "single",
    },
    "node {0}": {"console.log('${{ x }}')": "unknown"},
}


@pytest.mark.parametrize(
    ("shell", "script", "quoting"),
    [(shell, script, q) for shell, rows in PLACES.items() for script, q in rows.items()],
)
def test_placement_of_a_fence(shell: str, script: str, quoting: str) -> None:
    start = script.index("${{ x }}")
    read = parse(script, shell, base=7)
    assert [f.start - 7 for f in read.fences] == [start]
    assert read.placement(start + 7) == quoting
    assert read.placement(start + 7 + len("${{ x }}") - 1) == quoting


@pytest.mark.parametrize(
    ("script", "offset", "quoting"),
    [
        ("echo 'a' b", 6, "single"),
        ("echo 'a' b", 9, "plain"),
        ("echo 'a' b", 1, "command"),
        ("echo", 400, "plain"),
        ("echo", -1, "plain"),
        ("", 0, "plain"),
    ],
)
def test_placement_of_any_offset(script: str, offset: int, quoting: str) -> None:
    assert parse(script, "bash").placement(offset) == quoting


@pytest.mark.parametrize(
    ("script", "fences"),
    [
        ("a ${{ b }} ${{c}}", ["${{ b }}", "${{c}}"]),
        ("${{ format('}}') }} }}", ["${{ format('}}') }}"]),
        ("${{ it's }} x", ["${{ it's }}"]),
        ("${{ a", []),
        ("${{ a }", []),
        ("${{\n  a\n}}", ["${{\n  a\n}}"]),
        ("${{ a }}${{ b }}", ["${{ a }}", "${{ b }}"]),
    ],
)
def test_fences(script: str, fences: list[str]) -> None:
    assert [script[f.start : f.end] for f in parse(script, "bash").fences] == fences


def test_a_fence_is_known_in_the_word_that_holds_it() -> None:
    [command] = parse("a x${{ b }}${{ c }}", "bash").commands
    word = command.words[1]
    assert not word.literal
    assert word.text == word.value == "x${{ b }}${{ c }}"
    assert [(e.kind, e.span) for e in word.expansions] == [("fence", (3, 11)), ("fence", (11, 19))]
