"""A builtin or method called with wrong arguments says what CPython's says, or is rejected."""

from __future__ import annotations

import builtins
import contextlib
import copy
import io
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evaluator.three_ways import by_ast, by_cpython, by_ir

import fleet.frontend as frontend
from fleet.diagnostics import FleetError
from fleet.evaluator.backends.eager import Eager
from fleet.evaluator.language import calls, functions
from fleet.evaluator.objects import attributes
from fleet.evaluator.objects.provided import Unsupported
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.memory import Policy
from fleet.host import Host

WRONG = re.compile(r"takes|expected (at (most|least)|\d)|missing|keyword|needs an arg|must have at")
"""How CPython words a wrong number of arguments or a wrong keyword."""
ARGUMENTS = [(), *((None,) * n for n in (1, 2, 3, 4)), (1,), (1, 1), ("a",), ("a", "b")]
CALLS = list(itertools.product(ARGUMENTS, ({}, {"wrong": 1})))
VALUES = ["ab", b"ab", [1], {1: 2}, {1}, (1,), 5, 2.5, range(3), np.ones((2, 2)), np.float64(1)]
NOT_YET = {"reshape", "argmax", "argmin"}
"""Methods whose prelude functions take what NumPy's methods do not."""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # `tofile("a")` writes a file


@pytest.fixture(scope="module")
def m(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    path = tmp_path_factory.mktemp("empty") / "program.py"
    path.write_text("", encoding="utf-8")
    made = frontend._machine(path, frontend._parsed(path), Policy())
    host = Host(["program.py"], io.StringIO(), io.StringIO(), io.StringIO())
    frontend._start(made, Eager(made.heap, host))
    return made


def _words(call: Callable[[], object]) -> str:
    try:
        call()
    except FleetError as error:
        assert error.location is not None
        return "rejected"
    except Raised as raised:
        return f"{type(raised.exception).__name__}: {raised.exception}"
    except TypeError as error:
        return f"TypeError: {error}"
    except (ValueError, LookupError, AttributeError):
        return "another error"
    return "taken"


def _ours(call: Callable[[], object]) -> str:
    """As `_words`; an exception that is not the program's is a mistake of ours and flies."""
    try:
        call()
    except FleetError as error:
        assert error.location is not None
        return "rejected"
    except Raised as raised:
        return f"{type(raised.exception).__name__}: {raised.exception}"
    return "taken"


BUILTINS = [
    name for name, value in vars(builtins).items()
    if callable(value) and not name.startswith("_") and name not in (
        "breakpoint", "copyright", "credits", "exit", "quit", "help", "input", "license", "open",
        "print", "super")
]  # fmt: skip


@pytest.mark.parametrize("name", BUILTINS)
def test_a_builtin_refuses_wrong_arguments_in_cpythons_words(name: str, m: Machine) -> None:
    ours, real = m.builtins[name], getattr(builtins, name)
    if type(ours) is Unsupported:
        return
    for arguments, keywords in CALLS:
        expected = _words(lambda a=arguments, k=keywords: real(*a, **k))
        found = _ours(lambda a=arguments, k=keywords: calls.call_value(m, ours, a, dict(k)))
        if WRONG.search(expected):
            assert found in (expected, "rejected"), (arguments, keywords)


METHODS = [
    pytest.param(value, name, id=f"{type(value).__name__}.{name}")
    for value in VALUES for name in dir(value)
    if not name.startswith("_") and callable(getattr(value, name, None)) and name not in NOT_YET
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:Data type alias 'a':DeprecationWarning")  # astype("a")
@pytest.mark.parametrize(("value", "name"), METHODS)
def test_a_method_refuses_wrong_arguments_in_cpythons_words(
    value: Any, name: str, m: Machine
) -> None:
    for arguments, keywords in CALLS:
        expected = _words(
            lambda a=arguments, k=keywords: getattr(copy.copy(value), name)(*a, **k)
        )
        if not WRONG.search(expected):
            continue
        found = _ours(lambda a=arguments, k=keywords: calls.call_value(
            m, attributes.get_attribute(m, m.own(copy.copy(value)), name), a, dict(k)
        ))  # fmt: skip
        assert found in (expected, "rejected"), (arguments, keywords)


def test_a_wrong_call_of_a_function_of_ours_is_no_exception_of_the_program(m: Machine) -> None:
    with pytest.raises(TypeError, match="call_function"):
        m.native(functions.call_function)


@pytest.mark.parametrize("source", [
    "class Array: pass\nArray(1)",
    "class Machine: pass\nMachine(1)",
    "class A:\n    def __init__(self, e): pass\nA()",
    "import numpy as np\nnp.add()",
    "def f(x): raise AttributeError('mine')\nlist(map(f, [1]))",
    "def f(x): assert x\nsorted([0], key=f)",
    "print(file=5)",
    "len(**5)",
    "isinstance(1, 'x')",
    "'{.x}'.format(1)",
    "'{0.x!r:>{1}}'.format(1, 2)",
    "'{} {0}'.format(1)",
    "'{0} {}'.format(1)",
    "'{1}'.format(1)",
    "'{x}'.format(y=1)",
    "'{x[0]}'.format_map({'x': {}})",
    "'{}'.format_map({})",
    "'{!z}'.format(1)",
    "'{:{:{}}}'.format(1, 2, 3)",
    "class A: pass\nf'{A():>3}'",
    "class A:\n    def __str__(self): return 1\nprint(A())",
    "class A:\n    def __format__(self, s): return 1\nf'{A()}'",
    "import math\nmath.nothing",
    "x = [1]\nx.nothing = 2",
    "x = [1]\nx.append = 2",
    "(1).real = 2",
    "del len.nothing",
    "vars(1)",
    "getattr(1, 2)",
])  # fmt: skip
def test_a_mistake_of_the_program_is_its_own_exception(source: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(f"{source}\n", encoding="utf-8")
    expected = by_cpython(path, [])
    assert expected[1]
    for by in (by_ast, by_ir):
        with contextlib.suppress(FleetError):
            assert by(path, []) == expected
