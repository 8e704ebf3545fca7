"""Seeded random modules of the upstream dialects, for round trips and differential tests.

Every function `@main` takes two tensors (one with a dynamic dimension), an index and two numbers,
and gives values of several types; all that it computes is defined, so executors must agree.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

from fleet.dialects import arith, builtin, func, linalg, math, scf, tensor
from fleet.ir.affine import AffineMap
from fleet.ir.attributes import ArrayAttr, DenseAttr, IntegerAttr, i64_array
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import OpDef
from fleet.ir.types import (
    FunctionType,
    TensorType,
    Type,
    f32,
    f64,
    i1,
    i8,
    i32,
    i64,
    index,
    is_float,
    numpy_dtype,
)

DYNAMIC_TENSOR = TensorType((None, 4), f32)
STATIC_TENSOR = TensorType((3, 4), f32)
INPUTS = (DYNAMIC_TENSOR, STATIC_TENSOR, index, i64, f32)
SCALARS = (i1, i8, i32, i64, index, f32, f64)

FLOAT_BINARY = ("addf", "subf", "mulf", "divf", "maximumf", "minimumf", "maxnumf", "minnumf")
INTEGER_BINARY = (
    "addi", "subi", "muli", "divsi", "divui", "floordivsi", "ceildivsi", "remsi", "remui",
    "andi", "ori", "xori", "maxsi", "minsi", "maxui", "minui",
)  # fmt: skip
MATH_UNARY = ("absf", "sqrt", "exp", "tanh", "floor", "ceil", "sin", "log1p")


def arguments(seed: int) -> list[object]:
    """Arguments for `@main`."""
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(1, 5))
    dynamic = rng.standard_normal((rows, 4)).astype(np.float32)
    static = rng.standard_normal((3, 4)).astype(np.float32)
    number = int(rng.integers(-5, 6))
    return [dynamic, static, int(rng.integers(0, 4)), number, np.float32(rng.standard_normal())]


def module(seed: int, size: int = 30) -> Operation:
    """A random module with about `size` operations in `@main`."""
    return _Generator(random.Random(seed)).module(size)


class _Generator:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.pool: list[Value] = []
        self.depth = 0

    def module(self, size: int) -> Operation:
        module = builtin.module(regions=[Region([Block()])])
        block = Block(INPUTS)
        for argument, hint in zip(block.arguments, ("x", None, "n", "arg0", None), strict=True):
            argument.hint = hint
        self.pool = list(block.arguments)
        self.builder = Builder(block)
        self.steps(size)
        results = self.rng.sample(self.pool, min(len(self.pool), 8))
        self.builder.create(func.return_, results)
        type = FunctionType(INPUTS, tuple(value.type for value in results))
        Builder(module.body).create(
            func.func, regions=[Region([block])], sym_name="main", function_type=type
        )
        return module

    def steps(self, count: int) -> None:
        makers: list[Callable[[], Value | None]] = [
            self.constant, self.scalar_binary, self.scalar_binary, self.compare, self.select,
            self.cast, self.math, self.tensor_binary, self.generic, self.reduction, self.reshape,
            self.slice, self.insert, self.extract, self.dim, self.splat, self.matmul,
        ]  # fmt: skip
        if self.depth < 2:
            makers += [self.branch, self.loop, self.while_loop]
        for _ in range(count):
            made = self.rng.choice(makers)()
            if made is not None:
                if self.rng.random() < 0.3:
                    made.hint = self.rng.choice(["x", "y", "x_0", "a.b", "weird name", "0", "c1"])
                self.pool.append(made)

    # -- choosing

    def pick(self, wanted: Callable[[Type], bool]) -> Value | None:
        found = [value for value in self.pool if wanted(value.type)]
        return self.rng.choice(found) if found else None

    def of_type(self, type: Type) -> Value:
        found = self.pick(lambda t: t == type)
        if found is None or self.rng.random() < 0.2:
            return self.number(type)
        return found

    def number(self, type: Type) -> Value:
        if isinstance(type, TensorType):
            rng = np.random.default_rng(self.rng.randrange(2**31))
            array = rng.standard_normal(type.shape).astype(numpy_dtype(type.element))
            key = self.rng.choice([None, None, "file.npz:w.0"])
            return self.builder.constant(DenseAttr(array, type, key))
        if is_float(type):
            choice = self.rng.choice([0.0, -0.0, 1.0, 2.5, -1e-7, 1e30, float("inf"), float("nan")])
            return self.builder.constant(choice, type)
        if type == i1:
            return self.builder.constant(self.rng.randrange(2), type)
        return self.builder.constant(self.rng.choice([0, 1, -1, 2, 7, 100]), type)

    def tensor(self) -> Value:
        found = self.pick(lambda t: isinstance(t, TensorType) and t.element == f32 and t.rank > 0)
        return self.number(STATIC_TENSOR) if found is None else found

    # -- operations

    def constant(self) -> Value:
        return self.number(self.rng.choice([*SCALARS, STATIC_TENSOR, TensorType((9, 8), f32)]))

    def scalar_binary(self) -> Value:
        type = self.rng.choice(SCALARS)
        names = FLOAT_BINARY if is_float(type) else INTEGER_BINARY
        definition: OpDef = getattr(arith, self.rng.choice(names))
        return self.builder.value(definition, self.of_type(type), self.of_type(type))

    def compare(self) -> Value:
        type = self.rng.choice(SCALARS)
        definition, count = (arith.cmpf, 16) if is_float(type) else (arith.cmpi, 10)
        return self.builder.value(
            definition,
            self.of_type(type),
            self.of_type(type),
            predicate=self.rng.randrange(count),
        )

    def select(self) -> Value:
        type = self.rng.choice([*SCALARS, STATIC_TENSOR])
        one, other = self.of_type(type), self.of_type(type)
        return self.builder.value(arith.select, self.of_type(i1), one, other)

    def cast(self) -> Value:
        source, target, definition = self.rng.choice(
            [
                (i64, index, arith.index_cast), (index, i64, arith.index_cast),
                (i32, i64, arith.extsi), (i8, i32, arith.extui), (i1, i64, arith.extui),
                (i64, i8, arith.trunci), (i64, i1, arith.trunci), (i64, f64, arith.sitofp),
                (i32, f32, arith.uitofp), (f32, f64, arith.extf), (f64, f32, arith.truncf),
                (f32, i32, arith.bitcast), (i1, i8, arith.extsi), (i32, index, arith.index_cast),
            ]
        )  # fmt: skip
        return self.builder.value(definition, self.of_type(source), types=[target])

    def math(self) -> Value:
        definition = getattr(math, self.rng.choice(MATH_UNARY))
        return self.builder.value(definition, self.of_type(self.rng.choice([f32, f64])))

    def tensor_binary(self) -> Value:
        one = self.tensor()
        other = self.rng.choice([one, one, self.like(one)])
        return self.builder.value(getattr(arith, self.rng.choice(FLOAT_BINARY)), one, other)

    def like(self, value: Value) -> Value:
        """A tensor of the same shape, filled with a number."""
        out = self.empty_like(value)
        return self.builder.value(linalg.fill, [self.of_type(f32)], [out])

    def empty_like(self, value: Value) -> Value:
        sizes = [
            self.builder.value(tensor.dim, value, self.builder.constant(axis))
            for axis, size in enumerate(value.type.shape)
            if size is None
        ]
        return self.builder.value(tensor.empty, sizes, types=[value.type])

    def generic(self) -> Value:
        """An elementwise linalg.generic, perhaps of a transposed operand."""
        source = self.tensor()
        rank = source.type.rank
        order = list(range(rank))
        self.rng.shuffle(order)
        shape = tuple(source.type.shape[i] for i in order)
        sizes = [
            self.builder.value(tensor.dim, source, self.builder.constant(i))
            for i in order
            if source.type.shape[i] is None
        ]
        out = self.builder.value(tensor.empty, sizes, types=[TensorType(shape, f32)])
        block = Block([f32, f32, f32])
        inner = Builder(block)
        scaled = inner.value(arith.mulf, block.arguments[0], block.arguments[1])
        row = inner.value(linalg.index, dim=0, types=[index])
        whole = inner.value(arith.index_cast, row, types=[i64])
        shift = inner.value(arith.sitofp, whole, types=[f32])
        inner.create(linalg.yield_, [inner.value(arith.addf, scaled, shift)])
        maps = [
            AffineMap.of_dims(rank, [order.index(i) for i in range(rank)]),
            AffineMap(rank, ()),
            AffineMap.identity(rank),
        ]
        return self.builder.value(
            linalg.generic,
            [source, self.of_type(f32)],
            [out],
            regions=[Region([block])],
            indexing_maps=linalg.maps_attribute(maps),
            iterator_types=linalg.iterators_attribute(["parallel"] * rank),
        )

    def reduction(self) -> Value:
        """The sum or maximum over the last dimension."""
        source = self.tensor()
        rank = source.type.rank
        sizes = [
            self.builder.value(tensor.dim, source, self.builder.constant(axis))
            for axis, size in enumerate(source.type.shape[:-1])
            if size is None
        ]
        type = TensorType(source.type.shape[:-1], f32)
        out = self.builder.value(tensor.empty, sizes, types=[type])
        out = self.builder.value(linalg.fill, [self.number(f32)], [out])
        block = Block([f32, f32])
        inner = Builder(block)
        combiner = self.rng.choice([arith.addf, arith.maximumf, arith.mulf])
        inner.create(linalg.yield_, [inner.value(combiner, *block.arguments)])
        maps = [AffineMap.identity(rank), AffineMap.of_dims(rank, range(rank - 1))]
        return self.builder.value(
            linalg.generic,
            [source],
            [out],
            regions=[Region([block])],
            indexing_maps=linalg.maps_attribute(maps),
            iterator_types=linalg.iterators_attribute(["parallel"] * (rank - 1) + ["reduction"]),
        )

    def matmul(self) -> Value:
        left = self.number(TensorType((2, 3), f32))
        right = self.of_type(STATIC_TENSOR)
        out = self.number(TensorType((2, 4), f32))
        return self.builder.value(linalg.matmul, [left, right], [out])

    def reshape(self) -> Value:
        groups = ArrayAttr(
            (ArrayAttr((IntegerAttr(0), IntegerAttr(1))), ArrayAttr((IntegerAttr(2),)))
        )
        source = self.of_type(STATIC_TENSOR)
        wide = self.builder.value(
            tensor.expand_shape,
            source,
            [],
            types=[TensorType((1, 3, 4), f32)],
            reassociation=groups,
            static_output_shape=i64_array((1, 3, 4)),
        )
        if self.rng.random() < 0.5:
            return wide
        return self.builder.value(
            tensor.collapse_shape, wide, types=[STATIC_TENSOR], reassociation=groups
        )

    def slice(self) -> Value:
        source = self.of_type(STATIC_TENSOR)
        offset = self.rng.randrange(3)
        given: int | Value = self.builder.constant(offset) if self.rng.random() < 0.5 else offset
        operands, entries = tensor.index_entries([given, 1])
        rank_reduced = self.rng.random() < 0.5
        return self.builder.value(
            tensor.extract_slice,
            source,
            operands,
            [],
            [],
            types=[TensorType((2,) if rank_reduced else (1, 2), f32)],
            static_offsets=i64_array(entries),
            static_sizes=i64_array((1, 2)),
            static_strides=i64_array((1, 2)),
        )

    def insert(self) -> Value:
        dest = self.of_type(STATIC_TENSOR)
        source = self.of_type(TensorType((1, 2), f32))
        return self.builder.value(
            tensor.insert_slice,
            source,
            dest,
            [],
            [],
            [],
            static_offsets=i64_array((self.rng.randrange(3), 1)),
            static_sizes=i64_array((1, 2)),
            static_strides=i64_array((1, 1)),
        )

    def extract(self) -> Value:
        source = self.of_type(STATIC_TENSOR)
        indices = [self.builder.constant(self.rng.randrange(n)) for n in (3, 4)]
        return self.builder.value(tensor.extract, source, indices)

    def dim(self) -> Value:
        source = self.tensor()
        axis = self.builder.constant(self.rng.randrange(source.type.rank))
        return self.builder.value(tensor.dim, source, axis)

    def splat(self) -> Value:
        if self.rng.random() < 0.5:
            elements = [self.of_type(f32), self.of_type(f32)]
            return self.builder.value(
                tensor.from_elements, elements, types=[TensorType((1, 2), f32)]
            )
        return self.builder.value(tensor.splat, self.of_type(f32), [], types=[STATIC_TENSOR])

    # -- control flow

    def inside(self, block: Block, yielded: list[Type]) -> list[Value]:
        """Some operations in a block, and values to yield of these types."""
        pool, builder = list(self.pool), self.builder
        self.pool += block.arguments
        self.builder = Builder(block)
        self.depth += 1
        self.steps(self.rng.randrange(5))
        values = [self.of_type(type) for type in yielded]
        self.depth -= 1
        self.pool, self.builder = pool, builder
        return values

    def branch(self) -> Value | None:
        types = self.rng.choice([[], [f32], [i64, STATIC_TENSOR]])
        condition = self.of_type(i1)
        regions = []
        for number in range(2):
            block = Block()
            if number and not types and self.rng.random() < 0.5:
                regions.append(Region())
                continue
            Builder(block).create(scf.yield_, self.inside(block, types))
            regions.append(Region([block]))
        made = self.builder.create(scf.if_, condition, types=types, regions=regions)
        return self.rng.choice(made.results) if types else None

    def loop(self) -> Value | None:
        types = self.rng.choice([[], [f32], [i64, STATIC_TENSOR], [i64, i64, f32]])
        bounds = [self.builder.constant(self.rng.randrange(4)) for _ in range(2)]
        step = self.builder.constant(self.rng.randrange(1, 3))
        inits = [self.of_type(type) for type in types]
        block = Block([index, *types])
        values = self.inside(block, types)
        Builder(block).create(scf.yield_, values)
        made = self.builder.create(
            scf.for_, *bounds, step, inits, types=types, regions=[Region([block])]
        )
        return self.rng.choice(made.results) if types else None

    def while_loop(self) -> Value:
        """Counts up to three, updating a number."""
        before, after = Block([index, f32]), Block([index, f32])
        inner = Builder(before)
        holds = inner.value(
            arith.cmpi, before.arguments[0], inner.constant(3),
            predicate=arith.CMPI_PREDICATES.index("slt"),
        )  # fmt: skip
        inner.create(scf.condition, holds, before.arguments)
        (number,) = self.inside(after, [f32])
        inner = Builder(after)
        following = inner.value(arith.addi, after.arguments[0], inner.constant(1))
        inner.create(scf.yield_, [following, number])
        made = self.builder.create(
            scf.while_,
            [self.builder.constant(0), self.of_type(f32)],
            types=[index, f32],
            regions=[Region([before]), Region([after])],
        )
        return made.results[1]
