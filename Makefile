# The study's commands. `make help` lists them.
# Needed: make and Python 3.11 or newer with venv. Nothing has to be activated or installed before.
# PYTHON=python3.12 chooses the Python; WORKERS=4 how many notebooks and test processes run at a time.

PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help env study test test-browser lab figures report train lock clean
.SUFFIXES:

# One thread per process, one hash seed, one clock, one locale: the same bytes on every machine.
export PYTHONHASHSEED := 0
export SOURCE_DATE_EPOCH := 0
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export MPLBACKEND := Agg
export TZ := UTC
export LC_ALL := C.UTF-8
export FRAMING_WORKERS := $(WORKERS)

# The user's own packages and settings of Python, Jupyter, IPython and matplotlib stay out of the study.
export PYTHONNOUSERSITE := 1
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONWARNINGS VIRTUAL_ENV CONDA_PREFIX MATPLOTLIBRC JUPYTER_PATH JUPYTER_CONFIG_PATH
export JUPYTER_CONFIG_DIR := $(CURDIR)/$(VENV)/var/jupyter/config
export JUPYTER_DATA_DIR := $(CURDIR)/$(VENV)/var/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/$(VENV)/var/jupyter/runtime
export JUPYTERLAB_SETTINGS_DIR := $(CURDIR)/$(VENV)/var/jupyter/settings
export JUPYTERLAB_WORKSPACES_DIR := $(CURDIR)/$(VENV)/var/jupyter/workspaces
export IPYTHONDIR := $(CURDIR)/$(VENV)/var/ipython
export MPLCONFIGDIR := $(CURDIR)/$(VENV)/var/matplotlib
export PIP_DISABLE_PIP_VERSION_CHECK := 1

define PYTHON_CHECK
import hashlib, os, sys
if sys.version_info < (3, 11):
    found = "%d.%d.%d (%s)" % (sys.version_info[:3] + (sys.executable,))
    sys.exit("Python " + found + " is too old: the study needs Python 3.11 or newer. "
             "Name one, for example: make env PYTHON=python3.12")
key = hashlib.sha256((sys.version + "\n" + os.getcwd()).encode())
for name in ("requirements-bootstrap.lock", "requirements.lock", "pyproject.toml"):
    with open(name, "rb") as file:
        key.update(file.read())
print(sys._base_executable if sys.argv[1] == "executable" else key.hexdigest())
endef
export PYTHON_CHECK

define LAB_SETTINGS
{
  "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}
}
endef
export LAB_SETTINGS

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

# The stamp is written last and names lock, pyproject, Python and folder: whatever differs, or stopped half-way, is built anew.
env: ## build the environment in .venv from the hashed lock (nothing to do if it is there)
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { echo "no command '$(PYTHON)': the study needs Python 3.11 or newer. Name one, for example: make env PYTHON=python3.12" >&2; exit 1; }; \
	key=$$("$(PYTHON)" -c "$$PYTHON_CHECK" key) || exit 1; \
	if [ "$$(cat $(VENV)/.stamp 2>/dev/null)" = "$$key" ] && $(BIN)/python -c '' 2>/dev/null; then exit 0; fi; \
	set -e; \
	python=$$("$(PYTHON)" -c "$$PYTHON_CHECK" executable); \
	echo "building the environment in $(VENV) ..."; \
	rm -rf $(VENV); \
	"$$python" -m venv $(VENV); \
	if $(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements-bootstrap.lock; then \
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock; \
	else \
	  echo "uv is not to be had for this platform; pip takes about a minute longer ..."; \
	  $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock; \
	fi; \
	$(BIN)/python -m pip install --quiet --no-index --no-deps --no-build-isolation -e .; \
	mkdir -p $(VENV)/share/jupyter/lab/settings $(VENV)/var/matplotlib; \
	printf '%s\n' "$$LAB_SETTINGS" > $(VENV)/share/jupyter/lab/settings/overrides.json; \
	printf '%s\n' "$$key" > $(VENV)/.stamp; \
	echo "built $(VENV)"

study: env ## run everything: tables, figures, notebooks and the report
	$(BIN)/framing study

figures: env ## write the figures only
	$(BIN)/framing figures

report: env ## write the HTML report from the executed notebooks
	$(BIN)/framing report

test: env ## lint, tests, and the notebooks re-executed and compared
	$(BIN)/ruff check .
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile -m "not notebooks"
	$(BIN)/python -m pytest -q -n $(WORKERS) -m notebooks

# Drives JupyterLab and the report in Debian's chromium, without a network but this machine's own address. The driver has an
# environment of its own, so that .venv holds what the study needs and nothing else.
BROWSER := .cache/browser
test-browser: env ## try JupyterLab, the coding desk and the report in a real browser (installs what that needs)
	@command -v chromium >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    echo "installing chromium ..."; apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null; \
	  else \
	    echo "no command 'chromium': the browser tests need it. Install it, for example: sudo apt-get install chromium" >&2; exit 1; \
	  fi; }
	@if ! cmp -s requirements-browser.lock $(BROWSER)/.stamp; then \
	  set -e; rm -rf $(BROWSER); "$$($(BIN)/python -c 'import sys; print(sys._base_executable)')" -m venv $(BROWSER); \
	  if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --python $(BROWSER)/bin/python --require-hashes -r requirements-browser.lock; \
	  else $(BROWSER)/bin/python -m pip install --quiet --require-hashes -r requirements-browser.lock; fi; \
	  cp requirements-browser.lock $(BROWSER)/.stamp; \
	fi
	$(BROWSER)/bin/python -m pytest -q -c tests/browser/pytest.ini tests/browser

# LAB takes options for JupyterLab, for example LAB="--no-browser --port=8890".
lab: env ## open JupyterLab at the first notebook
	$(BIN)/python -m jupyterlab --LabApp.default_url=/lab/tree/notebooks/00_start.ipynb $(LAB)

# DATA holds train.jsonl, dev_rw.jsonl and dev_mt.jsonl of NewsMTSC; ENCODER holds model.safetensors and vocab.txt of
# all-mpnet-base-v2. TWIN=1 trains the target-blind twin as well, SMALL=folder the small encoder (45 minutes more), from
# model.safetensors and vocab.txt of all-MiniLM-L6-v2. STEPS=20 tries every step out on 400 targets and as many batches.
# Nothing of the project changes but .cache/train.
TRAIN := .cache/train
TRAINER = $(TRAIN)/bin/python benchmarks/train_encoder
FORM = --kind dq4 --embedding-bits 4 --bound 30000 --data "$(DATA)" --texts "$(DATA)/train.jsonl" seeds/texts
TRY = $(if $(STEPS),--limit 400 --steps $(STEPS))
train: ## train the encoder anew (DATA=NewsMTSC folder, ENCODER=weights folder): about 50 minutes
	@test -f "$(DATA)/train.jsonl" || { echo "no train.jsonl in '$(DATA)': name the folder of NewsMTSC, DATA=..." >&2; exit 1; }
	@test -z "$(SMALL)" || test -f "$(SMALL)/model.safetensors" || { echo "no model.safetensors in '$(SMALL)': name the folder of the small encoder's weights, SMALL=..." >&2; exit 1; }
	@test -f "$(ENCODER)/model.safetensors" || { echo "no model.safetensors in '$(ENCODER)': name the folder of the encoder's weights, ENCODER=..." >&2; exit 1; }
	"$(PYTHON)" -m venv --clear $(TRAIN)
	$(TRAIN)/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	$(TRAIN)/bin/python -m pip install --quiet --no-build-isolation -e '.[train]'
	$(TRAINER)/train.py $(TRY) "$(DATA)" "$(ENCODER)" $(TRAIN)/model
	$(if $(TWIN),$(TRAINER)/train.py $(TRY) --blind "$(DATA)" "$(ENCODER)" $(TRAIN)/twin)
	$(TRAINER)/export.py $(TRAIN)/model "$(ENCODER)" $(TRAIN)/out $(FORM)
	$(TRAIN)/bin/python benchmarks/measure_encoder.py "$(DATA)" $(TRAIN)/out $(if $(TWIN),--twin $(TRAIN)/twin)
	$(TRAIN)/bin/python benchmarks/model_card.py $(TRAIN)/out/encoder_card.json $(TRAIN)/out/model-card-encoder.md
ifdef SMALL
	$(TRAINER)/distil.py $(TRY) "$(DATA)" $(TRAIN)/model "$(ENCODER)" "$(SMALL)" $(TRAIN)/small
	$(TRAINER)/export.py $(TRAIN)/small "$(ENCODER)" $(TRAIN)/out --name encoder-small $(FORM)
	$(TRAIN)/bin/python benchmarks/measure_encoder.py "$(DATA)" $(TRAIN)/out --name encoder-small
	$(TRAIN)/bin/python benchmarks/model_card.py $(TRAIN)/out/encoder-small_card.json $(TRAIN)/out/model-card-encoder-small.md
endif

# uv stands apart from .venv here, so that a lock which cannot be installed can still be mended.
# UPGRADE=1 takes the newest versions; otherwise only what requirements.in asks for moves. The extra of lxml is locked as
# a package of its own: older versions of pip take its two spellings for two extras, and stop.
LOCK_OPTIONS = --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-annotate --no-header --no-strip-extras --no-emit-index-url $(if $(UPGRADE),--upgrade)
lock: ## lock the requirements again (UPGRADE=1 for the newest versions)
	"$(PYTHON)" -c "$$PYTHON_CHECK" key >/dev/null
	"$(PYTHON)" -m venv --clear .cache/lock
	.cache/lock/bin/python -m pip install --quiet --require-hashes -r requirements-bootstrap.lock
	.cache/lock/bin/uv pip compile $(LOCK_OPTIONS) requirements.in -o requirements.lock
	sed 's/^lxml\[html-clean\]==/lxml==/' requirements.lock > requirements.lock.partial && mv requirements.lock.partial requirements.lock
	echo uv | .cache/lock/bin/uv pip compile $(LOCK_OPTIONS) - -o requirements-bootstrap.lock
	printf 'playwright\npytest\n' | .cache/lock/bin/uv pip compile $(LOCK_OPTIONS) -c requirements.lock - -o requirements-browser.lock
	rm -rf .cache/lock

clean: ## remove the environment and the caches; what is committed stays
	rm -rf $(VENV) .cache .pytest_cache .ruff_cache .hypothesis build comparative_framing_study.egg-info
	find analysis tests benchmarks -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	find notebooks -type d -name .ipynb_checkpoints -prune -exec rm -rf {} + 2>/dev/null || true
