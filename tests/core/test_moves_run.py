"""Scripts are run: with the expression's value put in, and with the variable set, they print the same.

With a hostile value the script afterwards prints it as it prints any text, and runs nothing.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from moving import EXPRESSION, moved, script_of, step, variables

# Each prints what it was given. `sh` as well as `bash` reads these.
POSIX = [
    'printf "%s\\n" "New: <V>!"',
    'printf "%s|" "<V>" "a <V> b" "<V><V>"',
    'title="<V>"; printf "%s\\n" "$title"',
    "title='<V>'; printf '%s\\n' \"$title\"",
    'export TITLE="<V>"; sh -c \'printf "%s" "$TITLE"\'',
    "printf '%s\\n' '<V>'",
    "printf '%s\\n' 'a <V> b'",
    "printf '%s\\n' '<V> b' 'a <V>'",
    "printf '%s\\n' '<V><V>' 'a'\"'<V>'\"",
    "printf '%s\\n' 'it costs $5 \\ \"<V>\" `x`'",
    "printf '%s\\n' 'one\n  two <V>\nthree'",
    "cat <<EOF\n<V>\nEOF",
    "cat <<EOF\n  a \"<V>\" 'b' \\$HOME\nEOF",
    "cat <<'EOF'\n<V>\nEOF",
    "cat <<'EOF'\n$HOME `date` \\n \\\\ <V> $(date) \"'\nEOF",
    'cat <<"EOF"\na <V> $b <V>\nEOF',
    "cat <<\\EOF\na <V> $b\nEOF",
    "cat <<-'EOF'\n\ta <V>\n\tEOF",
    "cat <<A <<'B'\na <V>\nA\nb <V> $x\nB",
    "{ cat; } <<'EOF'\na <V> $b\nEOF",
    'printf "%s\\n" "$(printf "%s" "<V>")"',
    "printf '%s\\n' \"$(printf '%s' '<V>')\"",
    'printf "%s\\n" "`printf "%s" "<V>"`"',
    "cat <<EOF\n$(printf '%s' '<V>')\nEOF",
    'if [ "<V>" = plain ]; then echo yes; else printf "%s\\n" "no <V>"; fi',
    "if [ '<V>' = plain ]; then echo yes; else echo no; fi",
    'test -n "<V>" && printf "%s\\n" "<V>"',
    'case "<V>" in plain) echo yes;; *) printf "%s\\n" "no <V>";; esac',
    "case '<V>' in plain) echo yes;; *) echo no;; esac",
    'f() { printf "%s\\n" "$1"; }; f "<V>"',
    'for one in "<V>" b; do printf "%s\\n" "$one"; done',
    "for one in a '<V>'; do printf '%s\\n' \"$one\"; done",
    'echo a | while read -r x; do printf "%s\\n" "$x <V>"; done',
    'printf "%s\\n" "<V>" | cat | cat',
    '( printf "%s\\n" "<V>" ) 2>&1',
    '{ printf "%s\\n" "<V>"; } >file; cat file; rm file',
    'printf "%s\\n" "${NONE:-<V>}"',
    'printf "%s\\n" "${NONE:-a <V> b}"',
    "printf '%s\\n' \"a\" \\\n  \"<V>\" \\\n  'b <V>'",
    'false || printf "%s\\n" "<V>"',
    'set -- "<V>" b; printf "%s\\n" "$1"',
    '# "<V>" is shown\nprintf "%s\\n" "<V>"',
    "# shows <V>\necho a",
    "sh -c 'printf \"%s\\n\" \"<V>\"'",
    "sh -c 'cat <<EOF\n<V>\nEOF'",
    "awk -v t=\"<V>\" 'BEGIN { print length(t) }' >/dev/null; printf '%s\\n' \"<V>\"",
    "printf '%s\\n' \"<V>\" | sed 's/^x/> /'",
    'sed -n 1p "<V>" 2>/dev/null || printf "%s\\n" "no <V>"',
    'env NAME="<V>" sh -c \'printf "%s" "$NAME"\'',
    'echo "a" >"<V>.txt" 2>/dev/null || echo "no"; rm -f -- "<V>.txt"; printf "%s\\n" "<V>"',
    f"{sys.executable} -c 'import sys; print(sys.argv[1])' \"<V>\"",
    f"{sys.executable} - \"<V>\" <<'EOF'\nimport sys\nprint(sys.argv[1])\nEOF",
    'i=0; while [ $i -lt 2 ]; do printf "%s\\n" "$i <V>"; i=$((i + 1)); done',
    'trap "echo end" EXIT; printf "%s\\n" "<V>"',
    'printf "%s\\n" "\\$HOME \\"<V>\\" \\\\ \\`"',
]  # fmt: skip

BASH = [
    '[[ "<V>" == plain ]] && echo yes || echo no',
    "[[ '<V>' != plain ]] && echo yes || echo no",
    '[[ "x<V>" =~ ^x ]] && printf "%s\\n" "<V>"',
    "printf '%s\\n' $'a\\t<V>'",
    "printf '%s\\n' $'<V>\\n'",
    'cat <<<"<V>"',
    "cat <<<'a <V>'",
    'list=("<V>" b); printf "%s\\n" "${list[0]}"',
    "list=('<V>' b); printf '%s\\n' \"${list[@]}\"",
    'declare -r TITLE="<V>"; printf "%s\\n" "$TITLE"',
    "f() { local title='<V>'; printf '%s\\n' \"$title\"; }; f",
    'while read -r line; do printf "%s\\n" "$line"; done < <(printf "%s\\n" "a" "b"); printf "%s\\n" "<V>"',
    "bash -euo pipefail -c 'x=\"<V>\"; printf \"%s\\n\" \"$x\"'",
    'printf -v text "%s" "<V>"; printf "%s\\n" "$text"',
    'echo "${GITHUB_NONE:=<V>}"',
    'select_one() { echo "${1:-<V>}"; }; select_one',
    'if [[ "<V>" = *zzz* ]]; then echo yes; else echo no; fi',
    'export A="<V>" B=2; bash -c \'echo "$A"\'',
    "text=$(cat <<'EOF'\n<V> costs $5\nEOF\n); printf '%s\\n' \"$text\"",
]  # fmt: skip

# Text outside of quotes where nothing is split: the same for each value that is one word.
BARE = [
    "title=<V>\nprintf '%s\\n' \"$title\"",
    "title=a<V>b\nprintf '%s\\n' \"$title\"",
    'TITLE=<V> sh -c \'printf "%s" "$TITLE"\'',
    "case <V> in plain) echo yes;; *) echo no;; esac",
]

BARE_BASH = [
    "[[ <V> == plain ]] && echo yes || echo no",
    '[[ -n <V> && "a" == a ]] && echo "<V>"',
    'readonly A=<V> B="<V>"; printf "%s\\n" "$A$B"',
]

# Text outside of quotes, which gets them: the same for a value that is one word.
UNQUOTED = [
    "printf '%s' <V>",
    "printf '%s' a<V>b --title=<V>",
    "[ <V> = plain ] && echo yes || echo no",
    "case plain in <V>) echo yes;; *) echo no;; esac",
    "printf '%s' ${NONE:-<V>}",
    "x=plain-b; printf '%s' ${x%<V>} \"${x#<V>}\"",
    "printf '%s' \"`printf '%s' <V>`\"",
    "echo a > <V>.txt; cat <V>.txt; rm ./<V>.txt",
    "sh -c 'printf \"%s\\n\" <V>'",
    "printf '%s' b <V> | cat",
]

# Several words, which stay several: the same for values that a shell does not expand.
SEVERAL = [
    "for one in <V>; do printf '<%s>' \"$one\"; done",
    "for one in a <V> b; do printf '<%s>' \"$one\"; done",
]

PYTHON = [
    'print("<V>")',
    "print('<V>')",
    'print("a <V> b")',
    "import os\nprint('a <V>', \"<V> b\")",
    'x = f"{1 + 1} <V> {{}}"\nprint(x)',
    'print("""<V>""")',
    'print("""a\n  <V>\nb""")',
    "print(r'a\\d <V>')",
    "print({'<V>': 1}['<V>'])",
    "import sys, json\nprint(json.loads(json.dumps(['<V>', 'b']))[0])",
    "def f(title='<V>'):\n    '''doc'''\n    return title\nprint(f())",
    "# <V>\nprint('<V>'.replace('zzz', ''))",
    "if '<V>' == 'plain':\n    print('yes')",
    "print('%s-<V>' % 1)",
    "import subprocess\nprint(subprocess.run(['printf', '%s', '<V>'], capture_output=True, text=True).stdout)",
]  # fmt: skip

VALUES = ["plain", "v1.2-x/y_z", "two words", "--flag=1"]
HOSTILE = [
    "$(touch bad) `touch bad` a[$(touch bad)] $'x' ${HOME} $HOME $$ !! \\$(touch bad) \\n \\",
    '"; touch bad; "',
    "'; touch bad; ' || touch bad || '",
    "a\ntouch bad\nEOF\ntouch bad; #",
    "  * ? [a-z] {a,b} ~ & touch bad | touch bad && touch bad > bad\t",
    "' + str(__import__('os').system('touch bad')) + '",
    '" + str(__import__("os").system("touch bad")) + " {__import__(\'os\').system(\'touch bad\')}',
]
LANGUAGES = {"bash": ["bash", "-e"], "sh": ["sh", "-e"], "python": [sys.executable]}
EXACT = [
    *(("bash", script) for script in [*POSIX, *BASH, *BARE, *BARE_BASH]),
    *(("sh", script) for script in [*POSIX, *BARE]),
    *(("python", script) for script in PYTHON),
]
INEXACT = [(shell, script) for script in [*UNQUOTED, *SEVERAL] for shell in ("bash", "sh")]


def run(shell: str, script: str, folder: Path, env: dict[str, str]) -> tuple[int, str]:
    """What a script does and prints, in a folder that holds one file; it must make no other."""
    (folder / "script").write_text(script, "utf-8")
    ran = subprocess.run(
        [*LANGUAGES[shell], "script"],
        cwd=folder,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert [path.name for path in folder.iterdir()] == ["script"], "something was run"
    assert "syntax error" not in ran.stderr.lower()
    assert "SyntaxError" not in ran.stderr
    return ran.returncode, ran.stdout


@pytest.mark.parametrize(("shell", "script"), [*EXACT, *INEXACT])
def test_the_script_does_the_same(shell: str, script: str, tmp_path: Path) -> None:
    before = step(script, shell=shell)
    after, made = moved(before)
    assert made.exact == ((shell, script) in EXACT)
    is_word = script in (*BARE, *BARE_BASH, *UNQUOTED)
    for value in VALUES[: 2 if is_word else None]:
        substituted = script_of(before).value.replace(EXPRESSION, value)
        expected = run(shell, substituted, tmp_path, {})
        assert run(shell, script_of(after).value, tmp_path, variables(after, value)) == expected


@pytest.mark.parametrize(("shell", "script"), [*EXACT, *INEXACT])
def test_a_hostile_value_is_data(shell: str, script: str, tmp_path: Path) -> None:
    """It is printed where any other text would be, and nothing in it is run."""
    after, _ = moved(step(script, shell=shell))
    _, usual = run(shell, script_of(after).value, tmp_path, variables(after, "MARK"))
    for value in HOSTILE:
        _, printed = run(shell, script_of(after).value, tmp_path, variables(after, value))
        if script not in SEVERAL:
            assert printed == usual.replace("MARK", value)


def test_there_are_enough_shapes() -> None:
    assert len({script for _, script in [*EXACT, *INEXACT]}) >= 60
