"""Instruction selection against the loop dialect's executor, on qemu with several VLENs."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from kernel_machine import Emulator, Machine
from loop_kernels import Kernel, check, lower, random_array

from fleet.diagnostics import FleetError
from fleet.dialects import arith, loop, math
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.ir.affine import AffineConst, d
from fleet.ir.types import (
    MemRefType,
    Type,
    VectorType,
    f16,
    f32,
    f64,
    i1,
    i8,
    i16,
    i32,
    i64,
    index,
    is_float,
    numpy_dtype,
)

COUNT = 45
FLOAT_BINARY = "addf subf mulf divf maxnumf minnumf maximumf minimumf".split()
INTEGER_BINARY = (
    "addi subi muli divsi divui remsi remui andi ori xori maxsi minsi maxui minui".split()
)
SHIFTS = "shli shrsi shrui".split()


@pytest.fixture(scope="module")
def machine(request: pytest.FixtureRequest) -> Machine:
    for name in ("riscv64-linux-gnu-gcc", "qemu-riscv64"):
        if shutil.which(name) is None:
            pytest.skip(f"needs {name}, which this machine does not have")
    return Machine(lambda name: shutil.which(name))


def lanes_for(*types: Type) -> int:
    return 512 // max(8 * numpy_dtype(t).itemsize for t in types)


class Elementwise:
    """out[r, j] = the r-th of many operations on a[j], b[j] and scalars."""

    def __init__(self, types: list[Type], out: Type, rows: int, vector: bool) -> None:
        buffers = {f"in{n}": MemRefType((COUNT,), t) for n, t in enumerate(types)}
        self.kernel = Kernel({**buffers, "out": MemRefType((rows, COUNT), out)}, ["n"])
        self.types, self.out, self.row = types, out, 0
        self.lanes = lanes_for(*types, out) if vector else None

    def run(self, body) -> object:
        kernel = self.kernel

        def inside(*arguments) -> None:
            self.j = arguments[0]
            body(*(self.load(n) for n in range(len(self.types))))

        kernel.loop(kernel.constant(0), kernel["n"], [], inside, lanes=self.lanes, name="j")
        return kernel.finish()

    def load(self, number: int):
        return self.kernel.load(self.kernel[f"in{number}"], [self.j], lanes=self.lanes)

    def spread(self, value):
        """A scalar as an operand."""
        return value if self.lanes is None else self.kernel.broadcast(value, self.lanes)

    def like(self, element: Type) -> Type:
        return element if self.lanes is None else VectorType((self.lanes,), element, True)

    def keep(self, value) -> None:
        kernel = self.kernel
        kernel.store(value, kernel["out"], [self.j], AffineConst(self.row), d(0))
        self.row += 1


def arguments_for(types: list[Type], out: Type, rows: int, seed: int = 0) -> list:
    rng = np.random.default_rng(seed)
    arrays = [random_array(rng, (COUNT,), t) for t in types]
    return [*arrays, np.zeros((rows, COUNT), numpy_dtype(out)), COUNT]


@pytest.mark.parametrize("vector", [True, False], ids=["vector", "scalar"])
@pytest.mark.parametrize("type", [f32, f64], ids=str)
def test_float_operations(machine: Machine, type: Type, vector: bool) -> None:
    rows = 4 * len(FLOAT_BINARY) + 9
    made = Elementwise([type, type], type, rows, vector)
    kernel = made.kernel
    half = kernel.constant(0.5, type)

    def body(a, b) -> None:
        scalar = kernel.load(kernel["in0"], [], AffineConst(3))
        for name in FLOAT_BINARY:
            operation = getattr(arith, name)
            made.keep(kernel.op(operation, a, b))
            made.keep(kernel.op(operation, a, made.spread(scalar)))
            made.keep(kernel.op(operation, made.spread(half), b))
            made.keep(kernel.op(operation, made.spread(half), made.spread(scalar)))
        for operation in (arith.negf, math.absf, math.sqrt):
            made.keep(kernel.op(operation, a))
        made.keep(kernel.op(math.copysign, a, b))
        made.keep(kernel.op(math.copysign, made.spread(half), b))
        made.keep(kernel.op(math.fma, a, b, made.spread(half)))
        made.keep(kernel.op(math.fma, a, made.spread(half), b))
        made.keep(kernel.op(math.fma, made.spread(scalar), b, a))
        made.keep(kernel.op(math.fma, a, a, a))

    arguments = arguments_for([type, type], type, rows)
    kernel_op = made.run(body)
    check(machine, kernel_op, arguments, tolerance=1e-6 if type == f32 else 1e-15)


@pytest.mark.parametrize("vector", [True, False], ids=["vector", "scalar"])
@pytest.mark.parametrize("type", [i8, i16, i32, i64], ids=str)
def test_integer_operations(machine: Machine, type: Type, vector: bool) -> None:
    rows = 4 * len(INTEGER_BINARY) + 2 * len(SHIFTS)
    made = Elementwise([type, type], type, rows, vector)
    kernel = made.kernel
    three, low = kernel.constant(3, type), kernel.constant(-100, type)

    def body(a, b) -> None:
        scalar = kernel.load(kernel["in0"], [], AffineConst(3))
        for name in INTEGER_BINARY:
            operation = getattr(arith, name)
            made.keep(kernel.op(operation, a, b))
            made.keep(kernel.op(operation, a, made.spread(scalar)))
            made.keep(kernel.op(operation, made.spread(low), b))
            made.keep(kernel.op(operation, a, made.spread(three)))
        amount = kernel.op(arith.andi, b, made.spread(kernel.constant(7, type)))
        for name in SHIFTS:
            made.keep(kernel.op(getattr(arith, name), a, amount))
            made.keep(kernel.op(getattr(arith, name), a, made.spread(three)))

    check(machine, made.run(body), arguments_for([type, type], type, rows))


@pytest.mark.parametrize("vector", [True, False], ids=["vector", "scalar"])
@pytest.mark.parametrize("type", [f32, f64, i8, i32, i64], ids=str)
def test_comparisons_and_selects(machine: Machine, type: Type, vector: bool) -> None:
    floats = is_float(type)
    predicates = range(len(CMPF_PREDICATES if floats else CMPI_PREDICATES))
    compare = arith.cmpf if floats else arith.cmpi
    rows = 4 * len(predicates) + 6
    made = Elementwise([type, type], type, rows, vector)
    kernel = made.kernel
    two, big = kernel.constant(2, type), kernel.constant(100, type)

    def body(a, b) -> None:
        conditions = []
        for predicate in predicates:
            for left, right in ((a, b), (a, made.spread(two)), (made.spread(big), b)):
                condition = kernel.op(compare, left, right, predicate=predicate, to=made.like(i1))
                conditions.append(condition)
                made.keep(kernel.op(arith.select, condition, a, b))
            made.keep(kernel.op(arith.select, conditions[-1], made.spread(two), b))
        c, e = conditions[3], conditions[10]
        for name in ("andi", "ori", "xori"):
            both = kernel.op(getattr(arith, name), c, e)
            made.keep(kernel.op(arith.select, both, a, made.spread(two)))
        chosen = kernel.op(arith.select, c, e, conditions[4])
        made.keep(kernel.op(arith.select, chosen, a, b))
        made.keep(kernel.op(arith.select, c, made.spread(two), made.spread(big)))
        one = kernel.load(kernel["in0"], [], AffineConst(3))
        scalar = kernel.op(compare, one, two, predicate=4, to=i1)
        made.keep(kernel.op(arith.select, scalar, a, b))

    check(machine, made.run(body), arguments_for([type, type], type, rows))


CONVERSIONS = [
    *((arith.extsi, a, b) for a in (i8, i16, i32) for b in (i8, i16, i32, i64)),
    *((arith.extui, a, b) for a in (i1, i8, i16, i32) for b in (i8, i16, i32, i64)),
    *((arith.trunci, a, b) for a in (i8, i16, i32, i64) for b in (i1, i8, i16, i32)),
    *((arith.sitofp, a, b) for a in (i8, i16, i32, i64) for b in (f32, f64)),
    *((arith.uitofp, a, b) for a in (i1, i8, i16, i32, i64) for b in (f32, f64)),
    (arith.extf, f32, f64), (arith.truncf, f64, f32), (arith.bitcast, f32, i32),
    (arith.bitcast, i32, f32), (arith.bitcast, f64, i64), (arith.bitcast, i64, f64),
    (arith.index_cast, i32, index), (arith.index_cast, index, i32), (arith.index_cast, i64, index),
]  # fmt: skip


def widens(a: Type, b: Type, operation: object) -> bool:
    if operation in (arith.extsi, arith.extui):
        return a.width < b.width
    return a.width > b.width if operation is arith.trunci else True


@pytest.mark.parametrize("vector", [True, False], ids=["vector", "scalar"])
def test_conversions(machine: Machine, vector: bool) -> None:
    cases = [case for case in CONVERSIONS if widens(case[1], case[2], case[0])]
    sources = sorted({a for _, a, _ in cases}, key=str)
    targets = sorted({b for _, _, b in cases}, key=str)
    rows = {b: sum(1 for case in cases if case[2] == b) for b in targets}
    buffers = {f"in_{t}": MemRefType((COUNT,), t) for t in sources}
    buffers |= {f"out_{t}": MemRefType((rows[t], COUNT), t) for t in targets}
    kernel = Kernel(buffers, ["n"])
    lanes = 8 if vector else None

    def body(j, *rest) -> None:
        done = dict.fromkeys(targets, 0)
        for operation, a, b in cases:
            value = kernel.load(kernel[f"in_{a}"], [j], lanes=lanes)
            to = b if lanes is None else VectorType((lanes,), b, True)
            made = kernel.op(operation, value, to=to)
            kernel.store(made, kernel[f"out_{b}"], [j], AffineConst(done[b]), d(0))
            done[b] += 1

    kernel.loop(kernel.constant(0), kernel["n"], [], body, lanes=lanes)
    rng = np.random.default_rng(3)
    arguments = [random_array(rng, (COUNT,), t) for t in sources]
    arguments += [np.zeros((rows[t], COUNT), numpy_dtype(t)) for t in targets]
    check(machine, kernel.finish(), [*arguments, COUNT])


@pytest.mark.parametrize("vector", [True, False], ids=["vector", "scalar"])
@pytest.mark.parametrize("source", [f32, f64], ids=str)
def test_floats_to_integers(source: Type, vector: bool) -> None:
    """On our emulator: qemu 7.2 stops with an assertion at vector conversions towards zero."""
    targets = [i32, i64]
    kernel = Kernel(
        {"a": MemRefType((COUNT,), source)}
        | {f"out_{t}": MemRefType((2, COUNT), t) for t in targets}, ["n"],
    )  # fmt: skip
    lanes = 8 if vector else None

    def body(j, *rest) -> None:
        a = kernel.load(kernel["a"], [j], lanes=lanes)
        for t in targets:
            to = t if lanes is None else VectorType((lanes,), t, True)
            for row, operation in enumerate((arith.fptosi, arith.fptoui)):
                value = kernel.op(math.absf, a) if row else a
                made = kernel.op(operation, value, to=to)
                kernel.store(made, kernel[f"out_{t}"], [j], AffineConst(row), d(0))

    kernel.loop(kernel.constant(0), kernel["n"], [], body, lanes=lanes)
    rng = np.random.default_rng(8)
    a = (rng.standard_normal(COUNT) * 1e6).astype(numpy_dtype(source))
    outs = [np.zeros((2, COUNT), numpy_dtype(t)) for t in targets]
    found = Emulator().run(lower(kernel.finish()), "kernel", [a, *outs, COUNT], 256)
    for t, out in zip(targets, found[1:], strict=True):
        np.testing.assert_array_equal(out, [a.astype(numpy_dtype(t)), np.abs(a).astype(out.dtype)])


@pytest.mark.parametrize("vector", [True, False], ids=["vector", "scalar"])
def test_booleans_are_bytes_in_memory(machine: Machine, vector: bool) -> None:
    predicates = len(CMPI_PREDICATES)
    made = Elementwise([i1, i1], i1, predicates + 5, vector)
    kernel = made.kernel

    def body(a, b) -> None:
        for predicate in range(predicates):
            made.keep(kernel.op(arith.cmpi, a, b, predicate=predicate, to=made.like(i1)))
        for name in ("andi", "ori", "xori"):
            made.keep(kernel.op(getattr(arith, name), a, b))
        made.keep(kernel.op(arith.select, a, b, a))
        made.keep(made.spread(kernel.constant(1, i1)))

    arguments = arguments_for([i1, i1], i1, predicates + 5)
    a, b = (x.astype(np.int8) for x in arguments[:2])  # signed, true is -1
    text = lower(made.run(body))
    rows = [a == b, a != b, -a < -b, -a <= -b, -a > -b, -a >= -b, a < b, a <= b, a > b, a >= b]
    rows += [a & b, a | b, a ^ b, np.where(a, b, a), a * 0 + 1]
    for vlen in (128, 512):
        found = machine.run(text, "kernel", arguments, vlen)[2]
        np.testing.assert_array_equal(found, np.array(rows).astype(bool))


@pytest.mark.parametrize("type", [f32, f64, i8, i32, i64], ids=str)
def test_reductions_inside_and_after_the_loop(machine: Machine, type: Type) -> None:
    floats = is_float(type)
    kinds = ("addf", "maxnumf", "minnumf") if floats else (
        "addi", "andi", "ori", "xori", "maxsi", "minsi", "maxui", "minui"
    )  # fmt: skip
    lanes = lanes_for(type)
    kernel = Kernel(
        {"a": MemRefType((None,), type), "out": MemRefType((2, len(kinds)), type)}, ["n"]
    )
    kernel.sized("a", kernel["n"])
    starts = {"addf": 0.5, "maxnumf": -1e30, "minnumf": 1e30, "andi": -1, "maxsi": -128,
              "minsi": 127, "minui": -1}  # fmt: skip
    inits = [kernel.constant(starts.get(kind, 0), type) for kind in kinds]
    neutral = [kernel.constant(0, type) if kind.startswith("add") else init
               for kind, init in zip(kinds, inits, strict=True)]  # fmt: skip
    wide = [kernel.broadcast(value, lanes) for value in neutral]

    def body(j, vl, *carried):
        a = kernel.load(kernel["a"], [j], lanes=lanes)
        updated = [
            kernel.op(getattr(arith, kind), a, old)
            for kind, old in zip(kinds, carried, strict=False)
        ]
        scalars = [
            kernel.op(loop.reduce, a, old, operation=kind, to=type)
            for kind, old in zip(kinds, carried[len(kinds) :], strict=True)
        ]
        return [*updated, *scalars]

    results = kernel.loop(
        kernel.constant(0), kernel["n"], [*wide, *inits], body, lanes=lanes, name="j"
    )
    for number, kind in enumerate(kinds):
        total = kernel.op(
            loop.reduce, results[number], inits[number], operation=kind, to=type
        )
        kernel.store(total, kernel["out"], [], AffineConst(0), AffineConst(number))
        kernel.store(
            results[len(kinds) + number], kernel["out"], [], AffineConst(1), AffineConst(number)
        )
    rng = np.random.default_rng(5)
    a = rng.standard_normal(333) if floats else random_array(rng, (333,), type)
    a = a.astype(numpy_dtype(type))
    arguments = [a, np.zeros((2, len(kinds)), a.dtype), len(a)]
    check(machine, kernel.finish(), arguments, (128, 256, 1024), tolerance=2e-5)


def test_strided_transposed_and_indexed_accesses(machine: Machine) -> None:
    """b[j, 2*i + 1] = a[p[j], i] + a[j, i], along j: strided and indexed."""
    kernel = Kernel(
        {"a": MemRefType((None, None), f32), "p": MemRefType((None,), i64),
         "b": MemRefType((None, None), f32)}, ["m", "n", "w"],
    )  # fmt: skip
    m, n, w = kernel["m"], kernel["n"], kernel["w"]
    kernel.sized("a", m, n), kernel.sized("p", m), kernel.sized("b", m, w)
    zero = kernel.constant(0)

    def row(i) -> None:
        def strip(j, vl) -> None:
            p = kernel.load(kernel["p"], [j], lanes=8)
            p = kernel.op(arith.index_cast, p, to=VectorType((8,), index, True))
            gathered = kernel.load(kernel["a"], [p, i], lanes=8)
            straight = kernel.load(kernel["a"], [j, i], lanes=8)
            total = kernel.op(arith.addf, gathered, straight)
            kernel.store(total, kernel["b"], [j, i], d(0), d(1) * 2 + AffineConst(1))

        kernel.loop(zero, m, [], strip, lanes=8, name="j")

    kernel.loop(zero, n, [], row)
    rng = np.random.default_rng(1)
    m, n = 37, 5
    a = rng.standard_normal((m, n)).astype(np.float32)
    p = rng.permutation(m)
    check(machine, kernel.finish(), [a, p, np.zeros((m, 12), np.float32), m, n, 12])


def test_scatter_iota_and_the_diagonal(machine: Machine) -> None:
    """out[p[j]] = j + n, then the diagonal of c = its index: a stride of n + 1 elements."""
    kernel = Kernel(
        {"p": MemRefType((None,), i64), "out": MemRefType((None,), i64),
         "c": MemRefType((None, None), i64)}, ["n"],
    )  # fmt: skip
    n = kernel["n"]
    kernel.sized("p", n), kernel.sized("out", n), kernel.sized("c", n, n)
    vector = VectorType((4,), index, True)

    def strip(j, vl) -> None:
        p = kernel.op(
            arith.index_cast, kernel.load(kernel["p"], [j], lanes=4), to=vector
        )
        lanes = kernel.op(loop.iota, j, to=vector)
        shifted = kernel.op(arith.addi, lanes, kernel.broadcast(n, 4))
        cast = VectorType((4,), i64, True)
        kernel.store(kernel.op(arith.index_cast, shifted, to=cast), kernel["out"], [p])
        kernel.store(kernel.op(arith.index_cast, lanes, to=cast), kernel["c"], [j], d(0), d(0))

    kernel.loop(kernel.constant(0), n, [], strip, lanes=4, name="j")
    size = 29
    p = np.random.default_rng(2).permutation(size)
    c = np.zeros((size, size), np.int64)
    check(machine, kernel.finish(), [p, np.zeros(size, np.int64), c, size])


@pytest.mark.parametrize("bounds", [(0, 0), (5, 5), (7, 3), (2, 9), (3, 4)])
def test_loops_without_iterations_give_their_inits(machine: Machine, bounds: tuple) -> None:
    kernel = Kernel({"out": MemRefType((3,), i64)}, ["lower", "upper"])
    lower_, upper = kernel["lower"], kernel["upper"]
    one = kernel.constant(1, i64)
    swapped = kernel.loop(
        lower_, upper, [one, kernel.constant(5, i64), one],
        lambda i, a, b, c: [b, a, kernel.op(arith.addi, c, kernel.op(
            arith.index_cast, i, to=i64))], step=2,
    )  # fmt: skip
    for number, value in enumerate(swapped):
        kernel.store(value, kernel["out"], [], AffineConst(number))
    check(machine, kernel.finish(), [np.zeros(3, np.int64), *bounds], (128,))


def test_arguments_beyond_the_eighth_come_from_the_stack(machine: Machine) -> None:
    names = [f"s{n}" for n in range(14)]
    kernel = Kernel({"out": MemRefType((14,), index)}, names)
    for number, name in enumerate(names):
        kernel.store(kernel[name], kernel["out"], [], AffineConst(number))
    check(machine, kernel.finish(), [np.zeros(14, np.int64), *(n * n - 5 for n in range(14))])


def test_floordiv_and_mod_in_subscripts(machine: Machine) -> None:
    kernel = Kernel({"a": MemRefType((7, 5), f32), "out": MemRefType((None,), f32)}, ["n"])
    kernel.sized("out", kernel["n"])

    def body(i) -> None:
        a = kernel.load(kernel["a"], [i], d(0) // 5, d(0) % 5)
        kernel.store(a, kernel["out"], [i])

    kernel.loop(kernel.constant(0), kernel["n"], [], body)
    a = np.random.default_rng(0).standard_normal((7, 5)).astype(np.float32)
    check(machine, kernel.finish(), [a, np.zeros(35, np.float32), 35], (128,))


def test_what_has_no_instructions_is_named_with_its_line() -> None:
    kernel = Kernel({"out": MemRefType((1,), f32)})
    value = kernel.op(math.exp, kernel.constant(1.0, f32))
    kernel.store(value, kernel["out"], [], AffineConst(0))
    with pytest.raises(FleetError, match="no instructions for math.exp"):
        lower(kernel.finish())


def test_half_precision_is_refused() -> None:
    kernel = Kernel({"a": MemRefType((1,), f16)})
    kernel.store(kernel.load(kernel["a"], [], AffineConst(0)), kernel["a"], [], AffineConst(0))
    with pytest.raises(FleetError, match="no half precision"):
        lower(kernel.finish())


def test_unsigned_constants_are_kept_as_signed_ones(machine: Machine) -> None:
    kernel = Kernel({"a": MemRefType((COUNT,), i8), "out": MemRefType((2, COUNT), i8)})
    ones = kernel.constant(255, i8)

    def body(j) -> None:
        a = kernel.load(kernel["a"], [j])
        kernel.store(kernel.op(arith.andi, a, ones), kernel["out"], [j], AffineConst(0), d(0))
        half = kernel.op(arith.divsi, a, ones)
        kernel.store(half, kernel["out"], [j], AffineConst(1), d(0))

    kernel.loop(kernel.constant(0), kernel.constant(COUNT), [], body)
    a = np.arange(COUNT, dtype=np.int8)
    text = lower(kernel.finish())
    found = machine.run(text, "kernel", [a, np.zeros((2, COUNT), np.int8)], 128)[1]
    np.testing.assert_array_equal(found, [a, -a])
