# Beltoon: each target sets up what it needs; `make demo` and `make test` work on a fresh machine.
# What setting up tells goes to standard error: `make demo DEMO=--json` prints one document and nothing else.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/lock.txt
STAMP := $(VENV)/.stamp-$(shell sha256sum $(LOCK) pyproject.toml | sha256sum | cut -c1-16)
WORKERS ?= 3

.PHONY: setup asterisk check fast test demo bench images soak lock clean

setup: $(STAMP)

$(STAMP): $(LOCK) pyproject.toml
	@PYTHON=$(PYTHON) tools/system-packages >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) >&2
	@echo "Installing the locked packages …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK) >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
	@rm -f $(VENV)/.stamp-*
	@touch $@

# Our Asterisk: the system's own when good enough, else fetched once, without root, into the cache.
asterisk: setup
	@$(BIN)/beltoon asterisk get >&2

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/licences.py
	@told=$$($(BIN)/pytest --collect-only -q 2>&1) || { echo "$$told" | tail -n 20; exit 1; }

fast: setup
	@$(BIN)/pytest -q tests/unit tests/acceptance -m "not asterisk and not postgres and not chromium and not speech and not containers and not soak"

test: asterisk
	@tools/system-packages test >&2
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not soak"

demo: asterisk
	@$(BIN)/beltoon demo --get-models $(DEMO)

bench: asterisk
	@for name in line launch import selection speech; do $(BIN)/beltoon bench $$name || exit 1; done

# Images for containers: localhost/beltoon and localhost/beltoon-asterisk.
images: asterisk
	@tools/system-packages test >&2
	@tools/build-images

soak: asterisk
	@$(BIN)/pytest -q -m soak

lock: setup
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o $(LOCK)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c $(LOCK) pyproject.toml -o requirements/runtime.txt

clean:
	@rm -rf $(VENV) .beltoon .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build *.egg-info
