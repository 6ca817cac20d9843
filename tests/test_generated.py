"""Files that repeat what the rules say are written from the rules."""

import json
from collections.abc import Callable
from pathlib import Path

from steplock.registry import all_rules, entry
from steplock.rule import Rule, page
from steplock.schema import schema

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- rules: begin -->\n", "<!-- rules: end -->\n"

Expect = Callable[[Path, str], None]


def test_the_table_in_the_readme(expect_file: Expect) -> None:
    path = ROOT / "README.md"
    head, _, rest = path.read_text("utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    rows = "".join(
        f"| [`{r.id}`](core/RULES.md#{r.id}) | {r.severity.name.lower()} | {r.summary} |\n"
        for r in all_rules()
    )
    table = f"| Rule | Severity | What it finds |\n| --- | --- | --- |\n{rows}"
    expect_file(path, f"{head}{BEGIN}{table}{END}{tail}")


def test_the_manual(expect_file: Expect) -> None:
    head = "# The rules\n\nWritten from the rules by `make update`; `steplock explain RULE` prints one.\n"
    pages = "".join(_page(rule) for rule in all_rules())
    expect_file(ROOT / "core" / "RULES.md", f"{head}{pages}")


def _page(rule: Rule) -> str:
    facts = f"Severity {rule.severity.name.lower()}, confidence {rule.confidence.name.lower()}"
    who = "" if rule.persona == 1 else f", for {rule.persona.name.lower()} readers"
    off = "" if rule.enabled else ", off by default"
    body = rule.doc.replace("\n## ", "\n### ")
    return f"\n## {rule.id}\n\n{facts}{who}{off}.\n\n{body}\n"


def test_the_address_of_a_manual_page_leads_there() -> None:
    assert page("artipacked").endswith("/core/RULES.md#artipacked")


def test_the_schema_of_the_configuration(expect_file: Expect) -> None:
    text = json.dumps(schema(), indent=2) + "\n"
    expect_file(ROOT / "core" / "steplock" / "steplock.schema.json", text)


def test_the_index_of_the_rules(expect_file: Expect) -> None:
    rows = "".join(f'    "{rule.id}": {json_like(entry(rule))},\n' for rule in all_rules())
    head = '"""Floor 6. What is known of each rule before it is imported. Written by `make update`."""\n\n'
    kind = 'Indexed: TypeAlias = "tuple[bool, int, tuple[str, ...], tuple[str, ...], tuple[str, ...], bool]"'
    text = (
        f"{head}from steplock.annotations import TypeAlias\n\n{kind}\n\n"
        f"# fmt: off\nENTRIES: dict[str, Indexed] = {{\n{rows}}}\n"
    )
    expect_file(ROOT / "core" / "steplock" / "index.py", text)


def json_like(value: object) -> str:
    return repr(value).replace("'", '"')
