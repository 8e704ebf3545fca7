"""Kernels of the loop dialect, built by hand, and the way from one to a result on qemu."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from fleet.codegen.emit import emit_assembly
from fleet.codegen.registers.allocate import allocate_registers
from fleet.codegen.select.function import select_instructions
from fleet.codegen.select.vsetvli import insert_vsetvli
from fleet.dialects import arith, func, loop
from fleet.dialects.loop.execution import compile_kernel
from fleet.ir.affine import AffineExpr, AffineMap, d
from fleet.ir.analysis.verifier import verify
from fleet.ir.attributes import FloatAttr, IntegerAttr, UnitAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import (
    FunctionType,
    MemRefType,
    Type,
    VectorType,
    index,
    is_float,
    numpy_dtype,
)


class Kernel:
    """A kernel being written. Arguments: buffers (name: type), then sizes (names)."""

    def __init__(self, buffers: dict[str, MemRefType], sizes: Sequence[str] = ()) -> None:
        self.types = [*buffers.values(), *(index for _ in sizes)]
        self.block = Block(self.types)
        self.builder = Builder(self.block)
        self.named: dict[str, Value] = {}
        for argument, name in zip(self.block.arguments, [*buffers, *sizes], strict=True):
            argument.hint = name
            self.named[name] = argument

    def __getitem__(self, name: str) -> Value:
        return self.named[name]

    def sized(self, name: str, *sizes: Value) -> None:
        """Give a buffer its dynamic dimensions."""
        memref = self.named[name]
        self.named[name] = self.builder.value(loop.buffer, memref, sizes, types=[memref.type])

    def constant(self, value: float, type: Type = index) -> Value:
        attr = FloatAttr(value, type) if is_float(type) else IntegerAttr(int(value), type)
        return self.builder.value(arith.constant, value=attr, types=[type])

    def op(self, definition, *operands: Value, to: Type | None = None, **attributes) -> Value:
        return self.builder.value(
            definition, *operands, types=None if to is None else [to], **attributes
        )

    def load(self, memref: Value, indices: Sequence[Value], *subscripts: AffineExpr,
             lanes: int | None = None) -> Value:  # fmt: skip
        subscripts = subscripts or tuple(d(i) for i in range(len(indices)))
        element = memref.type.element
        type = element if lanes is None else VectorType((lanes,), element, True)
        return self.builder.value(
            loop.load, memref, indices, types=[type], map=AffineMap(len(indices), subscripts)
        )

    def store(self, value: Value, memref: Value, indices: Sequence[Value],
              *subscripts: AffineExpr) -> None:  # fmt: skip
        subscripts = subscripts or tuple(d(i) for i in range(len(indices)))
        self.builder.create(
            loop.store, value, memref, indices, map=AffineMap(len(indices), subscripts)
        )

    def broadcast(self, value: Value, lanes: int) -> Value:
        return self.builder.value(
            loop.broadcast, value, types=[VectorType((lanes,), value.type, True)]
        )

    def loop(self, lower: Value, upper: Value, inits: Sequence[Value],
             body: Callable[..., Sequence[Value] | None], *, lanes: int | None = None,
             step: int = 1, name: str = "i") -> list[Value]:  # fmt: skip
        """A loop; `body` gets the block's arguments and gives what it yields."""
        kind = "serial" if lanes is None else "vector"
        made = loop.for_loop(self.builder, lower, upper, inits, kind=kind, step=step, lanes=lanes)
        made.body.arguments[0].hint = name
        with self.builder.inside(made.body):
            yielded = body(*made.body.arguments)
            self.builder.create(loop.yield_, yielded or [])
        return made.results

    def finish(self, name: str = "kernel") -> Operation:
        self.builder.create(func.return_, [])
        made = func.func(
            regions=[Region([self.block])], sym_name=name, kernel=UnitAttr(),
            function_type=FunctionType(tuple(self.types), ()),
        )  # fmt: skip
        verify(made)
        return made


def lower(kernel: Operation) -> str:
    """The kernel's assembly; the kernel is used up."""
    select_instructions(kernel)
    verify(kernel)
    insert_vsetvli(kernel)
    verify(kernel)
    allocate_registers(kernel)
    verify(kernel)
    return emit_assembly(kernel)


def executed(
    kernel: Operation, arguments: Sequence[np.ndarray | int], vlen: int | None = 256
) -> list[np.ndarray]:
    """The arrays after the loop dialect's executor has run the kernel."""
    copies = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    compile_kernel(kernel, vlen)(*copies)
    return [a for a in copies if isinstance(a, np.ndarray)]


def check(machine, kernel: Operation, arguments: Sequence[np.ndarray | int],
          vlens: Sequence[int] = (128, 1024), tolerance: float = 0.0) -> str:  # fmt: skip
    """The assembly, after qemu has computed what the executor of the loop dialect computes."""
    expected = executed(kernel, arguments)
    name = kernel.get("sym_name")
    text = lower(kernel)
    for vlen in vlens:
        found = machine.run(text, name, arguments, vlen)
        for number, (a, b) in enumerate(zip(found, expected, strict=True)):
            if tolerance and a.dtype.kind == "f":
                np.testing.assert_allclose(a, b, tolerance, tolerance, err_msg=f"{number} {vlen}")
            else:
                np.testing.assert_array_equal(a, b, err_msg=f"argument {number}, VLEN {vlen}")
    return text


def random_array(rng: np.random.Generator, shape: Sequence[int], element: Type) -> np.ndarray:
    """Numbers that make trouble: extremes, equal ones, zeros, NaN and infinities."""
    dtype = numpy_dtype(element)
    if dtype == np.bool_:
        return rng.integers(0, 2, shape).astype(bool)
    if dtype.kind == "f":
        values = rng.standard_normal(shape) * 10.0 ** rng.integers(-3, 3, shape)
        special = np.array([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 0.5])
        return np.where(rng.random(shape) < 0.2, rng.choice(special, shape), values).astype(dtype)
    limits = np.iinfo(dtype)
    values = rng.integers(limits.min, limits.max, shape, dtype, endpoint=True)
    special = np.array([0, 1, -1, limits.min, limits.max, 2, 7], dtype)
    small = rng.integers(-20, 20, shape).astype(dtype)
    picked = np.where(rng.random(shape) < 0.5, values, small)
    return np.where(rng.random(shape) < 0.2, rng.choice(special, shape), picked).astype(dtype)
