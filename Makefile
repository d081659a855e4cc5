# Two commands do everything on a fresh Debian 12 machine: make demo, make test.
SHELL := /bin/bash
BIN := .venv/bin
WORKERS ?= $(shell expr $$(nproc) + 1)  # a test waits for its servers and commands; two more than cores are in each other's way
unexport PYTHONDONTWRITEBYTECODE  # where it is set, every process compiles all of cchc anew: half a second each

.PHONY: demo test bench check format lock clean release
.DEFAULT_GOAL := demo

.venv/.run: requirements.lock pyproject.toml setup/packages-run.txt
	@setup/system-packages setup/packages-run.txt
	@setup/environment requirements.lock
	@touch $@

.venv/.test: requirements-dev.lock pyproject.toml setup/packages-run.txt setup/packages-test.txt
	@setup/system-packages setup/packages-run.txt setup/packages-test.txt
	@setup/environment requirements-dev.lock
	@touch $@ .venv/.run

tests/oidc/node_modules: tests/oidc/package-lock.json tests/oidc/.npmrc | .venv/.test
	@setup/node-packages tests/oidc

demo: .venv/.run  ## everything needed, then Khánh Hòa for 2024Q3 and 2024Q4
	$(BIN)/cchc demo build
	$(BIN)/cchc run 2024Q3
	$(BIN)/cchc run 2024Q4

test: .venv/.test tests/oidc/node_modules  ## everything needed, then all tests, and all checks beside them
	@mkdir -p build
	@$(MAKE) --no-print-directory check > build/checks.txt 2>&1 & checks=$$!; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder; tests=$$?; \
	wait $$checks; checked=$$?; cat build/checks.txt; exit $$((tests ? tests : checked))

check: .venv/.test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/.test  ## make bench, or make bench NAME=state_facts
	@setup/system-packages setup/packages-bench.txt
	@$(BIN)/python -m benchmarks $(NAME)

format: .venv/.test
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: .venv/.test  ## newest versions that pyproject.toml allows, with hashes
	@$(BIN)/uv pip compile pyproject.toml --extra build --python-version 3.11 --upgrade \
	    --generate-hashes --no-emit-index-url --no-annotate --no-header --no-strip-extras -q -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra build --extra dev -c requirements.lock --python-version 3.11 --upgrade \
	    --generate-hashes --no-emit-index-url --no-annotate --no-header --no-strip-extras -q -o requirements-dev.lock

release: .venv/.test  ## make release KEY=private-key: wheel, source archive, checksums and signature of what is committed
	@setup/release $(KEY)

clean:  ## what was built; the data under var/ stays
	rm -rf .venv tests/oidc/node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
