# Kelmu. `make help` lists the commands; Python 3.11 or later and make are all they need.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
PERSONS ?= 20000
SEED ?= 1
PROCESSES ?= 2
ARGS ?=
RUN := .venv/bin/python
unexport PYTHONPATH PYTHONHOME

.PHONY: help demo test gate check format lock population bench bench-durability bench-feed bench-notices bench-oracle bench-scale kills mutants notice-kills notice-steps reference setup assets browser clean clean-all

help: ## List the commands
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' Makefile

demo: setup assets ## Run everything here with a synthetic population (PERSONS=20000); Ctrl-C stops it
	@exec $(RUN) -m tools.demo --persons $(PERSONS) --seed $(SEED)

test: setup assets browser ## Run all tests (ARGS="-k door" and the like go to pytest)
	@$(RUN) -m pytest -n $(PROCESSES) --dist loadfile $(ARGS)

check: setup assets ## Format, lint, types, layers, budgets, migrations, committed files
	@$(RUN) -m tools.checks

gate: setup assets browser ## Hold every page in every state, language and density against the gate
	@KELMU_GATE=1 $(RUN) -m pytest -n $(PROCESSES) --dist load tests/browser $(ARGS)

format: setup ## Format the source and mend what can be mended
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

lock: setup ## Write requirements/*.lock and package-lock.json anew
	@$(RUN) -m tools.setup.lock

population: setup ## Write the feed of a synthetic population to build/population (PERSONS=, SEED=, ARGS="--years 5")
	@$(RUN) -m tools.population --persons $(PERSONS) --seed $(SEED) --out build/population $(ARGS)

bench: setup assets ## Measure inquiries over the machine interface against pgbench (ARGS="--persons 20000")
	@$(RUN) -m bench.inquiry $(ARGS)

bench-durability: setup ## Measure what it costs that an entry is on disk before its look
	@$(RUN) -m bench.durability

bench-feed: setup ## Measure loading a feed against a bare COPY of the same rows (ARGS="--persons 20000")
	@$(RUN) -m bench.feed $(ARGS)

bench-notices: setup ## Measure a run of the pick rules over the register (ARGS="--persons 20000")
	@$(RUN) -m bench.notices $(ARGS)

bench-scale: setup ## Measure inquiries at registers of growing size (hours; ARGS="--sizes 5600,56000 --registers DIR")
	@$(RUN) -m bench.scale $(ARGS)

kills: setup ## Kill feed loads and runs of the pick rules at 50 seeded moments each: nothing half, lost or twice
	@KELMU_KILLS=50 $(RUN) -m pytest tests/feed/test_killed.py tests/notices/test_pick_command.py $(ARGS)

notice-steps: setup ## Let officials of four bodies work on notices for 10,000 steps; none is lost, doubled or seen by others
	@KELMU_NOTICE_STEPS=10000 $(RUN) -m pytest tests/notices/test_state_machine.py -s $(ARGS)

notice-kills: setup ## Kill processes 150 times in the middle of passing a notice on; it is in one inbox
	@KELMU_NOTICE_KILLS=50 $(RUN) -m pytest tests/notices/test_killed.py $(ARGS)

bench-oracle: setup ## Measure whether an answer's time tells kinds of persons apart (ARGS="--pairs 200")
	@$(RUN) -m bench.oracle $(ARGS)

mutants: setup ## Put faults into policy and door; each must fail a test (hours; ARGS="--quick 20": see CONTRIBUTING.md)
	@$(RUN) -m bench.mutants $(ARGS)

reference: setup ## Write docs/reference/ anew: settings, audit events, policy matrix
	@$(RUN) -m tools.reference

setup: ## Make .venv from the lock files
	@$(PYTHON) -m tools.setup.environment

assets: setup ## Build the pages' styles, fonts and message catalogues
	@$(RUN) -m tools.frontend.build

browser: setup ## Find or install a Chromium for the browser tests
	@$(RUN) -m tools.setup.browser

clean: ## Remove what is built, and the demo's data
	@if [ -x $(RUN) ]; then $(RUN) -m tools.setup.cleaning; else rm -rf .data; fi
	@rm -rf build staticfiles design-tokens* .mypy_cache .ruff_cache .import_linter_cache .hypothesis

clean-all: clean ## Remove also .venv and node_modules
	@rm -rf .venv node_modules
