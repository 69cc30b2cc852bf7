# OpenPRM: `make demo` for a look, `make help` for the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
PYTEST_ARGS ?=

STAMPS := .venv/stamps
DIST := src/openprm/ui/static/dist
OPENPRM := .venv/bin/openprm
PARTS := frontend/src frontend/scripts src/openprm
SOURCES := $(shell find $(PARTS) -path '*/static/dist' -prune -o -type f \( -path 'frontend/*' -o -name '*.html' -o -path '*/templatetags/*.py' -o -path 'src/openprm/ui/*.py' \) -print)

.PHONY: help setup demo serve worker test check lint bench lock clean

help:  ## Say what there is to do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(STAMPS)/python $(DIST)/.built  ## Make .venv and the front-end build, and nothing else

demo: setup  ## Everything, with a demo ecosystem, at http://127.0.0.1:8000; prints two sign-in links
	@exec $(OPENPRM) serve --host $(HOST) --port $(PORT) --with-worker --demo

serve: setup  ## Web and worker on your own data
	@exec $(OPENPRM) serve --host $(HOST) --port $(PORT) --with-worker --migrate

worker: setup  ## One more worker
	@exec $(OPENPRM) worker

test: setup lint  ## Everything that can be checked, the browser walks included
	$(OPENPRM) makemigrations --check --dry-run
	@CHROMIUM=$$(scripts/find-chromium.sh) .venv/bin/pytest -n2 --dist worksteal --durations=25 $(PYTEST_ARGS)

check: setup lint  ## The quick checks: style, import contracts, locks, Django's own
	$(OPENPRM) check --no-database

lint: setup
	.venv/bin/ruff check .
	.venv/bin/lint-imports
	scripts/check-locks.sh

bench: setup  ## Every benchmark; each prints its figures
	@for bench in $$(grep -l __main__ bench/*.py) bench/*.sh; do echo "== $$bench"; \
	  case $$bench in *.py) .venv/bin/python "$$bench";; *) bash "$$bench";; esac; done

lock:  ## Lock the requirements anew from pyproject.toml and requirements/*.in
	@cd requirements && lock="uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --universal --python-version 3.11"; \
	  $$lock ../pyproject.toml -o base.txt; $$lock --extra dev ../pyproject.toml -o dev.txt; $$lock build.in -o build.txt; $$lock node.in -o node.txt

clean:  ## Remove what setup made; the data folder stays
	rm -rf .venv frontend/node_modules $(DIST)

$(STAMPS)/python: pyproject.toml requirements/dev.txt requirements/build.txt scripts/make-venv.sh
	@echo "Making .venv from the locked requirements ..."
	@PYTHON=$(PYTHON) scripts/make-venv.sh
	@.venv/bin/python -m compileall -q src
	@mkdir -p $(@D) && touch $@

frontend/node_modules/.ready: frontend/package.json frontend/package-lock.json | $(STAMPS)/python
	@echo "Installing the front end's tools ..."
	@cd frontend && ../scripts/with-node.sh npm ci --silent --no-progress
	@touch $@

$(DIST)/.built: frontend/node_modules/.ready $(SOURCES)
	@echo "Building the front end ..."
	@cd frontend && ../scripts/with-node.sh npm run --silent build
	@touch $@
