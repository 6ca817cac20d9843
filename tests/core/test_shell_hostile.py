"""Whatever the text, reading it ends and never raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steplock.shell import parse

SHELLS = ("bash", "pwsh", "cmd", "python")
# Pieces that open, close and confuse; random text alone would hardly ever nest.
PIECES = (
    *"abc \n\t\r;&|<>(){}[]'\"`\\$#!=%^@~*?,é🙂\0",
    "$(", "${", "$((", "))", "${{ x }}", "${{", "}}", "<<EOF\n", "EOF\n", "<<'E'\n", "[[ ", " ]]",
    "if ", "then ", "fi\n", "case x in ", "esac ", "for x in ", "do ", "done ", "f() ", "&>",
    ">>$GITHUB_ENV", "bash -c '", "eval ", "python -c \"", '@"\n', '"@', "@{", "$env:A", "%A%",
    "echo ", "A=", "A=(", "function ", "def f():\n  ", "os.system('", "subprocess.run(['", "f'{",
)  # fmt: skip


@pytest.mark.parametrize("shell", SHELLS)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=60))
def test_pieces(shell: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    script = parse(text, shell, base=5)
    spans = [w.span for c in script.commands for w in c.words]
    spans += [c.span for c in script.commands] + [v.span for v in script.variables]
    spans += [r.span for r in script.regions] + [p.span for p in script.pipelines]
    assert all(5 <= s.start <= s.end <= len(text) + 5 for s in spans)
    assert [c.span.start for c in script.commands] == sorted(c.span.start for c in script.commands)
    for offset in range(5, len(text) + 5):
        script.placement(offset)


@pytest.mark.parametrize("shell", SHELLS)
@given(text=st.text(max_size=200))
def test_any_text(shell: str, text: str) -> None:
    parse(text, shell)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "piece",
    [
        "(", "{ ", "$(", "$((", "((", "${a:-", '"$(', "`", "'", '"', "<(", "if a; then ", "[[ ",
        "case a in b) ", "bash -c '", "eval 'eval ", "<<A ", "cat <<A\n", "a|", "{ a | ", "${{ ",
        "${{ ' }}", "\\", "a=(", "@{", "@(", "@'\n", "f(", "[", "f'{", "-", "a.b", "^", "%", ">>",
    ],
)  # fmt: skip
def test_deep_and_long(shell: str, piece: str) -> None:
    parse(piece * 5_000, shell)
