# One word sets everything up and does it. Needs only git, make and python3 (3.11 to 3.14, with venv).

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11 python
ON_TWO_CORES := -n 2 --dist loadfile --no-loadscope-reorder  # a file's tests stay together: they share what they made
PAGE := src/anchorwatch/console/built/index.html
NPM := sh page/npm.sh $(BIN) --prefix page --silent

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench nlp page wheel lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

define page_or_not
	@$(MAKE) --no-print-directory page || echo "The console's page could not be built (above): the plain page is served, tests of it are skipped." >&2
endef

demo: $(VENV)/.runtime ## see the watch replay a known incident (no network after set-up)
	$(page_or_not)
	@$(BIN)/anchorwatch demo

test: $(VENV)/.dev ## the tests, under two minutes once compiled (make test SLOW=1: all of them, as CI does)
	$(page_or_not)
	@$(BIN)/python -m pytest $(ON_TWO_CORES) $(if $(SLOW),,-m "not slow") $(ARGS)
	@if [ -f $(PAGE) ]; then $(NPM) test; fi

check: $(VENV)/.dev $(PAGE) ## formatter, linter, strict types, of the watch and of its page
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(NPM) run check

format: $(VENV)/.dev ## put the code into the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(NPM) run format

bench: $(VENV)/.bench ## speed and recall, each beside a peer, as one table
	@$(BIN)/python -m benchmarks $(ARGS)

nlp: $(VENV)/.nlp ## a model of English for the report desk (`reports --model`)

page: $(PAGE) ## the console's page, into the package

wheel: $(VENV)/.dev $(PAGE) ## the package with its page, into dist/
	@rm -rf build && $(PIP) wheel --no-deps --no-build-isolation --no-index --wheel-dir dist .

lock: ## pin the dependencies anew, with hashes, for every supported Python (ARGS=--upgrade for newer ones)
	@sh requirements/lock.sh $(ARGS)

clean: ## remove everything that was set up or built
	rm -rf $(VENV) page/node_modules page/openapi.json page/src/api/schema.d.ts $(dir $(PAGE)) build dist out .make .mypy_cache .ruff_cache .pytest_cache .hypothesis src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up. A stamp file says that the lock it depends on is installed.
$(BIN)/python:
	@python=; for p in $(PYTHONS); do \
	  if $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then python=$$p; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Anchorwatch needs Python 3.11 to 3.14, and finds none of: $(PYTHONS)." >&2; \
	  echo "Install one (Debian, Ubuntu: apt-get install python3 python3-venv) and call make again." >&2; exit 2; \
	fi; \
	echo "Setting up $(VENV) with $$($$python --version) (once, about a minute) ..."; \
	$$python -m venv $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "This Python cannot make a virtual environment." >&2; \
	  echo "Install its venv part (Debian, Ubuntu: apt-get install python3-venv) and call make again." >&2; exit 2; }

define install
	@$(PIP) install --require-hashes -r $<
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@
endef

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(install)

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(install)
	@touch $(VENV)/.runtime

$(VENV)/.nlp: requirements/nlp.txt pyproject.toml | $(BIN)/python
	$(install)
	@touch $(VENV)/.runtime

$(VENV)/.bench: requirements/bench.txt pyproject.toml | $(BIN)/python
	$(install)
	@touch $(VENV)/.runtime

# The page needs a Node.js: the one of this machine, or one from a Python wheel (page/npm.sh). Its types come from the API.
PAGE_FROM := $(shell find page -name node_modules -prune -o -type f -not -name openapi.json -not -name schema.d.ts -print)
API := $(wildcard src/anchorwatch/console/*.py src/anchorwatch/console/routes/*.py)

page/node_modules/.package-lock.json: page/package-lock.json | $(BIN)/python
	@echo "Setting up what the page is built with (once, half a minute) ..."
	@$(NPM) ci
	@touch $@

page/src/api/schema.d.ts: $(API) page/node_modules/.package-lock.json | $(VENV)/.runtime
	@$(BIN)/python -m anchorwatch.console.openapi > page/openapi.json
	@$(NPM) run types

$(PAGE): $(PAGE_FROM) page/src/api/schema.d.ts
	@$(NPM) run build
	@touch $@
