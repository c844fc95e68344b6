# make run | test | check | setup | clean          (PORT=8501 HOST=127.0.0.1 PYTHON=python3)
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
BIN := .venv/bin
export HF_HUB_OFFLINE = 1
export ANONYMIZED_TELEMETRY = False
export TOKENIZERS_PARALLELISM = false

.PHONY: run setup check test clean

run: setup  ## the library made current, then the chat at http://$(HOST):$(PORT)
	$(BIN)/python ingest.py || [ $$? -eq 1 ]
	$(BIN)/streamlit run app.py --server.address $(HOST) --server.port $(PORT)

setup: .venv/installed

.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (this is $$($(PYTHON) --version)). Name one: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "No virtual environment could be made. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@touch $@

check: setup  ## lint, types, direction of imports, age of the case studies, quick tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python corpus/_masters/stale_cases.py
	$(BIN)/python -m pytest -q -m "not slow and not browser"

test: check  ## everything: the slow tests, the page in Chromium, the evaluation gate
	$(BIN)/python ingest.py || [ $$? -eq 1 ]
	$(BIN)/python -m pytest -q -m "slow or browser"
	$(BIN)/python -m evals gate

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
