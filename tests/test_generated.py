"""Files that repeat what the rules say are written from the rules."""

from collections.abc import Callable
from pathlib import Path

from steplock.registry import all_rules

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- rules: begin -->\n", "<!-- rules: end -->\n"


def test_readme(expect_file: Callable[[Path, str], None]) -> None:
    path = ROOT / "README.md"
    head, _, rest = path.read_text("utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    rows = "".join(
        f"| `{r.id}` | {r.severity.name.lower()} | {r.doc.splitlines()[0]} |\n" for r in all_rules()
    )
    table = f"| Rule | Severity | What it finds |\n| --- | --- | --- |\n{rows}"
    expect_file(path, f"{head}{BEGIN}{table}{END}{tail}")
