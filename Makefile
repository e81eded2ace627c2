# make demo   shows prepd at work on emulated accounts: no account, no configuration
# make test   lint, strict types, import rules, tests
# make reliability   every fault at every request and operation on a file: an hour; docs/reliability.md has its numbers
# make audit  known vulnerabilities of the pinned dependencies
# make dist   builds sdist and wheel, and tests prepd from the wheel
# make lowest tests prepd with the oldest libraries that pyproject.toml allows
# make bench  measures, and writes docs/performance.md
#
# Needs Python 3.11 or later with venv. Another one than the default: make PYTHON=python3.13 test

VENV   := .venv
BIN    := $(VENV)/bin
CORPUS := $(realpath ../shared/data)

# The first of these that is at least Python 3.11.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP := $(BIN)/python -m pip --quiet

.PHONY: demo test lint format lock man pictures audit reliability bench dist lowest clean
.DELETE_ON_ERROR:

demo: $(VENV)/installed
	@$(BIN)/prepd demo

test: lint
	$(if $(CORPUS),PREPD_CORPUS="$(CORPUS)") $(BIN)/python -m pytest -n auto -rs

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

# What `make test` tries a part of: prepd's requests and writes disturbed one by one, and what is the end of it.
reliability: $(VENV)/installed-dev
	PREPD_FAULTS=all $(BIN)/python -m pytest -n auto tests/faults

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The stamps name what is installed: a second call installs nothing, a changed pin or pyproject.toml does.

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "prepd needs Python 3.11 or later with venv (make PYTHON=... to name one)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt requirements-build.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing prepd and what it needs into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing prepd and what its tests need into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/installed

# man/prepd.1, from the command line's own parser.
man: $(VENV)/installed-dev
	@PYTHONPATH=. $(BIN)/python docs/manpage.py

# docs/images: the report at the end of the demo's story, and the pages that it serves. Needs Chromium
# (make CHROMIUM=... to name it).
pictures: $(VENV)/installed
	@$(BIN)/python docs/pictures.py $(CHROMIUM)

# Pins for every Python from 3.11 on at once, with the hashes of all wheels; no index, no path in them.
# make lock UPGRADE=--upgrade raises them.
COMPILE = $(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --no-config --fork-strategy fewest

lock: | $(VENV)/bin/python
	@$(PIP) install uv
	$(COMPILE) pyproject.toml --group dev -o requirements-dev.txt
	$(COMPILE) pyproject.toml -c requirements-dev.txt -o requirements.txt
	$(COMPILE) --group build -c requirements-dev.txt -o requirements-build.txt
	$(COMPILE) --group audit -o requirements-audit.txt
	$(COMPILE) --group khal -o benchmarks/requirements-khal.txt

# Known vulnerabilities of everything that is pinned. Asks a public database, so it is no part of `make test`.
audit: .venv-audit/installed
	.venv-audit/bin/pip-audit --disable-pip --require-hashes -r requirements.txt
	.venv-audit/bin/pip-audit --disable-pip --require-hashes -r requirements-dev.txt

.venv-audit/installed: requirements-audit.txt
	$(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/python -m pip --quiet install --require-hashes -r requirements-audit.txt
	@touch $@

# Beside other clients of the same calendars, and beside khal. make bench ONLY="--only reading" measures that part anew.
bench: $(VENV)/installed-dev .venv-khal/installed
	$(BIN)/python benchmarks/run.py --khal .venv-khal/bin/khal $(ONLY)

.venv-khal/installed: benchmarks/requirements-khal.txt
	$(PYTHON) -m venv .venv-khal
	@.venv-khal/bin/python -m pip --quiet install --require-hashes -r benchmarks/requirements-khal.txt
	@touch $@

# On each supported Python that the machine has (make dist PYTHONS="python3.13 ..." names them).
dist: $(VENV)/installed-dev
	$(BIN)/python tests/release.py $(PYTHONS)

# Whether the lower bounds of pyproject.toml are true: prepd on the oldest of what it says it works with.
lowest: .venv-lowest/installed
	.venv-lowest/bin/prepd demo
	.venv-lowest/bin/python -m pytest -n auto -q tests/contract tests/connectors tests/e2e tests/render tests/store tests/test_*.py

.venv-lowest/installed: pyproject.toml requirements-dev.txt | $(VENV)/bin/python
	@$(PIP) install uv
	$(PYTHON) -m venv .venv-lowest
	$(BIN)/uv pip compile --quiet --resolution lowest-direct --no-config --no-header pyproject.toml -o .venv-lowest/requirements.txt
	@.venv-lowest/bin/python -m pip --quiet install -r .venv-lowest/requirements.txt
	@.venv-lowest/bin/python -m pip --quiet install hatchling hypothesis jsonschema pytest pytest-xdist selenium
	@.venv-lowest/bin/python -m pip --quiet install --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) .venv-audit .venv-khal .venv-lowest build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
