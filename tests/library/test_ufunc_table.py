"""Every element-wise function and operator against NumPy, for pairs of operands of all kinds.

What is compared is the kind and dtype of the result, or the error to the letter; values are other
tests' affair. Operands of run time are a function's arguments, so that nothing need be run.
"""

from __future__ import annotations

import functools
import itertools
import operator
import random
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import fleet.frontend as frontend
from fleet.evaluator.backends.staged import Staged
from fleet.evaluator.language import calls
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.memory import Policy
from fleet.evaluator.values.emitter import SCALARS, tensor_type
from fleet.evaluator.values.heap import Cell
from fleet.evaluator.values.then import Array, Number, Tensor
from fleet.ir.core import Block
from fleet.library.numpy.ufuncs import NAMES

DTYPES = [np.dtype(name) for name in """bool int8 int16 int32 int64 uint8 uint16 uint32 uint64
          float16 float32 float64""".split()]  # fmt: skip
PLAIN = (True, 1, -1, 300, -300, 70000, 2**31, 2**40, 2**63, 2**64, 1.5, 1e300)
OPERATORS = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
    operator.pow, operator.and_, operator.or_, operator.xor, operator.lshift, operator.rshift,
    operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne,
]
UNARY_OPERATORS = [operator.neg, operator.pos, operator.invert, abs]
COMPARISONS = {"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"}
FUNCTIONS = sorted(set(NAMES.values()) - {"isnat", "conjugate"})
SHARE = 60
"""One of so many combinations is tried."""

Operand = tuple[Any, Any]
"""NumPy's, and ours."""


@pytest.fixture(scope="module")
def m(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    path = tmp_path_factory.mktemp("table") / "program.py"
    path.write_text("", encoding="utf-8")
    made = frontend._machine(path, frontend._parsed(path), Policy())
    block = Block()
    frontend._start(made, Staged(made.heap, block, made.location))
    made.backend.e.builder.block = block
    return made


def run_time_array(m: Machine, dtype: np.dtype, scalar: bool) -> Array:
    e, shape = m.backend.e, () if scalar else (2,)
    value = e.builder.block.add_argument(tensor_type(shape, dtype))
    return Array(e, Cell(Tensor(value, shape, dtype)), shape, dtype, scalar=scalar)


def operands(m: Machine) -> list[Operand]:
    """Arrays and scalars of run time, known scalars, and Python's numbers."""
    made: list[Operand] = []
    for dtype in DTYPES:
        made.append((np.ones(2, dtype), run_time_array(m, dtype, False)))
        made.append((dtype.type(1), run_time_array(m, dtype, True)))
        made.append((dtype.type(1), dtype.type(1)))
    for kind, number in (("int", 1), ("float", 1.0), ("bool", True)):
        native = m.backend.e.builder.block.add_argument(SCALARS[kind])
        made.append((number, Number(m.backend.e, kind, native)))
    return made + [(number, number) for number in PLAIN]


def kind_of(result: Any) -> Any:
    """What the program sees of a result's type."""
    match result:
        case tuple():
            return tuple(map(kind_of, result))
        case Array():
            return "scalar" if result.scalar else "array", result.dtype.name
        case Number():
            return "number", result.kind
        case np.ndarray():
            return "array", result.dtype.name
        case np.generic():
            return "scalar", result.dtype.name
    return "number", type(result).__name__


REDUCTIONS = """sum prod max min mean var std any all argmax argmin cumsum cumprod add.reduce
    multiply.reduce maximum.reduce subtract.reduce logical_or.reduce bitwise_and.reduce
    divide.reduce logical_xor.reduce gcd.reduce less.reduce sqrt.reduce add.accumulate
    subtract.accumulate power.accumulate""".split()
RUNNING = {"argmax", "argmin", "cumsum", "cumprod"}
"""Those that know one axis only, and neither `initial` nor `where`."""


def outcome(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    try:
        return kind_of(function(*arguments, **options))
    except Raised as raised:
        return type(raised.exception).__name__, str(raised.exception)
    except Exception as error:
        return type(error).__name__, str(error)


def drawn(
    generator: random.Random, every: list[Operand], count: int
) -> Iterator[tuple[Operand, ...]]:
    for combination in itertools.product(every, repeat=count):
        if generator.randrange(SHARE) == 0 or count == 1:
            yield combination


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def test_functions_of_all_pairs(m: Machine) -> None:
    every, generator = operands(m), random.Random(1)
    differences = []
    for name in FUNCTIONS:
        m.backend.e.emitted = 0  # each is a program of its own, as budgets go
        real, ours = getattr(np, name), m.modules["numpy"].get(name)
        for chosen in drawn(generator, every, real.nin):
            expected = outcome(real, *(one for one, _ in chosen))
            got = outcome(calls.call_value, m, ours, tuple(one for _, one in chosen), {})
            if got != expected:
                differences.append((name, chosen, expected, got))
    assert differences == []


def test_operators_of_all_pairs(m: Machine) -> None:
    every, generator = operands(m), random.Random(2)
    differences = []
    for function in (*OPERATORS, *UNARY_OPERATORS):
        m.backend.e.emitted = 0
        for chosen in drawn(generator, every, 1 if function in UNARY_OPERATORS else 2):
            if not any(isinstance(one, Array) for _, one in chosen):
                continue  # Python's own affair
            expected = outcome(function, *(one for one, _ in chosen))
            got = outcome(m.native, function, *(one for _, one in chosen))
            if got != expected:
                differences.append((function, chosen, expected, got))
    assert differences == []


def _options(m: Machine, generator: random.Random, count: int) -> tuple[dict, dict]:
    """Options of a call, NumPy's and ours, with places for so many results."""
    theirs: dict[str, Any] = {}
    mine: dict[str, Any] = {}
    place = functools.partial(Array, m.backend.e)
    if generator.random() < 0.6:
        shape = generator.choice([(2,), (2,), (3,), (4, 2), (1, 2), ()])
        outs = [np.ones(shape, generator.choice(DTYPES)) for _ in range(count)]
        theirs["out"] = tuple(outs)
        mine["out"] = tuple(place(Cell(out.copy()), out.shape, out.dtype) for out in outs)
    if generator.random() < 0.4:
        theirs["dtype"] = mine["dtype"] = generator.choice(DTYPES)
    if generator.random() < 0.4:
        rules = ["no", "equiv", "safe", "same_kind", "unsafe", "bad"]
        theirs["casting"] = mine["casting"] = generator.choice(rules)
    if generator.random() < 0.3:
        masks = [np.array([True, False]), np.array([1, 0]), np.array([[True], [False]])]
        mask = theirs["where"] = generator.choice(masks)
        mine["where"] = place(Cell(mask), mask.shape, mask.dtype)
    return theirs, mine


def test_options(m: Machine) -> None:
    every, generator = operands(m), random.Random(3)
    differences = []
    for _ in range(1500):
        m.backend.e.emitted = 0
        name = generator.choice(FUNCTIONS)
        real = getattr(np, name)
        chosen = [generator.choice(every) for _ in range(real.nin)]
        if name in COMPARISONS and any(type(one) is int for one, _ in chosen):
            continue  # NumPy itself crashes on ints out of bounds with `out` and `dtype`
        theirs, mine = _options(m, generator, real.nout)
        expected = outcome(real, *(one for one, _ in chosen), **theirs)
        ours = m.modules["numpy"].get(name)
        got = outcome(calls.call_value, m, ours, tuple(one for _, one in chosen), mine)
        if got != expected:
            differences.append((name, chosen, theirs, expected, got))
    assert differences == []


def _reduction(m: Machine, generator: random.Random, name: str) -> tuple[dict, dict]:
    """Options of a reduction, NumPy's and ours."""
    place = functools.partial(Array, m.backend.e)
    one_axis = name in RUNNING or name.endswith("accumulate")
    options: dict[str, Any] = {}
    if generator.random() < 0.6:
        axes = [None, 0, -1, 1, 5] + ([] if one_axis else [(0, 1), (0,), (0, 0)])
        options["axis"] = generator.choice(axes)
    if not one_axis and generator.random() < 0.3:
        options["keepdims"] = True
    takes_initial = name not in ("any", "all", "mean", "var", "std")
    if not one_axis and takes_initial and generator.random() < 0.25:
        options["initial"] = generator.choice([0, 2, 1.5, 300])
    takes_dtype = "." in name or name in ("sum", "prod", "mean", "var", "std", "cumsum", "cumprod")
    if takes_dtype and generator.random() < 0.3:
        exact = name in ("var", "std")  # variances of a dtype of integers are refused
        options["dtype"] = generator.choice(
            [dtype for dtype in DTYPES if not exact or np.dtype(dtype).kind not in "iub"])
    mine = dict(options)
    if not one_axis and generator.random() < 0.25:
        mask = options["where"] = np.array(generator.choice([True, [True], [True, False, True]]))
        mine["where"] = place(Cell(mask), mask.shape, mask.dtype)
    if generator.random() < 0.25 and "initial" not in options:
        shape, dtype = generator.choice([(), (3,), (2,), (4,)]), generator.choice(DTYPES)
        options["out"] = np.zeros(shape, dtype)
        mine["out"] = place(Cell(np.zeros(shape, dtype)), shape, dtype)
    return options, mine


def _member(root: Any, path: str) -> Any:
    return functools.reduce(getattr, path.split("."), root)


def test_reductions(m: Machine) -> None:
    generator = random.Random(4)
    differences = []
    for _ in range(1500):
        m.backend.e.emitted = 0
        name, dtype = generator.choice(REDUCTIONS), generator.choice(DTYPES)
        shape = generator.choice([(4,), (2, 3), (3,), (), (2, 2, 2), (0,), (0, 3)])
        value = m.backend.e.builder.block.add_argument(tensor_type(shape, dtype))
        array = Array(m.backend.e, Cell(Tensor(value, shape, dtype)), shape, dtype)
        theirs, mine = _reduction(m, generator, name)
        function, _, method = name.partition(".")
        ours = m.modules["numpy"].get(function)
        ours = getattr(ours, method) if method else ours
        expected = outcome(_member(np, name), np.ones(shape, dtype), **theirs)
        got = outcome(calls.call_value, m, ours, (array,), mine)
        if got != expected:
            differences.append((name, dtype, shape, theirs, expected, got))
    assert differences == []
