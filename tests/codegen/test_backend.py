"""Random kernels through the whole back end, judged by the loop dialect's executor on qemu."""

from __future__ import annotations

import random
import shutil

import numpy as np
import pytest
from kernel_machine import Emulator, Machine
from loop_kernels import Kernel, executed, lower

from fleet.codegen.math.expand import run as expand
from fleet.codegen.select.function import select_instructions
from fleet.codegen.select.vsetvli import insert_vsetvli
from fleet.dialects import arith, loop, math
from fleet.ir.affine import AffineConst, AffineExpr, d
from fleet.ir.core import Value
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.types import MemRefType, VectorType, f32, f64, i64, index


@pytest.fixture(scope="module")
def machine() -> Machine:
    for name in ("riscv64-linux-gnu-gcc", "qemu-riscv64"):
        if shutil.which(name) is None:
            pytest.skip(f"needs {name}, which this machine does not have")
    return Machine(lambda name: shutil.which(name))


class RandomKernel:
    """A nest of loops with accesses that stay inside their buffers, whatever the subscripts.

    Every buffer has the rank of its first access. Extents are arguments or constants.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        choose = self.random
        self.extents = [choose.randint(1, 19) for _ in range(3)]
        self.dynamic = [choose.random() < 0.6 for _ in self.extents]
        self.plans = [self._plan() for _ in range(choose.randint(2, 5))]
        self.outs = [self._plan(all_loops=True) for _ in range(choose.randint(1, 3))]
        buffers = {}
        self.shapes: list[tuple[int, ...]] = []
        for n, plan in enumerate([*self.plans, *self.outs]):
            shape = tuple(self._size(part) for part in plan)
            self.shapes.append(shape)
            types = tuple(None if choose.random() < 0.5 else size for size in shape)
            buffers[f"b{n}"] = MemRefType(types, f32)
        sizes = [f"n{n}" for n in range(3)]
        self.size_values: list[int] = list(self.extents)
        dims = []
        for n, type in enumerate(buffers.values()):
            for axis, dim in enumerate(type.shape):
                if dim is None:
                    dims.append((n, axis))
                    sizes.append(f"d{n}_{axis}")
                    self.size_values.append(self.shapes[n][axis])
        self.kernel = Kernel(buffers, sizes)
        for n, type in enumerate(buffers.values()):
            dynamic = [self.kernel[f"d{n}_{axis}"] for m, axis in dims if m == n]
            if None in type.shape:
                self.kernel.sized(f"b{n}", *dynamic)

    def _plan(self, all_loops: bool = False) -> list[tuple[dict[int, int], int]]:
        """Subscripts: for each dimension coefficients by loop, and a constant."""
        choose = self.random
        loops = [0, 1, 2]
        choose.shuffle(loops)
        if not all_loops:
            loops = loops[: choose.randint(0, 3)]
        plan = [({n: choose.choice((1, 1, 1, 2, 3))}, choose.choice((0, 0, 1, 5))) for n in loops]
        if not all_loops and choose.random() < 0.3 and len(plan) > 1:
            (a, c), (b, _) = plan[:2]
            plan = [({**a, **b}, c), *plan[2:]]
        if choose.random() < 0.3:
            plan.append(({}, choose.randint(0, 700)))
        return plan

    def _size(self, part: tuple[dict[int, int], int]) -> int:
        coefficients, constant = part
        reach = sum(k * (self.extents[n] - 1) for n, k in coefficients.items())
        return reach + constant + 1 + self.random.randint(0, 2)

    def _subscripts(self, plan: list, variables: dict[int, Value]) -> tuple:
        present = list(variables)
        expressions: list[AffineExpr] = []
        for coefficients, constant in plan:
            total: AffineExpr = AffineConst(constant)
            for n, k in coefficients.items():
                if n in variables:
                    total = d(present.index(n)) * k + total
            expressions.append(total)
        return tuple(expressions), [variables[n] for n in present] if expressions else []

    def build(self):
        kernel, choose = self.kernel, self.random
        vector_level = choose.choice((0, 1, 2, 2, None))
        self.lanes = choose.choice((2, 4, 8, 16))
        order = [0, 1, 2]
        choose.shuffle(order)
        self.vector_loop = None if vector_level is None else order[vector_level]
        self._level(order, {}, in_strip=False)
        return kernel.finish()

    def _level(self, order: list[int], variables: dict[int, Value], in_strip: bool) -> None:
        kernel, choose = self.kernel, self.random
        if not order:
            values = self._values(variables, in_strip)
            for n, plan in enumerate(self.outs, len(self.plans)):
                expressions, operands = self._subscripts(plan, variables)
                value = choose.choice(values)
                if in_strip and not isinstance(value.type, VectorType):
                    value = kernel.broadcast(value, self.lanes)
                kernel.store(value, kernel[f"b{n}"], operands, *expressions)
            return
        number, rest = order[0], order[1:]
        zero = kernel.constant(0)
        extent = (
            kernel[f"n{number}"] if self.dynamic[number] else kernel.constant(self.extents[number])
        )
        is_strip = number == self.vector_loop

        def body(variable, *_):
            self._level(rest, variables | {number: variable}, in_strip or is_strip)

        kernel.loop(
            zero, extent, [], body, lanes=self.lanes if is_strip else None, name="ijk"[number]
        )

    def _values(self, variables: dict[int, Value], in_strip: bool) -> list[Value]:
        """Loads and arithmetic on them, some of it a running sum over the first loop."""
        kernel, choose = self.kernel, self.random
        pool = [kernel.constant(1.5, f32)]
        for n, plan in enumerate(self.plans):
            expressions, operands = self._subscripts(plan, variables)
            moves = in_strip and any(self.vector_loop in part[0] for part in plan)
            lanes = self.lanes if moves else None
            pool.append(kernel.load(kernel[f"b{n}"], operands, *expressions, lanes=lanes))
        for _ in range(choose.randint(2, 12)):
            a, b = choose.choice(pool), choose.choice(pool)
            if a.type != b.type:
                a, b = (
                    v if isinstance(v.type, VectorType) else kernel.broadcast(v, self.lanes)
                    for v in (a, b)
                )
            operation = choose.choice((arith.addf, arith.subf, arith.mulf, arith.maxnumf, math.fma))
            operands = (a, b, a) if operation is math.fma else (a, b)
            pool.append(kernel.op(operation, *operands))
        if choose.random() < 0.5:
            pool.append(self._sum(choose.choice(pool[-3:]), variables, in_strip))
        return pool[-4:]

    def _sum(self, start: Value, variables: dict[int, Value], in_strip: bool) -> Value:
        """A serial loop inside that adds up something that changes with its variable."""
        kernel = self.kernel
        count = kernel.constant(self.random.randint(1, 7))
        kernel_value = start

        def body(k, total):
            outer = kernel.constant(3) if self.vector_loop == 0 else variables[0]
            i = kernel.op(arith.index_cast, kernel.op(arith.addi, k, outer), to=i64)
            x = kernel.op(arith.sitofp, i, to=f32)
            if isinstance(total.type, VectorType):
                x = kernel.broadcast(x, self.lanes)
            return [kernel.op(arith.addf, kernel.op(arith.mulf, total, x), x)]

        return kernel.loop(kernel.constant(0), count, [kernel_value], body, name="k")[0]

    def arguments(self) -> list:
        rng = np.random.default_rng(0)
        arrays = [rng.integers(-8, 8, s).astype(np.float32) for s in self.shapes]
        return [*arrays, *self.size_values]


@pytest.mark.parametrize("seed", range(24))
def test_random_nests_compute_what_the_loop_dialect_says(machine: Machine, seed: int) -> None:
    made = RandomKernel(seed)
    kernel, arguments = made.build(), made.arguments()
    expected = executed(kernel, arguments)
    text = lower(kernel)
    for runner, vlen in ((machine, 128), (Emulator(), 256)):
        found = runner.run(text, "kernel", arguments, vlen)
        for number, (a, b) in enumerate(zip(found, expected, strict=True)):
            np.testing.assert_allclose(a, b, 1e-6, 1e-6, err_msg=f"buffer {number}")


def test_text_of_every_stage_reads_back(machine: Machine) -> None:
    for seed in range(8):
        kernel = RandomKernel(seed).build()
        for step in (select_instructions, insert_vsetvli):
            step(kernel)
            text = print_op(kernel)
            assert print_op(parse_module(f"module {{\n{text}\n}}").body.first) == text


def matmul_rows(rows: int, lanes: int) -> str:
    """The assembly of C = A @ B with this many rows at once."""
    kernel = Kernel(
        {"A": MemRefType((None, 64), f32), "B": MemRefType((64, 64), f32),
         "C": MemRefType((None, 64), f32)}, ["m"],
    )  # fmt: skip
    kernel.sized("A", kernel["m"]), kernel.sized("C", kernel["m"])
    zero, size = kernel.constant(0), kernel.constant(64)
    start = kernel.constant(0.0, f32)

    def strip(i, j, vl):
        def product(k, *totals):
            b = kernel.load(kernel["B"], [k, j], lanes=lanes)
            added = []
            for row, total in enumerate(totals):
                a = kernel.load(kernel["A"], [i, k], d(0) + AffineConst(row), d(1))
                added.append(kernel.op(math.fma, kernel.broadcast(a, lanes), b, total))
            return added

        inits = [kernel.broadcast(start, lanes) for _ in range(rows)]
        for row, total in enumerate(kernel.loop(zero, size, inits, product, name="k")):
            kernel.store(total, kernel["C"], [i, j], d(0) + AffineConst(row), d(1))

    kernel.loop(
        zero, kernel["m"], [], step=rows, name="i",
        body=lambda i: kernel.loop(zero, size, [], lambda j, vl: strip(i, j, vl), lanes=lanes,
                                   name="j") and None,
    )  # fmt: skip
    return lower(kernel.finish())


def test_the_inner_loop_of_a_blocked_product_has_no_instruction_too_many(machine: Machine) -> None:
    text = matmul_rows(4, 8)
    lines = [line.strip() for line in text.splitlines()]
    start = lines.index(".Lkernel_k:")
    inner = lines[start + 1 : start + 12]
    assert [line.split()[0] for line in inner] == [
        "vle32.v", "flw", "vfmacc.vf", "flw", "vfmacc.vf", "flw", "vfmacc.vf", "flw", "vfmacc.vf",
        "addi", "addi",
    ]  # fmt: skip
    assert lines[start + 12].split()[0] == "bne"
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal(s).astype(np.float32) for s in ((8, 64), (64, 64)))
    for vlen in (128, 1024):
        found = machine.run(text, "kernel", [a, b, np.zeros((8, 64), np.float32), 8], vlen)[2]
        np.testing.assert_allclose(found, a @ b, 1e-5, 1e-5)


def test_an_accumulator_keeps_the_tail_that_a_short_last_strip_leaves(machine: Machine) -> None:
    """A maximum whose update is made by an instruction that is tied elsewhere."""
    kernel = Kernel({"a": MemRefType((None,), f32), "out": MemRefType((2,), f32)}, ["n"])
    kernel.sized("a", kernel["n"])
    start = kernel.constant(-1.0, f32)
    wide = kernel.broadcast(start, 8)

    def body(j, vl, best, total):
        a = kernel.load(kernel["a"], [j], lanes=8)
        scaled = kernel.op(math.fma, a, a, a)
        return [kernel.op(arith.maxnumf, best, scaled), kernel.op(math.fma, total, a, scaled)]

    best, total = kernel.loop(kernel.constant(0), kernel["n"], [wide, wide], body, lanes=8)
    for n, (value, kind) in enumerate(((best, "maxnumf"), (total, "addf"))):
        scalar = kernel.op(loop.reduce, value, start, operation=kind, to=f32)
        kernel.store(scalar, kernel["out"], [], AffineConst(n))
    made = kernel.finish()
    for vlen in (128, 256, 1024):
        a = np.linspace(0.5, -0.25, 37).astype(np.float32)
        arguments = [a, np.zeros(2, np.float32), len(a)]
        expected = executed(made, arguments, vlen)
        if vlen == 128:
            text = lower(made.clone())
        found = machine.run(text, "kernel", arguments, vlen)
        np.testing.assert_allclose(found[1], expected[1], 1e-5)


def test_index_arguments_reach_the_code_unchanged(machine: Machine) -> None:
    kernel = Kernel({"out": MemRefType((None,), index)}, ["n"])
    kernel.sized("out", kernel["n"])
    vector = VectorType((4,), index, True)

    def body(j, vl):
        lanes = kernel.op(loop.iota, j, to=vector)
        square = kernel.op(arith.muli, lanes, lanes)
        kernel.store(square, kernel["out"], [j])

    kernel.loop(kernel.constant(0), kernel["n"], [], body, lanes=4)
    text = lower(kernel.finish())
    for n in (0, 1, 7, 64, 65):
        found = machine.run(text, "kernel", [np.zeros(n, np.int64), n])
        np.testing.assert_array_equal(found[0], np.arange(n) ** 2)


@pytest.mark.parametrize("lanes", [None, 2, 8])
def test_what_tables_have_is_looked_up_in_read_only_data(
    machine: Machine, lanes: int | None
) -> None:
    """Powers, which take five tables: the machine has the bits of the executor."""
    buffer = MemRefType((None,), f64)
    kernel = Kernel({"x": buffer, "y": buffer, "out": buffer}, ["n"])
    for name in ("x", "y", "out"):
        kernel.sized(name, kernel["n"])

    def body(i, *vl) -> None:
        x, y = (kernel.load(kernel[name], [i], lanes=lanes) for name in ("x", "y"))
        kernel.store(kernel.op(math.powf, x, y), kernel["out"], [i])

    kernel.loop(kernel.constant(0), kernel["n"], [], body, lanes=lanes)
    made = kernel.finish()
    expand(made)
    generator = np.random.default_rng(5)
    x, y = generator.uniform(0.001, 50, 33), generator.uniform(-9, 9, 33)
    arguments = [x, y, np.zeros(33), 33]
    expected = executed(made, arguments, 128)
    text = lower(made.clone())
    assert ".section" in text and ".Ltable_log_rest" in text
    for vlen in (128, 512):
        found = machine.run(text, "kernel", arguments, vlen)
        np.testing.assert_array_equal(found[2], expected[2])


@pytest.mark.parametrize("lanes", [2, 8, 16])
def test_more_vectors_than_registers_are_spilled_for_any_vlen(machine: Machine, lanes: int) -> None:
    """Forty vectors, and sums of them, all alive before the first is stored."""
    count = 40
    kernel = Kernel(
        {"a": MemRefType((count, None), f32), "out": MemRefType((count, None), f32)}, ["n"]
    )
    kernel.sized("a", kernel["n"]), kernel.sized("out", kernel["n"])

    def body(j, vl):
        rows = [
            kernel.load(kernel["a"], [j], AffineConst(row), d(0), lanes=lanes)
            for row in range(count)
        ]
        for row in range(count):
            total = kernel.op(math.fma, rows[row], rows[count - 1 - row], rows[(row * 7) % count])
            kernel.store(total, kernel["out"], [j], AffineConst(row), d(0))

    kernel.loop(kernel.constant(0), kernel["n"], [], body, lanes=lanes, name="j")
    a = np.random.default_rng(1).integers(-9, 9, (count, 77)).astype(np.float32)
    arguments = [a, np.zeros_like(a), a.shape[1]]
    made = kernel.finish()
    expected = executed(made, arguments)
    text = lower(made)
    assert "vlenb" in text
    for vlen in (128, 256, 1024):
        np.testing.assert_array_equal(machine.run(text, "kernel", arguments, vlen)[1], expected[1])


def test_more_scalars_than_registers_and_a_large_frame(machine: Machine) -> None:
    """Three hundred numbers alive at once: slots beyond what a load's offset reaches."""
    count = 300
    kernel = Kernel(
        {"a": MemRefType((count,), f32), "out": MemRefType((count,), f32)}, list("pqrstuvwxy")
    )
    values = [kernel.load(kernel["a"], [], AffineConst(n)) for n in range(count)]
    last = kernel.op(arith.sitofp, kernel.op(arith.index_cast, kernel["y"], to=i64), to=f32)
    for n in range(count):
        total = kernel.op(arith.addf, values[n], kernel.op(arith.mulf, values[count - 1 - n], last))
        kernel.store(total, kernel["out"], [], AffineConst(n))
    a = np.arange(count, dtype=np.float32)
    text = lower(kernel.finish())
    found = machine.run(text, "kernel", [a, np.zeros_like(a), *range(10)], 128)[1]
    np.testing.assert_array_equal(found, a + a[::-1] * 9)
