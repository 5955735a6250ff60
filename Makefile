.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
SERVE ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check clean

help:
	@echo "make demo          import an invented company and open the portal (SERVE=0: only import)"
	@echo "make test          every check and every test"

$(VENV)/.installed: requirements.lock requirements-build.lock pyproject.toml
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --require-hashes -r requirements-build.lock
	@$(VENV)/bin/pip install --quiet --require-hashes -r requirements.lock
	@$(VENV)/bin/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@$(VENV)/bin/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.installed
	@$(VENV)/bin/rollcall demo $(if $(filter 0,$(SERVE)),--no-serve)

test: $(VENV)/.installed-dev
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" bash scripts/test

clean:
	rm -rf $(VENV) build
