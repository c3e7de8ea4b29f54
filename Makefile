# SPDX-License-Identifier: Apache-2.0
# make serve · make test · make test-long · make bench · make bench-check · make bench-reconcile · make lint · make sssom · make lock · make clean
# Each target says what it does and is safe to run again.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
PYTEST_WORKERS ?= 2
BENCH := .venv-bench
SSSOM := .venv-sssom
BENCH_REQUESTS ?= 20000
BENCH_MIDDLE ?= 100000
BENCH_LARGE ?= 1000000
BENCH_NAMES ?= 3000

.PHONY: help serve test test-long bench bench-check bench-reconcile lint check sssom conformance lock clean

help:
	@echo "make serve      start the server on http://$(HOST):$(PORT)/ (PORT=… to choose another port)"
	@echo "make test       run the tests (at most 10 minutes)"
	@echo "make test-long  run the storm of runaway queries, and what takes long or needs a package index;"
	@echo "                COSIGRAPH_STORM=60 for fewer of them than 500, COSIGRAPH_EXAMPLES=5 for fewer made-up requests"
	@echo "make bench      compare the server with others (10 minutes), and write docs/benchmarks.md"
	@echo "make bench-check  compare checking with pySHACL (10 minutes), and write docs/benchmarks-checking.md;"
	@echo "                BENCH_MIDDLE=10000 BENCH_LARGE=100000 for less data"
	@echo "make bench-reconcile  compare the matching of names with a plain loop, and write docs/benchmarks-reconciling.md"
	@echo "make lint       run the linters and the type checker"
	@echo "make check      check ontology, data, shapes and queries"
	@echo "make sssom      hold the mapping sets to the published schema of SSSOM"
	@echo "make conformance  run the W3C suites in COSIGRAPH_W3C_SUITES and renew docs/conformance.md"
	@echo "make lock       renew the locked dependencies (needs uv)"
	@echo "make clean      remove the environment and what the tools left"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; '$(PYTHON)' is not. Choose one: make PYTHON=python3.12 serve"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Creating the environment $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.serve: requirements/serve.txt pyproject.toml | $(BIN)/python
	@echo "Installing the locked dependencies …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/serve.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.serve
	@echo "Installing the locked tools for the tests …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

serve: $(VENV)/.serve
	@$(BIN)/cosigraph serve --host $(HOST) --port $(PORT)

test: $(VENV)/.test
	@echo "Running the tests …"
	@$(BIN)/python -m pytest -n $(PYTEST_WORKERS) -m "not long"

test-long: $(VENV)/.test
	@echo "Running the long tests …"
	@$(BIN)/python -m pytest -m long

$(BENCH)/.bench: requirements/bench.txt
	@echo "Installing the servers to compare with …"
	@$(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

bench: $(VENV)/.serve $(BENCH)/.bench
	@command -v wrk >/dev/null || echo "wrk is not installed; a loader in Python asks less of the servers. On Debian or Ubuntu: apt-get install wrk"
	@$(BIN)/python -m compileall -q cosigraph api  # as pip does with what it installs
	@$(BIN)/python -m benchmarks --bench $(BENCH)/bin --requests $(BENCH_REQUESTS) --write docs/benchmarks.md

lint: $(VENV)/.test
	@echo "Running the linters and the type checker …"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench-check: $(VENV)/.test
	@$(BIN)/python -m benchmarks.checking --middle $(BENCH_MIDDLE) --large $(BENCH_LARGE) --write docs/benchmarks-checking.md

bench-reconcile: $(VENV)/.serve
	@$(BIN)/python -m benchmarks.reconciling --names $(BENCH_NAMES) --write docs/benchmarks-reconciling.md

# The reference engine, and nothing remembered
check: $(VENV)/.serve
	@$(BIN)/cosigraph check --engine pyshacl --no-cache

$(SSSOM)/.sssom: requirements/sssom.txt
	@echo "Installing what validates SSSOM …"
	@$(PYTHON) -m venv $(SSSOM)
	@$(SSSOM)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/sssom.txt
	@touch $@

# It leaves out a mapping that lacks something and says so, without failing.
sssom: $(SSSOM)/.sssom
	@for file in data/*/mappings/*.sssom.tsv; do \
	  echo "Validating $$file …"; \
	  said=$$($(SSSOM)/bin/sssom validate "$$file" 2>&1) || { echo "$$said" | tail -n 20; exit 1; }; \
	  case "$$said" in *"not well-formed"*) echo "$$said"; exit 1;; esac; \
	done

conformance: $(VENV)/.test
	@echo "Running the W3C suites …"
	@$(BIN)/python -m tests.w3c

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --group build --output-file requirements/serve.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --group build --group dev --output-file requirements/test.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --output-file requirements/bench.txt benchmarks/servers.in
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --output-file requirements/sssom.txt requirements/sssom.in

clean:
	rm -rf $(VENV) $(BENCH) $(SSSOM) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
