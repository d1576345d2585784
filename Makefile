# Everything that a fresh Debian with Python 3.11 and make needs: `make demo`, `make test`.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SPEED  ?= 1
FEDERATED ?=
SEED ?=
RESIDENTS ?= 1000
MINUTES ?= 15
OPTIONS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long lint audit bench chaos screenshot clean-demo

help:
	@echo 'make demo        the whole loop in your browser (SPEED=360: four hours pass in forty seconds)'
	@echo 'make demo FEDERATED=1  the same on three homeservers: the village has its own'
	@echo 'make test        all tests, with a real homeserver, Redis, PostgreSQL, carrier and browser'
	@echo 'make test-long   what make test leaves out: the stack on both databases, all dialogues, chaos …'
	@echo 'make lint        ruff, mypy --strict, import-linter'
	@echo 'make audit       whether an advisory is known about a package; needs a way to PyPI'
	@echo 'make bench       benchmarks, each a ratio to a limit measured in the same run'
	@echo 'make chaos       a thousand residents while everything dies; SEED=7 plays a script again'
	@echo 'make screenshot  take the picture in docs/ anew'
	@echo 'make clean-demo  forget everything that the demo has kept'

# The stamp is older than the lists of packages when something must be installed.
STAMP := $(VENV)/installed
setup: $(STAMP)
$(STAMP): pyproject.toml constraints.txt deploy/virtualenv.sh
	deploy/virtualenv.sh $(PYTHON) $(VENV)
	@touch $@

demo: $(STAMP)
	@$(BIN)/python -m demo --speed $(SPEED) $(if $(FEDERATED),--federated)

# A test that failed among three processes that wrestle for two processors is run once more by itself. If it
# passes then, it counted on a quick machine: the run says so at its end, and the test is to be mended.
test: $(STAMP)
	deploy/browser.sh
	@$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder -m "not long" || { \
	    [ $$? -eq 1 ] && echo && echo 'FAILED, and run once more by itself:' && \
	    $(BIN)/python -m pytest --last-failed --last-failed-no-failures none -m "not long" && \
	    echo 'UNSTEADY: what is named above failed, and passed when it was run once more. Mend it.'; }

test-long: $(STAMP)
	deploy/browser.sh
	$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder -m long

# The pictures in README and docs/, from the browser tests' own run.
screenshot: $(STAMP)
	deploy/browser.sh
	$(BIN)/python -m pytest tests/page/test_demo.py tests/page/test_walk.py tests/page/test_desk.py tests/page/test_monday.py -k "whole_loop or walk or desk or monday"
	cp test-artifacts/demo.png test-artifacts/walk-*.png test-artifacts/desk-map.png docs/
	for each in map draft unread notice task allowances care care-390 print cards; do cp test-artifacts/monday-$$each.png docs/; done

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit:
	$(PYTHON) .ci/audit.py $(OPTIONS)

bench: $(STAMP)
	@set -e; for each in intake journey texting memory territory deadlines desk; do $(BIN)/python -m bench.$$each; done

chaos: $(STAMP)
	$(BIN)/python -m chaos --postgres --residents $(RESIDENTS) --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

clean-demo:
	rm -rf .demo .demo-federated
