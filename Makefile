# Two commands for a newcomer: `make convert` and `make test`. Both need only Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TARGETS := splunk,sigma,osquery,elasticsearch

.PHONY: convert test check engines bench docs tables clean

convert: $(VENV)/.installed
	$(BIN)/convert --to $(TARGETS) rules/ -o build/rules --fail-on never

# Lint, format and types first (seconds), then every test; those of independent engines run where `make engines` did.
test: $(VENV)/.tests-installed check
	$(BIN)/pytest

check: $(VENV)/.tests-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Independent engines, once per machine, below the user's cache folder. OpenSearch needs a JDK >= 17 and Maven.
engines: $(VENV)/.tests-installed
	$(BIN)/python -m tests.engines install

bench: $(VENV)/.tests-installed
	$(BIN)/python -m benchmarks

# What is generated from the code: parser tables and the pages of docs/ that list codes, targets and fields.
tables: $(VENV)/.tests-installed
	$(BIN)/python -m converter.languages.tables

docs: $(VENV)/.tests-installed
	$(BIN)/python -m docs.generate

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.tests-installed: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
