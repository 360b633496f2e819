# Descent Lab. `make help` lists what there is; `make run` starts the app.
# Everything lives in .venv, which is built by itself when it is first needed.

SHELL         := /bin/bash
.SHELLFLAGS   := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test lint bench screenshots translations \
	package check-package check-wheel licences clean distclean

VENV := .venv
PY   := $(VENV)/bin/python
PIP  := -m pip --disable-pip-version-check --quiet

# The packaged app is built in an environment that has nothing but what goes into it.
PACKAGE_VENV := .venv-package
PACKAGE_PY   := $(PACKAGE_VENV)/bin/python

# make PYTHON=/path/to/python3.12 chooses the interpreter; ARGS are handed on to what is run.
PYTHON ?=
ARGS   ?=

PACKAGES  := $(VENV)/.ready-packages
TEST_LIBS := $(VENV)/.ready-libraries-offscreen
RUN_LIBS  := $(VENV)/.ready-libraries-window
FONT      := $(VENV)/.ready-font
PACKAGING := $(PACKAGE_VENV)/.ready

# Only Linux can be without a display (a local one that is named has a socket as well);
# these arguments need none.
X_SOCKET  := $(wildcard /tmp/.X11-unix/X$(firstword $(subst ., ,$(patsubst :%,%,$(DISPLAY)))))
X_DISPLAY := $(if $(filter :%,$(DISPLAY)),$(X_SOCKET),$(DISPLAY))
DISPLAYED := $(if $(filter Linux,$(shell uname -s)),$(WAYLAND_DISPLAY)$(X_DISPLAY),always)
WINDOWLESS_ARGS := $(filter --headless --screenshot --list-presets --version --help -h,$(ARGS))
OFFSCREEN := LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

ifneq ($(DISPLAYED),)
run: $(PACKAGES) $(RUN_LIBS) $(FONT) ## Start the app; ARGS="file.json" opens a file
	@$(PY) main.py $(ARGS)
else ifneq ($(WINDOWLESS_ARGS),)
run: $(PACKAGES) $(TEST_LIBS) $(FONT)
	@$(OFFSCREEN) $(PY) main.py $(ARGS)
else
run: $(PACKAGES) $(TEST_LIBS) $(FONT)
	@echo "No display here: leaving a picture, a history and a summary of tutorial 2 in out/ instead of a window."
	@mkdir -p out
	@$(OFFSCREEN) $(PY) main.py --preset tutorial-2 --iterations 50 --screenshot out/window.png
	@$(OFFSCREEN) $(PY) main.py --headless --preset tutorial-2 --history out/history.csv --summary out/summary.json
endif

test: $(PACKAGES) $(TEST_LIBS) ## Run the tests on all processors; ARGS="-k surface" chooses some
	@$(OFFSCREEN) $(PY) -m pytest --numprocesses auto --dist worksteal $(ARGS)

lint: $(PACKAGES) ## Check style (ruff) and types (mypy)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

bench: $(PACKAGES) $(TEST_LIBS) ## Measure steps, frames and surfaces
	@PYTHONPATH=. $(OFFSCREEN) $(PY) tests/benchmarks/run.py $(ARGS)

screenshots: $(PACKAGES) $(TEST_LIBS) $(FONT) ## Draw the pictures of the documentation again
	@PYTHONPATH=. $(OFFSCREEN) $(PY) tools/screenshots.py $(ARGS)

translations: $(PACKAGES) $(TEST_LIBS) ## Collect the texts of the window and compile their translations
	@$(PY) tools/translations.py $(ARGS)

package: $(PACKAGING) $(RUN_LIBS) ## Build the app to double-click, in dist/
	@$(PACKAGE_PY) tools/package.py build

check-package: $(PACKAGING) $(RUN_LIBS) ## Try what `make package` built, from an empty environment
	@bash tools/system-libraries.sh display || [ -z "$$CI" ]
	@$(PACKAGE_PY) tools/package.py check

check-wheel: $(PACKAGES) $(TEST_LIBS) ## Build a wheel, install it elsewhere and try it
	@$(PY) tools/package.py wheel

licences: $(PACKAGING) ## Collect the licences of what is bundled
	@$(PACKAGE_PY) tools/licences.py $(ARGS)

clean: ## Remove what was built and what the tools remember
	@rm -rf build dist out *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -path './.venv*' -prune -o -name __pycache__ -type d -exec rm -rf {} +

distclean: clean ## Remove the environments as well
	@rm -rf $(VENV) $(PACKAGE_VENV)

# The first Python that is new enough and really runs (a version manager's stand-in may not).
define find_python
for python in $(if $(PYTHON),'$(PYTHON)',python3.13 python3.12 python3.11 python3 python); do \
    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
        echo "$$python"; break; \
    fi; \
done
endef

# ensure_venv FOLDER: create the environment where it is not there or its Python does not run.
define ensure_venv
if ! $(1)/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
    python=$$($(find_python)); \
    if [ -z "$$python" ]; then \
        echo "Descent Lab needs Python 3.11 or newer$(if $(PYTHON), ($(PYTHON) is not),); install one$(if $(PYTHON),, or name it: make PYTHON=/path/to/python3)." >&2; \
        exit 1; \
    fi; \
    bash tools/system-libraries.sh venv "$$python"; \
    echo "Creating $(1) with $$("$$python" -V)"; \
    "$$python" -m venv --clear $(1); \
fi
endef

$(PACKAGES): pyproject.toml constraints.txt
	@$(call ensure_venv,$(VENV))
	@echo "Installing the packages into $(VENV) (a minute or two the first time)"
	@$(PY) $(PIP) install -e '.[dev]' -c constraints.txt
	@touch $@

# Begun anew whenever what goes into it changes, so that nothing from before is bundled.
$(PACKAGING): pyproject.toml constraints.txt tools/system-libraries.sh
	@rm -rf $(PACKAGE_VENV)
	@$(call ensure_venv,$(PACKAGE_VENV))
	@echo "Installing what is bundled into $(PACKAGE_VENV)"
	@$(PACKAGE_PY) $(PIP) install -e '.[package]' -c constraints.txt
	@bash tools/system-libraries.sh package $(PACKAGE_PY)
	@touch $@

$(TEST_LIBS): $(PACKAGES) tools/system-libraries.sh
	@bash tools/system-libraries.sh offscreen $(PY)
	@touch $@

$(RUN_LIBS): $(PACKAGES) tools/system-libraries.sh
	@bash tools/system-libraries.sh window $(PY)
	@touch $@

$(FONT): $(PACKAGES) tools/system-libraries.sh
	@bash tools/system-libraries.sh font
	@touch $@
