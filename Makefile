# Two commands are enough to begin: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo test test-alone lint check faults bench format lock messages images nurse-page system-deps clean

help: ## list every command
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements/dev.txt requirements/prepare.py pyproject.toml
	@$(PYTHON) requirements/prepare.py $(VENV)
	@touch $(STAMP)

CATALOGUES := $(wildcard wardlink/i18n/locale/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)

%.mo: %.po $(STAMP)
	@$(BIN)/pybabel -q compile -i $< -o $@

install: $(STAMP) $(COMPILED) ## prepare .venv with everything that needs no system package

demo: install ## run a whole ward on this machine; Ctrl-C ends it (ARGS="--seconds 20")
	@$(BIN)/wardlink demo $(ARGS)

test: install ## every test this machine can run; what is skipped says why
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

test-alone: install ## what failed last, once more and one by one; refuses if more than five did
	@test $$(grep -c :: .pytest_cache/v/cache/lastfailed) -le 5 || { echo "More than five: no matter of the machine."; exit 1; }
	@$(BIN)/pytest -n 0 --last-failed --last-failed-no-failures none $(ARGS)

lint: install ## format, lint, strict types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## everything a change must pass: lint and test

faults: install ## break the link on purpose and count what was lost (ARGS="--commands 10000 --events 200")
	@$(BIN)/wardlink faults $(ARGS)

bench: install ## measure the ingest against its floor; wardlink bench --help lists the rest
	@$(BIN)/wardlink bench ingest $(ARGS)

format: install ## put the code in shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: install ## bring the translation catalogues up to date with the code
	$(BIN)/python -m workbench.catalogues

nurse-page: install ## write the list of keys into the page for nurses
	$(BIN)/python -m workbench.nurse_page

images: install ## make the pictures of the README from the running programs
	$(BIN)/python -m workbench.images

lock: install ## pin every dependency again, by hash
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra workbench --group dev pyproject.toml -o requirements/dev.txt
	for part in cart bedside server; do $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra $$part pyproject.toml -o requirements/$$part.txt; done

system-deps: ## install Mosquitto, PostgreSQL, Chromium and a Chinese font (Debian, as root)
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mosquitto postgresql chromium fonts-noto-cjk tmux

clean: ## remove .venv and what the tools left behind
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find wardlink -name '*.mo' -delete
