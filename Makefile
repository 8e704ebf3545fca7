# make demo    build the GPT-2 in models/ for RISC-V and run it on the emulator
# make test    run all tests
# make fuzz    fuzz the emulator and the evaluator for BUDGET seconds, a third of them each with
#              vector instructions, hostile programs, and programs in Python
# make lint    check the style, and the types of what Python programs import
# make clean   remove what the others made
#
# Each sets up .venv by itself, and again only when the packaging has changed. PYTHON names the
# interpreter to set it up with (3.10 or newer).

PYTHON ?= python3
PROMPT ?= Beautiful is
BUDGET ?= 600

# One environment serves all; a stamp file for each set of requirements says that it is installed.
VENV := .venv
BIN := $(VENV)/bin
PACKAGING := setup.cfg pyproject.toml

.PHONY: demo test fuzz lint clean
.DELETE_ON_ERROR:

demo: $(VENV)/installed
	$(BIN)/python -m fleet build models/gpt2.py -o out.elf
	$(BIN)/python -m fleet emu out.elf "$(PROMPT)"

test: $(VENV)/installed-test
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

fuzz: $(VENV)/installed
	$(BIN)/python -m tests.emu.fuzz --seconds $$(($(BUDGET) / 3))
	$(BIN)/python -m tests.emu.fuzz --seconds $$(($(BUDGET) / 3)) --hostile
	$(BIN)/python -m tests.evaluator.random_bodies --enabled --budget $$(($(BUDGET) / 3))

lint: $(VENV)/installed-lint
	$(BIN)/ruff check
	$(BIN)/mypy

clean:
	rm -rf $(VENV) build *.egg-info out.elf .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit("Fleet needs Python 3.10 or newer, and $(PYTHON) is " \
	    + sys.version.split()[0]) if sys.version_info < (3, 10) else 0'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(PACKAGING) | $(VENV)/created
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-%: $(PACKAGING) | $(VENV)/created
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@
