"""Writes to the files that the runner reads after a step, in every shell."""

from __future__ import annotations

import pytest

from steplock.shell import parse

# Each write: file, contents, and whether all of it is literal (=), known (~) or opaque (?).
WRITES = {
    "bash": {
        'echo "A=1" >> "$GITHUB_ENV"': ["ENV = A=1"],
        "echo A=$X >> $GITHUB_ENV": ["ENV ~ A=$X"],
        "echo A=${{ x }} >> ${GITHUB_ENV}": ["ENV ~ A=${{ x }}"],
        "echo 'A=$X' >>$GITHUB_OUTPUT": ["OUTPUT = A=$X"],
        "echo -e -n A > $GITHUB_STATE": ["STATE = A"],
        ">> $GITHUB_PATH echo /x": ["PATH = /x"],
        "printf 'A=%s' \"$X\" >> $GITHUB_ENV": ["ENV ~ A=%s $X"],
        "printf -v A x >> $GITHUB_ENV": ["ENV ="],
        "{ echo A; echo B; } >> $GITHUB_ENV": ["ENV = A", "ENV = B"],
        "(cd x; echo A) >> $GITHUB_ENV": ["ENV = A"],
        "if a; then echo A; fi >> $GITHUB_ENV": ["ENV ?", "ENV = A"],
        "for x in 1; do echo $x; done >> $GITHUB_ENV": ["ENV ~ $x"],
        "{ echo A; echo B > x; } >> $GITHUB_ENV": ["ENV = A"],
        "{ echo A | jq .; } >> $GITHUB_ENV": ["ENV ?"],
        "f() { echo A; } >> $GITHUB_ENV": ["ENV = A"],
        "cat <<EOF >> $GITHUB_ENV\nA=1\nEOF": ["ENV = A=1\n"],
        "cat <<EOF >> $GITHUB_ENV\nA=$X\nEOF": ["ENV ~ A=$X\n"],
        "cat >> $GITHUB_ENV <<'EOF'\nA=$X\nEOF": ["ENV = A=$X\n"],
        'cat <<< "A=$X" >> $GITHUB_ENV': ["ENV ~ A=$X"],
        "cat x >> $GITHUB_ENV": ["ENV ?"],
        "jq -r .a x.json >> $GITHUB_OUTPUT": ["OUTPUT ?"],
        "echo A | tee -a $GITHUB_ENV": ["ENV = A"],
        "echo A | tee -a $GITHUB_ENV >> $GITHUB_OUTPUT": ["OUTPUT = A", "ENV = A"],
        "{ echo A; echo B; } | tee -a $GITHUB_ENV": ["ENV = A B"],
        "cmd | tee $GITHUB_STEP_SUMMARY": ["STEP_SUMMARY ?"],
        "echo A | sort >> $GITHUB_ENV": ["ENV ?"],
        "cp x $GITHUB_ENV": ["ENV ?"],
        "echo A 2>> $GITHUB_ENV": [],
        "echo A &>> $GITHUB_ENV": ["ENV = A"],
        "echo A >> $GITHUB_ENV > x": [],
        "echo $GITHUB_ENV": [],
        "cat $GITHUB_ENV": [],
        "cat < $GITHUB_ENV": [],
        "echo A >> $GITHUB_WORKSPACE/x": [],
        "echo A >> $GITHUB_ENV.bak": [],
        'OUT=$GITHUB_OUTPUT\necho A >> "$OUT"': ["OUTPUT = A"],
        "echo A >> ${{ github.output }}": ["OUTPUT = A"],
        "echo A >> '${{ env.GITHUB_ENV }}'": ["ENV = A"],
        "echo A >> ${GITHUB_OUTPUT:-/dev/stdout}": ["OUTPUT = A"],
        "bash -c 'echo $A >> $GITHUB_ENV'": ["ENV ~ $A"],
        'bash -c "echo A=$A >> $GITHUB_ENV"': ["ENV ~ A=$A"],
        "python -c \"import os; open(os.environ['GITHUB_ENV'], 'a').write('A')\"": ["ENV = A"],
        "X=$(echo A >> $GITHUB_ENV)": ["ENV = A"],
    },
    "pwsh": {
        '"A=$x" >> $env:GITHUB_ENV': ["ENV ~ A=$x"],
        "echo A=1 >> $env:GITHUB_ENV": ["ENV = A=1"],
        "echo A >> ${env:GITHUB_ENV}": ["ENV = A"],
        "echo A | Out-File -FilePath $env:GITHUB_ENV -Append -Encoding utf8": ["ENV = A"],
        '"A" | Out-File $env:GITHUB_OUTPUT -Append': ["OUTPUT = A"],
        'Add-Content -Path $env:GITHUB_PATH -Value "C:\\x"': ["PATH = C:\\x"],
        "Add-Content $env:GITHUB_ENV $x": ["ENV ~ $x"],
        "add-content -path:$env:GITHUB_ENV -value:A": ["ENV = A"],
        "Get-Foo | Add-Content $env:GITHUB_ENV": ["ENV ?"],
        "echo A | Tee-Object -FilePath $env:GITHUB_ENV -Append": ["ENV = A"],
        '[IO.File]::AppendAllText($env:GITHUB_ENV, "A=$x")': ["ENV ~ A=$x"],
        '@"\nA=$x\n"@ >> $env:GITHUB_ENV': ["ENV ~ A=$x"],
        '$out = $env:GITHUB_OUTPUT; "A" >> $out': ["OUTPUT = A"],
        "Get-Content $env:GITHUB_ENV": [],
    },
    "cmd": {
        "echo A=%B%>>%GITHUB_ENV%": ["ENV ~ A=%B%"],
        'echo A >> "%GITHUB_PATH%"': ["PATH = A"],
        ">>%GITHUB_ENV% echo A": ["ENV = A"],
        '(echo A& echo B) >> "%GITHUB_OUTPUT%"': ["OUTPUT = A", "OUTPUT = B"],
        "type x >> %GITHUB_ENV%": ["ENV ?"],
        "type %GITHUB_ENV%": [],
    },
    "python": {
        "import os\nopen(os.environ['GITHUB_ENV'], 'a').write('A')": ["ENV = A"],
        "with open(os.getenv('GITHUB_ENV'), 'a') as f:\n  f.write(f'A={x}')": ["ENV ~ A={x}"],
        "p = os.environ.get('GITHUB_OUTPUT')\nwith open(p, 'a') as f:\n  print('A', file=f)": [
            "OUTPUT = A"
        ],
        "Path(os.environ['GITHUB_PATH']).write_text(x)": ["PATH ? x"],
        "with Path(os.environ['GITHUB_ENV']).open('a') as f: f.writelines(x())": ["ENV ? x()"],
        "open('x', 'a').write('A')": [],
        "print(open(os.environ['GITHUB_ENV']).read())": [],
    },
}


@pytest.mark.parametrize(
    ("shell", "script", "expected"),
    [(shell, script, e) for shell, rows in WRITES.items() for script, e in rows.items()],
)
def test_writes(shell: str, script: str, expected: list[str]) -> None:
    read = parse(script, shell)
    found = []
    for write in read.writes:
        sure = "?" if write.opaque else "=" if write.literal else "~"
        content = [w.value for w in write.content]
        found.append(" ".join([write.file.removeprefix("GITHUB_"), sure, *content]))
    assert found == expected


def test_the_span_of_a_write_is_its_command() -> None:
    script = "a; echo A >> $GITHUB_ENV; b"
    [write] = parse(script, "bash", base=10).writes
    assert script[write.span.start - 10 : write.span.end - 10] == "echo A >> $GITHUB_ENV"
    assert write.command is not None and write.command.name == "echo"
