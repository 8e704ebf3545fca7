# make demo    build the GPT-2 in models/ for RISC-V and run it on the emulator
# make test    run all tests, on all processors
# make fuzz    fuzz the emulator and the evaluator for BUDGET seconds, a third of them each with
#              vector instructions, hostile programs, and programs in Python
# make lint    check the style, and the types of what Python programs import
# make test-oldest, test-newest
#              run the tests with the oldest NumPy and Unicorn that serve, or with the newest, on
#              every Python here; TESTS names a part of them, such as TESTS='$(SMOKE)'
# make clean   remove what the others made
#
# Each sets up .venv by itself, and again only when the packaging has changed. PYTHON names the
# interpreter to set it up with (3.10 or newer).

PYTHON ?= python3
PROMPT ?= Beautiful is
BUDGET ?= 600
TESTS ?=

# The Pythons that there are, of those that Fleet runs on.
PYTHONS ?= $(shell for python in python3.10 python3.11 python3.12 python3.13 python3.14; do \
    $$python -c '' 2>/dev/null && echo $$python; done; true)

# What tells soon whether a Python and its packages serve: each layer, on each executor.
SMOKE := tests/cli/test_front_door.py tests/emu/test_observer.py tests/documentation/test_scripts.py \
    tests/models/test_gpt2.py \
    'tests/models/test_loop_programs.py::test_a_program_prints_what_cpython_prints[lu]'

# One environment serves all; a stamp file for each set of requirements says that it is installed.
VENV := .venv
BIN := $(VENV)/bin
PACKAGING := setup.cfg pyproject.toml

.PHONY: demo test fuzz lint clean test-oldest test-newest
.DELETE_ON_ERROR:

demo: $(VENV)/installed
	$(BIN)/python -m fleet build models/gpt2.py -o out.elf
	$(BIN)/python -m fleet emu out.elf "$(PROMPT)"

test: $(VENV)/installed-test
	$(BIN)/python -m pytest -p tests.side_by_side $(PYTEST_FLAGS)

fuzz: $(VENV)/installed
	$(BIN)/python -m tests.emu.fuzz --seconds $$(($(BUDGET) / 3))
	$(BIN)/python -m tests.emu.fuzz --seconds $$(($(BUDGET) / 3)) --hostile
	$(BIN)/python -m tests.fuzz --budget $$(($(BUDGET) / 3))

lint: $(VENV)/installed-lint
	$(BIN)/ruff check
	$(BIN)/mypy

test-oldest test-newest: test-%: $(PACKAGING) tools/%.txt
	@test -n "$(PYTHONS)" || { echo "no Python from 3.10 on is here"; exit 1; }
	@for python in $(PYTHONS); do \
	    place=$(VENV)-$*/$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	    $$python -m venv $$place && \
	    $$place/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --upgrade \
	        --constraint tools/$*.txt --editable '.[test]' && \
	    $$place/bin/python -m fleet --version && \
	    $$place/bin/python -m pytest $(PYTEST_FLAGS) $(TESTS) || exit 1; \
	done

clean:
	rm -rf $(VENV) $(VENV)-oldest $(VENV)-newest build *.egg-info out.elf .mypy_cache .pytest_cache .ruff_cache
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
